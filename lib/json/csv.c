#include "json/csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"

#include "base/banned.h"

struct tkt_csv {
	const char *name;
	char *bytes, *at, *end;
	char delimiter;
	uint64_t line; /* of `at` */
	char **cells;
	size_t count, allocated;
};

void tkt_csv_free(struct tkt_csv *csv)
{
	if (!csv)
		return;
	free(csv->bytes);
	free(csv->cells);
	free(csv);
}

static char find_delimiter(const struct tkt_csv *csv)
{
	static const char delimiters[] = ",;\t";
	size_t counts[3] = { 0 }, best = 0, i;
	bool is_quoted = false;
	const char *at, *found;

	for (at = csv->at; at < csv->end && (is_quoted || *at != '\n'); at++) {
		if (*at == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && *at && (found = strchr(delimiters, *at)))
			counts[found - delimiters]++;
	}
	for (i = 1; i < 3; i++)
		if (counts[i] > counts[best])
			best = i;
	return delimiters[best];
}

/* A first line 'sep=;', as some spreadsheets write and want it, names the delimiter. */
static bool take_delimiter(struct tkt_csv *csv)
{
	char *at = csv->at + 4;

	if (csv->end - csv->at < 5 || memcmp(csv->at, "sep=", 4) != 0 || *at == '\n')
		return false;
	csv->delimiter = *at++;
	at += at < csv->end && *at == '\r';
	if (at < csv->end && *at++ != '\n')
		return false;
	csv->at = at;
	csv->line = 2;
	return true;
}

int tkt_csv_new(
    const char *name, char *bytes, size_t length, struct tkt_csv **csv, struct tkt_error *error)
{
	struct tkt_csv *made = calloc(1, sizeof(*made));

	if (!made) {
		free(bytes);
		return tkt_error_set_memory(error);
	}
	*made = (struct tkt_csv){
		.name = name,
		.bytes = bytes,
		.at = bytes,
		.end = bytes + length,
		.line = 1,
	};
	if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
		made->at += 3;
	if (!take_delimiter(made))
		made->delimiter = find_delimiter(made);
	*csv = made;
	return 0;
}

static int add_cell(struct tkt_csv *csv, char *cell, struct tkt_error *error)
{
	if (csv->count == csv->allocated) {
		size_t wanted = csv->allocated ? 2 * csv->allocated : 32;
		char **cells = reallocarray(csv->cells, wanted, sizeof(*cells));

		if (!cells)
			return tkt_error_set_memory(error);
		csv->cells = cells;
		csv->allocated = wanted;
	}
	csv->cells[csv->count++] = cell;
	return 0;
}

static int refuse(
    const struct tkt_csv *csv, uint64_t line, const char *reason, struct tkt_error *error)
{
	tkt_error_set(error, TKT_ERROR_DATA, "%s", reason);
	tkt_error_prefix(error, "%s:%ju", csv->name, (uintmax_t)line);
	return -2;
}

/* The end of the row that starts at `at`: its LF, or that of the text; a quoted cell may have some.
 * NULL, with the reason, when a quote is wrong. */
static char *row_end(const struct tkt_csv *csv, char *at, const char **reason)
{
	enum { START, PLAIN, QUOTED, BEHIND } state = START;

	for (; at < csv->end; at++) {
		if (state == QUOTED) {
			state = *at == '"' ? BEHIND : QUOTED; /* which a doubled one takes back */
		} else if (*at == '\n') {
			return at;
		} else if (*at == csv->delimiter) {
			state = START;
		} else if (*at == '"' && state != PLAIN) {
			state = QUOTED;
		} else if (state != BEHIND) {
			state = PLAIN;
		} else if (*at != '\r') {
			*reason = _("a cell goes on behind its quote");
			return NULL;
		}
	}
	*reason = _("a quote does not end");
	return state == QUOTED ? NULL : csv->end;
}

/* Takes a cell in quotes, in place; `at` is its first quote. Returns what is behind its last. */
static char *take_quoted(char *at, char *end, size_t *length)
{
	char *start = ++at, *out = at;

	for (; at < end; *out++ = *at++) {
		if (*at != '"')
			continue;
		if (at + 1 == end || at[1] != '"')
			break;
		at++;
	}
	*length = (size_t)(out - start);
	return at + 1;
}

static void trim(char **cell, size_t *length)
{
	while (*length && (**cell == ' ' || **cell == '\t')) {
		(*cell)++;
		(*length)--;
	}
	while (*length && ((*cell)[*length - 1] == ' ' || (*cell)[*length - 1] == '\t'))
		(*length)--;
}

/* One cell of the row that ends at `end`. 1: another one follows, at *at; 0: none; -1, -2. */
static int next_cell(
    struct tkt_csv *csv, uint64_t line, char **at, char *end, struct tkt_error *error)
{
	char *cell = *at, *stop;
	size_t length;
	bool follows;

	if (cell < end && *cell == '"') {
		stop = take_quoted(cell++, end, &length);
	} else {
		stop = memchr(cell, csv->delimiter, (size_t)(end - cell));
		if (!stop)
			stop = end;
		length = (size_t)(stop - cell);
		trim(&cell, &length);
	}
	if (!tkt_utf8_is_valid(cell, length))
		return refuse(csv, line,
		    _("this is not UTF-8: convert the file first, as with 'iconv -f cp1251'"),
		    error);
	follows = stop < end;
	*at = stop + follows;
	cell[length] = '\0'; /* a delimiter, a quote or the end of the row stood there */
	return add_cell(csv, cell, error) ? -1 : follows;
}

/* The cells from csv->at on. 0, -1, -2. */
static int read_row(struct tkt_csv *csv, uint64_t *line, struct tkt_error *error)
{
	const char *reason = NULL;
	char *at = csv->at, *end = row_end(csv, at, &reason), *newline;
	bool is_bad = !end;
	int more = 1;

	*line = csv->line;
	if (is_bad && !(end = memchr(at, '\n', (size_t)(csv->end - at))))
		end = csv->end;
	for (newline = at; newline < end; newline++)
		csv->line += *newline == '\n';
	csv->line++;
	csv->at = end + (end < csv->end);
	csv->count = 0;
	if (is_bad)
		return refuse(csv, *line, reason, error);
	if (end > at && end[-1] == '\r')
		end--;
	while (more > 0)
		more = next_cell(csv, *line, &at, end, error);
	return more;
}

int tkt_csv_next(struct tkt_csv *csv, struct tkt_csv_row *row, struct tkt_error *error)
{
	while (csv->at < csv->end) {
		int result = read_row(csv, &row->line, error);
		size_t i;

		if (result)
			return result;
		for (i = 0; i < csv->count && !*csv->cells[i]; i++)
			;
		if (i == csv->count)
			continue; /* a row of empty cells: where a table ends in a spreadsheet */
		row->cells = csv->cells;
		row->count = csv->count;
		return 1;
	}
	return 0;
}
