#include "flow/render.h"

#include <string.h>

#include "base/program.h"
#include "base/time.h"
#include "base/zone.h"
#include "desk/desk.h"
#include "desk/template.h"
#include "flow/session.h"
#include "store/columns.h"
#include "json/cell.h"
#include "json/field.h"

#include "base/banned.h"

struct rendering {
	struct tkt_session *session;
	const json_t *ticket;
	char *value; /* of the last variable */
};

static void rendering_clear(struct rendering *rendering)
{
	free(rendering->value);
}

/* As the desk's clock shows it, since a customer reads it. */
static char *local_time(const struct tkt_desk *desk, const char *time)
{
	struct tkt_error ignored = { 0 };
	struct tkt_civil civil;
	char *made = NULL;
	int64_t seconds;

	if (tkt_time_parse(time, &seconds, &ignored))
		return strdup(time);
	tkt_zone_civil(desk->zone, seconds, &civil);
	return asprintf(&made, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month, civil.day,
		   civil.hour, civil.minute) < 0
	    ? NULL
	    : made;
}

/* 'one, two' */
static char *joined(const json_t *list)
{
	const json_t *element;
	tkt_autotext text;
	size_t at;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	json_array_foreach(list, at, element) {
		if (at)
			tkt_text_add(&text, ", ");
		tkt_text_add(&text, json_string_value(element));
	}
	return tkt_text_take(&text);
}

static char *in_words(
    const struct tkt_desk *desk, const struct tkt_field *field, const json_t *value)
{
	if (field->type == TKT_FIELD_TIME)
		return local_time(desk, json_string_value(value));
	if (field->type == TKT_FIELD_LIST)
		return joined(value);
	return json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
}

/* What no member of the ticket says but follows from it: 'due', 'clock.resolution.due'. "" when
 * there is none, so that a template prints no promise that the policy does not make (S0-10). */
static char *derived(const struct rendering *rendering, const struct tkt_column *column)
{
	const struct tkt_session *session = rendering->session;
	struct tkt_value row[TKT_ROW_SIZE];
	struct tkt_error ignored = { 0 };
	tkt_autocell cell = { .type = column->field->type };
	tkt_autotext room, text;

	tkt_text_init(&room, TKT_TEXT_LIMIT);
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	if (tkt_row_from_object(&tkt_ticket_fields, rendering->ticket, row, &room, &ignored) ||
	    tkt_cell_init(&cell, column, &tkt_ticket_fields, row, NULL,
		tkt_command_now(session->command), &ignored) ||
	    tkt_cell_human(&text, &cell, session->desk->zone, &ignored))
		return NULL;
	return tkt_text_take(&text);
}

static const char *variable(const char *name, void *context)
{
	struct rendering *rendering = context;
	const struct tkt_desk *desk = rendering->session->desk;
	struct tkt_column column = { .name = name };
	const struct tkt_field *field;
	const json_t *value;

	if (!strcmp(name, "desk.name"))
		return desk->name;
	if (!strcmp(name, "desk.address"))
		return desk->address;
	if (!strcmp(name, "agent"))
		return tkt_session_agent(rendering->session);
	field = tkt_field_find(&tkt_ticket_fields, name, &column.key, &column.key_length);
	if (!field)
		return NULL;
	column.field = field;
	value = tkt_object_get(rendering->ticket, name);
	if (tkt_json_is_empty(value) && !(field->flags & TKT_FIELD_DERIVED))
		return "";
	if (json_is_string(value) && field->type != TKT_FIELD_TIME)
		return json_string_value(value);
	free(rendering->value);
	rendering->value =
	    tkt_json_is_empty(value) ? derived(rendering, &column) : in_words(desk, field, value);
	return rendering->value ? rendering->value : "";
}

int tkt_render_template(struct tkt_session *session, const char *name, const json_t *ticket,
    struct tkt_text *subject, struct tkt_text *body, struct tkt_error *error)
{
	__attribute__((cleanup(rendering_clear))) struct rendering rendering = { session, ticket,
		NULL };
	const char *language = tkt_object_text(ticket, "lang");

	return tkt_template_render(session->desk, session->command->datadir, &session->templates,
	    name, language ? language : session->desk->languages[0], variable, &rendering, subject,
	    body, error);
}
