/* lib/json/change_parts.h: what making a change and checking one have in common; for these alone.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct tkt_field;

#define TKT_CHANGE_MEMBERS 16

/* The place of a member in the order that changes are written in; TKT_CHANGE_MEMBERS: none. */
size_t tkt_change_member_index(const char *name);

/*
 * The field of tickets that a change may write at `name`; *is_key: it is one name of a map. NULL
 * with DATA when it cannot be set, with `unknown` when there is none.
 */
const struct tkt_field *tkt_change_field(
    const char *name, enum tkt_error_kind unknown, bool *is_key, struct tkt_error *error);

/* Is the checked value of an address or a list of them such that mail can be sent there? Others
 * pass. 0, or -1 with DATA. */
int tkt_change_addresses(
    const struct tkt_field *field, const json_t *value, struct tkt_error *error);

/* Checks a value for `name` as tkt_field_value_check() does: for 'fields' an object, for
 * 'fields.domain' a text, for 'status' not empty, for 'subject' in one line. */
int tkt_change_value(const struct tkt_field *field, const char *name, bool is_key,
    const json_t *value, json_t **checked, struct tkt_error *error);
