#include "mail/delivery_status.h"

#include <glib.h>
#include <string.h>
#include <strings.h>

#include "base/address.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/reply_code.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define VALUE_LIMIT 4000 /* bytes of a field that are looked at */

enum member { ORIGINAL, FINAL, ACTUAL, ACTION, STATUS, DIAGNOSTIC, DISPOSITION, MEMBERS };

static const char *const names[MEMBERS] = { "Original-Recipient", "Final-Recipient",
	"X-Actual-Recipient", "Action", "Status", "Diagnostic-Code", "Disposition" };

/* The values of one group; NULL: not there. */
struct group {
	char *values[MEMBERS];
};

static void clear_group(struct group *group)
{
	for (size_t i = 0; i < MEMBERS; i++)
		free(group->values[i]);
	*group = (struct group){ .values = { NULL } };
}

/* Behind 'type;' of a typed value; a value without a type is taken as it is. */
static const char *skip_type(const char *value)
{
	size_t length =
	    strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
	const char *at = value + length + strspn(value + length, " \t");

	return length > 0 && *at == ';' ? at + 1 + strspn(at + 1, " \t") : value;
}

/* Adds the code point of '\x{HEX}' at `at`; its length, or 0. */
static size_t add_escaped(struct tkt_text *out, const char *at)
{
	char character[6];
	gunichar point = 0;
	size_t digits;

	if (strncasecmp(at, "\\x{", 3) != 0)
		return 0;
	digits = strspn(at + 3, "0123456789abcdefABCDEF");
	if (digits == 0 || digits > 6 || at[3 + digits] != '}')
		return 0;
	for (size_t i = 0; i < digits; i++)
		point = point * 16 + (gunichar)g_ascii_xdigit_value(at[3 + i]);
	if (point <= ' ' || !g_unichar_validate(point))
		return 0;
	tkt_text_add_bytes(out, character, (size_t)g_unichar_to_utf8(point, character));
	return digits + 4;
}

/* The bytes of an address that may be escaped, without brackets and quotes around it. */
static void unescape(struct tkt_text *out, const char *value)
{
	size_t length;

	value += strspn(value, " \t<\"'");
	if (strncasecmp(value, "mailto:", 7) == 0 || strncasecmp(value, "smtp:", 5) == 0)
		value = strchr(value, ':') + 1;
	length = strcspn(value, " \t<>\"',;()");
	for (const char *end = value + length; value < end;) {
		size_t escaped = add_escaped(out, value);

		if (!escaped && (strncmp(value, "+2B", 3) == 0 || strncmp(value, "+3D", 3) == 0)) {
			tkt_text_add_byte(out, value[1] == '2' ? '+' : '=');
			escaped = 3;
		} else if (!escaped) {
			tkt_text_add_byte(out, *value);
			escaped = 1;
		}
		value += escaped;
	}
	while (out->length > 0 && memchr(".:", out->bytes[out->length - 1], 2))
		tkt_text_truncate(out, out->length - 1);
}

/* Is it an address, its local part in UTF-8 perhaps (RFC 6531)? */
static bool is_recipient(const char *address)
{
	const char *at = strrchr(address, '@');
	tkt_autotext ascii;

	tkt_text_init(&ascii, VALUE_LIMIT * 2);
	if (!at || at == address || !strchr(at, '.'))
		return at && tkt_address_is_valid(address) && at[1] == '[';
	for (const char *byte = address; byte < at; byte++)
		tkt_text_add_byte(&ascii, *byte & 0x80 ? 'x' : *byte);
	tkt_text_add(&ascii, at);
	return tkt_utf8_is_valid(address, strlen(address)) && !ascii.failed &&
	    tkt_address_is_valid(ascii.bytes);
}

char *tkt_recipient_address(const char *value)
{
	tkt_autotext text;

	tkt_text_init(&text, VALUE_LIMIT);
	unescape(&text, skip_type(value));
	if (!is_recipient(text.bytes))
		return NULL;
	tkt_ascii_lower(text.bytes);
	return tkt_text_take(&text);
}

/* The first of the recipient's addresses that is one, to be freed; NULL: none is. */
static char *recipient_of(const struct group *group)
{
	char *recipient = NULL;

	for (int i = ORIGINAL; i <= ACTUAL && !recipient; i++)
		if (group->values[i])
			recipient = tkt_recipient_address(group->values[i]);
	return recipient;
}

/* Which action a word begins: servers write 'failure' and 'delayed (to be retried)' too. */
static const char *action_of(const char *value, const char *status)
{
	static const struct {
		const char *word, *action;
	} actions[] = { { "fail", "failed" }, { "delay", "delayed" }, { "defer", "delayed" },
		{ "deliver", "delivered" }, { "relay", "relayed" }, { "expand", "expanded" } };

	for (size_t i = 0; value && i < COUNT(actions); i++)
		if (strncasecmp(value, actions[i].word, strlen(actions[i].word)) == 0)
			return actions[i].action;
	return *status == '2' ? "delivered" : "failed";
}

