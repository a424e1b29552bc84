#include "calendar/ics_event.h"

#include <libical/ical.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/lazy.h"
#include "base/time.h"
#include "base/words.h"
#include "calendar/gather.h"

#include "base/banned.h"

/* Recurrences are written out for these years: those that calendars are asked about. */
#define FIRST_YEAR 1990
#define LAST_YEAR 2100
#define RULE_FIRST_YEAR 1900 /* libical counts a rule from its first day on */
#define EVENT_DAYS 366       /* of one event */
#define EXCEPTION_LIMIT 1000 /* EXDATE of one event */
#define NOTE_SIZE 1000

static struct {
	__typeof__(icalerror_set_errors_are_fatal) *set_fatal;
	__typeof__(icalparser_parse_string) *parse;
	__typeof__(icalcomponent_free) *free;
	__typeof__(icalcomponent_get_first_property) *first;
	__typeof__(icalcomponent_get_next_property) *next;
	__typeof__(icalproperty_get_value) *value;
	__typeof__(icalproperty_get_xlicerror) *trouble;
	__typeof__(icalvalue_isa) *kind;
	__typeof__(icalvalue_get_date) *date;
	__typeof__(icalvalue_get_duration) *duration;
	__typeof__(icalvalue_get_recur) *rule;
	__typeof__(icalvalue_get_status) *status;
	__typeof__(icalvalue_get_text) *text;
	__typeof__(icalrecur_iterator_new) *iterate;
	__typeof__(icalrecur_iterator_next) *iterator_next;
	__typeof__(icalrecur_iterator_free) *iterator_free;
} ical;

/* What is known of an event while its days are gathered. */
struct reading {
	const struct tkt_ics_event *event; /* borrowed, as the others */
	struct tkt_gather *gather;
	icalcomponent *component;
	struct icaltimetype first; /* DTSTART as libical has it */
	int64_t start;
	int days; /* each time */
	enum tkt_day_kind kind;
	struct tkt_text note;
	int64_t excluded[EXCEPTION_LIMIT];
	int excluded_count;
};

static int open_library(struct tkt_error *error)
{
	const struct tkt_lazy_symbol symbols[] = {
		{ "icalerror_set_errors_are_fatal", (void **)&ical.set_fatal },
		{ "icalparser_parse_string", (void **)&ical.parse },
		{ "icalcomponent_free", (void **)&ical.free },
		{ "icalcomponent_get_first_property", (void **)&ical.first },
		{ "icalcomponent_get_next_property", (void **)&ical.next },
		{ "icalproperty_get_value", (void **)&ical.value },
		{ "icalproperty_get_xlicerror", (void **)&ical.trouble },
		{ "icalvalue_isa", (void **)&ical.kind },
		{ "icalvalue_get_date", (void **)&ical.date },
		{ "icalvalue_get_duration", (void **)&ical.duration },
		{ "icalvalue_get_recur", (void **)&ical.rule },
		{ "icalvalue_get_status", (void **)&ical.status },
		{ "icalvalue_get_text", (void **)&ical.text },
		{ "icalrecur_iterator_new", (void **)&ical.iterate },
		{ "icalrecur_iterator_next", (void **)&ical.iterator_next },
		{ "icalrecur_iterator_free", (void **)&ical.iterator_free },
		{ NULL, NULL },
	};

	if (ical.set_fatal)
		return 0;
	if (tkt_lazy_open("libical.so.3", symbols, error)) {
		ical.set_fatal = NULL;
		return tkt_error_prefix(error, "%s",
		    _("an .ics file is read by libical 3: install it (libical3), or write the list "
		      "as .tsv"));
	}
	ical.set_fatal(0); /* as some distributions build it, any bad line is an abort() */
	return 0;
}

static int say(const struct reading *reading, enum tkt_ics_property property,
    struct tkt_error *error, const char *text)
{
	int line = reading->event->lines[property];

