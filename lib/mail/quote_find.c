#include <ctype.h>
#include <string.h>

#include "mail/quote_parts.h"

#include "base/banned.h"

#define BLANKS_MOST 3       /* blank lines between an attribution and its quote */
#define ATTRIBUTION_LINES 4 /* that one is broken over */
#define LABELS_MOST 24      /* lines of the header of a mail that is quoted whole */
#define CONTINUED_MOST 3    /* lines between two labels: a long To */
#define LABEL_MOST 60       /* bytes of a label with what stands before it */
#define INITIALS_MOST 3     /* letters of 'AP> text' */
#define LOOKED_AT 50000 /* lines that may belong to quotes; no mailer and no person writes more */

/* What is known while the lines are gone through. */
struct reading {
	struct tkt_quoting *quoting;
	size_t above;      /* the lines before it have been looked at for the next two */
	bool has_new;      /* new text stands there */
	bool points_below; /* and it speaks of what stands below */
	bool has_initials; /* 'AP> ' has been looked for */
	size_t next_old;   /* the first quoted line from here on, when it was last looked up */
	size_t looked;     /* no attribution stands from there to here */
};

/* The next line with text from `i` on; `i` itself when too many are blank. */
static size_t skip_blanks(const struct tkt_quoting *quoting, size_t i)
{
	size_t at = i;

	while (
	    at < quoting->count && quoting->marks[at] == TKT_QUOTE_BLANK && at - i <= BLANKS_MOST)
		at++;
	return at - i > BLANKS_MOST ? i : at;
}

/* An mbox has written '>' before a line of the text that begins with 'From '. */
static void forgive_mbox(struct tkt_quoting *quoting)
{
	for (size_t i = 0; i < quoting->count; i++) {
		size_t length;
		const char *line = tkt_quoting_line(quoting, i, &length);

		if (length > 6 && !memcmp(line, ">From ", 6) &&
		    !tkt_quoting_is(quoting, i + 1, TKT_QUOTE_OLD) &&
		    !(i > 0 && tkt_quoting_is(quoting, i - 1, TKT_QUOTE_OLD)))
			quoting->marks[i] = TKT_QUOTE_NEW;
	}
}

/* Bytes of the initials at the start of 'AP> text' or ' AP>> text', with their '>'; 0: none. */
static size_t initials_length(const char *line, size_t length)
{
	size_t at = 0, letters = 0;

	while (at < length && line[at] == ' ')
		at++;
	for (; at < length && line[at] != '>' && letters <= INITIALS_MOST; at++) {
		if (!isupper((unsigned char)line[at]) && (unsigned char)line[at] < 0x80)
			return 0;
		letters += ((unsigned char)line[at] & 0xC0) != 0x80;
	}
	if (letters == 0 || letters > INITIALS_MOST || at == length || line[at] != '>')
		return 0;
	while (at < length && line[at] == '>')
		at++;
	return at == length || line[at] == ' ' ? at : 0;
}

static void mark_initials(struct reading *reading, size_t from)
{
	struct tkt_quoting *quoting = reading->quoting;

	for (size_t i = from; i < quoting->count && !reading->has_initials; i++) {
		size_t length;
		const char *line = tkt_quoting_line(quoting, i, &length);

		if (initials_length(line, length))
			quoting->marks[i] = TKT_QUOTE_OLD;
	}
	reading->has_initials = true;
}

/* Marks lines in a row that begin with '| ', or with a tab or four blanks. */
static void mark_run(struct tkt_quoting *quoting, size_t from, bool indented)
{
	for (size_t i = from; i < quoting->count; i++) {
		size_t length;
		const char *line = tkt_quoting_line(quoting, i, &length);

		if (quoting->marks[i] == TKT_QUOTE_BLANK)
			continue;
		if (indented ? length < 4 || (line[0] != '\t' && memcmp(line, "    ", 4) != 0)
			     : length == 0 || line[0] != '|')
			break;
		quoting->marks[i] = TKT_QUOTE_OLD;
	}
}

/* Behind an attribution quotes are known by odd marks too. Is `i` a quoted line? */
static bool begins_quote(struct reading *reading, size_t i, bool dated)
{
	struct tkt_quoting *quoting = reading->quoting;
	size_t length;
	const char *line;

	if (!tkt_quoting_is(quoting, i, TKT_QUOTE_NEW))
		return tkt_quoting_is(quoting, i, TKT_QUOTE_OLD);
	line = tkt_quoting_line(quoting, i, &length);
	if (initials_length(line, length))
		mark_initials(reading, i);
	else if (length > 1 && line[0] == '|' && line[length - 1] != '|')
		mark_run(quoting, i, false);
	else if (dated && length > 4 && (line[0] == '\t' || !memcmp(line, "    ", 4)))
		mark_run(quoting, i, true);
	return tkt_quoting_is(quoting, i, TKT_QUOTE_OLD);
}