/* Adds the group's report, if it is about a recipient, and empties it. */
static int end_group(struct group *group, struct tkt_reports *reports, struct tkt_error *error)
{
	tkt_autofree char *recipient = recipient_of(group);
	const char *diagnostic = group->values[DIAGNOSTIC];
	const char *action;
	char status[TKT_STATUS_SIZE] = "";
	const struct tkt_report *known;
	int result = 0;

	if (group->values[STATUS])
		tkt_reply_code_read(group->values[STATUS], status);
	diagnostic = diagnostic ? skip_type(diagnostic) : "";
	if (!status[0])
		tkt_reply_code_find(diagnostic, status);
	action = action_of(group->values[ACTION], status);
	known = recipient ? tkt_reports_find(reports, recipient) : NULL;
	if ((recipient || group->values[FINAL] || group->values[ORIGINAL] ||
		group->values[ACTION]) &&
	    !(known && strcmp(known->action, action) == 0))
		result = tkt_reports_add(reports, recipient, action, status, diagnostic, error);
	clear_group(group);
	return result;
}

/* The field's value from `at` on, unfolded, one blank for many; what follows is left in *next. */
static char *read_value(const char *at, const char *end, const char **next)
{
	tkt_autotext value;

	tkt_text_init(&value, VALUE_LIMIT);
	for (; at < end; at++) {
		bool line = *at == '\n';
		bool blank = line || *at == ' ' || *at == '\t' || *at == '\r';

		if (line && (at + 1 == end || (at[1] != ' ' && at[1] != '\t')))
			break;
		if (value.length + 1 >= TKT_DIAGNOSTIC_LIMIT)
			continue;
		if (!blank)
			tkt_text_add_byte(&value, *at);
		else if (value.length > 0 && value.bytes[value.length - 1] != ' ')
			tkt_text_add_byte(&value, ' ');
	}
	*next = at < end ? at + 1 : end;
	while (value.length > 0 && !tkt_utf8_is_valid(value.bytes, value.length))
		tkt_text_truncate(&value, value.length - 1); /* the cut was within a character */
	if (value.length > 0 && value.bytes[value.length - 1] == ' ')
		tkt_text_truncate(&value, value.length - 1);
	return tkt_text_take(&value);
}

/* Which member's field begins at `at`; its value in *value. MEMBERS: none. */
static enum member find_member(const char *at, const char *end, const char **value)
{
	for (int i = 0; i < MEMBERS; i++) {
		size_t length = strlen(names[i]);

		if ((size_t)(end - at) <= length || strncasecmp(at, names[i], length) != 0)
			continue;
		*value = at + length;
		while (*value < end && (**value == ' ' || **value == '\t'))
			++*value;
		if (*value < end && **value == ':') {
			++*value;
			return (enum member)i;
		}
	}
	return MEMBERS;
}

static bool is_blank_line(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
		at++;
	return at == end || *at == '\n';
}

/* A blank line may also stand within a group: then the next one repeats nothing, and begins with no
 * recipient. */
static bool begins_group(const struct group *group, enum member member, bool after_blank)
{
	if (group->values[member])
		return true;
	return after_blank && member <= FINAL && (group->values[ORIGINAL] || group->values[FINAL]);
}

int tkt_delivery_status_read(
    const char *text, size_t length, struct tkt_reports *reports, struct tkt_error *error)
{
	const char *end = text + length, *next;
	struct group group = { .values = { NULL } };
	bool after_blank = false;

	for (const char *at = text; at < end; at = next) {
		const char *value;
		enum member member = find_member(at, end, &value);

		if (member == MEMBERS) {
			after_blank = after_blank || is_blank_line(at, end);
			next = tkt_next_line(at, end);
			continue;
		}
		if (begins_group(&group, member, after_blank) && end_group(&group, reports, error))
			return -1;
		after_blank = false;
		group.values[member] = read_value(value, end, &next);
		if (!group.values[member]) {
			clear_group(&group);
			return tkt_error_set_memory(error);
		}
	}
	return end_group(&group, reports, error);
}

/* What was done with the mail, by the word behind the ';'; "processed" when it is none of those. */
static const char *disposition_of(const char *value)
{
	static const char *const known[] = { "displayed", "deleted", "dispatched", "denied",
		"failed" };
	const char *word = strchr(value, ';');

	if (word)
		word += 1 + strspn(word + 1, " ");
	for (size_t i = 0; word && i < COUNT(known); i++)
		if (strncasecmp(word, known[i], strlen(known[i])) == 0)
			return known[i];
	return "processed";
}

int tkt_disposition_read(
    const char *text, size_t length, struct tkt_reports *reports, struct tkt_error *error)
{
	const char *end = text + length, *next;
	struct group group = { .values = { NULL } };
	tkt_autofree char *recipient = NULL;
	int result = 0;

	for (const char *at = text; at < end; at = next) {
		const char *value;
		enum member member = find_member(at, end, &value);

		if (member != MEMBERS && !group.values[member]) {
			group.values[member] = read_value(value, end, &next);
			continue;
		}
		next = tkt_next_line(at, end);
	}
	recipient = recipient_of(&group);
	if (recipient || group.values[DISPOSITION])
		result = tkt_reports_add(reports, recipient,
		    disposition_of(group.values[DISPOSITION] ? group.values[DISPOSITION] : ""), "",
		    "", error);
	clear_group(&group);
	return result;
}