	return tkt_gather_error(
	    reading->gather, line ? line : reading->event->line, error, "%s", text);
}

/* -- values -- */

static int64_t day_of(const struct icaltimetype *time)
{
	return tkt_days_from_date(time->year, time->month, time->day);
}

/* The value of a property as a date; libical lets VALUE= choose any kind. */
static int get_date(const struct reading *reading, enum tkt_ics_property which,
    icalproperty *property, struct icaltimetype *date, struct tkt_error *error)
{
	const icalvalue *value = ical.value(property);

	if (value && ical.kind(value) == ICAL_DATETIME_VALUE)
		return say(reading, which, error,
		    _("an event with a time of day; a list of holidays has whole days, as "
		      "'DTSTART;VALUE=DATE:20260101'"));
	if (!value || ical.kind(value) != ICAL_DATE_VALUE)
		return tkt_gather_error(reading->gather, reading->event->lines[which], error,
		    _("'%s' is no date"), tkt_ics_property_names[which]);
	*date = ical.date(value);
	if (!tkt_date_is_valid(date->year, date->month, date->day))
		return tkt_gather_error(reading->gather, reading->event->lines[which], error,
		    _("'%04d%02d%02d' is no date"), date->year, date->month, date->day);
	return 0;
}

static int check_days(
    struct reading *reading, enum tkt_ics_property property, int64_t days, struct tkt_error *error)
{
	if (days < 0)
		return say(reading, property, error, _("the event ends before it starts"));
	if (days > EVENT_DAYS)
		return say(reading, property, error, _("the event is longer than a year"));
	reading->days = days ? (int)days : 1; /* an end of the same day is meant as that day */
	return 0;
}

static int read_end(struct reading *reading, icalproperty *property, struct tkt_error *error)
{
	struct icaltimetype end;

	if (get_date(reading, TKT_ICS_DTEND, property, &end, error))
		return -1;
	return check_days(reading, TKT_ICS_DTEND, day_of(&end) - reading->start, error);
}

static int read_duration(struct reading *reading, icalproperty *property, struct tkt_error *error)
{
	const icalvalue *value = ical.value(property);
	struct icaldurationtype duration;
	int64_t days;

	if (!value || ical.kind(value) != ICAL_DURATION_VALUE)
		return say(reading, TKT_ICS_DURATION, error, _("the duration is none"));
	duration = ical.duration(value);
	if (duration.hours || duration.minutes || duration.seconds)
		return say(
		    reading, TKT_ICS_DURATION, error, _("the duration is not of whole days"));
	days = (int64_t)duration.weeks * 7 + duration.days;
	return check_days(reading, TKT_ICS_DURATION, duration.is_neg ? -days : days, error);
}

static int read_exception(struct reading *reading, icalproperty *property, struct tkt_error *error)
{
	struct icaltimetype date;

	if (get_date(reading, TKT_ICS_EXDATE, property, &date, error))
		return -1;
	if (reading->excluded_count == EXCEPTION_LIMIT)
		return say(reading, TKT_ICS_EXDATE, error, _("the event has too many exceptions"));
	reading->excluded[reading->excluded_count++] = day_of(&date);
	return 0;
}

/* The text of a property; "" when it is of another kind. */
static const char *text_of(icalproperty *property)
{
	const icalvalue *value = ical.value(property);
	const char *text = value && ical.kind(value) == ICAL_TEXT_VALUE ? ical.text(value) : NULL;

	return text ? text : "";
}

static int read_categories(struct reading *reading, icalproperty *property, struct tkt_error *error)
{
	static const enum tkt_day_kind kinds[] = { TKT_DAY_HOLIDAY, TKT_DAY_WORKDAY,
		TKT_DAY_SHORT };
	const char *at = text_of(property);

	while (*at) {
		size_t length;

		at += strspn(at, ", ");
		length = strcspn(at, ", ");
		for (size_t index = 0; index < sizeof(kinds) / sizeof(kinds[0]); index++) {
			const char *word = tkt_day_kind_word(kinds[index]);

			if (strlen(word) != length || strncasecmp(word, at, length) != 0)
				continue;
			if (reading->kind && reading->kind != kinds[index])
				return say(reading, TKT_ICS_CATEGORIES, error,
				    _("the event is of two kinds"));
			reading->kind = kinds[index];
		}
		at += length;
	}
	return 0;
}

