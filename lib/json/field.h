/*
 * lib/json/field.h: the field tables: one row a member of a wire object. JSON, SQL columns,
 * expressions, tkt-set, -o, tables, completion and the schema follow from a row here.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct tkt_error;

enum tkt_field_type {
	TKT_FIELD_TEXT,
	TKT_FIELD_ADDRESS,  /* text in lower case */
	TKT_FIELD_PRIORITY, /* low < normal < high < critical; stored as 1 to 4, a word in JSON */
	TKT_FIELD_INTEGER,
	TKT_FIELD_TIME,    /* stored as seconds, RFC 3339 in JSON */
	TKT_FIELD_LENGTH,  /* seconds: age, idle, left; in expressions alone */
	TKT_FIELD_BOOLEAN, /* stored as 0 or 1, always present in JSON */
	TKT_FIELD_LIST,    /* of text: tags, cc; stored as a JSON array */
	TKT_FIELD_MAP,     /* name to text: fields; stored as a JSON object; a name 'fields.domain'
			      picks one */
	TKT_FIELD_JSON,    /* any other JSON: clocks, to, attachments; not in expressions */
};

enum tkt_field_flag {
	TKT_FIELD_SETTABLE = 1, /* tkt-set and the `set` of a change may write it */
	TKT_FIELD_DERIVED = 2, /* in expressions, sorting and -o alone: not in the object, no column
				  of the row's JSON */
	TKT_FIELD_CLOCK = 4,   /* 'clock.NAME.due': the key is NAME, the rest a tkt_clock_field */
	TKT_FIELD_LOWER = 8,   /* a list of addresses: its elements are in lower case */
};

struct tkt_field {
	const char *name; /* of the wire, dotted: 'requester.email'; a map's is 'fields' */
	enum tkt_field_type type;
	const char *column; /* of the row; NULL: none */
	unsigned since;     /* schema version that has the column */
	unsigned flags;
	const char *const *values; /* the only values it may have, ended by NULL; NULL: any */
	const char *title;         /* N_(): heading in a table */
	unsigned width;            /* columns in a table; 0: what is left */
};

struct tkt_field_table {
	const char *type;  /* of the object: "ticket" */
	const char *table; /* of the store; NULL: it is in none */
	const struct tkt_field
	    *fields; /* in wire order; members of one nested object stand together */
	size_t count;
	const char *shown; /* the columns of a table and of tsv, unless -o says otherwise */
};

extern const struct tkt_field_table tkt_ticket_fields;
extern const struct tkt_field_table tkt_message_fields;
extern const struct tkt_field_table tkt_question_fields;
extern const struct tkt_field_table tkt_event_fields;
extern const struct tkt_field_table tkt_letter_fields;       /* the ledger */
extern const struct tkt_field_table tkt_outgoing_fields;     /* the outbox */
extern const struct tkt_field_table tkt_change_fields;       /* json/change.h; in no store */
extern const struct tkt_field_table tkt_explanation_fields;  /* why a deadline is what it is */
extern const struct tkt_field_table tkt_reckoning_fields;    /* an answer of tkt-calendar */
extern const struct tkt_field_table tkt_difference_fields;   /* of tkt-sla --verify */
extern const struct tkt_field_table tkt_calendar_day_fields; /* a day of tkt-calendar show */
extern const struct tkt_field_table tkt_status_fields;       /* how a desk does */
extern const struct tkt_field_table tkt_routing_fields;      /* why a ticket goes where it goes */
extern const struct tkt_field_table tkt_judgement_fields;    /* of tkt-intake --explain */
extern const struct tkt_field_table tkt_blame_fields;        /* who set a field of a ticket */
extern const struct tkt_field_table tkt_backup_fields;       /* what tkt-backup made or verified */
/* people_fields.c */
extern const struct tkt_field_table tkt_customer_fields;
extern const struct tkt_field_table tkt_contact_fields;
extern const struct tkt_field_table tkt_agent_fields;
extern const struct tkt_field_table tkt_identity_fields; /* who an address is; in no store */

/* What 'clock.NAME.PART' tells of the clock NAME in its latest cycle. */
struct tkt_clock_field {
	const char *name; /* PART: "due" */
	enum tkt_field_type type;
	const char
	    *member; /* of a clock on the wire, and column of the store's `clock`: "due_at" */
	const char *const *values; /* the only values it may have, ended by NULL; NULL: any */
	bool running;              /* told only while the clock runs */
};
extern const struct tkt_clock_field tkt_clock_fields[]; /* ended by a NULL name */

/* That of 'NAME.PART', as a key of tkt_field_find() begins; NULL when there is no such PART. */
const struct tkt_clock_field *tkt_clock_field_find(const char *key);

/*
 * Finds a field by its wire name. For a map ('fields.domain') and a clock
 * ('clock.first_response.due') *key is the part that picks one, borrowed from `name`, *key_length
 * its bytes; else NULL and 0. Returns NULL when there is none.
 */
