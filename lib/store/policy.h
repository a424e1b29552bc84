/* lib/store/policy.h: the texts of the policy that tickets came under, and what this desk is. */
#pragma once
#include <stdint.h>

#include "base/text.h"

struct tkt_db;
struct tkt_error;

/*
 * The name a ticket keeps for the policy in force: `version`, or, where that is empty or already
 * stands for another text, version+'+'+12 hex digits of the SHA-256. Stores a text that is new. In
 * a write transaction; *name is to be freed.
 */
int tkt_policy_name(struct tkt_db *db, const char *version, const char *text, const char *sha256,
    int64_t now, char **name, struct tkt_error *error);

/* The same, without storing: what it would be. 1: it is stored already; 0; -1. */
int tkt_policy_name_of(struct tkt_db *db, const char *version, const char *sha256, char **name,
    struct tkt_error *error);

/* The text that is stored under a name, to be freed. 1, 0 (none is), -1. */
int tkt_policy_find(struct tkt_db *db, const char *name, char **text, struct tkt_error *error);

/* What the latest ticket came under, to be freed. 1, 0 (there is no ticket), -1. */
int tkt_policy_latest(struct tkt_db *db, char **name, struct tkt_error *error);

/* A named text of the desk itself: 'mark' (random, in X-Tkt-Desk), 'armed' (host, path, inode). 1,
 * 0 (not set), -1. */
int tkt_desk_value_get(
    struct tkt_db *db, const char *name, struct tkt_text *value, struct tkt_error *error);
int tkt_desk_value_set(
    struct tkt_db *db, const char *name, const char *value, struct tkt_error *error);
