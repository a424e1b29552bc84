/* lib/flow/told.h: a change that tells the staff of itself. */
#pragma once
#include <jansson.h>

#include "base/text.h"
#include "flow/apply.h"

struct tkt_command;

/* tkt_apply_change(), and where anything changed what `notify` tells (flow/notice.h). In a write
 * transaction. */
int tkt_apply_told(struct tkt_session *session, const json_t *change,
    const struct tkt_apply_manner *manner, struct tkt_applied *applied, struct tkt_text *complaints,
    struct tkt_error *error);

/* Prints each line of the complaints as a warning: after the commit. */
void tkt_complain(struct tkt_command *command, const struct tkt_text *complaints);