static void read_note(struct reading *reading, icalproperty *property)
{
	const char *text = text_of(property);

	for (; *text && !reading->note.failed; text++)
		tkt_text_add_byte(&reading->note, (unsigned char)*text < ' ' ? ' ' : *text);
	if (reading->note.failed) /* a name is no essay */
		tkt_text_reset(&reading->note);
}

static bool is_cancelled(icalproperty *property)
{
	const icalvalue *value = ical.value(property);

	return value && ical.kind(value) == ICAL_STATUS_VALUE &&
	    ical.status(value) == ICAL_STATUS_CANCELLED;
}

/* -- days -- */

static int add_instance(struct reading *reading, int64_t start, struct tkt_error *error)
{
	for (int index = 0; index < reading->excluded_count; index++)
		if (reading->excluded[index] == start)
			return 0;
	for (int64_t day = start; day < start + reading->days; day++)
		if (tkt_gather_add(reading->gather, day, reading->kind, reading->note.bytes,
			reading->event->line, error))
			return -1;
	return 0;
}

/* 0, or -1: a rule that may never end, or that would need another calendar. */
static int check_rule(
    const struct reading *reading, const struct icalrecurrencetype *rule, struct tkt_error *error)
{
	if (rule->freq != ICAL_YEARLY_RECURRENCE || rule->rscale ||
	    rule->by_second[0] != ICAL_RECURRENCE_ARRAY_MAX ||
	    rule->by_minute[0] != ICAL_RECURRENCE_ARRAY_MAX ||
	    rule->by_hour[0] != ICAL_RECURRENCE_ARRAY_MAX)
		return say(reading, TKT_ICS_RRULE, error,
		    _("a rule of holidays is yearly, of days, in the Gregorian calendar"));
	if (reading->first.year < RULE_FIRST_YEAR)
		return tkt_gather_error(reading->gather, reading->event->lines[TKT_ICS_RRULE],
		    error, _("a rule begins in %d or later"), RULE_FIRST_YEAR);
	return 0;
}

static int walk_rule(struct reading *reading, icalrecur_iterator *iterator, struct tkt_error *error)
{
	bool is_first = true;

	for (;; is_first = false) {
		struct icaltimetype date = ical.iterator_next(iterator);

		/* RFC 5545, 3.8.5.3: what an event that breaks its own rule means is undefined */
		if (is_first && (date.year == 0 || day_of(&date) != reading->start))
			return say(reading, TKT_ICS_RRULE, error,
			    _("the first day of the event is none of its rule's"));
		if (date.year == 0 || date.year > LAST_YEAR)
			return 0;
		if (++reading->gather->steps > TKT_HOLIDAYS_STEPS)
			return say(reading, TKT_ICS_RRULE, error,
			    _("the rules of the list come to too many days"));
		if (date.year >= FIRST_YEAR && add_instance(reading, day_of(&date), error))
			return -1;
	}
}

static int add_rule(struct reading *reading, icalproperty *property, struct tkt_error *error)
{
	const icalvalue *value = ical.value(property);
	struct icalrecurrencetype rule;
	icalrecur_iterator *iterator;
	int result;

	if (!value || ical.kind(value) != ICAL_RECUR_VALUE)
		return say(reading, TKT_ICS_RRULE, error, _("the rule is none"));
	rule = ical.rule(value);
	if (check_rule(reading, &rule, error))
		return -1;
	iterator = ical.iterate(rule, reading->first);
	if (!iterator)
		return say(reading, TKT_ICS_RRULE, error, _("the rule has no days"));
	result = walk_rule(reading, iterator, error);
	ical.iterator_free(iterator);
	return result;
}

