#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/words.h"
#include "calendar/gather.h"

#include "base/banned.h"

/* Reads 'DATE<tab>KIND[<tab>NOTE]'; the line is cut up. */
static int read_line(struct tkt_gather *gather, char *line, int number, struct tkt_error *error)
{
	struct tkt_civil civil;
	const char *date = strsep(&line, "\t"), *word = strsep(&line, "\t");
	const char *note = strsep(&line, "\t");
	unsigned kind;

	if (tkt_date_parse(date, &civil))
		return tkt_gather_error(gather, number, error, _("'%s' is no date"), date);
	if (!word)
		return tkt_gather_error(gather, number, error,
		    _("a line is a date, a tab, a kind and perhaps a tab and a note"));
	kind = tkt_day_kind_from_word(word);
	if (!kind)
		return tkt_gather_error(gather, number, error,
		    _("'%s' is no kind of day: holiday, workday or short"), word);
	if (line)
		return tkt_gather_error(gather, number, error, _("there are more than 3 columns"));
	return tkt_gather_add(gather, tkt_days_from_date(civil.year, civil.month, civil.day),
	    (enum tkt_day_kind)kind, note ? note : "", number, error);
}

int tkt_gather_tsv(
    struct tkt_gather *gather, const char *bytes, size_t length, struct tkt_error *error)
{
	const char *at = bytes, *end = bytes + length;
	tkt_autotext line;
	int number, failed;

	tkt_text_init(&line, TKT_HOLIDAYS_SIZE);
	for (number = 1; at < end; number++) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		size_t count = (size_t)((feed ? feed : end) - at);

		tkt_text_reset(&line);
		tkt_text_add_bytes(&line, at, count);
		if (tkt_text_check(&line, error))
			return -1;
		at = feed ? feed + 1 : end;
		if (line.length && line.bytes[line.length - 1] == '\r')
			tkt_text_truncate(&line, line.length - 1);
		if (!tkt_utf8_is_valid(line.bytes, line.length))
			failed =
			    tkt_gather_error(gather, number, error, _("the line is not UTF-8"));
		else
			failed = line.length && line.bytes[0] != '#' &&
			    read_line(gather, line.bytes, number, error);
		if (failed && tkt_gather_pass(gather, error))
			return -1;
	}
	return 0;
}
