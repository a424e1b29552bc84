#include "flow/staff_told.h"

#include <string.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "desk/template.h"
#include "flow/session.h"
#include "flow/staff_address.h"
#include "flow/staff_outgoing.h"
#include "flow/taking.h"
#include "mail/parse.h"
#include "json/field.h"

#include "base/banned.h"

/* What the templates may name. */
struct rendering {
	const struct tkt_session *session;
	const struct tkt_staff_told *told;
	struct tkt_text why, orders;
};

static void rendering_clear(struct rendering *rendering)
{
	tkt_text_clear(&rendering->why);
	tkt_text_clear(&rendering->orders);
}

static const char *variable(const char *name, void *context)
{
	const struct rendering *rendering = context;

	if (!strcmp(name, "id"))
		return rendering->told->ticket ? rendering->told->ticket : "-";
	if (!strcmp(name, "why"))
		return rendering->why.bytes;
	if (!strcmp(name, "orders"))
		return rendering->orders.bytes;
	return tkt_staff_variable(rendering->session, name);
}

/* 'NAME: text', and lines that begin with a blank and go on with it. */
static const char *find_word(const char *list, const char *name)
{
	size_t length = strlen(name);
	const char *at, *end = list + strlen(list);

	for (at = list; at < end; at = tkt_next_line(at, end))
		if (!strncmp(at, name, length) && at[length] == ':')
			return at + length + 1;
	return NULL;
}

/* The sentences of the template 'staff_words' behind that name; the name, where it has none. */
static int add_word(
    struct tkt_session *session, const char *name, struct tkt_text *out, struct tkt_error *error)
{
	tkt_autotext subject, list;
	const char *at;

	tkt_text_init(&subject, TKT_TEMPLATE_LIMIT);
	tkt_text_init(&list, TKT_TEMPLATE_LIMIT);
	if (tkt_template_render(session->desk, session->command->datadir, &session->templates,
		"staff_words", NULL, variable, &(struct rendering){ .session = session }, &subject,
		&list, error))
		return -1;
	at = find_word(list.bytes, name);
	if (!at)
		tkt_text_add(out, name);
	while (at) {
		size_t length;

		at += strspn(at, " \t");
		length = strcspn(at, "\n");
		tkt_text_add_bytes(out, at, length);
		at += length;
		at = *at && strchr(" \t", at[1]) && at[1] ? at + 1 : NULL;
		tkt_text_add(out, at ? "\n" : "");
	}
	return tkt_text_check(out, error);
}

static int prepare(struct rendering *rendering, struct tkt_session *session,
    const struct tkt_staff_told *told, struct tkt_error *error)
{
	rendering->session = session;
	rendering->told = told;
	tkt_text_init(&rendering->why, TKT_TEMPLATE_LIMIT);
	tkt_text_init(&rendering->orders, TKT_TEMPLATE_LIMIT);
	if (add_word(session, told->word, &rendering->why, error))
		return -1;
	if (told->reason)
		tkt_text_format(&rendering->why, "\n    %s", told->reason);
	if (!tkt_text_is_empty(told->orders))
		tkt_text_format(&rendering->orders, "%s\n", told->orders);
	return tkt_text_check(&rendering->why, error) || tkt_text_check(&rendering->orders, error)
	    ? -1
	    : 0;
}

static int send(struct tkt_taking *taking, const struct tkt_staff_told *told, const char *address,
    struct tkt_error *error)
{
	__attribute__((cleanup(rendering_clear))) struct rendering rendering = { 0 };
	struct tkt_session *session = taking->session;
	struct tkt_staff_token token;
	tkt_autotext subject, body;
	struct tkt_staff_outgoing mail = {
		.address = address,
		.is_answerable = told->ticket != NULL,
		.is_answer = true,
		.actor = "tool:tkt-mailin",
		.why = "staff mail",
	};

	tkt_text_init(&subject, TKT_TEMPLATE_LIMIT);
	tkt_text_init(&body, TKT_TEMPLATE_LIMIT);
	if ((told->ticket &&
		tkt_staff_token_new(session, told->agent, told->ticket, &token, error)) ||
	    prepare(&rendering, session, told, error) ||
	    tkt_template_render(session->desk, session->command->datadir, &session->templates,
		told->template, NULL, variable, &rendering, &subject, &body, error))
		return -1;
	mail.token = told->ticket ? &token : NULL;
	mail.subject = subject.bytes;
	mail.body = body.bytes;
	return tkt_staff_outgoing_put(session, &mail, error);
}

/* Why he is not told; NULL: he is. */
static const char *why_untold(const struct tkt_taking *taking, const json_t *agent)
{
	const char *sender =
	    taking->letter->sender ? taking->letter->sender : taking->mail->envelope_from;
	const char *address = tkt_object_text(agent, "email");

	if (taking->mail->kind != TKT_MAIL_PERSON)
		return "a machine's mail";
	if (sender && !*sender)
		return "the null sender";
	if (!agent || !json_is_true(json_object_get(agent, "is_active")))
		return "no agent who is active";
	if (!address || !tkt_address_is_valid(address) ||
	    tkt_desk_has_address(taking->session->desk, address))
		return "no address on file";
	return NULL;
}

int tkt_staff_tell(
    struct tkt_taking *taking, const struct tkt_staff_told *told, struct tkt_error *error)
{
	const char *address = tkt_object_text(told->agent, "email");
	int braked = 0;

	taking->unanswered = why_untold(taking, told->agent);
	if (taking->unanswered)
		return 0;
	if (!told->is_done)
		braked = tkt_brake_tell(taking, address, error);
	if (braked < 0)
		return -1;
	if (braked) {
		taking->unanswered = taking->brake;
		return 0;
	}
	return send(taking, told, address, error);
}
