#include "flow/staff_text.h"

#include <string.h>

#include "base/error.h"
#include "desk/desk.h"
#include "desk/template.h"
#include "flow/session.h"
#include "flow/staff_outgoing.h"
#include "mail/quote.h"
#include "json/field.h"

#include "base/banned.h"

#define LANGUAGES_MOST 16

/* A letter's text, line by line. */
struct reading {
	const char *text;
	size_t length;
	struct tkt_text marks;                 /* of its lines, as mail/quote.h has them */
	struct tkt_text lines[LANGUAGES_MOST]; /* the line, in each language of the desk */
	size_t line_count;
};

static void reading_clear(struct reading *reading)
{
	size_t i;

	tkt_text_clear(&reading->marks);
	for (i = 0; i < reading->line_count; i++)
		tkt_text_clear(&reading->lines[i]);
}

static int load_lines(struct tkt_session *session, struct reading *reading, struct tkt_error *error)
{
	char *const *languages = session->desk->languages;
	size_t i;

	for (i = 0; languages[i] && i < LANGUAGES_MOST; i++) {
		tkt_autotext said;

		tkt_text_init(&said, TKT_TEMPLATE_LIMIT);
		tkt_text_init(&reading->lines[i], TKT_TEMPLATE_LIMIT);
		reading->line_count = i + 1;
		if (tkt_staff_line(session, languages[i], &reading->lines[i], &said, error))
			return -1;
	}
	return 0;
}

/* Is it the line, quoted or not? Programs put marks and blanks around it. */
static bool is_the_line(const struct reading *reading, const char *line, size_t length)
{
	size_t i;

	for (i = 0; i < reading->line_count; i++) {
		const struct tkt_text *known = &reading->lines[i];

		if (known->length && memmem(line, length, known->bytes, known->length))
			return true;
	}
	return false;
}

static bool is_blank(const char *line, size_t length)
{
	size_t at;

	for (at = 0; at < length; at++)
		if (!strchr(" \t\r", line[at]))
			return false;
	return true;
}

/* What the lines of a letter tell. */
struct finding {
	size_t above;    /* bytes of new text */
	bool has_line;   /* the line stands there ... */
	bool is_quoted;  /* ... behind a '>' */
	bool has_quotes; /* something is quoted */
	bool is_inline;  /* new text between quoted lines, behind the first of them */
	bool is_below;   /* new text behind the line, so far the last */
};

static void look(const struct reading *reading, char mark, const char *line, size_t length,
    struct finding *finding, struct tkt_text *text)
{
	bool is_new = mark == TKT_QUOTE_NEW && !is_blank(line, length);

	if (!finding->has_line && is_the_line(reading, line, length)) {
		finding->has_line = true;
		finding->is_quoted = mark == TKT_QUOTE_OLD && memchr(line, '>', length);
	} else if (!finding->has_line && mark == TKT_QUOTE_NEW) {
		tkt_text_add_bytes(text, line, length);
		tkt_text_add_byte(text, '\n');
		finding->above += is_new ? length : 0;
	} else if (finding->has_line && is_new) {
		finding->is_below = true;
	}
	if (mark == TKT_QUOTE_OLD && memchr(line, '>', length))
		finding->is_inline = finding->is_inline || finding->is_below;
	finding->has_quotes = finding->has_quotes || mark == TKT_QUOTE_OLD;
}

static enum tkt_staff_text judge(const struct finding *finding)
{
	/* Without '>' what follows is the notice itself. */
	bool is_answered_below = finding->has_line && finding->is_quoted && finding->is_below;

	if (!finding->has_line && finding->has_quotes)
		return TKT_STAFF_TEXT_NO_LINE;
	if (is_answered_below && (finding->is_inline || !finding->above))
		return TKT_STAFF_TEXT_INLINE;
	if (!finding->above)
		return TKT_STAFF_TEXT_EMPTY;
	return finding->has_line || finding->has_quotes ? TKT_STAFF_TEXT_GOOD : TKT_STAFF_TEXT_BARE;
}

int tkt_staff_text_read(struct tkt_session *session, const json_t *message, struct tkt_text *text,
    enum tkt_staff_text *found, struct tkt_error *error)
{
	__attribute__((cleanup(reading_clear))) struct reading reading = { 0 };
	const char *body = tkt_object_text(message, "body"), *at, *next, *end;
	struct finding finding = { 0 };
	size_t i = 0;

	tkt_text_init(&reading.marks, TKT_TEXT_LIMIT);
	reading.text = body ? body : "";
	reading.length = strlen(reading.text);
	if (load_lines(session, &reading, error) ||
	    tkt_quote_mark(reading.text, reading.length, TKT_QUOTE_ANSWER, &reading.marks, error))
		return -1;
	end = reading.text + reading.length;
	for (at = reading.text; at < end; at = next, i++) {
		next = tkt_next_line(at, end);
		look(&reading, reading.marks.bytes[i], at, (size_t)(next - at) - (next[-1] == '\n'),
		    &finding, text);
	}
	*found = judge(&finding);
	return tkt_text_check(text, error);
}