/* Do these labels stand above a mail? In a form that somebody fills in may be some of them. */
static bool is_header(unsigned labels, bool announced)
{
	bool from = labels & TKT_QUOTE_FROM, date = labels & TKT_QUOTE_DATE,
	     to = labels & TKT_QUOTE_TO, subject = labels & TKT_QUOTE_SUBJECT;

	if (announced)
		return (from && (subject || (date && to))) || (to && subject);
	return from && subject && (date || to);
}

/* Lines from `i` that are header lines of a mail; 0 when there are too few for one. */
static size_t header_length(const struct tkt_quoting *quoting, size_t i, bool announced)
{
	size_t at = i, last = i;
	unsigned found = 0;

	for (; at < quoting->count && at - i < LABELS_MOST && at - last <= CONTINUED_MOST; at++) {
		struct tkt_quote_line line;
		unsigned label;

		if (!tkt_quoting_is(quoting, at, TKT_QUOTE_NEW))
			continue;
		tkt_quoting_read(quoting, at, &line);
		label = tkt_quote_label(&line);
		if (at == i && (!label || (label != TKT_QUOTE_FROM && !announced)))
			return 0;
		if (label & found)
			break;
		found |= label;
		if (label)
			last = at + 1;
	}
	return is_header(found, announced) ? last - i : 0;
}

/* Lines from `i` that announce a mail quoted whole: '---Original Message---', From, Sent, To. */
static size_t announcement_length(
    const struct tkt_quoting *quoting, size_t i, const struct tkt_quote_line *line)
{
	bool separator = tkt_quote_is_separator(line), rule = tkt_quote_is_rule(line);
	size_t at = separator || rule ? skip_blanks(quoting, i + 1) : i;
	size_t length = header_length(quoting, at, separator || rule);

	if (length > 0)
		return at + length - i;
	return separator ? 1 : 0;
}

/* Lines from `i` that say who wrote what follows, and how surely. */
static size_t attribution_length(const struct tkt_quoting *quoting, size_t i,
    const struct tkt_quote_line *first, enum tkt_quote_attribution *sure)
{
	struct tkt_quote_line joined = *first, line;
	bool names_id = strchr(joined.text, '<') && strchr(joined.text, '@');
	bool ends = joined.length > 0 && strchr(".!?:", joined.text[joined.length - 1]);

	*sure = tkt_quote_attribution(first);
	if (*sure)
		return 1;
	if (!tkt_quote_may_begin(first))
		return 0;
	for (size_t at = i + 1;
	     at < i + ATTRIBUTION_LINES && tkt_quoting_is(quoting, at, TKT_QUOTE_NEW); at++) {
		tkt_quoting_read(quoting, at, &line);
		if (ends && tkt_quote_attribution(&line) >= TKT_QUOTE_DATED)
			return 0; /* it is one without us */
		tkt_quote_line_join(&joined, &line);
		*sure = tkt_quote_attribution(&joined);
		if (*sure >= TKT_QUOTE_DATED || (*sure && names_id))
			return at + 1 - i;
	}
	*sure = TKT_QUOTE_NOBODY;
	return 0;
}

/* The first quoted line from `i` on. */
static size_t next_old(struct reading *reading, size_t i)
{
	if (reading->next_old < i)
		reading->next_old = i;
	while (reading->next_old < reading->quoting->count &&
	    !tkt_quoting_is(reading->quoting, reading->next_old, TKT_QUOTE_OLD))
		reading->next_old++;
	return reading->next_old;
}

/* May what stands from line `i` on without marks be quoted at all? */
static bool may_quote_below(struct reading *reading, size_t i)
{
	const struct tkt_quoting *quoting = reading->quoting;

	if (quoting->letter != TKT_QUOTE_ANSWER)
		return false;
	for (; reading->above < i && !reading->points_below; reading->above++) {
		struct tkt_quote_line line;

		if (!tkt_quoting_is(quoting, reading->above, TKT_QUOTE_NEW))
			continue;
		tkt_quoting_read(quoting, reading->above, &line);
		reading->points_below = tkt_quote_points_below(&line);
		reading->has_new |= !tkt_quote_is_device(&line);
	}
	return reading->has_new && !reading->points_below;
}

/* Does a line end as an attribution does: with a colon, or with dashes? */
static bool ends_like_attribution(const struct tkt_quoting *quoting, size_t i)
{
	size_t length;
	const char *line;

	if (!tkt_quoting_is(quoting, i, TKT_QUOTE_NEW))
		return false;
	line = tkt_quoting_line(quoting, i, &length);
	while (length > 0 && strchr(" \t\r*", line[length - 1]))
		length--;
	return length > 0 && strchr(":-\x9A\xA0", line[length - 1]); /* '：' and a wide blank too */
}

