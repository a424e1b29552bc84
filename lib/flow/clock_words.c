#include "flow/clock_words.h"

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/words.h"
#include "flow/difference.h"
#include "json/field.h"

#include "base/banned.h"

#define ARROW " \xe2\x86\x92 "

static bool has_state(const json_t *clock, const char *state)
{
	return tkt_text_equal(tkt_object_text(clock, "state"), state);
}

/* TRANSLATORS: each of these is about a clock: 'first_response met' */
static const char *turn(const json_t *before, const json_t *after)
{
	bool was_open = has_state(before, "running") || has_state(before, "paused");

	if (!before)
		return _("%s started");
	if (tkt_text_equal(tkt_object_text(before, "state"), tkt_object_text(after, "state")))
		return NULL;
	if (has_state(after, "met"))
		return _("%s met");
	if (has_state(after, "missed"))
		return _("%s missed");
	if (has_state(after, "paused"))
		return _("%s paused");
	return was_open ? _("%s resumed") : _("%s goes on");
}

/* The same clock, as it is in the other value; NULL: it is not there. */
static const json_t *find(const json_t *clocks, const json_t *wanted)
{
	const json_t *clock;
	size_t at;

	json_array_foreach(clocks, at, clock) {
		if (json_equal(json_object_get(clock, "name"), json_object_get(wanted, "name")) &&
		    json_equal(json_object_get(clock, "cycle"), json_object_get(wanted, "cycle")))
			return clock;
	}
	return NULL;
}

struct telling {
	struct tkt_text *out;
	size_t start;
};

__attribute__((format(printf, 2, 0))) static void tell(
    const struct telling *telling, const char *form, const json_t *clock)
{
	json_int_t cycle = json_integer_value(json_object_get(clock, "cycle"));
	const char *name = tkt_object_text(clock, "name");
	tkt_autotext label;

	tkt_text_init(&label, TKT_TEXT_LIMIT);
	tkt_text_add(&label, name ? name : "?");
	if (cycle > 1)
		tkt_text_format(&label, " %lld", (long long)cycle);
	if (telling->out->length > telling->start)
		tkt_text_add(telling->out, "; ");
	tkt_text_format(telling->out, form, label.bytes);
}

/* 'resolution: 3wd → 4h', or, under the same target, 'resolution due: ... → ...' */
static void tell_change(
    const struct telling *telling, const json_t *before, const json_t *after, bool turned)
{
	const char *target = tkt_object_text(before, "target"),
		   *new_target = tkt_object_text(after, "target"),
		   *due = tkt_object_text(before, "due_at"),
		   *new_due = tkt_object_text(after, "due_at");

	if (target && new_target && !tkt_text_equal(target, new_target)) {
		tell(telling, "%s: ", after);
		tkt_text_format(telling->out, "%s" ARROW "%s", target, new_target);
	} else if (!turned && due && new_due && has_state(after, "running") &&
	    !tkt_text_equal(due, new_due)) {
		/* TRANSLATORS: of a clock: 'resolution due: 2026-03-02 → 2026-03-03' */
		tell(telling, _("%s due: "), after);
		tkt_text_format(telling->out, "%s" ARROW "%s", due, new_due);
	}
}

static void tell_clock(const struct telling *telling, const json_t *before, const json_t *after)
{
	const char *form = turn(before, after);
	bool is_new_breach =
	    json_object_get(after, "breached_at") && !json_object_get(before, "breached_at");

	if (is_new_breach && !has_state(after, "missed"))
		tell(telling, _("%s breached"), after);
	if (form)
		tell(telling, form, after);
	if (before)
		tell_change(telling, before, after, form != NULL);
}

void tkt_clocks_tell(struct tkt_text *out, size_t start, const json_t *before, const json_t *after)
{
	const struct telling telling = { out, start };
	const json_t *clock;
	size_t at;

	json_array_foreach(after, at, clock) {
		const json_t *old = find(before, clock);

		if (!tkt_json_equal(old, clock))
			tell_clock(&telling, old, clock);
	}
	json_array_foreach(before, at, clock) {
		if (!find(after, clock))
			/* TRANSLATORS: a clock that no rule asks for any more */
			tell(&telling, _("%s dropped"), clock);
	}
}
