#include "flow/original.h"

#include <string.h>

#include "base/program.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "flow/compose_outgoing.h"
#include "flow/session.h"
#include "store/blob.h"
#include "json/field.h"

#include "base/banned.h"

static bool is_text(const json_t *message, const char *name, const char *value)
{
	return tkt_text_equal(tkt_object_text(message, name), value);
}

int tkt_original_add(struct tkt_session *session, const json_t *message, struct tkt_text *out,
    struct tkt_error *error)
{
	const char *sha256 = tkt_object_text(message, "raw_sha256");
	json_auto_t *outgoing = NULL;
	int found;

	if (sha256) {
		found = tkt_blob_read(session->db, sha256, out, error);
		if (found)
			return found;
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("the mail of message '%s' is not here"), tkt_object_text(message, "id"));
	}
	if (!is_text(message, "direction", "out") || !is_text(message, "kind", "public") ||
	    !is_text(message, "channel", "mail") ||
	    !json_array_size(json_object_get(message, "to")))
		return 0;
	outgoing = json_pack("{s:O, s:O*}", "message", json_object_get(message, "id"), "created_at",
	    json_object_get(message, "received_at"));
	if (!outgoing)
		return tkt_error_set_memory(error);
	return tkt_outgoing_compose(session, outgoing, out, error) ? -1 : 1;
}

/* asctime(3) in UTC, as RFC 4155 has it; never by a locale. */
static void add_date(struct tkt_text *out, const char *received_at)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	struct tkt_error ignored = { 0 };
	struct tkt_civil civil;
	int64_t time = 0;

	if (received_at)
		tkt_time_parse(received_at, &time, &ignored);
	tkt_civil_from_time(time, &civil);
	tkt_text_format(out, "%s %s %2d %02d:%02d:%02d %d", days[civil.weekday],
	    months[civil.month - 1], civil.day, civil.hour, civil.minute, civil.second, civil.year);
}

static bool is_from_line(const char *line, size_t length)
{
	size_t at = 0;

	while (at < length && line[at] == '>')
		at++;
	return length - at >= 5 && !memcmp(line + at, "From ", 5);
}

/* Without blanks and controls, which would end the sender's part of the line. */
static void add_sender(struct tkt_text *out, const char *sender)
{
	const char *at;

	if (tkt_text_is_empty(sender))
		sender = "MAILER-DAEMON";
	for (at = sender; *at; at++)
		tkt_text_add_byte(out, (unsigned char)*at <= ' ' || *at == 0x7f ? '_' : *at);
}

void tkt_mbox_add(struct tkt_text *out, const json_t *message, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;
	bool is_first = true;

	tkt_text_add(out, "From ");
	add_sender(out, tkt_object_text(message, "author.email"));
	tkt_text_add_byte(out, ' ');
	add_date(out, tkt_object_text(message, "received_at"));
	tkt_text_add_byte(out, '\n');
	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		const char *next = line_end ? line_end + 1 : end;
		size_t line_length = (size_t)((line_end ? line_end : end) - at);

		if (line_length && at[line_length - 1] == '\r')
			line_length--;
		if (!is_first || *at == '>' || !is_from_line(at, line_length)) {
			if (is_from_line(at, line_length))
				tkt_text_add_byte(out, '>');
			tkt_text_add_bytes(out, at, line_length);
			tkt_text_add_byte(out, '\n');
		}
		is_first = false;
		at = next;
	}
	tkt_text_add_byte(out, '\n');
}

int tkt_original_print(
    struct tkt_session *session, const json_t *message, bool as_mbox, struct tkt_error *error)
{
	struct tkt_command *command = session->command;
	const struct tkt_text *printed;
	struct tkt_error mail_error = { 0 };
	tkt_autotext mail, letter;
	int found;

	tkt_text_init(&mail, TKT_TEXT_LIMIT);
	tkt_text_init(&letter, TKT_TEXT_LIMIT);
	found = tkt_original_add(session, message, &mail, &mail_error);
	if (found < 0 && mail_error.kind == TKT_ERROR_DATA) { /* the others are here */
		tkt_command_report(command, &mail_error);
		return 0;
	}
	if (found < 0)
		*error = mail_error;
	if (found <= 0)
		return found;
	if (as_mbox)
		tkt_mbox_add(&letter, message, mail.bytes, mail.length);
	if (tkt_text_check(&letter, error))
		return -1;
	printed = as_mbox ? &letter : &mail;
	tkt_terminal_add(&command->out, printed->bytes, printed->length);
	return tkt_text_check(&command->out, error);
}
