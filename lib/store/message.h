/* lib/store/message.h: messages of tickets, in and out; they are written once and never change. */
#pragma once
#include <jansson.h>
#include <stdint.h>

#include "store/ticket.h"
#include "json/field.h"

struct tkt_db;
struct tkt_error;
struct tkt_text;

/* Writes a message object; its `id` is its number, already given. In a write transaction. */
int tkt_message_write(struct tkt_db *db, const json_t *message, struct tkt_error *error);
/* The ticket and number of the message with a Message-ID; 1, 0 or -1. *ticket is to be freed. */
int tkt_message_find(struct tkt_db *db, const char *message_id, char **ticket, int64_t *number,
    struct tkt_error *error);
/* The ticket of the first message with that root of a Thread-Index; to be freed. 1, 0, -1. */
int tkt_message_find_thread(
    struct tkt_db *db, const char *root, char **ticket, struct tkt_error *error);
/* A message by its number. 1, 0, -1. */
int tkt_message_get(struct tkt_db *db, int64_t number, json_t **message, struct tkt_error *error);
/* All of one ticket, oldest first, as rows of tkt_message_fields. Returns how many, or -1. */
int64_t tkt_message_each(struct tkt_db *db, const char *ticket, bool public_only,
    tkt_row_visit *visit, void *context, struct tkt_error *error);
/* The last of its public ones; `by_person`: that no machine wrote. A new object. 1, 0, -1. */
int tkt_message_last(struct tkt_db *db, const char *ticket, bool by_person, json_t **message,
    struct tkt_error *error);
/* Adds the new text of a ticket's first public message: what it is about. 1; 0: it has none; -1. */
int tkt_message_description(
    struct tkt_db *db, const char *ticket, struct tkt_text *out, struct tkt_error *error);
/* The Message-IDs of a ticket's public mails, oldest first, at most the first and the last 20, for
 * References: a new array. Our automatic ones are left out: nobody answers them, and one that never
 * arrived would break the thread for programs that read In-Reply-To alone. */
int tkt_message_thread(
    struct tkt_db *db, const char *ticket, json_t **message_ids, struct tkt_error *error);
/* Questions of a ticket that are open, as objects handed to `visit`. */
int64_t tkt_question_each(struct tkt_db *db, const char *ticket, tkt_row_visit *visit,
    void *context, struct tkt_error *error);
/* All of them, those that are answered too, as a new array of objects. 0 or -1. */
int tkt_question_list(
    struct tkt_db *db, const char *ticket, json_t **questions, struct tkt_error *error);
int tkt_question_write(struct tkt_db *db, const json_t *question, struct tkt_error *error);
