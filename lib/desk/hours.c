#include "desk/check.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"

#include "base/banned.h"

static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

static int two_digits(const char *at)
{
	if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return -1;
	return (at[0] - '0') * 10 + at[1] - '0';
}

/* 'HH:MM' in minutes, up to 24:00; -1: it is none. */
static int read_clock(const char *at)
{
	int hour = two_digits(at), minute;

	if (hour < 0 || at[2] != ':')
		return -1;
	minute = two_digits(at + 3);
	if (minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60)
		return -1;
	return hour * 60 + minute;
}

/* Spans in their order, none within another; the last one alone may pass midnight. */
static int check_spans(const char *value, char *spans, struct tkt_error *error)
{
	char *span;
	int last = 0;

	while ((span = strsep(&spans, " "))) {
		int start, end;

		if (!*span)
			continue;
		if (strlen(span) != 11 || span[5] != '-' || (start = read_clock(span)) < 0 ||
		    (end = read_clock(span + 6)) < 0 || start == 24 * 60)
			return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
			    _("'%s' is no span of time: 'HH:MM-HH:MM'"), span);
		if (start == end)
			return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
			    _("'%s' is empty: a whole day is '00:00-24:00'"), span);
		if (start < last)
			return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
			    _("the spans of '%s' overlap or are out of order"), value);
		last = end > start ? end : 48 * 60;
	}
	return last ? 0
		    : tkt_error_set(error, TKT_ERROR_CONFIGURATION,
			  _("'%s' has no span of time: 'HH:MM-HH:MM'"), value);
}

static bool is_weekday(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(weekdays) / sizeof(*weekdays); i++)
		if (length == 3 && !strncmp(weekdays[i], name, 3))
			return true;
	return false;
}

/* 'mon', 'mon-fri', 'mon,wed-fri' */
static bool are_weekdays(const char *days)
{
	for (;;) {
		size_t length = strcspn(days, ",");

		if (!is_weekday(days, length) &&
		    !(length == 7 && days[3] == '-' && is_weekday(days, 3) &&
			is_weekday(days + 4, 3)))
			return false;
		if (!days[length])
			return true;
		days += length + 1;
	}
}

int tkt_check_week(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	tkt_autofree char *copy = strdup(value);
	char *spans;

	(void)setting;
	if (!copy)
		return tkt_error_set_memory(error);
	if (tkt_text_equal(value, "always"))
		return 0;
	spans = copy;
	if (!are_weekdays(strsep(&spans, " ")))
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' begins with no weekdays: 'mon', 'mon-fri', 'mon,wed' or 'always'"),
		    value);
	return check_spans(value, spans, error);
}

int tkt_check_day(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	tkt_autofree char *copy = strdup(value);
	struct tkt_civil civil;
	char *spans;

	(void)setting;
	if (!copy)
		return tkt_error_set_memory(error);
	spans = copy;
	if (tkt_date_parse(strsep(&spans, " "), &civil))
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' begins with no date: 'YYYY-MM-DD'"), value);
	if (spans && tkt_text_equal(spans, "closed"))
		return 0;
	return check_spans(value, spans, error);
}

int tkt_check_hours(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	tkt_autofree char *copy = strdup(value);

	(void)setting;
	if (!copy)
		return tkt_error_set_memory(error);
	return check_spans(value, copy, error);
}
