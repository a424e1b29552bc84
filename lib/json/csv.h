/* lib/json/csv.h: CSV in (RFC 4180), as spreadsheets and CRMs export it. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct tkt_error;
struct tkt_csv; /* opaque: a reader of rows from one text */

struct tkt_csv_row {
	uint64_t line; /* where it starts, from 1 */
	char **cells;  /* valid until the next call */
	size_t count;
};

/*
 * Takes the bytes over, which malloc() has given and a NUL ends. A BOM is left out. The delimiter
 * is what stands most often in the first line outside quotes: comma, semicolon or tab; or what a
 * line before it names, as in 'sep=;'.
 *
 *   name  stands in errors; borrowed
 *
 * 0, or -1 with TEMPORARY; the bytes are freed then, too.
 */
int tkt_csv_new(
    const char *name, char *bytes, size_t length, struct tkt_csv **csv, struct tkt_error *error);
void tkt_csv_free(struct tkt_csv *csv);
TKT_AUTOPTR(csv)

/*
 * The next row that has a cell that is not empty; blanks around a cell without quotes are not part
 * of it. Returns 1; 0 at the end; -1 with TEMPORARY; and -2 with DATA ('people.csv:17: REASON') for
 * a row that is not UTF-8, or in which a quote does not end or a cell goes on behind its quote: the
 * reader goes on behind it, where a quote is wrong behind its first line.
 */
int tkt_csv_next(struct tkt_csv *csv, struct tkt_csv_row *row, struct tkt_error *error);
