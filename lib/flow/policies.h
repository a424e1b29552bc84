/*
 * lib/flow/policies.h: what a session's tickets go by: the policy that each came under, and the
 * calendars as they are now.
 */
#pragma once

struct tkt_calendars;
struct tkt_error;
struct tkt_policies; /* opaque: those that a session has read */
struct tkt_policy;
struct tkt_session;

/*
 * The policy of a ticket, by the name that it keeps (its `policy`): read once, borrowed from the
 * session. One without sections costs nothing to read.
 *
 *   name  NULL, "" and one that the store does not know: the policy in force
 *
 * 0, or -1 with CONFIGURATION ("policy '2026-12-01': desk.conf:41: ...") or what the store says.
 */
int tkt_session_policy_of(struct tkt_session *session, const char *name,
    const struct tkt_policy **policy, struct tkt_error *error);

/*
 * Rehearses: from then on every ticket goes by the desk.conf in that folder, a draft, whatever
 * policy it came under. For a session that only looks. 0, or -1 as tkt_desk_read().
 */
int tkt_session_rehearse(struct tkt_session *session, const char *folder, struct tkt_error *error);

/* The calendars of desk.conf, read once, borrowed. None of them: an empty set. 0 or -1. */
int tkt_session_calendars(
    struct tkt_session *session, struct tkt_calendars **calendars, struct tkt_error *error);

void tkt_policies_free(struct tkt_policies *policies);