/* May anything begin here that belongs to a quote? A quick look: most lines are plain text. */
static bool may_matter(const struct tkt_quoting *quoting, size_t i)
{
	size_t length, blanks = 0;
	const char *line = tkt_quoting_line(quoting, i, &length);

	for (size_t at = i; at < i + ATTRIBUTION_LINES; at++)
		if (ends_like_attribution(quoting, at))
			return true;
	while (blanks < length && strchr(" \t", line[blanks]))
		blanks++;
	if (strchr("-_=*#+~<[|.", line[blanks]))
		return true;
	length = length < LABEL_MOST ? length : LABEL_MOST;
	return memchr(line, ':', length) || memmem(line, length, "：", 3);
}

/*
 * Is all from line `i` on quoted without marks? Not when marks come later: then the lines before
 * them are answers, unless another attribution shows whose marks they are.
 */
static bool is_quoted_to_end(struct reading *reading, size_t i, size_t length)
{
	const struct tkt_quoting *quoting = reading->quoting;
	size_t old, end;

	if (!may_quote_below(reading, i))
		return false;
	i += length;
	old = next_old(reading, i);
	if (old == quoting->count)
		return true;
	end = old - i > LOOKED_AT ? i + LOOKED_AT : old;
	for (; i < end && reading->looked <= i; i++) {
		struct tkt_quote_line line;
		enum tkt_quote_attribution sure;

		if (!tkt_quoting_is(quoting, i, TKT_QUOTE_NEW) || !may_matter(quoting, i))
			continue;
		tkt_quoting_read(quoting, i, &line);
		if (attribution_length(quoting, i, &line, &sure) && sure == TKT_QUOTE_CERTAIN)
			return true;
	}
	if (reading->looked < old)
		reading->looked = old;
	return false;
}

/* A mail quoted whole, or passed on, begins at line `i`. Returns where to go on. */
static size_t pass_announcement(struct reading *reading, size_t i, size_t length)
{
	struct tkt_quoting *quoting = reading->quoting;
	size_t after = skip_blanks(quoting, i + length);

	if (tkt_quoting_is(quoting, after, TKT_QUOTE_OLD)) {
		tkt_quoting_mark(quoting, i, after, TKT_QUOTE_OLD);
	} else if (may_quote_below(reading, i)) {
		tkt_quoting_mark(quoting, i, quoting->count, TKT_QUOTE_OLD);
		return quoting->count;
	}
	return after;
}

/* A line that is new unless it says who wrote what follows. Returns where to go on. */
static size_t pass_line(struct reading *reading, size_t i, const struct tkt_quote_line *line)
{
	struct tkt_quoting *quoting = reading->quoting;
	enum tkt_quote_attribution sure;
	size_t length = attribution_length(quoting, i, line, &sure);
	size_t after = skip_blanks(quoting, i + length);

	if (length && begins_quote(reading, after, sure >= TKT_QUOTE_DATED)) {
		tkt_quoting_mark(quoting, i, after, TKT_QUOTE_OLD);
		return after;
	}
	if (length && sure == TKT_QUOTE_CERTAIN && is_quoted_to_end(reading, i, length)) {
		tkt_quoting_mark(quoting, i, quoting->count, TKT_QUOTE_OLD);
		return quoting->count;
	}
	return i + 1;
}

/* A rule above a quote is the mailer's. */
static void mark_rules(struct tkt_quoting *quoting)
{
	for (size_t i = 0; i < quoting->count; i++) {
		size_t length, after;
		const char *bytes = tkt_quoting_line(quoting, i, &length);
		struct tkt_quote_line line;

		if (!tkt_quoting_is(quoting, i, TKT_QUOTE_NEW) || !strchr("-_=*", bytes[0]))
			continue;
		after = skip_blanks(quoting, i + 1);
		if (!tkt_quoting_is(quoting, after, TKT_QUOTE_OLD))
			continue;
		tkt_quoting_read(quoting, i, &line);
		if (tkt_quote_is_rule(&line))
			tkt_quoting_mark(quoting, i, after, TKT_QUOTE_OLD);
	}
}

static void find_quotes(struct tkt_quoting *quoting)
{
	struct reading reading = { .quoting = quoting };
	size_t i = 0, lines = 0;

	while (i < quoting->count && lines < LOOKED_AT) {
		struct tkt_quote_line line;
		size_t length;

		if (!tkt_quoting_is(quoting, i, TKT_QUOTE_NEW) || !may_matter(quoting, i)) {
			i++;
			continue;
		}
		lines++;
		tkt_quoting_read(quoting, i, &line);
		length = announcement_length(quoting, i, &line);
		if (tkt_quote_is_forward(&line) ||
		    (length && quoting->letter == TKT_QUOTE_FORWARD)) {
			tkt_quoting_mark(quoting, i, quoting->count, TKT_QUOTE_CONTENT);
			return;
		}
		i = length ? pass_announcement(&reading, i, length) : pass_line(&reading, i, &line);
	}
}

void tkt_quoting_find_quotes(struct tkt_quoting *quoting)
{
	forgive_mbox(quoting);
	find_quotes(quoting);
	mark_rules(quoting);
}
