#include "flow/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "expression/expression.h"
#include "flow/session.h"
#include "store/db.h"
#include "store/message.h"
#include "store/ticket.h"
#include "json/field.h"
#include "json/output.h"

#include "base/banned.h"

void tkt_view_clear(struct tkt_view *view)
{
	json_decref(view->ticket);
	json_decref(view->questions);
	free(view->messages);
	memset(view, 0, sizeof(*view));
}

static int keep_number(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	struct tkt_view *view = context;
	const struct tkt_value *id = &row[0];
	int64_t number = id->integer;

	if (id->kind == TKT_VALUE_TEXT && tkt_number_parse(id->text, &number))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("'%s' is no number of a message"), id->text);
	if (view->message_count == view->message_room) {
		size_t wanted = view->message_room ? 2 * view->message_room : 64;
		int64_t *grown = reallocarray(view->messages, wanted, sizeof(*grown));

		if (!grown)
			return tkt_error_set_memory(error);
		view->messages = grown;
		view->message_room = wanted;
	}
	view->messages[view->message_count++] = number;
	return 0;
}

static int keep_question(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	struct tkt_view *view = context;
	json_t *question = NULL;

	if (tkt_row_load(&tkt_question_fields, row, &question, error))
		return -1;
	return json_array_append_new(view->questions, question) ? tkt_error_set_memory(error) : 0;
}

static int read_all(struct tkt_session *session, const char *written, struct tkt_view *view,
    struct tkt_error *error)
{
	struct tkt_db *db = session->db;
	const char *id;

	if (tkt_ticket_require(db, written, &view->ticket, error))
		return -1;
	view->questions = json_array();
	if (!view->questions)
		return tkt_error_set_memory(error);
	id = tkt_object_text(view->ticket, "id");
	if (tkt_message_each(db, id, false, keep_number, view, error) < 0)
		return -1;
	return tkt_question_each(db, id, keep_question, view, error) < 0 ? -1 : 0;
}

int tkt_view_load(
    struct tkt_session *session, const char *id, struct tkt_view *view, struct tkt_error *error)
{
	struct tkt_error ignored = { 0 };
	int result;

	if (tkt_read_begin(session->db, error))
		return -1;
	result = read_all(session, id, view, error);
	if (tkt_read_end(session->db, result ? &ignored : error))
		return -1;
	return result;
}

int tkt_view_message(struct tkt_session *session, const struct tkt_view *view, size_t index,
    json_t **message, struct tkt_error *error)
{
	int found = tkt_message_get(session->db, view->messages[index], message, error);

	if (found)
		return found < 0 ? -1 : 0;
	return tkt_error_set(error, TKT_ERROR_DATA, _("message '%lld' is not here"),
	    (long long)view->messages[index]);
}

static int add_row(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	return tkt_output_row(context, row, error);
}

int tkt_view_columns(struct tkt_session *session, const struct tkt_view *view,
    struct tkt_output *output, struct tkt_error *error)
{
	const struct tkt_expression_scope scope = tkt_session_scope(session);
	struct tkt_ticket_query query = { .limit = 1, .now = scope.now, .work = scope.work };
	tkt_autoptr(expression) expression = NULL;
	tkt_autofree char *string = NULL;

	if (asprintf(&string, "id = \"%s\"", tkt_object_text(view->ticket, "id")) < 0)
		return tkt_error_set_memory(error);
	if (tkt_expression_parse(string, &tkt_ticket_fields, &scope, &expression, error))
		return -1;
	query.expression = expression;
	query.columns = tkt_output_columns(output, &query.column_count);
	return tkt_ticket_each(session->db, &query, add_row, NULL, output, error) < 0 ? -1 : 0;
}
