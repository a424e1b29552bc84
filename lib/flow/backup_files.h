/*
 * lib/flow/backup_files.h: the small files of a desk for its backup: desk.conf with its includes,
 * templates, calendars and, if they are wanted, keys.
 */
#pragma once
#include <stdbool.h>

struct tkt_command;
struct tkt_error;
struct tkt_text;

/*
 * Copies them from the folder `desk` to `into`, and adds a line for each to `sums`. An include that
 * is not inside the desk goes below outside/, and is warned of; so is a desk.conf in which not all
 * includes can be found. 0 or -1.
 */
int tkt_backup_files(struct tkt_command *command, const char *desk, const char *into, bool keys,
    struct tkt_text *sums, struct tkt_error *error);
