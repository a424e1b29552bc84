/* lib/json/cell.h: one value of a listing: worked out from a row, shown as text or JSON. */
#pragma once
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "json/field.h"

struct tkt_error;
struct tkt_zone;

/* What -o names. */
struct tkt_column {
	const char *name; /* borrowed: 'due', 'fields.domain', 'clock.resolution.state' */
	const struct tkt_field *field;
	const char *key; /* within `name`; NULL: the whole field */
	size_t key_length;
	size_t width; /* columns on a terminal; 0: no bound */
};

struct tkt_cell {
	enum tkt_field_type type; /* that of the part which the column picks */
	struct tkt_value value;   /* borrowed from the row, the object or `held` */
	json_t *held;             /* owned; NULL: none */
};

void tkt_cell_clear(struct tkt_cell *cell);
#define tkt_autocell __attribute__((cleanup(tkt_cell_clear))) struct tkt_cell

/*
 * The value of `column`. Derived ones that the row has not are worked out at `now`: due from
 * `clocks`, overdue and left from it, age from created_at, idle from updated_at; others are taken
 * from `object`, if there is one. 0, or -1 with DATA (broken JSON in the row) or TEMPORARY.
 */
int tkt_cell_init(struct tkt_cell *cell, const struct tkt_column *column,
    const struct tkt_field_table *table, const struct tkt_value *row, const json_t *object,
    int64_t now, struct tkt_error *error);

/* The fields tkt_cell_init() reads to work out `field`, ended by NULL. */
const char *const *tkt_cell_needs(const struct tkt_field *field);

/* Adds it as the wire has it, for tsv: lists joined by ',', lengths in seconds; not yet escaped. */
int tkt_cell_plain(struct tkt_text *out, const struct tkt_cell *cell, struct tkt_error *error);
/* Adds it for a person: times as the zone's wall clock (NULL: UTC), '3h 20m'; controls stay. */
int tkt_cell_human(struct tkt_text *out, const struct tkt_cell *cell, const struct tkt_zone *zone,
    struct tkt_error *error);
/* A new JSON value, null when it is empty. 0, or -1. */
int tkt_cell_json(const struct tkt_cell *cell, json_t **value, struct tkt_error *error);
