/*
 * Any bytes as CSV: whatever they are, the reader ends; each row has a cell that is not empty, all
 * of them UTF-8 within the text, lines never go back, and an error names its line.
 *
 * Seeds: the texts in tests/unit/test_csv.c.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "json/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_row(const struct tkt_csv_row *row, size_t length)
{
	size_t filled = 0, total = 0;

	for (size_t i = 0; i < row->count; i++) {
		size_t size = strlen(row->cells[i]);

		filled += size > 0;
		total += size;
		require(tkt_utf8_is_valid(row->cells[i], size));
	}
	require(filled && total <= length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1);
	struct tkt_error error = { 0 };
	struct tkt_csv_row row = { 0 };
	tkt_autoptr(csv) csv = NULL;
	uint64_t line = 0;
	int got;

	require(text);
	memcpy(text, bytes, length);
	text[length] = '\0';
	require(!tkt_csv_new("a.csv", text, length, &csv, &error));
	while ((got = tkt_csv_next(csv, &row, &error)) != 0) {
		require(got == 1 || (got == -2 && error.kind == TKT_ERROR_DATA));
		require(row.line > line);
		line = row.line;
		if (got == 1)
			check_row(&row, length);
		else
			require(!strncmp(error.text, "a.csv:", 6));
	}
	return 0;
}
