#include "flow/people_tool.h"

#include <stdint.h>
#include <unistd.h>

#include "base/option.h"
#include "base/program.h"
#include "base/terminal.h"
#include "desk/desk.h"
#include "expression/expression.h"
#include "flow/batch.h"
#include "flow/people.h"
#include "flow/people_csv.h"
#include "flow/session.h"
#include "store/people.h"
#include "json/field.h"
#include "json/output.h"

#include "base/banned.h"

struct listing {
	struct tkt_command *command;
	struct tkt_output *output;
};

static int print_row(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	const struct listing *listing = context;

	if (tkt_output_row(listing->output, row, error))
		return -1;
	return tkt_command_is_full(listing->command);
}

/* Here no read transaction is open, so that a reader of ours may take its time. */
static int flush(void *context, struct tkt_error *error)
{
	return tkt_command_flush(((struct listing *)context)->command, error) < 0 ? -1 : 0;
}

static int list(
    struct tkt_command *command, const struct tkt_people_wanted *wanted, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;
	tkt_autoptr(expression) expression = NULL;
	tkt_autoptr(output) output = NULL;
	struct tkt_expression_scope scope;
	struct listing listing = { .command = command };

	if (tkt_session_open(command, TKT_DB_READ, &session, error))
		return -1;
	scope = tkt_session_scope(session);
	if (tkt_expression_parse_all((const char *const *)command->operands, command->operand_count,
		wanted->table, &scope, &expression, error) ||
	    tkt_output_new(command, wanted->table, wanted->fields, &output, error))
		return -1;
	listing.output = output;
	return tkt_people_each(
		   session->db, wanted->table, expression, print_row, flush, &listing, error) < 0 ||
		flush(&listing, error)
	    ? -1
	    : 0;
}

struct putting {
	const struct tkt_people_wanted *wanted;
	int64_t counts[3]; /* as it was, changed, new */
};

static int put_item(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	struct putting *putting = context;
	const struct tkt_field_table *table = putting->wanted->table;
	const json_t *type = json_object_get(item->object, "type");
	json_auto_t *object = NULL;
	int put;

	if (!tkt_json_is_empty(type) && !tkt_text_equal(json_string_value(type), table->type))
		return 1;
	put = tkt_people_put(session, table, item->object, putting->wanted->why, &object, error);
	if (put < 0)
		return -1;
	putting->counts[put]++;
	return put && json_array_append(results, object) ? tkt_error_set_memory(error) : 0;
}

static void tell(struct tkt_command *command, const struct putting *putting)
{
	if (command->quiet || !tkt_terminal_is(STDERR_FILENO) ||
	    (putting->wanted->atomic && command->worst != TKT_ERROR_NONE))
		return;
	tkt_command_warn(command, _("%jd new, %jd changed, %jd as they were"),
	    (intmax_t)putting->counts[2], (intmax_t)putting->counts[1],
	    (intmax_t)putting->counts[0]);
}

static int import(
    struct tkt_command *command, const struct tkt_people_wanted *wanted, struct tkt_error *error)
{
	struct putting putting = { .wanted = wanted };
	tkt_autoptr(session) session = NULL;
	tkt_autoptr(people_csv) csv = NULL;
	struct tkt_source source;

	if (wanted->csv &&
	    tkt_people_csv_read(command, wanted->csv, wanted->table, wanted->maps, &csv, error))
		return -1;
	if (csv)
		source = tkt_people_csv_source(csv);
	if (tkt_session_open(command, TKT_DB_WRITE, &session, error) ||
	    tkt_batch_run(session,
		&(struct tkt_batch){ .handle = put_item,
		    .context = &putting,
		    .source = csv ? &source : NULL,
		    .table = wanted->table,
		    .fields = wanted->fields,
		    .atomic = wanted->atomic,
		    .dry_run = wanted->dry_run },
		0, error))
		return -1;
	tell(command, &putting);
	return 0;
}

int tkt_people_run(
    struct tkt_command *command, const struct tkt_people_wanted *wanted, struct tkt_error *error)
{
	if (wanted->csv && (command->operand_count || wanted->all))
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'--csv' takes objects in: it goes with no expression and not with '--all'"));
	if (wanted->maps->count && !wanted->csv)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("'--map' goes with '--csv' alone"));
	if (command->operand_count || wanted->all ||
	    (!wanted->csv && tkt_terminal_is(STDIN_FILENO)))
		return list(command, wanted, error);
	return import(command, wanted, error);
}
