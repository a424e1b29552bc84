/*
 * lib/policy/due.h: what is due on a ticket, as changes for a writer to apply. Pure; the sweep
 * renders replies and gathers notices.
 */
#pragma once
#include <jansson.h>
#include <stdint.h>

struct tkt_calendars;
struct tkt_error;
struct tkt_policy;

/*
 * Proposes what is due on a ticket at `now`: an array of changes, in order, empty when nothing is:
 *
 *   - a breach of clocks to be recorded, where no step below tells of it: `why` names them
 *   - `set` status=open for a pending ticket whose wake_at has come
 *   - `step` {"clock":"first_response","cycle":1,"step":"75%","skipped":["50%"]} or
 *     {"timer":"silent","cycle":"2026-03-02T09:00:00Z","step":"5wd"}, with the step's `set`, `add`,
 *     `notify`, `reply` (the name of a template, for the sweep to render), `why` and `rule`: of
 *     each clock and timer the highest step that is due and has not fired; the lower ones are
 *     skipped. Escalations of the same part, for each clock and for this one, fire both. Whether a
 *     timer's match holds is judged now
 *   - where the ticket asks for a look and nothing of this is due (a match that depends on the
 *     time): a change that only has the ticket's next_at worked out anew
 *
 * Each is of the ticket as given: one that was applied may make the next one moot, so a writer
 * proposes again after each. 0 and a new array, or -1 as tkt_timers_follow().
 */
int tkt_due_propose(const struct tkt_policy *policy, struct tkt_calendars *calendars,
    const json_t *ticket, int64_t now, json_t **changes, struct tkt_error *error);

/*
 * Marks a change's step as fired, and those it skipped, in the ticket's `clocks` or `timers`:
 * before these follow the change. 0, or -1 with TKT_ERROR_NO: it has fired before, or the cycle has
 * ended; DATA: it is no step.
 */
int tkt_due_mark(const json_t *step, json_t *ticket, struct tkt_error *error);

/*
 * The next instant at which a sweep has something to do with the ticket: a breach, an escalation,
 * a timer's step, wake_at of a pending one. TKT_TIME_NONE: nothing. 0, or -1.
 */
int tkt_due_next(const struct tkt_policy *policy, struct tkt_calendars *calendars,
    const json_t *ticket, int64_t *next, struct tkt_error *error);