static int add_rules(struct reading *reading, struct tkt_error *error)
{
	icalcomponent *component = reading->component;
	icalproperty *property = ical.first(component, ICAL_RRULE_PROPERTY);

	if (!property && add_instance(reading, reading->start, error))
		return -1;
	for (; property; property = ical.next(component, ICAL_RRULE_PROPERTY))
		if (add_rule(reading, property, error))
			return -1;
	property = ical.first(component, ICAL_RDATE_PROPERTY);
	for (; property; property = ical.next(component, ICAL_RDATE_PROPERTY)) {
		struct icaltimetype date;

		if (get_date(reading, TKT_ICS_RDATE, property, &date, error) ||
		    add_instance(reading, day_of(&date), error))
			return -1;
	}
	return 0;
}

/* -- an event -- */

/* Hands each property of a kind to `read`. */
static int each(struct reading *reading, icalproperty_kind kind,
    int (*read)(struct reading *, icalproperty *, struct tkt_error *), struct tkt_error *error)
{
	icalproperty *property = ical.first(reading->component, kind);

	for (; property; property = ical.next(reading->component, kind))
		if (read(reading, property, error))
			return -1;
	return 0;
}

static int say_trouble(struct reading *reading, icalproperty *property, struct tkt_error *error)
{
	const char *reason = ical.trouble(property);

	return tkt_gather_error(reading->gather, reading->event->line, error,
	    _("the event cannot be read: %s"), reason ? reason : "");
}

static int read_component(struct reading *reading, struct tkt_error *error)
{
	icalcomponent *component = reading->component;
	icalproperty *status = ical.first(component, ICAL_STATUS_PROPERTY);
	icalproperty *start, *summary;

	if (status && is_cancelled(status))
		return 0;
	if (each(reading, ICAL_XLICERROR_PROPERTY, say_trouble, error))
		return -1;
	start = ical.first(component, ICAL_DTSTART_PROPERTY);
	if (!start)
		return say(reading, TKT_ICS_DTSTART, error, _("an event without 'DTSTART'"));
	if (get_date(reading, TKT_ICS_DTSTART, start, &reading->first, error))
		return -1;
	reading->start = day_of(&reading->first);
	reading->days = 1;
	summary = ical.first(component, ICAL_SUMMARY_PROPERTY);
	if (summary)
		read_note(reading, summary);
	if (each(reading, ICAL_DURATION_PROPERTY, read_duration, error) ||
	    each(reading, ICAL_DTEND_PROPERTY, read_end, error) ||
	    each(reading, ICAL_EXDATE_PROPERTY, read_exception, error) ||
	    each(reading, ICAL_CATEGORIES_PROPERTY, read_categories, error))
		return -1;
	if (!reading->kind)
		reading->kind = TKT_DAY_HOLIDAY;
	return add_rules(reading, error);
}

int tkt_ics_event_gather(
    const struct tkt_ics_event *event, struct tkt_gather *gather, struct tkt_error *error)
{
	struct reading reading = { .event = event, .gather = gather };
	int result;

	if (event->lines[TKT_ICS_EXRULE] || event->lines[TKT_ICS_RECURRENCE_ID])
		return tkt_gather_error(gather, event->line, error,
		    _("'%s' is not understood; name the days that fall away in 'EXDATE'"),
		    event->lines[TKT_ICS_EXRULE] ? "EXRULE" : "RECURRENCE-ID");
	if (open_library(error))
		return -1;
	reading.component = ical.parse(event->text.bytes);
	if (!reading.component)
		return tkt_gather_error(gather, event->line, error, _("the event is none"));
	tkt_text_init(&reading.note, NOTE_SIZE);
	result = read_component(&reading, error);
	tkt_text_clear(&reading.note);
	ical.free(reading.component);
	return result;
}
