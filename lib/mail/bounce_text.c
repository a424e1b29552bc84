#include "mail/bounce_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/delivery_status.h"
#include "mail/reply_code.h"
#include "mail/wording.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HEAD_LIMIT ((size_t)32 << 10) /* bytes of a notice that are looked at */
#define LINE_LIMIT 1000 /* bytes of a line: what is longer was not written for people */

struct line {
	const char *at;        /* behind its blanks */
	size_t length, indent; /* without blanks at its end, and how many led it */
};

struct reading {
	struct tkt_reports *reports;
	const char *not_him, *action;
	struct tkt_report *current; /* whose reason is being read; NULL */
	size_t indent;              /* of its line */
	bool section;               /* the last line ended with ':', or was a recipient's */
	struct tkt_error *error;
};

/* The next line; false at the end. */
static bool next_line(const char **at, const char *end, struct line *line)
{
	const char *stop, *start = *at;

	if (start >= end)
		return false;
	stop = memchr(start, '\n', (size_t)(end - start));
	*at = stop ? stop + 1 : end;
	stop = stop ? stop : end;
	line->at = start;
	while (line->at < stop && (*line->at == ' ' || *line->at == '\t'))
		line->at++;
	line->indent = (size_t)(line->at - start);
	while (stop > line->at && isspace((unsigned char)stop[-1]))
		stop--;
	line->length = (size_t)(stop - line->at);
	if (line->length > LINE_LIMIT)
		line->length = tkt_utf8_cut(line->at, LINE_LIMIT);
	return true;
}

static bool line_begins(const struct line *line, const char *word)
{
	size_t length = strlen(word);

	return line->length >= length && strncasecmp(line->at, word, length) == 0;
}

static bool line_says(const struct line *line, enum tkt_wording which)
{
	tkt_autofree char *folded = tkt_wording_fold(line->at, line->length);

	return folded && tkt_wording_has(which, folded);
}

/* Does the returned mail begin here? */
static bool begins_copy(const struct line *line)
{
	static const char *const fields[] = { "Return-Path:", "Received: ", "Message-ID:",
		"MIME-Version:", "DKIM-Signature:", "X-Original-To:", "Delivered-To:" };
	size_t dashes = 0;

	for (size_t i = 0; i < COUNT(fields); i++)
		if (line_begins(line, fields[i]))
			return true;
	while (dashes < line->length && strchr("-_=*#+|", line->at[dashes]))
		dashes++;
	if (dashes < 2 &&
	    (line->length > 60 || line->length == 0 || !strchr(":.", line->at[line->length - 1])))
		return false;
	return line->length > dashes && line_says(line, TKT_WORDS_COPY);
}

size_t tkt_bounce_text_head(const char *text, size_t length)
{
	const char *at = text,
		   *end = text + (length > HEAD_LIMIT ? tkt_utf8_cut(text, HEAD_LIMIT) : length);
	struct line line;
	bool first = true;

	for (const char *start = at; next_line(&at, end, &line); start = at) {
		if (!first && begins_copy(&line))
			return (size_t)(start - text);
		first = first && line.length == 0;
	}
	return (size_t)(end - text);
}

const char *tkt_bounce_text_action(const char *subject, const char *text, size_t length)
{
	tkt_autofree char *title = tkt_wording_fold(subject, strlen(subject));
	tkt_autofree char *body = tkt_wording_fold(text, tkt_bounce_text_head(text, length));

	if (!title || !body)
		return NULL;
	if (tkt_wording_has(TKT_WORDS_FINAL_TEXT, body))
		return "failed";
	if (tkt_wording_has(TKT_WORDS_DELAY_TEXT, title) ||
	    tkt_wording_has(TKT_WORDS_DELAY_TEXT, body))
		return "delayed";
	if (tkt_wording_has(TKT_WORDS_DELIVERED_TEXT, body) &&
	    !tkt_wording_has(TKT_WORDS_FAILURE_TEXT, body))
		return "delivered";
	return "failed";
}

/* Is the address the server's own, or of the one whom it writes to? */
static bool is_other(const struct reading *reading, const char *address)
{
	return strncmp(address, "postmaster@", 11) == 0 ||
	    strncmp(address, "mailer-daemon@", 14) == 0 ||
	    (reading->not_him && strcmp(address, reading->not_him) == 0);
}

