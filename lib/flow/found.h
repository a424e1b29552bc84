/* lib/flow/found.h: a new desk: folder, desk.conf from a profile, database, mark, arming. */
#pragma once

struct tkt_command;
struct tkt_error;

/*
 * Makes a desk in `folder`, which may exist; a desk.conf that is there stays, else the profile's
 * files (below datadir/desks/PROFILE) are copied. Refuses a folder that has a database. What fails
 * half-way can be run again. 0, or -1 with USAGE (no such profile), DATA (a desk already),
 * CONFIGURATION (its desk.conf) or the system's reason.
 */
int tkt_desk_found(
    struct tkt_command *command, const char *folder, const char *profile, struct tkt_error *error);
