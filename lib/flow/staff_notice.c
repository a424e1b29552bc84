#include "flow/staff_notice.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/utf8.h"
#include "desk/desk.h"
#include "flow/action.h"
#include "flow/session.h"
#include "flow/signed_address.h"
#include "flow/staff_address.h"
#include "flow/story.h"
#include "policy/rule.h"
#include "store/message.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

#define TEXT_MOST ((size_t)4 << 10) /* bytes of a customer's text in a notice */
#define ROWS_MOST 60                /* and lines */

int tkt_staff_notice_begin(struct tkt_session *session, const char *address, const char *ticket,
    struct tkt_staff_notice *notice, struct tkt_error *error)
{
	*notice = (struct tkt_staff_notice){ 0 };
	if (tkt_staff_agent(session, address, &notice->agent, error))
		return -1;
	if (!notice->agent || !ticket || !*ticket)
		return 0;
	notice->ticket = ticket;
	notice->is_answerable = true;
	return tkt_staff_token_new(session, notice->agent, ticket, &notice->token, error);
}

/* '> ' before each line, as far as it goes: who answers may quote it. */
static void add_quoted(const char *text, struct tkt_text *lines)
{
	size_t whole = strlen(text);
	size_t length = whole > TEXT_MOST ? tkt_utf8_cut(text, TEXT_MOST) : whole, rows = 0;
	const char *end = text + length, *at, *next;

	for (at = text; at < end && rows < ROWS_MOST; at = next, rows++) {
		next = tkt_next_line(at, end);
		length = (size_t)(next - at) - (next > at && next[-1] == '\n');
		tkt_text_add(lines, length ? "> " : ">");
		tkt_text_add_bytes(lines, at, length);
		tkt_text_add_byte(lines, '\n');
	}
	if (at < text + whole)
		tkt_text_add(lines, "> ...\n");
}

/* The last that a person has written to the ticket or from it, if it is the customer's. */
static int add_letter(struct tkt_session *session, const char *ticket, struct tkt_text *lines,
    struct tkt_error *error)
{
	json_auto_t *message = NULL;
	const char *text;

	if (tkt_message_last(session->db, ticket, true, &message, error) < 0)
		return -1;
	if (!tkt_message_is(message, "public", "in"))
		return 0;
	text = tkt_object_text(message, "body_new");
	if (!text)
		text = tkt_object_text(message, "body");
	if (tkt_text_is_empty(text))
		return 0;
	tkt_text_add_byte(lines, '\n');
	add_quoted(text, lines);
	return tkt_text_check(lines, error);
}

static int add_address(struct tkt_session *session, struct tkt_staff_notice *notice,
    const char *ticket, struct tkt_text *lines, struct tkt_error *error)
{
	tkt_autofree char *address = NULL;
	struct tkt_staff_token token;

	if (tkt_staff_token_new(session, notice->agent, ticket, &token, error) ||
	    tkt_signed_address_of(session, token.text, &address, error))
		return -1;
	if (!address)
		return 0;
	notice->is_answerable = true;
	tkt_text_format(lines, "    %s\n", address);
	return tkt_text_check(lines, error);
}

int tkt_staff_notice_add(struct tkt_session *session, struct tkt_staff_notice *notice,
    const char *ticket, struct tkt_text *lines, struct tkt_error *error)
{
	if (!notice->agent || !*ticket)
		return 0;
	if (notice->ticket)
		return add_letter(session, ticket, lines, error);
	return add_address(session, notice, ticket, lines, error);
}

int tkt_staff_notice_letter(
    struct tkt_session *session, const json_t *ticket, struct tkt_error *error)
{
	json_auto_t *change = NULL;

	if (!*session->desk->notify)
		return 0;
	if (tkt_change_new(ticket, "a letter", &change, error) ||
	    tkt_rule_put(change, "notify", session->desk->notify, error))
		return -1;
	return tkt_action_tell(session, change, ticket, error);
}
