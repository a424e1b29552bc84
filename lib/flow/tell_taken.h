/* lib/flow/tell_taken.h: what the tools that take letters in tell of each: a line of the system's
 * log, its ticket and message. */
#pragma once

struct tkt_command;
struct tkt_error;
struct tkt_taken;

/* One line of syslog(3), as a mail server's log has it. openlog() is the tool's. */
void tkt_taken_log(const struct tkt_taken *taken);
/* Ticket and message, where it led to any, to standard output; nothing with --quiet. 0 or -1. */
int tkt_taken_print(
    struct tkt_command *command, const struct tkt_taken *taken, struct tkt_error *error);
