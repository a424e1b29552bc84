#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/words.h"
#include "calendar/gather.h"
#include "calendar/ics_event.h"

#include "base/banned.h"

#define DEPTH_LIMIT 16 /* components within each other; a calendar needs 3 */
#define NAME_SIZE 64
#define EVENT_SIZE ((size_t)64 << 10)

const char *const tkt_ics_property_names[] = {
	[TKT_ICS_DTSTART] = "DTSTART",
	[TKT_ICS_DTEND] = "DTEND",
	[TKT_ICS_DURATION] = "DURATION",
	[TKT_ICS_RRULE] = "RRULE",
	[TKT_ICS_RDATE] = "RDATE",
	[TKT_ICS_EXDATE] = "EXDATE",
	[TKT_ICS_CATEGORIES] = "CATEGORIES",
	[TKT_ICS_SUMMARY] = "SUMMARY",
	[TKT_ICS_STATUS] = "STATUS",
	[TKT_ICS_EXRULE] = "EXRULE",
	[TKT_ICS_RECURRENCE_ID] = "RECURRENCE-ID",
};

struct scan {
	struct tkt_gather *gather; /* borrowed */
	const char *at, *end;
	int line, next;          /* numbers of this content line and of the one behind it */
	struct tkt_text content; /* one line, unfolded */
	char names[DEPTH_LIMIT][NAME_SIZE]; /* of the components that are open */
	int depth;
	bool has_calendar;
	struct tkt_ics_event event;
};

static int say(const struct scan *scan, struct tkt_error *error, const char *text)
{
	return tkt_gather_error(scan->gather, scan->line, error, "%s", text);
}

/* Takes a line of the file into scan->content, without its end. */
static void take_line(struct scan *scan, const char *from)
{
	const char *feed = memchr(from, '\n', (size_t)(scan->end - from));
	const char *end = feed ? feed : scan->end;

	scan->at = feed ? feed + 1 : scan->end;
	scan->next++;
	if (end > from && end[-1] == '\r')
		end--;
	tkt_text_add_bytes(&scan->content, from, (size_t)(end - from));
}

/* The next content line that is not blank (RFC 5545, 3.1). 1; 0 at the end; -1. */
static int next_content(struct scan *scan, struct tkt_error *error)
{
	do {
		if (scan->at >= scan->end)
			return 0;
		tkt_text_reset(&scan->content);
		scan->line = scan->next;
		take_line(scan, scan->at);
		while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t'))
			take_line(scan, scan->at + 1);
	} while (!scan->content.length);
	if (tkt_text_check(&scan->content, error))
		return -1;
	/* a character may be folded in its middle, so this comes behind the unfolding */
	if (!tkt_utf8_is_valid(scan->content.bytes, scan->content.length))
		return say(scan, error, _("the line is not UTF-8"));
	return 1;
}

static bool is_in_event(const struct scan *scan)
{
	return scan->depth == 2 && strcasecmp(scan->names[1], "VEVENT") == 0;
}

static int begin_component(struct scan *scan, const char *name, struct tkt_error *error)
{
	if (scan->depth == 0 && strcasecmp(name, "VCALENDAR") != 0)
		return say(scan, error, _("'BEGIN:VCALENDAR' is missing"));
	if (scan->depth == DEPTH_LIMIT || strlen(name) >= NAME_SIZE)
		return say(scan, error, _("components are nested too deeply or named too long"));
	memcpy(scan->names[scan->depth++], name, strlen(name) + 1);
	scan->has_calendar = true;
	if (is_in_event(scan)) {
		tkt_text_reset(&scan->event.text);
		tkt_text_add(&scan->event.text, "BEGIN:VEVENT\r\n");
		memset(scan->event.lines, 0, sizeof(scan->event.lines));
		scan->event.line = scan->line;
	}
	return 0;
}

static int end_component(struct scan *scan, const char *name, struct tkt_error *error)
{
	if (scan->depth == 0 || strcasecmp(name, scan->names[scan->depth - 1]) != 0)
		return tkt_gather_error(
		    scan->gather, scan->line, error, _("'END:%s' has no BEGIN"), name);
	if (is_in_event(scan)) {
		tkt_text_add(&scan->event.text, "END:VEVENT\r\n");
		if (scan->event.text.failed && !scan->event.text.out_of_memory)
			return say(scan, error, _("the event is too large"));
		if (tkt_text_check(&scan->event.text, error) ||
		    tkt_ics_event_gather(&scan->event, scan->gather, error))
			return -1;
	}
	scan->depth--;
	return 0;
}

/* Keeps a property of an event if it says anything about its days. */
static void keep_property(struct scan *scan, size_t name_length)
{
	for (int property = 0; property < TKT_ICS_PROPERTY_COUNT; property++) {
		const char *name = tkt_ics_property_names[property];

		if (strlen(name) != name_length ||
		    strncasecmp(scan->content.bytes, name, name_length) != 0)
			continue;
		if (!scan->event.lines[property])
			scan->event.lines[property] = scan->line;
		tkt_text_add_bytes(&scan->event.text, scan->content.bytes, scan->content.length);
		tkt_text_add(&scan->event.text, "\r\n");
	}
}

static int take_content(struct scan *scan, struct tkt_error *error)
{
	const char *content = scan->content.bytes;
	size_t name_length = strcspn(content, ":;");

	if (strncasecmp(content, "BEGIN:", 6) == 0)
		return begin_component(scan, content + 6, error);
	if (strncasecmp(content, "END:", 4) == 0)
		return end_component(scan, content + 4, error);
	if (scan->depth == 0)
		return say(scan, error, _("'BEGIN:VCALENDAR' is missing"));
	if (!name_length || !strchr(content, ':'))
		return say(scan, error, _("the line is not 'NAME:VALUE'"));
	if (is_in_event(scan))
		keep_property(scan, name_length);
	return 0;
}

static int scan_all(struct scan *scan, struct tkt_error *error)
{
	int got;

	while ((got = next_content(scan, error)) > 0)
		if (take_content(scan, error))
			return -1;
	if (got < 0)
		return -1;
	if (!scan->has_calendar)
		return say(scan, error, _("'BEGIN:VCALENDAR' is missing"));
	if (scan->depth)
		return tkt_gather_error(scan->gather, scan->line, error, _("'END:%s' is missing"),
		    scan->names[scan->depth - 1]);
	return 0;
}

int tkt_gather_ics(
    struct tkt_gather *gather, const char *bytes, size_t length, struct tkt_error *error)
{
	struct scan scan = {
		.gather = gather, .at = bytes, .end = bytes + length, .line = 1, .next = 1
	};
	int result;

	tkt_text_init(&scan.content, TKT_HOLIDAYS_SIZE);
	tkt_text_init(&scan.event.text, EVENT_SIZE);
	result = scan_all(&scan, error);
	tkt_text_clear(&scan.content);
	tkt_text_clear(&scan.event.text);
	return result;
}
