#include "flow/batch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/program.h"
#include "base/utf8.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "store/db.h"
#include "json/field.h"
#include "json/stream.h"

#include "base/banned.h"

#define BATCH_MOST 1000                /* items in one transaction */
#define BATCH_BYTES ((size_t)64 << 20) /* of their lines */

/* What became of one item: printed after the commit, in order. */
struct outcome {
	json_t *results; /* array of objects; NULL: the line passes */
	char *line;      /* owned, when it passes */
	size_t length;
	struct tkt_error *error; /* owned; NULL: none */
};

struct work {
	struct tkt_session *session;
	const struct tkt_batch *batch;
	struct tkt_stream *stream; /* NULL: operands */
	char *const *operands;
	size_t operand_count, next_operand;
	struct tkt_transaction *transaction;
	struct outcome *outcomes;
	size_t count, allocated;
	size_t bytes; /* of the lines of these items */
	size_t done;  /* of them and those before, that did not pass and had no error */
	bool ended, any_error;
	FILE *spool; /* of standard input, for all or nothing; NULL */
};

static void outcome_clear(struct outcome *outcome)
{
	json_decref(outcome->results);
	free(outcome->line);
	free(outcome->error);
	memset(outcome, 0, sizeof(*outcome));
}

static void work_clear(struct work *work)
{
	size_t i;

	tkt_transaction_free(work->transaction);
	for (i = 0; i < work->count; i++)
		outcome_clear(&work->outcomes[i]);
	free(work->outcomes);
	tkt_stream_free(work->stream);
	if (work->spool)
		fclose(work->spool);
}

static struct outcome *new_outcome(struct work *work)
{
	struct outcome *outcomes;

	if (work->count == work->allocated) {
		size_t wanted = work->allocated ? 2 * work->allocated : 64;

		outcomes = reallocarray(work->outcomes, wanted, sizeof(*outcomes));
		if (!outcomes)
			return NULL;
		work->outcomes = outcomes;
		work->allocated = wanted;
	}
	outcomes = &work->outcomes[work->count++];
	memset(outcomes, 0, sizeof(*outcomes));
	return outcomes;
}

static int keep_error(struct work *work, struct outcome *outcome,
    const struct tkt_error *item_error, struct tkt_error *error)
{
	work->any_error = true;
	outcome->error = malloc(sizeof(*outcome->error));
	if (!outcome->error)
		return tkt_error_set_memory(error);
	*outcome->error = *item_error;
	return 0;
}

const char *tkt_item_ticket(const struct tkt_item *item)
{
	if (item->operand)
		return item->operand;
	if (tkt_object_text(item->object, "ticket"))
		return tkt_object_text(item->object, "ticket");
	return tkt_item_is_ticket(item) ? tkt_object_text(item->object, "id") : NULL;
}

int tkt_item_check(const struct tkt_item *item, struct tkt_error *error)
{
	const json_t *ticket = json_object_get(item->object, "ticket"),
		     *id = json_object_get(item->object, "id");
	const char *wrong = NULL;

	if (!tkt_json_is_empty(ticket) && !json_is_string(ticket))
		wrong = "ticket";
	else if (tkt_item_is_ticket(item) && !tkt_json_is_empty(id) && !json_is_string(id))
		wrong = "id";
	return wrong ? tkt_error_set(error, TKT_ERROR_DATA, _("'%s' must be a text"), wrong) : 0;
}

bool tkt_item_is_ticket(const struct tkt_item *item)
{
	const json_t *type = json_object_get(item->object, "type");

	if (!item->object)
		return false;
	if (!tkt_json_is_empty(type))
		return tkt_text_equal(json_string_value(type), tkt_ticket_fields.type);
	return tkt_object_text(item->object, "id") && !tkt_object_text(item->object, "ticket");
}

