/* lib/flow/staff.h: whom of the staff a `notify` tells, by mail. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_session;

/*
 * Adds the addresses that a person of `notify` stands for, each once: of the assignee (of the
 * ticket's group where there is none), of agent:NAME, of those of group:NAME who are there today,
 * or one that is an address itself. A deputy takes the place of an agent who is not there. Whom the
 * desk does not know as its agent or as a group of its agents is NAME at its staff_domain. The
 * desk's own addresses are left out: it would take its mail for one that came back.
 *
 *   person  as in desk.conf; 'requester' is none of the staff, and adds nothing
 *
 * 0, or -1.
 */
int tkt_staff_addresses(struct tkt_session *session, const char *person, const json_t *ticket,
    json_t *addresses, struct tkt_error *error);
