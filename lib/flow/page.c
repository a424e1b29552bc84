#include "flow/page.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/words.h"
#include "base/zone.h"
#include "flow/attachment.h"
#include "mail/quote.h"
#include "json/field.h"

#include "base/banned.h"

#define WIDTH_LEAST 20
#define TAB 8
#define LABELS 18 /* columns of the labels of the head */

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define CYAN "\033[36m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

static void paint(struct tkt_page *page, const char *colour)
{
	if (page->colours)
		tkt_text_add(page->out, colour);
}

static size_t width_of(const struct tkt_page *page)
{
	return page->width < WIDTH_LEAST ? WIDTH_LEAST : page->width;
}

static void add_blanks(struct tkt_text *out, size_t count)
{
	while (count--)
		tkt_text_add_byte(out, ' ');
}

/* '>' signs and blanks that a quoted line begins with: they stand before its continuation too. */
static size_t quote_length(const char *line, size_t length)
{
	size_t at, quote = 0;

	for (at = 0; at < length && (line[at] == '>' || line[at] == ' '); at++)
		if (line[at] == '>')
			quote = at + 1;
	return quote && quote < length && line[quote] == ' ' ? quote + 1 : quote;
}

/* Where to break a line of which `fit` bytes have room: behind the last word, if that leaves one;
 * *skip: the blank at the break. */
static size_t break_at(const char *line, size_t length, size_t fit, size_t *skip)
{
	size_t at = fit, blanks = 0;

	*skip = 0;
	if (!fit) { /* not even one character */
		tkt_utf8_next(line, length, &fit);
		return fit;
	}
	while (at > 0 && line[at] != ' ')
		at--;
	while (blanks < at && line[blanks] == ' ')
		blanks++;
	if (blanks == at)
		return fit;
	*skip = 1;
	return at;
}

/* Adds one line, broken at the page's width; what follows a break stands behind `indent` blanks. */
static void add_wrapped(
    struct tkt_page *page, const char *line, size_t length, size_t used, size_t indent)
{
	size_t quote = quote_length(line, length), width = width_of(page), fit;
	const char *prefix = line;

	if (quote * 2 > width)
		quote = 0;
	while ((fit = tkt_utf8_fit(line, length, used < width ? width - used : 1)) < length) {
		size_t skip, end = break_at(line, length, fit, &skip);

		if (line == prefix && skip && end < quote) { /* not between '>' and its text */
			end = fit;
			skip = 0;
		}
		tkt_text_add_bytes(page->out, line, end);
		tkt_text_add_byte(page->out, '\n');
		line += end + skip;
		length -= end + skip;
		add_blanks(page->out, indent);
		tkt_text_add_bytes(page->out, prefix, quote);
		used = indent + quote;
	}
	tkt_text_add_bytes(page->out, line, length);
	tkt_text_add_byte(page->out, '\n');
}

/* A tab is wide as it stands; in text that is broken anew it has to be blanks. */
static void expand_tabs(struct tkt_text *out, const char *line, size_t length)
{
	size_t from = 0, at, column = 0;

	for (at = 0; at < length; at++) {
		size_t blanks;

		if (line[at] != '\t')
			continue;
		column += tkt_utf8_width(line + from, at - from);
		blanks = TAB - column % TAB;
		tkt_text_add_bytes(out, line + from, at - from);
		add_blanks(out, blanks);
		column += blanks;
		from = at + 1;
	}
	tkt_text_add_bytes(out, line + from, length - from);
}

/* Adds a text of many lines, safe and wrapped; blank lines at its end are left out. `marks` says
 * what each is (quote.h), and is empty where that does not show. */
static int add_body(
    struct tkt_page *page, const char *body, const struct tkt_text *marks, struct tkt_error *error)
{
	size_t length = strlen(body), number = 0;
	tkt_autotext safe, line;
	const char *at, *end;