/* May it be one to turn to, as servers name in their sentences? */
static bool is_helper(const char *address)
{
	static const char *const locals[] = { "abuse@", "hostmaster@", "helpdesk@", "support@",
		"noreply@", "no-reply@" };

	for (size_t i = 0; i < COUNT(locals); i++)
		if (strncmp(address, locals[i], strlen(locals[i])) == 0)
			return true;
	return false;
}

static char *address_of(const char *bytes, size_t length)
{
	tkt_autofree char *copy = length > 0 && length < 400 ? strndup(bytes, length) : NULL;

	return copy && strchr(copy, '@') ? tkt_recipient_address(copy) : NULL;
}

/* May this stand behind a recipient's address? Words do not: 'anna@example.org wrote'. */
static bool may_follow(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '"' || *at == '\''))
		at++;
	return at == end || strchr(":.(,;-[<", *at) || (end - at > 3 && memcmp(at, "on ", 3) == 0);
}

/* The address that the line begins with, alone or before its reason; *rest stands behind it. */
static char *leading_address(const struct line *line, const char **rest)
{
	const char *at = line->at, *end = line->at + line->length, *stop;
	char *address;

	while (at < end && (strchr("*-\"'", *at) || *at == ' ' || *at == '\t'))
		at++;
	for (size_t i = 0; i < 2; i++)
		if ((size_t)(end - at) > 7 &&
		    strncasecmp(at, i ? "mailto:" : "smtp:", i ? 7 : 5) == 0)
			at += i ? 7 : 5;
	if (at == end)
		return NULL;
	if (*at == '<') {
		stop = memchr(at, '>', (size_t)(end - at));
		address = stop ? address_of(at + 1, (size_t)(stop - at - 1)) : NULL;
		stop = stop ? stop + 1 : end;
	} else {
		for (stop = at; stop < end && !strchr(" \t<>()[],;:\"'", *stop); stop++)
			if (stop[0] == '.' && end - stop > 2 && stop[1] == '.' && stop[2] == '.')
				break;
		address = address_of(at, (size_t)(stop - at));
	}
	if (address && !may_follow(stop, end)) {
		free(address);
		return NULL;
	}
	*rest = stop;
	return address;
}

/* The address in brackets that a line ends with, behind a name: 'Anna (anna@example.org)'; a date
 * may follow, as in '... on 2.03.2026 12:00'. */
static char *named_address(const struct line *line)
{
	const char *open = NULL, *close = line->at + line->length - 1;
	size_t words = 0;

	if (line->length < 5 || line->length > 200)
		return NULL;
	for (const char *at = line->at; at + 5 < line->at + line->length; at++)
		if (strchr(">)", *at) && memcmp(at + 1, " on ", 4) == 0)
			close = at;
	if (!strchr(">)", *close))
		return NULL;
	for (const char *at = line->at; at < close; at++) {
		if (*at == '<' || *at == '(')
			open = at + 1;
		words += !open && *at == ' ';
		if (!open && (*at == ':' || words > 5))
			return NULL;
	}
	return open ? address_of(open, (size_t)(close - open)) : NULL;
}

/* Adds the line to the reason, one blank between them; as it is told, not what is around it. */
static int add_reason(
    struct reading *reading, struct tkt_report *report, const char *at, const char *end)
{
	tkt_autotext reason;

	tkt_text_init(&reason, 4 * TKT_DIAGNOSTIC_LIMIT);
	tkt_text_add(&reason, report->diagnostic);
	while (at < end && strchr(":., \t;->", *at))
		at++;
	if (end - at > 8 && strncasecmp(at, "(reason:", 8) == 0) {
		at += 8;
		end -= end[-1] == ')';
	}
	for (bool blank = reason.length > 0; at < end && reason.length < TKT_DIAGNOSTIC_LIMIT - 5;
	     at++) {
		bool wide = end - at > 1 && memcmp(at, "\xC2\xA0", 2) == 0;

		if (isspace((unsigned char)*at) || wide) {
			at += wide;
			blank = reason.length > 0;
			continue;
		}
		if (blank)
			tkt_text_add_byte(&reason, ' ');
		blank = false;
		tkt_text_add_byte(&reason, *at);
	}
	while (reason.length > 0 && !tkt_utf8_is_valid(reason.bytes, reason.length))
		tkt_text_truncate(&reason, reason.length - 1);
	if (tkt_text_check(&reason, reading->error))
		return -1;
	return tkt_report_set(&report->diagnostic, reason.bytes, reading->error);
}

