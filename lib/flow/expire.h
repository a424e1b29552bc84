/* lib/flow/expire.h: contents of letters that no ticket has, dropped by age; rows never are. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct tkt_error;
struct tkt_session;

/*
 * Drops the contents of the letters whose fate and age desk.conf (keep_bounce ...) names, and says
 * so in their rows; contents that another letter still has stay. In transactions of some hundred,
 * so that letters come in between. Also forgets the windows of brakes that are over. Returns how
 * many were dropped, or -1.
 *
 *   dry_run  only count
 */
int64_t tkt_expire_letters(struct tkt_session *session, bool dry_run, struct tkt_error *error);
