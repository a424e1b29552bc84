#include "flow/notice.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "calendar/calendar.h"
#include "desk/calendars.h"
#include "desk/desk.h"
#include "desk/template.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "flow/staff.h"
#include "flow/staff_notice.h"
#include "flow/staff_outgoing.h"
#include "store/sweep.h"
#include "store/ticket.h"
#include "json/field.h"

#include "base/banned.h"

#define ACTOR "tool:tkt-sla"
#define WORDS_MOST 200                /* bytes of a subject in a line */
#define LINES_MOST ((size_t)32 << 10) /* more than that nobody reads in a mail */

/* -- keeping -- */

static int send_time(
    struct tkt_session *session, const json_t *ticket, int64_t *send_at, struct tkt_error *error)
{
	const char *name = session->desk->notice_calendar;
	int64_t now = tkt_command_now(session->command);
	struct tkt_calendars *calendars;
	struct tkt_calendar *calendar;

	*send_at = now;
	if (!name || tkt_text_equal(tkt_object_text(ticket, "priority"), "critical"))
		return 0;
	if (!tkt_session_calendars(session, &calendars, error) &&
	    !tkt_calendars_find(calendars, name, &calendar, error) &&
	    !tkt_calendar_next_open(calendar, now, send_at, error))
		return 0;
	if (error->kind != TKT_ERROR_TEMPORARY)
		error->kind = TKT_ERROR_CONFIGURATION;
	return tkt_error_prefix(error, "notice_calendar");
}

/* 'first_response 75%', 'silent 5wd' */
static char *words_of(const json_t *change)
{
	const json_t *step = json_object_get(change, "step");
	const char *clock = tkt_object_text(step, "clock"), *timer = tkt_object_text(step, "timer"),
		   *title = tkt_object_text(step, "step"), *why = tkt_object_text(change, "why"),
		   *action = tkt_object_text(change, "action");
	const char *blank = title ? strrchr(title, ' ') : NULL;
	char *words = NULL;

	if (!title || (!clock && !timer))
		return strdup(why ? why : action ? action : "");
	return asprintf(&words, "%s %s", clock ? clock : timer, blank ? blank + 1 : title) < 0
	    ? NULL
	    : words;
}

/* Whom a person of the list stands for, and who has not been told by an earlier one. 0 or -1. */
static int tell(struct tkt_session *session, const char *person, const json_t *ticket,
    struct tkt_notice *notice, json_t *told, struct tkt_text *complaints, struct tkt_error *error)
{
	json_auto_t *addresses = json_array();
	const json_t *address;
	size_t at;

	if (!addresses)
		return tkt_error_set_memory(error);
	if (tkt_staff_addresses(session, person, ticket, addresses, error))
		return -1;
	if (!json_array_size(addresses) && !tkt_text_equal(person, "requester"))
		tkt_text_format(complaints,
		    _("ticket '%s': '%s' has no mail address of its own and is not told\n"),
		    notice->ticket, person);
	json_array_foreach(addresses, at, address) {
		if (tkt_array_has(told, address))
			continue;
		notice->address = json_string_value(address);
		if (tkt_notice_write(session->db, notice, error))
			return -1;
		if (json_array_append(told, (json_t *)address))
			return tkt_error_set_memory(error);
	}
	return 0;
}

int tkt_notices_add(struct tkt_session *session, const json_t *change, const json_t *ticket,
    struct tkt_text *complaints, struct tkt_error *error)
{
	const json_t *people = json_object_get(change, "notify"), *element;
	tkt_autofree char *words = words_of(change);
	struct tkt_notice notice = { .ticket = tkt_object_text(ticket, "id"), .text = words };
	json_auto_t *told = json_array();
	size_t at;

	if (!json_array_size(people))
		return 0;
	if (!words || !told)
		return tkt_error_set_memory(error);
	if (send_time(session, ticket, &notice.send_at, error))
		return -1;
	json_array_foreach(people, at, element) {
		const char *person = json_string_value(element);

		if (person && tell(session, person, ticket, &notice, told, complaints, error))
			return -1;
	}
	return 0;
}

