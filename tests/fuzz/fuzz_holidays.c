/*
 * Any bytes as a list of holidays, .tsv and .ics: whatever they are, the reader ends, and what it
 * makes of them is in order, each day once and found again.
 *
 * Seeds: share/calendars/ru.tsv, the lists in tests/unit/test_holidays.c.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "calendar/holidays.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void fuzz_list(const char *name, const char *bytes, size_t length)
{
	tkt_autoptr(holidays) holidays = NULL;
	struct tkt_error error = { 0 };

	if (tkt_holidays_parse(name, bytes, length, &holidays, &error)) {
		require(!holidays && error.kind == TKT_ERROR_CONFIGURATION && *error.text);
		return;
	}
	for (size_t index = 0; index < holidays->count; index++) {
		const struct tkt_holiday *day = &holidays->days[index];

		require(!index || day[-1].day < day->day);
		require(tkt_day_kind_word(day->kind) && strlen(day->note) <= length);
		require(tkt_holidays_find(holidays, day->day) == day);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1); /* as the readers of files have it: a NUL behind it */

	if (!text) {
		free(text);
		return 0;
	}
	memcpy(text, bytes, length);
	text[length] = '\0';
	fuzz_list("a.tsv", text, length);
	fuzz_list("a.ics", text, length);
	free(text);
	return 0;
}