/* Takes out what the table knows: derived values are those of before, too. */
static void remove_known(json_t *object, const json_t *except)
{
	const struct tkt_field_table *table = &tkt_ticket_fields;
	const char *name;
	void *next;
	json_t *value;
	size_t i;

	json_object_foreach_safe(object, next, name, value)
	{
		for (i = 0; i < table->count; i++) {
			const char *known = table->fields[i].name;
			size_t length = strcspn(known, ".");

			if (strlen(name) == length && !strncmp(known, name, length) &&
			    !json_object_get(except, name)) {
				json_object_del(object, name);
				break;
			}
		}
	}
}

json_t *tkt_item_result(const struct tkt_item *item, const json_t *ticket)
{
	json_auto_t *result = NULL;

	if (!tkt_item_is_ticket(item))
		return json_incref((json_t *)ticket);
	result = json_copy(item->object);
	if (!result)
		return NULL;
	remove_known(result, ticket);
	if (json_object_update(result, (json_t *)ticket))
		return NULL;
	return tkt_take(result);
}

/* May the batch go on after this error of one item? */
static bool is_of_item(enum tkt_error_kind kind)
{
	return kind == TKT_ERROR_NO || kind == TKT_ERROR_NOT_FOUND || kind == TKT_ERROR_DATA ||
	    kind == TKT_ERROR_USAGE || kind == TKT_ERROR_PERMISSION;
}

static int begin(struct work *work, struct tkt_error *error)
{
	return work->transaction
	    ? 0
	    : tkt_transaction_begin(work->session->db, &work->transaction, error);
}

/* What is to be printed: of a line that passes its bytes; nothing at all with --quiet. */
static int keep_outcome(
    const struct work *work, const struct tkt_item *item, bool passes, struct outcome *outcome)
{
	if (work->session->command->quiet) {
		json_array_clear(outcome->results);
		return 0;
	}
	if (!passes || !item->object)
		return 0;
	outcome->line = malloc(item->length + 1);
	if (!outcome->line)
		return -1;
	memcpy(outcome->line, item->bytes, item->length);
	outcome->length = item->length;
	return 0;
}

static int prefix_line(
    const struct work *work, const struct tkt_line *line, struct tkt_error *error)
{
	if (work->stream)
		return tkt_stream_prefix(work->stream, line, error);
	return tkt_error_prefix(
	    error, "%s:%ju", work->batch->source->name, (uintmax_t)line->number);
}

/* Does one item in its savepoint. */
static int do_item(struct work *work, const struct tkt_item *item, const struct tkt_line *line,
    struct outcome *outcome, struct tkt_error *error)
{
	struct tkt_db *db = work->session->db;
	struct tkt_error item_error = { 0 };
	int handled;

	if (begin(work, error) || tkt_savepoint_begin(db, error))
		return -1;
	outcome->results = json_array();
	if (!outcome->results)
		return tkt_error_set_memory(error);
	handled = work->batch->handle(
	    work->session, item, outcome->results, work->batch->context, &item_error);
	if (handled >= 0) {
		work->done += handled == 0;
		if (keep_outcome(work, item, handled > 0, outcome))
			return tkt_error_set_memory(error);
		return tkt_savepoint_keep(db, error);
	}
	if (line) {
		if (item_error.kind == TKT_ERROR_NOT_FOUND || item_error.kind == TKT_ERROR_USAGE)
			item_error.kind = TKT_ERROR_DATA;
		if (item_error.kind != TKT_ERROR_NO)
			prefix_line(work, line, &item_error);
	}
	if (!is_of_item(item_error.kind)) {
		*error = item_error;
		return -1;
	}
	json_array_clear(outcome->results);
	if (tkt_savepoint_undo(db, error))
		return -1;
	if (work->batch->limit && item_error.kind == TKT_ERROR_NO)
		return 0;
	return keep_error(work, outcome, &item_error, error);
}