/* -- mailing -- */

/* All that may be told now: {"leads@example.org":{"SUP-1":["first_response 75%"]}} in order. */
struct gathering {
	json_t *addresses;
	int64_t last; /* number */
};

/* The member `name`, made by `make` when it is not there; NULL without memory. */
static json_t *member(json_t *object, const char *name, json_t *(*make)(void))
{
	json_t *found = json_object_get(object, name);

	if (!found) {
		found = make();
		if (json_object_set_new(object, name, found))
			return NULL;
	}
	return found;
}

static int gather(const struct tkt_notice *notice, void *context, struct tkt_error *error)
{
	struct gathering *gathering = context;
	json_t *tickets = member(gathering->addresses, notice->address, json_object);
	json_t *texts =
	    tickets ? member(tickets, notice->ticket ? notice->ticket : "", json_array) : NULL;

	if (notice->number > gathering->last)
		gathering->last = notice->number;
	return json_array_append_new(texts, json_string(notice->text ? notice->text : ""))
	    ? tkt_error_set_memory(error)
	    : 0;
}

/* Is one of the texts about this clock? */
static bool is_named(const json_t *texts, const json_t *clock)
{
	const char *name = tkt_object_text(clock, "name");
	size_t length = name ? strlen(name) : 0, at;
	const json_t *text;

	json_array_foreach(texts, at, text) {
		const char *words = json_string_value(text);

		if (length && !strncmp(words, name, length) && words[length] == ' ')
			return true;
	}
	return false;
}

/*
 * The earliest deadline of the clocks that run; TKT_TIME_NONE: none does.
 *
 *   texts  only of those that they are about; NULL: of all
 *   state  set where `texts` is given: the last such clock's; else as it was
 */
static int64_t first_due(const json_t *ticket, const json_t *texts, const char **state)
{
	int64_t due = TKT_TIME_NONE;
	const json_t *clock;
	size_t at;

	json_array_foreach(json_object_get(ticket, "clocks"), at, clock) {
		const char *text = tkt_object_text(clock, "due_at");
		struct tkt_error ignored = { 0 };
		int64_t time;

		if (texts && !is_named(texts, clock))
			continue;
		if (texts)
			*state = tkt_object_text(clock, "state");
		if (text && tkt_text_equal(tkt_object_text(clock, "state"), "running") &&
		    !tkt_time_parse(text, &time, &ignored) && (due == TKT_TIME_NONE || time < due))
			due = time;
	}
	return due;
}

/* When what the texts tell of is due, by the desk's wall clock; or why it is not: a notice that
 * waited may be about what is over. "-": there is no deadline. */
static void add_due(
    const struct tkt_desk *desk, const json_t *ticket, const json_t *texts, struct tkt_text *out)
{
	const char *status = tkt_object_text(ticket, "status"), *state = NULL;
	int64_t due = first_due(ticket, texts, &state);
	struct tkt_civil civil;

	if (tkt_text_equal(status, "closed"))
		state = status;
	else if (!state)
		due = first_due(ticket, NULL, &state);
	if (due == TKT_TIME_NONE) {
		tkt_text_add(out, state ? state : "-");
		return;
	}
	tkt_zone_civil(desk->zone, due, &civil);
	tkt_text_format(out, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month, civil.day,
	    civil.hour, civil.minute);
}

/* A stranger chose it: one line, not too long. */
static void add_subject(const char *subject, struct tkt_text *out)
{
	size_t length = subject ? strlen(subject) : 0, at = 0;

	while (at < length && at < WORDS_MOST) {
		size_t start = at;
		uint32_t point = tkt_utf8_next(subject, length, &at);

		if (point < ' ' || point == 127)
			tkt_text_add(out, " ");
		else
			tkt_text_add_bytes(out, subject + start, at - start);
	}
	if (at < length)
		tkt_text_add(out, "...");
}

