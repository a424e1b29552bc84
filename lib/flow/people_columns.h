/* lib/flow/people_columns.h: the columns of a CSV file of people, and its rows by them. */
#pragma once
#include <jansson.h>
#include <stddef.h>

struct tkt_command;
struct tkt_error;
struct tkt_field_table;
struct tkt_people_columns; /* opaque */
struct tkt_strings;

/* What each cell of a header is a member of; as tkt_people_csv_read(), whose errors it has. */
int tkt_people_columns_read(struct tkt_command *command, const struct tkt_field_table *table,
    const char *const *header, size_t count, const struct tkt_strings *maps,
    struct tkt_people_columns **columns, struct tkt_error *error);
void tkt_people_columns_free(struct tkt_people_columns *columns);

/*
 * A row as an object: an empty cell is null, or an empty list. 0 and a new object; -1 with DATA,
 * *object being there for the sake of its id where that could be read, or TEMPORARY.
 */
int tkt_people_row_read(const struct tkt_people_columns *columns, const char *const *cells,
    size_t count, json_t **object, struct tkt_error *error);

/* Joins a row to the object of earlier ones of its id: lists grow, an empty cell says nothing. 0,
 * or -1 with DATA: one of its texts is another one. */
int tkt_people_row_join(json_t *object, const json_t *row, struct tkt_error *error);
