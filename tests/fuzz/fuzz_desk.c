/*
 * Any bytes as desk.conf and as a template: whatever they are, the reader ends; a desk that is read
 * has what the others rely on, and the text kept of it reads as the same desk again, with the same
 * levels and calendars.
 *
 * Seeds: share/desks/NAME/desk.conf, share/templates/NAME.LANG, the sections of desk.conf(5).
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "calendar/calendar.h"
#include "desk/calendars.h"
#include "desk/desk.h"
#include "desk/finding.h"
#include "desk/level.h"
#include "desk/reading.h"
#include "desk/template.h"
#include "expression/expression.h"
#include "json/field.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static const char *value(const char *name, void *context)
{
	(void)context;
	return *name == 'i' ? "SUP-7\r\n{{" : NULL;
}

/* What a sound desk promises can be read, from its own reading and from the text that is stored,
 * and both say the same. */
static void check_levels(const struct tkt_desk *desk)
{
	static const struct tkt_expression_scope scope = { .now = 1772442000 };
	tkt_autoptr(policy) stored = NULL;
	tkt_autoptr(policy) present = NULL;
	struct tkt_error error = { 0 };
	size_t i;

	require(!tkt_policy_read(
	    "/", desk->policy_text, strlen(desk->policy_text), &scope, &stored, &error));
	require(desk->has_levels == (stored->sla_count || stored->timer_count));
	for (i = 0; i < stored->route_count; i++)
		require(!stored->routes[i].team || tkt_team_find(stored, stored->routes[i].team));
	for (i = 0; i < stored->team_count; i++)
		require(stored->teams[i].members[0] && stored->teams[i].assign <= TKT_ASSIGN_NONE);
	for (i = 0; i < stored->sla_count; i++)
		require(*stored->slas[i].title && *stored->slas[i].rule &&
		    stored->slas[i].anchor <= TKT_ANCHOR_PROVEN_RECEIPT);
	for (i = 0; i < stored->timer_count; i++)
		require(tkt_field_find(&tkt_ticket_fields, stored->timers[i].since,
		    &(const char *){ NULL }, &(size_t){ 0 }));
	if (!desk->reading)
		return;
	require(!tkt_policy_make(desk->reading->conf, &scope, &present, &error));
	require(present->sla_count == stored->sla_count);
	require(present->timer_count == stored->timer_count);
	require(present->route_count == stored->route_count);
	require(present->team_count == stored->team_count);
}

/* Each calendar can be had, but for its holiday lists, which are nowhere. */
static void check_calendars(const struct tkt_desk *desk)
{
	tkt_autoptr(calendars) calendars = NULL;
	tkt_autotext digest;
	struct tkt_error error = { 0 };
	const char *const *name;

	tkt_text_init(&digest, 1 << 20);
	require(!tkt_calendars_read(
	    "/", "/", desk->policy_text, strlen(desk->policy_text), &calendars, &error));
	for (name = tkt_calendars_names(calendars); *name; name++) {
		struct tkt_calendar *calendar;
		int64_t opening;

		if (tkt_calendars_find(calendars, *name, &calendar, &error))
			require(error.kind == TKT_ERROR_CONFIGURATION);
		else if (tkt_calendar_next_open(calendar, 1772442000, &opening, &error))
			require(error.kind == TKT_ERROR_DATA);
		else
			require(opening >= 1772442000 && tkt_calendar_is_open(calendar, opening));
	}
	require(!tkt_calendars_digest(calendars, &digest, &error) && digest.length == 64);
}

/* The policy's text must be read again as the same desk. */
static void check_again(const struct tkt_desk *desk)
{
	tkt_autoptr(reading) reading = NULL;
	tkt_autoptr(desk) again = NULL;
	struct tkt_error error = { 0 };

	require(
	    !tkt_reading_new("/", desk->policy_text, strlen(desk->policy_text), &reading, &error));
	require(!tkt_reading_desk(reading, &again, &error));
	require(!strcmp(again->name, desk->name));
	require(!strcmp(again->address, desk->address));
	require(!strcmp(again->policy_sha256, desk->policy_sha256));
}

static void fuzz_desk(const char *bytes, size_t length)
{
	tkt_autoptr(reading) reading = NULL;
	tkt_autoptr(desk) desk = NULL;
	struct tkt_error error = { 0 };

	if (tkt_reading_new("/", bytes, length, &reading, &error))
		return;
	if (tkt_reading_desk(reading, &desk, &error)) {
		require(tkt_findings_errors(reading->findings));
		require(error.kind == TKT_ERROR_CONFIGURATION);
		return;
	}
	require(desk->languages[0] && desk->addresses[0] && desk->zone && *desk->name);
	check_again(desk);
	check_levels(desk);
	check_calendars(desk);
}

static void fuzz_template(const char *bytes, size_t length)
{
	tkt_autotext subject;
	tkt_autotext body;
	struct tkt_error error = { 0 };
	int line = 0;

	tkt_text_init(&subject, 1 << 20);
	tkt_text_init(&body, 1 << 20);
	if (tkt_template_fill(bytes, length, value, NULL, &subject, &body, &line, &error)) {
		require(line >= 1 && !subject.length && !body.length);
		return;
	}
	require(!memchr(subject.bytes, '\n', subject.length));
	require(!memchr(subject.bytes, '\r', subject.length));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1); /* as the readers of files have it: a NUL behind it */

	if (!text || length > 1 << 16) {
		free(text);
		return 0;
	}
	memcpy(text, bytes, length);
	text[length] = '\0';
	fuzz_desk(text, length);
	fuzz_template(text, length);
	free(text);
	return 0;
}
