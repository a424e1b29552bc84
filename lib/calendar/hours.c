#include "calendar/hours.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"

#include "base/banned.h"

#define DAY_SECONDS 86400

static const char *const weekdays[TKT_WEEK_DAYS] = { "mon", "tue", "wed", "thu", "fri", "sat",
	"sun" };

static int two_digits(const char *at)
{
	if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return -1;
	return (at[0] - '0') * 10 + at[1] - '0';
}

/* 'HH:MM' in seconds, up to 24:00; -1: it is none. */
static int read_clock(const char *at)
{
	int hour = two_digits(at), minute;

	if (hour < 0 || at[2] != ':')
		return -1;
	minute = two_digits(at + 3);
	if (minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60)
		return -1;
	return (hour * 60 + minute) * 60;
}

static int read_span(const char *word, struct tkt_span *span, struct tkt_error *error)
{
	if (strlen(word) != 11 || word[5] != '-' || (span->start = read_clock(word)) < 0 ||
	    (span->end = read_clock(word + 6)) < 0 || span->start == DAY_SECONDS)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is no span of time: 'HH:MM-HH:MM'"), word);
	if (span->start == span->end)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is empty: a whole day is '00:00-24:00'"), word);
	if (span->end < span->start)
		span->end += DAY_SECONDS;
	return 0;
}

/* Takes the words in `spans` apart; `value` is the whole, for the errors. */
static int read_spans(
    const char *value, char *spans, struct tkt_hours *hours, struct tkt_error *error)
{
	struct tkt_hours read = { 0 };
	char *word;

	while ((word = strsep(&spans, " "))) {
		struct tkt_span span;

		if (!*word)
			continue;
		if (read_span(word, &span, error))
			return -1;
		if (read.count > 0 && span.start < read.spans[read.count - 1].end)
			return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
			    _("the spans of '%s' overlap or are out of order"), value);
		if (read.count == TKT_SPAN_LIMIT)
			return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
			    _("a day has at most %d spans of time"), TKT_SPAN_LIMIT);
		read.spans[read.count++] = span;
	}
	if (read.count == 0)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' has no span of time: 'HH:MM-HH:MM'"), value);
	*hours = read;
	return 0;
}

int tkt_hours_parse(const char *string, struct tkt_hours *hours, struct tkt_error *error)
{
	tkt_autofree char *copy = strdup(string);

	if (!copy)
		return tkt_error_set_memory(error);
	return read_spans(string, copy, hours, error);
}

/* Its number, 0 for Monday; -1: it is none. */
static int read_weekday(const char *name)
{
	int weekday;

	for (weekday = 0; weekday < TKT_WEEK_DAYS; weekday++)
		if (!strncmp(weekdays[weekday], name, 3))
			return weekday;
	return -1;
}

/* 'mon', 'mon-fri', 'fri-mon' in `length` bytes: its bits; 0: it is none. */
static unsigned read_range(const char *name, size_t length)
{
	int weekday, last;
	unsigned days;

	if (length != 3 && !(length == 7 && name[3] == '-'))
		return 0;
	weekday = read_weekday(name);
	last = length == 3 ? weekday : read_weekday(name + 4);
	if (weekday < 0 || last < 0)
		return 0;
	for (days = 1U << weekday; weekday != last; days |= 1U << weekday)
		weekday = (weekday + 1) % TKT_WEEK_DAYS;
	return days;
}

/* 'mon,wed-fri': its bits; 0: they are none. */
static unsigned read_weekdays(const char *names)
{
	unsigned days = 0;

	for (;;) {
		size_t length = strcspn(names, ",");
		unsigned range = read_range(names, length);

		if (!range)
			return 0;
		days |= range;
		if (!names[length])
			return days;
		names += length + 1;
	}
}

int tkt_hours_parse_week(
    const char *string, unsigned *days, struct tkt_hours *hours, struct tkt_error *error)
{
	tkt_autofree char *copy = strdup(string);
	char *spans = copy;
	unsigned named;

	if (!copy)
		return tkt_error_set_memory(error);
	if (tkt_text_equal(string, "always")) {
		*days = (1U << TKT_WEEK_DAYS) - 1;
		*hours = (struct tkt_hours){ .count = 1, .spans = { { 0, DAY_SECONDS } } };
		return 0;
	}
	named = read_weekdays(strsep(&spans, " "));
	if (!named)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' begins with no weekdays: 'mon', 'mon-fri', 'mon,wed' or 'always'"),
		    string);
	if (read_spans(string, spans, hours, error))
		return -1;
	*days = named;
	return 0;
}

int tkt_hours_parse_day(
    const char *string, int64_t *day, struct tkt_hours *hours, struct tkt_error *error)
{
	tkt_autofree char *copy = strdup(string);
	struct tkt_civil civil;
	char *spans = copy;

	if (!copy)
		return tkt_error_set_memory(error);
	if (tkt_date_parse(strsep(&spans, " "), &civil))
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' begins with no date: 'YYYY-MM-DD'"), string);
	if (spans && tkt_text_equal(spans, "closed"))
		*hours = (struct tkt_hours){ 0 };
	else if (read_spans(string, spans, hours, error))
		return -1;
	*day = tkt_days_from_date(civil.year, civil.month, civil.day);
	return 0;
}