	tkt_text_init(&safe, TKT_TEXT_LIMIT);
	tkt_text_init(&line, TKT_TEXT_LIMIT);
	while (length && (body[length - 1] == '\n' || body[length - 1] == ' '))
		length--;
	tkt_utf8_terminal(&safe, body, length, TKT_UTF8_LINES);
	if (tkt_text_check(&safe, error))
		return -1;
	for (at = safe.bytes; length; at = end + 1, number++) {
		bool dim = number < marks->length && marks->bytes[number] != TKT_QUOTE_NEW;

		end = strchrnul(at, '\n');
		tkt_text_reset(&line);
		expand_tabs(&line, at, (size_t)(end - at));
		if (tkt_text_check(&line, error))
			return -1;
		paint(page, dim ? DIM : "");
		add_wrapped(page, line.bytes, line.length, 0, 0);
		paint(page, dim ? PLAIN : "");
		if (!*end)
			break;
	}
	return tkt_text_check(page->out, error);
}

static void add_safe(struct tkt_text *out, const char *text)
{
	if (text)
		tkt_utf8_terminal(out, text, strlen(text), TKT_UTF8_ONE_LINE);
}

static void add_time(const struct tkt_page *page, struct tkt_text *out, const char *time)
{
	struct tkt_error ignored = { 0 };
	struct tkt_civil civil;
	int64_t seconds;

	if (!time || tkt_time_parse(time, &seconds, &ignored)) {
		add_safe(out, time);
		return;
	}
	tkt_zone_civil(page->zone, seconds, &civil);
	tkt_text_format(out, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month, civil.day,
	    civil.hour, civil.minute);
}

/* 'Anna <anna@example.org>' */
static void add_address(struct tkt_text *out, const char *name, const char *email)
{
	add_safe(out, name);
	if (!email)
		return;
	if (name) {
		tkt_text_add(out, " <");
		add_safe(out, email);
		tkt_text_add_byte(out, '>');
	} else {
		add_safe(out, email);
	}
}

/* One line of the head: a label, its value; nothing when that is empty. */
static void add_labelled(struct tkt_page *page, const char *label, const struct tkt_text *value)
{
	size_t used = tkt_utf8_width(label, strlen(label)) + 1;

	if (!value->length)
		return;
	paint(page, DIM);
	tkt_text_format(page->out, "%s:", label);
	paint(page, PLAIN);
	do
		tkt_text_add_byte(page->out, ' ');
	while (++used < LABELS);
	add_wrapped(page, value->bytes, value->length, used, LABELS);
}

static void add_value(
    struct tkt_page *page, const struct tkt_field *field, const json_t *value, struct tkt_text *out)
{
	const json_t *element;
	size_t at;

	if (json_is_string(value) && field->type == TKT_FIELD_TIME)
		add_time(page, out, json_string_value(value));
	else
		add_safe(out, json_string_value(value));
	json_array_foreach(value, at, element) {
		if (at)
			tkt_text_add(out, ", ");
		add_safe(out, json_string_value(element));
	}
}

/* Words for `fields` are the desk's own. */
static int add_map(struct tkt_page *page, const json_t *map, struct tkt_error *error)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)map, key, value) {
		tkt_autotext label, shown;

		tkt_text_init(&label, TKT_TEXT_LIMIT);
		tkt_text_init(&shown, TKT_TEXT_LIMIT);
		add_safe(&label, key);
		add_safe(&shown, json_string_value(value));
		if (tkt_text_check(&label, error) || tkt_text_check(&shown, error))
			return -1;
		add_labelled(page, label.bytes, &shown);
	}
	return 0;
}

static int add_clocks(struct tkt_page *page, const json_t *clocks, struct tkt_error *error)
{
	const json_t *clock;
	size_t at;

	json_array_foreach(clocks, at, clock) {
		const char *due_at = tkt_object_text(clock, "due_at");
		tkt_autotext label, value;

		tkt_text_init(&label, TKT_TEXT_LIMIT);
		tkt_text_init(&value, TKT_TEXT_LIMIT);
		add_safe(&label, tkt_object_text(clock, "name"));
		add_safe(&value, tkt_object_text(clock, "state"));
		if (due_at) {
			tkt_autotext time;

			tkt_text_init(&time, TKT_TEXT_LIMIT);
			add_time(page, &time, due_at);
			if (tkt_text_check(&time, error))
				return -1;
			/* TRANSLATORS: of a clock: 'running, due 2026-03-02 13:00' */
			tkt_text_format(&value, _(", due %s"), time.bytes);
		}
		if (tkt_text_check(&label, error) || tkt_text_check(&value, error))
			return -1;
		add_labelled(page, label.bytes, &value);
	}
	return 0;
}

