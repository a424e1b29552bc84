/* lib/store/columns.h: rows of a field table to statements and back. For the files of the store. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"
#include "json/field.h"

struct tkt_db;
struct tkt_error;
struct tkt_statement;

#define TKT_ROW_SIZE 64 /* values of a row: more than any field table has fields */

/* Has the field a column of its own that is written? Is that column an INTEGER? */
bool tkt_field_is_stored(const struct tkt_field *field);
bool tkt_field_is_integer(const struct tkt_field *field);

/*
 * Adds the stored columns in the order of the table, with commas between, each behind `prefix`.
 * `instead` names columns that are read in another way, as pairs of a column and an SQL expression,
 * ended by NULL; NULL: none.
 */
void tkt_columns_add(struct tkt_text *sql, const struct tkt_field_table *table, const char *prefix,
    const char *const *instead);
/* Reads them from the statement, from `column` on, into a whole row; derived ones become EMPTY.
 * Texts live until the next step. */
void tkt_columns_read(struct tkt_statement *statement, int column,
    const struct tkt_field_table *table, struct tkt_value *row);
void tkt_value_read(
    struct tkt_statement *statement, int column, bool is_integer, struct tkt_value *value);
/* Binds one value; of a text, what it borrows must live on until the step. */
int tkt_value_bind(struct tkt_statement *statement, int index, const struct tkt_value *value,
    struct tkt_error *error);
/*
 * Inserts a row of the table: its stored columns, then those that `others` names (', key,
 * fingerprint'; NULL: none), for which `values` holds `count` values.
 */
int tkt_row_insert(struct tkt_db *db, const struct tkt_field_table *table,
    const struct tkt_value *row, const char *others, const struct tkt_value *values, size_t count,
    struct tkt_error *error);
/* Steps and reads a row as an object: 1, 0, -1. */
int tkt_columns_load(struct tkt_statement *statement, const struct tkt_field_table *table,
    json_t **object, struct tkt_error *error);

struct tkt_value tkt_value_text(const char *text); /* NULL and "": EMPTY */
struct tkt_value tkt_value_integer(int64_t integer);
bool tkt_value_equal(const struct tkt_value *left, const struct tkt_value *right);
