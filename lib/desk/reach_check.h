/* lib/desk/reach_check.h: sections of desk.conf that no ticket ever comes to. */
#pragma once

struct tkt_conf;

/*
 * Adds warnings: conditions that cannot hold together, in any section; an sla, category or
 * entitlement, of which the first that matches counts, behind one whose conditions are the same or
 * weaker; a route behind such a one that stops.
 */
void tkt_reach_warn(const struct tkt_conf *conf);
