/*
 * lib/flow/people_csv.h: customers, contacts and agents of a CSV file, as objects for
 * tkt_people_put(). The first row names the columns: members of the object ('name', 'fields.phone')
 * and, as 'contracts.number' or 'number', of a contract; of an absence as 'absences.from' or
 * 'from'. What is a list is parted by ';' in its cell. Rows of one id become one object: its lists
 * grow, its contracts are those of all its rows. Dates may be written 31.12.2026.
 */
#pragma once
#include <jansson.h>

#include "base/cleanup.h"
#include "flow/batch.h"

struct tkt_command;
struct tkt_error;
struct tkt_field_table;
struct tkt_strings;
struct tkt_people_csv; /* opaque: what a file holds */

/*
 *   path  borrowed; '-' is standard input
 *   maps  'NAME=COLUMN' each: that column of the file is the member NAME
 *
 * Columns that are no member, and not mapped, are left out and told of as a warning. 0 and a new
 * one; -1 with NO_INPUT, PERMISSION, IO, USAGE (a map that is none), DATA (no row with the names of
 * columns, none that gives the id, one that is not there, two for one member) or TEMPORARY.
 */
int tkt_people_csv_read(struct tkt_command *command, const char *path,
    const struct tkt_field_table *table, const struct tkt_strings *maps,
    struct tkt_people_csv **csv, struct tkt_error *error);
void tkt_people_csv_free(struct tkt_people_csv *csv);
TKT_AUTOPTR(people_csv)

/* Its objects in the order of their first rows, for a batch; borrows from it. A bad row is reported
 * at its place, and of an id that has one no row counts: half of its contracts would be a loss. */
struct tkt_source tkt_people_csv_source(struct tkt_people_csv *csv);
