/*
 * lib/flow/known_calendars.h: the calendars that open clocks were last reckoned by, and the files
 * that they stood in: by these a sweep sees that desk.conf or a holiday list has been edited.
 */
#pragma once
#include <stddef.h>

struct tkt_command;
struct tkt_db;
struct tkt_error;
struct tkt_session;
struct tkt_text;

#define TKT_KNOWN_LIMIT ((size_t)1 << 20) /* of the texts below */

/* Are desk.conf and the holiday lists the files that are known? Parses nothing. 1, 0, -1. */
int tkt_known_files_are_same(struct tkt_db *db, struct tkt_error *error);
/*
 * Adds what the files are now, read in a session of its own. Who reckons by them asks before he
 * opens his session, so that what changes in between is seen next time. 0, -1.
 */
int tkt_known_files_look(
    struct tkt_command *command, struct tkt_text *files, struct tkt_error *error);

/* Does the session reckon by the calendars that are known? 1, 0, -1. */
int tkt_known_calendars_are_same(struct tkt_session *session, struct tkt_error *error);
/* Keeps the session's calendars, and these files, in a transaction of its own. 0, -1. */
int tkt_known_calendars_set(
    struct tkt_session *session, const char *files, struct tkt_error *error);