/* The next address in a line, from *at on, to be freed; NULL: there is none. */
static char *next_address(const char **at, const char *end)
{
	while (*at < end) {
		const char *sign = memchr(*at, '@', (size_t)(end - *at)), *start, *stop;
		char *address;

		if (!sign)
			return NULL;
		for (start = sign; start > *at && !strchr(" \t<>()[],;:\"'=/", start[-1]); start--)
			;
		for (stop = sign; stop < end && !strchr(" \t<>()[],;:\"'!?/\\", *stop); stop++)
			if (stop[0] == '.' && end - stop > 1 && stop[1] == '.')
				break;
		*at = stop > sign ? stop : sign + 1;
		address = address_of(start, (size_t)(stop - start));
		if (address)
			return address;
	}
	return NULL;
}

/* Does a remark follow that names whom the mail was sent to before it was passed on? */
static bool is_origin(const char *at, const char *end)
{
	static const char *const words[] = { "(generated from", "(ultimately generated from",
		"(expanded from", "(originally addressed to", "(was addressed to" };

	while (at < end && strchr(" \t:", *at))
		at++;
	for (size_t i = 0; i < COUNT(words); i++)
		if ((size_t)(end - at) > strlen(words[i]) &&
		    strncasecmp(at, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

static int add_recipient(struct reading *reading, const char *address, size_t indent)
{
	struct tkt_report *known = tkt_reports_find(reading->reports, address);
	size_t count = reading->reports->count;

	if (!known &&
	    tkt_reports_add(reading->reports, address, reading->action, "", "", reading->error))
		return -1;
	if (!known && reading->reports->count > count)
		known = &reading->reports->items[count];
	reading->current = known;
	reading->indent = indent;
	return 0;
}

/* We wrote to that address, so it is the recipient, as Original-Recipient would be. The reason may
 * stand behind the remark. */
static int read_origin(struct reading *reading, const char *at, const char *end)
{
	tkt_autofree char *address = next_address(&at, end);
	const char *close = memchr(at, ')', (size_t)(end - at));

	if (!address)
		return 0;
	if (!reading->current) { /* what it became is no address but a program */
		if (add_recipient(reading, address, 0))
			return -1;
	} else if (!tkt_reports_find(reading->reports, address) &&
	    tkt_report_set(&reading->current->recipient, address, reading->error)) {
		return -1;
	}
	if (!close || !reading->current)
		return 0;
	return add_reason(reading, reading->current, close + 1, end);
}

static bool repeats(const char *at, const char *end, const char *address)
{
	tkt_autofree char *again = next_address(&at, end);

	return again && strcmp(again, address) == 0 && end - at < 3;
}

/* One line of those that begin with an address, or tell the reason below it. */
static int read_line(struct reading *reading, const struct line *line)
{
	const char *rest = NULL, *end = line->at + line->length;
	tkt_autofree char *address = NULL;
	struct tkt_report *current = reading->current;

	if (line->length == 0) {
		reading->current = NULL;
		return 0;
	}
	if (is_origin(line->at, end))
		return read_origin(reading, line->at, end);
	if (!(current && *current->diagnostic && line->indent > reading->indent))
		address = leading_address(line, &rest);
	if (!address && reading->section && !current && (address = named_address(line)))
		rest = end;
	reading->section = line->at[line->length - 1] == ':' || address;
	if (address && !is_other(reading, address) &&
	    !(current && *current->diagnostic && strcmp(current->recipient, address) == 0)) {
		if (add_recipient(reading, address, line->indent))
			return -1;
		current = reading->current;
		if (!current || *current->diagnostic) { /* it was told before */
			reading->current = NULL;
			return 0;
		}
		if (is_origin(rest, end))
			return read_origin(reading, rest, end);
		/* Behind it stand a date, or the address once more. */
		if ((end - rest > 4 && strncmp(rest, " on ", 4) == 0) ||
		    repeats(rest, end, address))
			rest = end;
		return add_reason(reading, current, rest, end);
	}
	return current ? add_reason(reading, current, line->at, end) : 0;
}

/* Addresses of a sentence that tells of a failure; or, when `any`, the first address there is. */
static int read_sentence(struct reading *reading, const struct line *line, bool any)
{
	const char *at = line->at, *end = line->at + line->length;

	reading->current = NULL;
	if (!memchr(at, '@', line->length) || line_says(line, TKT_WORDS_OTHER) ||
	    (!any && !line_says(line, TKT_WORDS_LABEL) && !reading->section))
		return 0;
	while (at < end) {
		tkt_autofree char *address = next_address(&at, end);

		if (!address)
			break;
		if (is_other(reading, address) ||
		    (any && (is_helper(address) || reading->reports->count > 0)))
			continue;
		if (add_recipient(reading, address, 0))
			return -1;
		if (reading->current && !*reading->current->diagnostic &&
		    add_reason(reading, reading->current, line->at, end))
			return -1;
	}
	return 0;
}

static bool is_dialogue(const struct line *line)
{
	return line_begins(line, ">>>") || line_begins(line, "<<<");
}

static bool has_code(const struct line *line, char status[static TKT_STATUS_SIZE])
{
	tkt_autofree char *copy = strndup(line->at, line->length);

	return copy && tkt_reply_code_find(copy, status);
}

char *tkt_bounce_text_reason(const char *text, size_t length)
{
	const char *at = text, *end = text + tkt_bounce_text_head(text, length);
	char status[TKT_STATUS_SIZE];
	struct line line;

	while (next_line(&at, end, &line)) {
		if (line.length == 0 || (*line.at == '>' && !is_dialogue(&line)) ||
		    !has_code(&line, status))
			continue;
		while (line.length > 0 && strchr("<> ", *line.at)) {
			line.at++;
			line.length--;
		}
		return strndup(line.at, line.length);
	}
	return strdup("");
}

/* A reason without a code gives way to a line that has the address and a code, or to the other
 * server's answer to a line with the address. */
static int refine(struct reading *reading, struct tkt_report *report, const char *text, size_t head)
{
	const char *at = text, *end = text + head;
	char status[TKT_STATUS_SIZE];
	struct line line;
	bool asked = false;

	if (tkt_reply_code_find(report->diagnostic, status))
		return 0;
	while (next_line(&at, end, &line)) {
		tkt_autofree char *copy = strndup(line.at, line.length);
		bool named, answer;

		if (!copy)
			return tkt_error_set_memory(reading->error);
		named = strcasestr(copy, report->recipient);
		answer = asked && line_begins(&line, "<<<");
		asked = named && line_begins(&line, ">>>");
		if ((!named && !answer) || !tkt_reply_code_find(copy, status))
			continue;
		if (tkt_report_set(&report->diagnostic, "", reading->error))
			return -1;
		return add_reason(reading, report, copy + strspn(copy, "<> "), copy + strlen(copy));
	}
	return 0;
}

static int read_sentences(struct reading *reading, const char *text, size_t head, bool any)
{
	const char *at = text, *end = text + head;
	struct line line;

	reading->section = false;
	while (reading->reports->count < TKT_REPORTS_LIMIT && next_line(&at, end, &line)) {
		if (line.length == 0 || (*line.at == '>' && !is_dialogue(&line)))
			continue;
		if (!(reading->section && reading->current)) {
			if (read_sentence(reading, &line, any))
				return -1;
		} else if (add_reason(reading, reading->current, line.at, line.at + line.length)) {
			return -1; /* of an address whose line ended with ':' */
		} else {
			reading->current = NULL;
		}
		reading->section = line.at[line.length - 1] == ':';
	}
	return 0;
}

int tkt_bounce_text_read(const char *text, size_t length, const char *not_him, const char *action,
    struct tkt_reports *reports, struct tkt_error *error)
{
	size_t head = tkt_bounce_text_head(text, length);
	struct reading reading = {
		.reports = reports, .not_him = not_him, .action = action, .error = error
	};
	const char *at = text, *end = text + head;
	struct line line;

	while (next_line(&at, end, &line))
		if (!(line.length > 0 && (*line.at == '>' || is_dialogue(&line))) &&
		    read_line(&reading, &line))
			return -1;
	if (reports->count == 0 && read_sentences(&reading, text, head, false))
		return -1;
	if (reports->count == 0 && read_sentences(&reading, text, head, true))
		return -1;
	for (size_t i = 0; i < reports->count && i < 50; i++)
		if (refine(&reading, &reports->items[i], text, head))
			return -1;
	return 0;
}