static int add_field(struct tkt_page *page, const struct tkt_field *field, const json_t *ticket,
    struct tkt_error *error)
{
	const json_t *value = tkt_object_get(ticket, field->name);
	tkt_autotext shown;

	tkt_text_init(&shown, TKT_TEXT_LIMIT);
	if (!strcmp(field->name, "clocks"))
		return add_clocks(page, value, error);
	if (field->type == TKT_FIELD_MAP)
		return add_map(page, value, error);
	if (!strcmp(field->name, "requester.email"))
		add_address(
		    &shown, tkt_object_text(ticket, "requester.name"), json_string_value(value));
	else
		add_value(page, field, value, &shown);
	if (tkt_text_check(&shown, error))
		return -1;
	add_labelled(page, _(field->title), &shown);
	return 0;
}

/* Told elsewhere on the page, or of no use to a reader. */
static bool is_left_out(const struct tkt_field *field)
{
	static const char *const names[] = { "id", "rev", "subject", "requester.name", "policy",
		"sent_at", "received_at", "last_in_at", "last_out_at", "timers", "next_at", NULL };
	size_t i;

	if (field->flags & TKT_FIELD_DERIVED)
		return true;
	for (i = 0; names[i]; i++)
		if (!strcmp(names[i], field->name))
			return true;
	return false;
}

int tkt_page_ticket(struct tkt_page *page, const json_t *ticket, struct tkt_error *error)
{
	tkt_autotext title;
	size_t i;

	tkt_text_init(&title, TKT_TEXT_LIMIT);
	add_safe(&title, tkt_object_text(ticket, "id"));
	tkt_text_add(&title, "  ");
	add_safe(&title, tkt_object_text(ticket, "subject"));
	if (tkt_text_check(&title, error))
		return -1;
	paint(page, BOLD);
	add_wrapped(page, title.bytes, title.length, 0, 0);
	paint(page, PLAIN);
	for (i = 0; i < tkt_ticket_fields.count; i++)
		if (!is_left_out(&tkt_ticket_fields.fields[i]) &&
		    add_field(page, &tkt_ticket_fields.fields[i], ticket, error))
			return -1;
	return tkt_text_check(page->out, error);
}

struct mark {
	const char *sign, *colour;
	const char *word; /* N_() */
};

/* Who wrote to whom, at a glance. */
static const struct mark *mark_of(const json_t *message)
{
	/* TRANSLATORS: of a message: 'in, phone', 'out', 'internal' */
	static const struct mark in = { "\xe2\x86\x90", CYAN, N_("in") },
				 out = { "\xe2\x86\x92", GREEN, N_("out") },
				 internal = { "\xc2\xb7", YELLOW, N_("internal") };

	if (tkt_text_equal(tkt_object_text(message, "kind"), "internal"))
		return &internal;
	return tkt_text_equal(tkt_object_text(message, "direction"), "in") ? &in : &out;
}