static int next_operand(struct work *work, struct tkt_error *error)
{
	struct tkt_item item = { .operand = work->operands[work->next_operand++] };
	struct outcome *outcome = new_outcome(work);

	if (!outcome)
		return tkt_error_set_memory(error);
	work->ended = work->next_operand == work->operand_count;
	if (!tkt_utf8_is_valid(item.operand, strlen(item.operand))) { /* JSON has no such id */
		struct tkt_error item_error;

		tkt_error_set(
		    &item_error, TKT_ERROR_NOT_FOUND, _("there is no ticket '%s'"), item.operand);
		return keep_error(work, outcome, &item_error, error);
	}
	return do_item(work, &item, NULL, outcome, error);
}

static int next_line(struct work *work, struct tkt_error *error)
{
	const struct tkt_source *source = work->batch->source;
	struct tkt_error line_error = { 0 };
	struct tkt_line line = { 0 };
	struct outcome *outcome;
	int got, done;

	got = work->stream ? tkt_stream_next(work->stream, &line, &line_error)
			   : source->next(source->state, &line, &line_error);
	if (got == -1) {
		*error = line_error;
		return -1;
	}
	work->ended = got == 0;
	if (work->ended)
		return 0;
	outcome = new_outcome(work);
	if (!outcome) {
		json_decref(line.object);
		return tkt_error_set_memory(error);
	}
	if (got < 0)
		return keep_error(work, outcome, &line_error, error);
	work->bytes += line.length;
	done = do_item(work,
	    &(struct tkt_item){ .object = line.object, .bytes = line.bytes, .length = line.length },
	    &line, outcome, error);
	json_decref(line.object);
	return done;
}

/* Would the next item have to be waited for? A transaction must not be open then. */
static bool must_pause(const struct work *work)
{
	if (work->ended)
		return true;
	if (work->batch->atomic)
		return false;
	return work->count >= BATCH_MOST || work->bytes >= BATCH_BYTES ||
	    (work->stream && !tkt_stream_is_ready(work->stream));
}

static int finish_transaction(struct work *work, struct tkt_error *error)
{
	bool keep = !work->batch->dry_run && !(work->batch->atomic && work->any_error);

	if (!work->transaction)
		return 0;
	if (keep && tkt_transaction_commit(work->transaction, error))
		return -1;
	tkt_transaction_free(tkt_take(work->transaction));
	return 0;
}

/* What is no line of the listing is printed where lines are objects. */
static bool prints_objects(const struct work *work)
{
	const struct tkt_command *command = work->session->command;

	return !command->quiet && command->format == TKT_FORMAT_JSON &&
	    (!work->batch->fields || command->format_given);
}

static int print_results(
    struct work *work, const json_t *results, struct tkt_output *output, struct tkt_error *error)
{
	const json_t *object;
	size_t at;

	json_array_foreach(results, at, object) {
		const char *type = tkt_object_text(object, "type");

		if (tkt_text_equal(type, work->batch->table->type)) {
			if (tkt_output_object(output, object, error))
				return -1;
		} else if (!work->batch->fields && prints_objects(work)) {
			tkt_object_write(&work->session->command->out, object);
		}
	}
	return 0;
}

static int print_outcomes(struct work *work, struct tkt_output *output, struct tkt_error *error)
{
	struct tkt_command *command = work->session->command;
	bool print = !(work->batch->atomic && work->any_error);
	size_t i;

	for (i = 0; i < work->count; i++) {
		struct outcome *outcome = &work->outcomes[i];

		if (outcome->error) {
			if (tkt_command_flush(command, error) < 0)
				return -1;
			tkt_command_report(command, outcome->error);
		} else if (outcome->line && print && prints_objects(work)) {
			tkt_text_add_bytes(&command->out, outcome->line, outcome->length);
			tkt_text_add_byte(&command->out, '\n');
		} else if (print && !outcome->line &&
		    print_results(work, outcome->results, output, error)) {
			return -1;
		}
		outcome_clear(outcome);
		if (tkt_command_flush_full(command, error) < 0)
			return -1;
	}
	tkt_command_progress(command, (int64_t)work->count);
	work->count = work->bytes = 0;
	return tkt_command_flush(command, error) < 0 ? -1 : 0;
}