const struct tkt_field *tkt_field_find(
    const struct tkt_field_table *table, const char *name, const char **key, size_t *key_length);
/* The same, or TKT_ERROR_USAGE: "there is no field 'stauts'; did you mean 'status'?". */
const struct tkt_field *tkt_field_require(const struct tkt_field_table *table, const char *name,
    const char **key, size_t *key_length, struct tkt_error *error);
/* Index in table->fields, for `values` below. */
size_t tkt_field_index(const struct tkt_field_table *table, const struct tkt_field *field);

/* Priority as it is stored and compared: 1 to 4, 0 for an unknown word; and back, NULL out of
 * range. */
int tkt_priority_from_word(const char *word);
const char *tkt_priority_word(int64_t priority);

/* One stored value, borrowed from a statement or an object. */
enum tkt_value_kind { TKT_VALUE_EMPTY, TKT_VALUE_INTEGER, TKT_VALUE_TEXT };
struct tkt_value {
	enum tkt_value_kind kind;
	int64_t integer;  /* INTEGER, BOOLEAN, TIME, LENGTH, PRIORITY */
	const char *text; /* TEXT, ADDRESS; JSON text for LIST, MAP, JSON */
	size_t length;
};

/*
 * A row is one value for each field of a table, in its order; DERIVED ones may be EMPTY.
 * Writes it as an object: `type` first, empty members left out, booleans always.
 */
void tkt_row_write(
    struct tkt_text *out, const struct tkt_field_table *table, const struct tkt_value *row);
/* The same as a new object in *object. 0, or -1 with TKT_ERROR_TEMPORARY or DATA (broken JSON in a
 * column). */
int tkt_row_load(const struct tkt_field_table *table, const struct tkt_value *row, json_t **object,
    struct tkt_error *error);
/*
 * The other way: fills `row` from an object; texts are borrowed from the object, JSON texts go
 * behind each other into `room`, which must outlive the row. Checks types: a TIME must be RFC 3339,
 * a value in `values` ... 0, or -1 with TKT_ERROR_DATA: "'priority' cannot be 'urgent': low,
 * normal, high or critical".
 */
int tkt_row_from_object(const struct tkt_field_table *table, const json_t *object,
    struct tkt_value *row, struct tkt_text *room, struct tkt_error *error);

/*
 * The same for what differs between two objects alone: changed[i] says whether field i does, and
 * the row is filled for these, the rest of it is EMPTY.
 */
int tkt_row_from_difference(const struct tkt_field_table *table, const json_t *before,
    const json_t *after, struct tkt_value *row, bool *changed, struct tkt_text *room,
    struct tkt_error *error);

/* The member at a dotted name ('requester.email', 'fields.domain'), borrowed; NULL when absent. */
json_t *tkt_object_get(const json_t *object, const char *name);
/* Sets it (takes value; null, "" and [] remove it; NULL is memory that ran out), making the nested
 * object, removing it when empty. 0, or -1 with TEMPORARY. */
int tkt_object_set(json_t *object, const char *name, json_t *value, struct tkt_error *error);
const char *tkt_object_text(
    const json_t *object, const char *name); /* NULL when absent or no string */
/* Its time in seconds since 1970; TKT_TIME_NONE when absent or none. */
int64_t tkt_object_time(const json_t *object, const char *name);
/* The clock of a ticket's `clocks` that has the name and cycle of another one; NULL: none. */
const json_t *tkt_clock_same(const json_t *clocks, const json_t *wanted);
/* The clock of a name (`length` bytes) in its latest cycle, of an array of clocks; borrowed; NULL
 * when there is none. */
const json_t *tkt_object_clock(const json_t *clocks, const char *name, size_t length);
/* What is in an array; of NULL, or where `text` is NULL, nothing. */
bool tkt_array_has(const json_t *array, const json_t *value);
bool tkt_array_has_text(const json_t *array, const char *text);
/* The first object of an array whose member has that text, borrowed; NULL: none. */
json_t *tkt_array_find(const json_t *array, const char *name, const char *text);
/* Absent, null, "", [] and {} all mean empty. */
bool tkt_json_is_empty(const json_t *value);

/*
 * Reads what a user wrote for a field ('high', '2026-03-02', '', a list 'a,b') into a new JSON
 * value, checked as tkt_row_from_object() does; "" becomes null, which clears. For a MAP the value
 * is text. 0, or -1 with TKT_ERROR_DATA.
 */
int tkt_field_value_parse(
    const struct tkt_field *field, const char *string, json_t **value, struct tkt_error *error);
/* Checks and normalises a JSON value for a field (addresses in lower case). 0 with a new reference,
 * to the value itself where that is right already, or -1 with DATA. */
int tkt_field_value_check(
    const struct tkt_field *field, const json_t *value, json_t **checked, struct tkt_error *error);
