#include <string.h>

#include "mail/quote_parts.h"

#include "base/banned.h"

#define SIGNATURE_LINES 40     /* behind '-- ' */
#define BARE_SIGNATURE_LINES 8 /* behind '--' alone, which may be a mere divider */
#define BARE_SIGNATURE_WIDTH 120
#define FOOTER_LINES 7
#define LIST_RULE_LEAST 20 /* signs of the rule above the footer of a list */
#define DEVICE_LINES 3

/* Is it '-- ', the mark of RFC 3676? *bare: '--' alone. */
static bool is_dashes(const struct tkt_quoting *quoting, size_t i, bool *bare)
{
	size_t length;
	const char *line = tkt_quoting_line(quoting, i, &length);

	if (length < 2 || memcmp(line, "--", 2) != 0)
		return false;
	for (size_t at = 2; at < length; at++)
		if (!strchr(" \xC2\xA0\r", line[at]) || !line[at])
			return false;
	*bare = length == 2;
	return true;
}

/* May what stands behind a bare '--' be somebody's name and place? */
static bool is_like_signature(const struct tkt_quoting *quoting, size_t from, size_t end)
{
	size_t lines = 0, length;

	for (size_t i = from; i < end; i++) {
		const char *line = tkt_quoting_line(quoting, i, &length);

		if (quoting->marks[i] == TKT_QUOTE_BLANK)
			continue;
		while (length > 1 && strchr(" \t\r", line[length - 1]))
			length--;
		if (++lines > BARE_SIGNATURE_LINES || length > BARE_SIGNATURE_WIDTH ||
		    strchr(".!?:", line[length - 1])) /* a sentence */
			return false;
	}
	return true;
}

/* Where the signature of the lines before `end` begins; `end` when they have none. */
static size_t find_dashes(const struct tkt_quoting *quoting, size_t from, size_t end)
{
	size_t least = end - from > SIGNATURE_LINES ? end - SIGNATURE_LINES : from;
	size_t found = end;
	bool bare;

	for (size_t i = end; i-- > least;)
		if (is_dashes(quoting, i, &bare) &&
		    (!bare || (found == end && is_like_signature(quoting, i + 1, end))))
			found = i;
	return found;
}

static bool is_rule(const struct tkt_quoting *quoting, size_t i, size_t *signs)
{
	struct tkt_quote_line line;
	size_t length;
	const char *bytes = tkt_quoting_line(quoting, i, &length);

	if (length == 0 || !strchr("_-=*", bytes[0]))
		return false;
	tkt_quoting_read(quoting, i, &line);
	*signs = line.length;
	return tkt_quote_is_rule(&line);
}

/* A rule and a few lines that name a list, or a scanner: what servers add. */
static size_t find_footer(const struct tkt_quoting *quoting, size_t from, size_t end)
{
	size_t least = end - from > FOOTER_LINES ? end - FOOTER_LINES : from;
	size_t rule = end, signs = 0;

	while (rule > least && (rule == end || !is_rule(quoting, rule, &signs)))
		rule--;
	if (rule == end || !is_rule(quoting, rule, &signs))
		return end;
	for (size_t i = rule + 1; i < end; i++) {
		struct tkt_quote_line line;

		tkt_quoting_read(quoting, i, &line);
		if (tkt_quote_is_scanner(&line) ||
		    (signs >= LIST_RULE_LEAST && tkt_quote_is_list_footer(&line)))
			return rule;
	}
	return end;
}

/* Lines that a telephone has added at the end. */
static size_t find_device(const struct tkt_quoting *quoting, size_t from, size_t end)
{
	size_t found = end;
	bool bare;

	for (size_t i = end, lines = 0; i-- > from && lines < DEVICE_LINES;) {
		struct tkt_quote_line line;

		if (quoting->marks[i] == TKT_QUOTE_BLANK)
			continue;
		tkt_quoting_read(quoting, i, &line);
		if (tkt_quote_is_device(&line) ||
		    (found < end && (is_dashes(quoting, i, &bare) || !strcmp(line.text, "—"))))
			found = i;
		else
			break;
		lines++;
	}
	return found;
}

/* Marks the signature of the lines between two quotes. */
static void find_signature(struct tkt_quoting *quoting, size_t from, size_t end)
{
	size_t footer = find_footer(quoting, from, end);
	size_t dashes = find_dashes(quoting, from, footer);
	size_t found = find_device(quoting, from, dashes);

	tkt_quoting_mark(quoting, found, end, TKT_QUOTE_SIGNATURE);
}

void tkt_quoting_find_signatures(struct tkt_quoting *quoting)
{
	size_t from = 0;

	for (size_t i = 0; i <= quoting->count; i++) {
		if (i < quoting->count && quoting->marks[i] != TKT_QUOTE_OLD &&
		    quoting->marks[i] != TKT_QUOTE_CONTENT)
			continue;
		if (i > from)
			find_signature(quoting, from, i);
		from = i + 1;
	}
}
