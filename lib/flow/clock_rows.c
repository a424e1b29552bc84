#include "flow/clock_rows.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "json/output.h"

#include "base/banned.h"

static const struct tkt_field fields[] = {
	{ "ticket", TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Ticket"), 10 },
	{ "clock", TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Clock"), 16 },
	{ "state", TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("State"), 8 },
	{ "target", TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Target"), 8 },
	{ "due_at", TKT_FIELD_TIME, NULL, 1, 0, NULL, N_("Due"), 16 },
	{ "left", TKT_FIELD_LENGTH, NULL, 1, 0, NULL, N_("Left"), 10 },
	{ "sla", TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Promise"), 12 },
	{ "calendar", TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Calendar"), 12 },
};
const struct tkt_field_table tkt_clock_row_fields = {
	.type = "clock",
	.fields = fields,
	.count = sizeof(fields) / sizeof(fields[0]),
	.shown = "ticket,clock,state,target,due_at,left,sla,calendar",
};

/* What is left of a clock, in seconds; NULL: nothing can be. */
static json_t *time_left(const json_t *clock, int64_t now)
{
	int64_t due = tkt_object_time(clock, "due_at");

	if (tkt_text_equal(tkt_object_text(clock, "state"), "paused"))
		return json_incref(json_object_get(clock, "remaining_seconds"));
	if (!tkt_text_equal(tkt_object_text(clock, "state"), "running") || due == TKT_TIME_NONE)
		return NULL;
	return json_integer(due - now);
}

int tkt_clock_rows(
    struct tkt_output *output, const json_t *ticket, int64_t now, struct tkt_error *error)
{
	const json_t *clocks = json_object_get(ticket, "clocks"), *clock;
	size_t at;

	json_array_foreach(clocks, at, clock) {
		json_auto_t *left = time_left(clock, now);
		json_auto_t *row = json_pack(
		    "{s:s, s:O*, s:O*, s:O*, s:O*, s:O*, s:O*, s:O*, s:O*}", "type",
		    tkt_clock_row_fields.type, "ticket", json_object_get(ticket, "id"), "clock",
		    json_object_get(clock, "name"), "state", json_object_get(clock, "state"),
		    "target", json_object_get(clock, "target"), "due_at",
		    json_object_get(clock, "due_at"), "left", left, "sla",
		    json_object_get(clock, "sla"), "calendar", json_object_get(clock, "calendar"));

		if (!row)
			return tkt_error_set_memory(error);
		if (tkt_output_object(output, row, error))
			return -1;
	}
	return 0;
}
