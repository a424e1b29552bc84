#include "flow/render.h"

#include <string.h>

#include "base/program.h"
#include "desk/desk.h"
#include "desk/template.h"
#include "flow/session.h"
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

static const char *variable(const char *name, void *context)
{
	struct rendering *rendering = context;
	const struct tkt_desk *desk = rendering->session->desk;
	const json_t *value;
	const char *key;
	size_t key_length;

	if (!strcmp(name, "desk.name"))
		return desk->name;
	if (!strcmp(name, "desk.address"))
		return desk->address;
	if (!strcmp(name, "agent"))
		return tkt_session_agent(rendering->session);
	if (!tkt_field_find(&tkt_ticket_fields, name, &key, &key_length))
		return NULL;
	value = tkt_object_get(rendering->ticket, name);
	if (tkt_json_is_empty(value))
		return "";
	if (json_is_string(value))
		return json_string_value(value);
	free(rendering->value);
	rendering->value = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	return rendering->value ? rendering->value : "";
}

int tkt_render_template(struct tkt_session *session, const char *name, const json_t *ticket,
    struct tkt_text *subject, struct tkt_text *body, struct tkt_error *error)
{
	__attribute__((cleanup(rendering_clear))) struct rendering rendering = { session, ticket,
		NULL };
	const char *language = tkt_object_text(ticket, "lang");

	return tkt_template_render(session->desk, session->command->datadir, name,
	    language ? language : session->desk->languages[0], variable, &rendering, subject, body,
	    error);
}
