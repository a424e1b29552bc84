/* lib/store/letter.h: the ledger: one row for each letter that came in, with its fate. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/ticket.h"
#include "store/walk.h"

struct tkt_db;
struct tkt_error;

/* A row of tkt_letter_fields as an object; `key` is the Message-ID, or 'sha256:...' of a letter
 * without one. In a write transaction. */
int tkt_letter_write(struct tkt_db *db, const json_t *letter, const char *key,
    const char *fingerprint, struct tkt_error *error);
/* The earlier letter with this key and fingerprint (contents without trace headers): 1 and an
 * object, 0, -1. Letters that were duplicates themselves do not count. *is_known: is there one with
 * this key, whatever its contents? */
int tkt_letter_find(struct tkt_db *db, const char *key, const char *fingerprint, json_t **letter,
    bool *is_known, struct tkt_error *error);

/* The last letter with this key that has led to a ticket; duplicates do not count. 1 and an object,
 * 0, -1. */
int tkt_letter_find_key(
    struct tkt_db *db, const char *key, json_t **letter, struct tkt_error *error);

/* A letter by its number. 1, 0, -1. */
int tkt_letter_get(struct tkt_db *db, int64_t number, json_t **letter, struct tkt_error *error);
/* Gives a quarantined letter its new fate, with reason, ticket, message and unanswered of the row.
 * In a write transaction. 0, or -1 with DATA when another one was faster. */
int tkt_letter_settle(struct tkt_db *db, const json_t *letter, struct tkt_error *error);

/* How many letters of that fate, received before that time, still have contents that no ticket has.
 * -1. */
int64_t tkt_letter_expired(
    struct tkt_db *db, const char *fate, int64_t before, struct tkt_error *error);
/*
 * Drops the contents of up to `limit` of them, the oldest first, and sets dropped_at; contents
 * that another letter or an attachment has too stay in the store for that one. A file goes while
 * the write lock is held, so that nobody stores the same contents meanwhile. Returns how many, or
 * -1.
 */
int tkt_letter_drop(struct tkt_db *db, const char *fate, int64_t before, int64_t now, int limit,
    struct tkt_error *error);

/* Did the letter of a message get no automatic answer where one was due? 1, 0, -1. */
int tkt_letter_is_unanswered(struct tkt_db *db, const char *message, struct tkt_error *error);

/* The last number of the ledger, 0 when it is empty. 0 or -1. */
int tkt_letter_last_number(struct tkt_db *db, int64_t *number, struct tkt_error *error);
/* When the last one came in; TKT_TIME_NONE: none did. 0 or -1. */
int tkt_letter_last(struct tkt_db *db, int64_t *received_at, struct tkt_error *error);

/* Hands over the rows of tkt_letter_fields in order of number, in batches; `between` as
 * tkt_ticket_each(). *last is the last number looked at. Returns how many, or -1. */
int64_t tkt_letter_each(struct tkt_db *db, const struct tkt_walk_query *query, tkt_row_visit *visit,
    int (*between)(void *context, struct tkt_error *error), void *context, int64_t *last,
    struct tkt_error *error);
