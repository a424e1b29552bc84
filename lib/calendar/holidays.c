#include "calendar/holidays.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "calendar/gather.h"

#include "base/banned.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static const struct {
	enum tkt_day_kind kind;
	const char *word;
} kinds[] = {
	{ TKT_DAY_HOLIDAY, "holiday" },
	{ TKT_DAY_WORKDAY, "workday" },
	{ TKT_DAY_SHORT, "short" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

unsigned tkt_day_kind_from_word(const char *word)
{
	for (size_t index = 0; index < COUNT(kinds); index++)
		if (strcmp(word, kinds[index].word) == 0)
			return kinds[index].kind;
	return 0;
}

const char *tkt_day_kind_word(enum tkt_day_kind kind)
{
	for (size_t index = 0; index < COUNT(kinds); index++)
		if (kinds[index].kind == kind)
			return kinds[index].word;
	return NULL;
}

/* -- gathering -- */

int tkt_gather_error(
    const struct tkt_gather *gather, int line, struct tkt_error *error, const char *format, ...)
{
	char text[sizeof(error->text)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return tkt_error_set(error, TKT_ERROR_CONFIGURATION, "%s:%d: %s", gather->name, line, text);
}

int tkt_gather_pass(struct tkt_gather *gather, const struct tkt_error *error)
{
	if (!gather->trouble || error->kind != TKT_ERROR_CONFIGURATION)
		return -1;
	gather->trouble(error, gather->context);
	gather->has_trouble = true;
	return 0;
}

int tkt_gather_add(struct tkt_gather *gather, int64_t day, enum tkt_day_kind kind, const char *note,
    int line, struct tkt_error *error)
{
	size_t last;

	if (gather->count >= TKT_HOLIDAYS_COUNT)
		return tkt_gather_error(
		    gather, line, error, _("more than %d days"), TKT_HOLIDAYS_COUNT);
	if (gather->count == gather->allocated) {
		size_t wanted = gather->allocated ? 2 * gather->allocated : 512;
		struct tkt_gathered *days =
		    reallocarray(gather->days, wanted, sizeof(*gather->days));

		if (!days)
			return tkt_error_set_memory(error);
		gather->days = days;
		gather->allocated = wanted;
	}
	/* days that follow each other mostly have one name */
	last = gather->count ? gather->days[gather->count - 1].note : 0;
	if (!gather->notes.length || strcmp(gather->notes.bytes + last, note) != 0) {
		last = gather->notes.length;
		tkt_text_add_bytes(&gather->notes, note, strlen(note) + 1);
	}
	gather->days[gather->count++] =
	    (struct tkt_gathered){ .day = day, .kind = kind, .line = line, .note = last };
	return tkt_text_check(&gather->notes, error);
}

/* By day, then as the file has them. */
static int compare(const void *one, const void *other)
{
	const struct tkt_gathered *a = one, *b = other;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->note > b->note) - (a->note < b->note);
}

static int say_conflict(const struct tkt_gather *gather, const struct tkt_gathered *before,
    const struct tkt_gathered *here, struct tkt_error *error)
{
	struct tkt_civil civil;

	tkt_civil_from_time(here->day * 86400, &civil);
	if (before->line == here->line)
		return tkt_gather_error(gather, here->line, error,
		    _("%04d-%02d-%02d is both '%s' and '%s'"), civil.year, civil.month, civil.day,
		    tkt_day_kind_word(before->kind), tkt_day_kind_word(here->kind));
	return tkt_gather_error(gather, here->line, error,
	    _("%04d-%02d-%02d is '%s' here and '%s' in line %d"), civil.year, civil.month,
	    civil.day, tkt_day_kind_word(here->kind), tkt_day_kind_word(before->kind),
	    before->line);
}

/* Each day once, with the first note that is one. */
static int merge(struct tkt_gather *gather, struct tkt_holidays *holidays, struct tkt_error *error)
{
	const struct tkt_gathered *first = NULL;

	for (size_t index = 0; index < gather->count; index++) {
		const struct tkt_gathered *here = &gather->days[index];
		struct tkt_holiday *last = &holidays->days[holidays->count - !!holidays->count];

		if (!first || first->day != here->day) {
			holidays->days[holidays->count++] = (struct tkt_holiday){
				.day = here->day,
				.kind = here->kind,
				.note = holidays->notes + here->note,
			};
			first = here;
		} else if (first->kind != here->kind) {
			say_conflict(gather, first, here, error);
			if (tkt_gather_pass(gather, error))
				return -1;
		} else if (!*last->note) {
			last->note = holidays->notes + here->note;
		}
	}
	return 0;
}

static int finish(
    struct tkt_gather *gather, struct tkt_holidays **holidays, struct tkt_error *error)
{
	tkt_autoptr(holidays) made = calloc(1, sizeof(*made));

	if (!made)
		return tkt_error_set_memory(error);
	made->notes = tkt_text_take(&gather->notes);
	made->days = calloc(gather->count + 1, sizeof(*made->days));
	if (!made->notes || !made->days)
		return tkt_error_set_memory(error);
	if (gather->count)
		qsort(gather->days, gather->count, sizeof(*gather->days), compare);
	if (merge(gather, made, error) || gather->has_trouble)
		return -1;
	*holidays = tkt_take(made);
	return 0;
}

/* -- reading -- */

typedef int reader(
    struct tkt_gather *gather, const char *bytes, size_t length, struct tkt_error *error);

static reader *reader_of(const char *name)
{
	const char *suffix = strrchr(name, '.');

	if (suffix && strcasecmp(suffix, ".tsv") == 0)
		return tkt_gather_tsv;
	if (suffix && strcasecmp(suffix, ".ics") == 0)
		return tkt_gather_ics;
	return NULL;
}

int tkt_holidays_parse(const char *name, const char *bytes, size_t length,
    struct tkt_holidays **holidays, struct tkt_error *error)
{
	return tkt_holidays_check(name, bytes, length, NULL, NULL, holidays, error);
}

int tkt_holidays_check(const char *name, const char *bytes, size_t length,
    tkt_holidays_trouble *trouble, void *context, struct tkt_holidays **holidays,
    struct tkt_error *error)
{
	struct tkt_gather gather = { .name = name, .trouble = trouble, .context = context };
	reader *read = reader_of(name);
	int result;

	if (!read)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' ends neither in .tsv nor in .ics"), name);
	if (length > TKT_HOLIDAYS_SIZE)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is larger than %zu bytes"), name, TKT_HOLIDAYS_SIZE);
	if (length >= 3 && memcmp(bytes, BYTE_ORDER_MARK, 3) == 0) {
		bytes += 3;
		length -= 3;
	}
	tkt_text_init(&gather.notes, TKT_TEXT_LIMIT);
	result = read(&gather, bytes, length, error);
	if (!result)
		result = finish(&gather, holidays, error);
	tkt_text_clear(&gather.notes);
	free(gather.days);
	return result;
}

void tkt_holidays_free(struct tkt_holidays *holidays)
{
	if (!holidays)
		return;
	free(holidays->days);
	free(holidays->notes);
	free(holidays);
}

/* -- asking -- */

/* The first entry on that day or after; the end when there is none. */
static const struct tkt_holiday *first_from(const struct tkt_holidays *holidays, int64_t day)
{
	size_t low = 0, high = holidays->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (holidays->days[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return holidays->days + low;
}

const struct tkt_holiday *tkt_holidays_find(const struct tkt_holidays *holidays, int64_t day)
{
	const struct tkt_holiday *found = first_from(holidays, day);

	return found < holidays->days + holidays->count && found->day == day ? found : NULL;
}

bool tkt_holidays_has_year(const struct tkt_holidays *holidays, int year)
{
	return first_from(holidays, tkt_days_from_date(year, 1, 1)) <
	    first_from(holidays, tkt_days_from_date(year + 1, 1, 1));
}