static int run_all(struct work *work, struct tkt_output *output, struct tkt_error *error)
{
	do {
		/* The first of a batch is waited for outside a transaction. */
		if (work->operand_count ? next_operand(work, error) : next_line(work, error))
			return -1;
		if (work->batch->limit && work->done == work->batch->limit)
			work->ended = true;
		if (!must_pause(work))
			continue;
		if (finish_transaction(work, error) || print_outcomes(work, output, error))
			return -1;
	} while (!work->ended);
	if (work->done < work->batch->limit)
		return tkt_error_set(error, TKT_ERROR_NO, _("there were fewer tickets"));
	return 0;
}

/* All or nothing is one transaction, and inside one nothing waits for standard input. */
static int spool_input(struct work *work, struct tkt_error *error)
{
	char chunk[65536];
	ssize_t got;

	work->spool = tmpfile();
	if (!work->spool)
		return tkt_error_set_system(error, errno, _("cannot make a temporary file"));
	while ((got = read(STDIN_FILENO, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return tkt_error_set_system(error, errno, _("cannot read standard input"));
		if (tkt_file_write_all(
			fileno(work->spool), _("a temporary file"), chunk, (size_t)got, error))
			return -1;
	}
	if (lseek(fileno(work->spool), 0, SEEK_SET))
		return tkt_error_set_system(error, errno, _("cannot read a temporary file"));
	return 0;
}

/* Shows all lines to the tool; what is wrong with one is said when its turn comes. */
static int look_through(struct work *work, struct tkt_error *error)
{
	tkt_autoptr(stream) stream = NULL;
	int got;

	if (tkt_stream_new(fileno(work->spool), "stdin", &stream, error))
		return -1;
	do {
		struct tkt_error line_error = { 0 };
		struct tkt_line line = { 0 };

		got = tkt_stream_next(stream, &line, &line_error);
		if (got == -1) {
			*error = line_error;
			return -1;
		}
		if (got == 1) {
			const struct tkt_item item = {
				.object = line.object,
				.bytes = line.bytes,
				.length = line.length,
			};
			int seen =
			    work->batch->look(work->session, &item, work->batch->context, error);

			json_decref(line.object);
			if (seen)
				return -1;
		}
	} while (got);
	if (lseek(fileno(work->spool), 0, SEEK_SET))
		return tkt_error_set_system(error, errno, _("cannot read a temporary file"));
	return 0;
}

static int open_input(struct work *work, struct tkt_error *error)
{
	if ((work->batch->atomic || work->batch->look) && spool_input(work, error))
		return -1;
	if (work->batch->look && look_through(work, error))
		return -1;
	return tkt_stream_new(
	    work->spool ? fileno(work->spool) : STDIN_FILENO, "stdin", &work->stream, error);
}

int tkt_batch_run_over(struct tkt_session *session, const struct tkt_batch *batch,
    char *const *operands, size_t count, struct tkt_error *error)
{
	__attribute__((cleanup(work_clear))) struct work work = {
		.session = session,
		.batch = batch,
		.operands = operands,
		.operand_count = count,
	};
	tkt_autoptr(output) output = NULL;

	if (tkt_output_new(session->command, batch->table, batch->fields, &output, error))
		return -1;
	tkt_output_set_zone(output, session->desk->zone);
	if (!count && !batch->source && open_input(&work, error))
		return -1;
	return run_all(&work, output, error);
}

int tkt_batch_run(struct tkt_session *session, const struct tkt_batch *batch, size_t first,
    struct tkt_error *error)
{
	const struct tkt_command *command = session->command;

	return tkt_batch_run_over(
	    session, batch, command->operands + first, command->operand_count - first, error);
}