/* 'SUP-1  high  first_response 75%  2026-03-02 13:00  Printer' */
static int add_line(struct tkt_session *session, const char *id, const json_t *texts,
    struct tkt_text *out, struct tkt_error *error)
{
	static const char *const names[] = { "status", "priority", "subject", "clocks", NULL };
	json_auto_t *ticket = NULL;
	const char *priority;
	const json_t *text;
	size_t at;

	if (tkt_ticket_find_some(session->db, id, names, &ticket, error) < 0)
		return -1;
	priority = tkt_object_text(ticket, "priority");
	tkt_text_format(out, "%s  %s  ", id, priority ? priority : "-");
	json_array_foreach(texts, at, text)
		tkt_text_format(out, "%s%s", at ? ", " : "", json_string_value(text));
	tkt_text_add(out, "  ");
	add_due(session->desk, ticket, texts, out);
	tkt_text_add(out, "  ");
	add_subject(tkt_object_text(ticket, "subject"), out);
	tkt_text_add(out, "\n");
	return 0;
}

/* What the template may name. */
struct rendering {
	const struct tkt_session *session;
	const char *lines;
	char count[32];
};

static const char *variable(const char *name, void *context)
{
	const struct rendering *rendering = context;

	if (!strcmp(name, "count"))
		return rendering->count;
	if (!strcmp(name, "lines"))
		return rendering->lines;
	return tkt_staff_variable(rendering->session, name);
}

/* A line a ticket, with what an agent is told beside it. */
static int add_lines(struct tkt_session *session, json_t *tickets, struct tkt_staff_notice *notice,
    struct tkt_text *lines, struct tkt_error *error)
{
	const char *id;
	json_t *texts;
	size_t told = 0;

	json_object_foreach(tickets, id, texts) {
		if (lines->length > LINES_MOST) {
			tkt_text_format(lines, "... +%zu\n", json_object_size(tickets) - told);
			break;
		}
		told++;
		if (add_line(session, id, texts, lines, error) ||
		    tkt_staff_notice_add(session, notice, id, lines, error))
			return -1;
	}
	return tkt_text_check(lines, error);
}

static int mail_one(
    struct tkt_session *session, const char *address, json_t *tickets, struct tkt_error *error)
{
	bool is_single = json_object_size(tickets) == 1;
	struct rendering rendering = { .session = session };
	struct tkt_staff_notice notice;
	struct tkt_staff_outgoing mail = { .address = address, .actor = ACTOR, .why = "notice" };
	tkt_autotext lines, subject, body;

	tkt_text_init(&lines, TKT_TEMPLATE_LIMIT);
	tkt_text_init(&subject, TKT_TEMPLATE_LIMIT);
	tkt_text_init(&body, TKT_TEMPLATE_LIMIT);
	if (tkt_staff_notice_begin(session, address,
		is_single ? json_object_iter_key(json_object_iter(tickets)) : NULL, &notice,
		error) ||
	    add_lines(session, tickets, &notice, &lines, error))
		return -1;
	snprintf(rendering.count, sizeof(rendering.count), "%zu", json_object_size(tickets));
	rendering.lines = lines.bytes;
	if (tkt_template_render(session->desk, session->command->datadir, &session->templates,
		"notice", NULL, variable, &rendering, &subject, &body, error))
		return -1;
	mail.subject = subject.bytes;
	mail.body = body.bytes;
	mail.token = notice.ticket ? &notice.token : NULL;
	mail.is_answerable = notice.is_answerable;
	return tkt_staff_outgoing_put(session, &mail, error);
}

int tkt_notices_mail(struct tkt_session *session, struct tkt_error *error)
{
	int64_t now = tkt_command_now(session->command);
	json_auto_t *addresses = json_object();
	struct gathering gathering = { .addresses = addresses };
	const char *address;
	json_t *tickets;

	if (!addresses)
		return tkt_error_set_memory(error);
	if (tkt_notice_each(session->db, now, gather, &gathering, error) < 0)
		return -1;
	json_object_foreach(addresses, address, tickets)
		if (mail_one(session, address, tickets, error))
			return -1;
	if (json_object_size(addresses) &&
	    tkt_notice_forget(session->db, gathering.last, now, error))
		return -1;
	return (int)json_object_size(addresses);
}
