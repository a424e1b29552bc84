/* lib/flow/lint.h: what is wrong with a desk, by its files and by what its database remembers. */
#pragma once
#include "desk/desk.h"

struct tkt_command;
struct tkt_error;

/*
 * tkt_desk_lint() for the desk at `path`, with what its database, where there is one, knows of
 * versions and agents: it is opened for reading. A database that cannot be read is
 * told on standard error, and the desk is judged without it. Returns how many errors there were, or
 * -1.
 */
int tkt_lint(struct tkt_command *command, const char *path, tkt_finding_report *report,
    void *context, struct tkt_error *error);