/* '← 2026-03-02 12:00  Anna <anna@example.org>  in, phone' */
static int add_heading(struct tkt_page *page, const json_t *message, struct tkt_error *error)
{
	const struct mark *mark = mark_of(message);
	const char *author = tkt_object_text(message, "author.email");
	const char *name = tkt_object_text(message, "author.name");
	const char *channel = tkt_object_text(message, "channel");
	tkt_autotext line;

	tkt_text_init(&line, TKT_TEXT_LIMIT);
	tkt_text_format(&line, "%s ", mark->sign);
	add_time(page, &line, tkt_object_text(message, "received_at"));
	if (author || name)
		tkt_text_add(&line, "  ");
	add_address(&line, name, author);
	tkt_text_format(&line, "  %s", _(mark->word));
	if (channel && strcmp(channel, "mail")) {
		tkt_text_add(&line, ", ");
		add_safe(&line, channel);
	}
	if (json_is_true(json_object_get(message, "bounce")))
		tkt_text_format(&line, ", %s", _("delivery report"));
	else if (json_is_true(json_object_get(message, "auto")))
		tkt_text_format(&line, ", %s", _("automatic"));
	if (tkt_text_check(&line, error))
		return -1;
	tkt_text_add_byte(page->out, '\n');
	paint(page, mark->colour);
	add_wrapped(page, line.bytes, line.length, 0, 2);
	paint(page, PLAIN);
	return 0;
}

/* '[3] a.png, image/png, 1234 bytes': by that number --attachment finds it. Of what was set aside,
 * why. */
static int add_attachments(struct tkt_page *page, const json_t *list, struct tkt_error *error)
{
	const json_t *attachment;
	size_t at;

	json_array_foreach(list, at, attachment) {
		json_int_t size = json_integer_value(json_object_get(attachment, "size"));
		const char *aside = tkt_attachment_aside(attachment);
		tkt_autotext line;

		tkt_text_init(&line, TKT_TEXT_LIMIT);
		tkt_text_format(&line, "[%zu] ", ++page->attachments);
		add_safe(&line, tkt_object_text(attachment, "name"));
		tkt_text_add(&line, ", ");
		add_safe(&line, tkt_object_text(attachment, "content_type"));
		tkt_text_add(&line, ", ");
		tkt_text_format(&line, ngettext("%lld byte", "%lld bytes", (unsigned long)size),
		    (long long)size);
		if (aside) {
			/* TRANSLATORS: of an attachment, and a reason in English follows */
			tkt_text_format(&line, ", %s: ", _("set aside"));
			add_safe(&line, aside);
		}
		if (tkt_text_check(&line, error))
			return -1;
		add_wrapped(page, line.bytes, line.length, 0, 4);
	}
	return 0;
}

int tkt_page_message(struct tkt_page *page, const json_t *message, struct tkt_error *error)
{
	bool only_new =
	    page->only_new && tkt_text_equal(tkt_object_text(message, "direction"), "in");
	const char *body = tkt_object_text(message, only_new ? "body_new" : "body");
	tkt_autotext marks;

	tkt_text_init(&marks, TKT_TEXT_LIMIT);
	if (body && page->colours && !only_new &&
	    tkt_quote_mark(body, strlen(body), tkt_quote_letter_of(message), &marks, error))
		return -1;
	if (add_heading(page, message, error) || (body && add_body(page, body, &marks, error)) ||
	    add_attachments(page, json_object_get(message, "attachments"), error))
		return -1;
	return tkt_text_check(page->out, error);
}

int tkt_page_questions(struct tkt_page *page, const json_t *questions, struct tkt_error *error)
{
	const json_t *question;
	size_t at;

	json_array_foreach(questions, at, question) {
		tkt_autotext line;

		if (!at) {
			tkt_text_add_byte(page->out, '\n');
			paint(page, BOLD);
			tkt_text_format(page->out, "%s\n", _("Open questions"));
			paint(page, PLAIN);
		}
		tkt_text_init(&line, TKT_TEXT_LIMIT);
		tkt_text_add(&line, "? ");
		add_safe(&line, tkt_object_text(question, "key"));
		if (tkt_text_equal(tkt_object_text(question, "kind"), "required"))
			/* TRANSLATORS: of a question, behind its key: 'browser, required: ...' */
			tkt_text_add(&line, _(", required"));
		tkt_text_add(&line, ": ");
		add_safe(&line, tkt_object_text(question, "text"));
		if (tkt_text_check(&line, error))
			return -1;
		add_wrapped(page, line.bytes, line.length, 0, 2);
	}
	return tkt_text_check(page->out, error);
}
