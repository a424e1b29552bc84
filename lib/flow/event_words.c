#include "flow/event_words.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "flow/clock_words.h"
#include "json/field.h"

#include "base/banned.h"

#define ARROW " \xe2\x86\x92 "

/* Follow by themselves from what is told, or are told in other columns. */
static const char *const silent[] = { "id", "rev", "created_at", "updated_at", "received_at",
	"sent_at", "closed_at", "last_in_at", "last_out_at", "policy", "clocks", "timers",
	"next_at", NULL };

static bool is_silent(const char *name)
{
	size_t i;

	for (i = 0; silent[i]; i++)
		if (!strcmp(silent[i], name))
			return true;
	return false;
}

static void separate(struct tkt_text *out, size_t start)
{
	if (out->length > start)
		tkt_text_add(out, "; ");
}

/* Texts as they are, a list by commas, other values as JSON. */
static int add_value(struct tkt_text *out, const json_t *value, struct tkt_error *error)
{
	tkt_autofree char *json = NULL;
	const json_t *element;
	size_t at;

	if (json_is_string(value)) {
		tkt_text_add(out, json_string_value(value));
		return 0;
	}
	if (json_is_array(value)) {
		json_array_foreach(value, at, element) {
			if (at)
				tkt_text_add_byte(out, ',');
			if (add_value(out, element, error))
				return -1;
		}
		return 0;
	}
	json = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	if (!json)
		return tkt_error_set_memory(error);
	tkt_text_add(out, json);
	return 0;
}

/* 'status: new → open', 'assignee: ivanova', 'assignee: ivanova → empty'. */
static int add_field(struct tkt_text *out, const char *name, const json_t *before,
    const json_t *after, struct tkt_error *error)
{
	tkt_text_format(out, "%s: ", name);
	if (!tkt_json_is_empty(before)) {
		if (add_value(out, before, error))
			return -1;
		tkt_text_add(out, ARROW);
	}
	if (tkt_json_is_empty(after)) {
		/* TRANSLATORS: what a field is after its value was taken away */
		tkt_text_add(out, _("empty"));
		return 0;
	}
	return add_value(out, after, error);
}

static int add_fields(
    struct tkt_text *out, size_t start, const json_t *event, struct tkt_error *error)
{
	const json_t *set = json_object_get(event, "set"), *was = json_object_get(event, "was");
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)set, name, value) {
		if (is_silent(name))
			continue;
		separate(out, start);
		if (add_field(out, name, json_object_get(was, name), value, error))
			return -1;
	}
	return 0;
}

static void add_message(struct tkt_text *out, size_t start, const json_t *message)
{
	const char *author = tkt_object_text(message, "author.email");
	const char *channel = tkt_object_text(message, "channel");
	bool is_in = tkt_text_equal(tkt_object_text(message, "direction"), "in");

	if (!message)
		return;
	if (!author)
		author = "?";
	separate(out, start);
	if (json_is_true(json_object_get(message, "bounce")))
		tkt_text_format(out, _("delivery report from %s"), author);
	else if (tkt_text_equal(tkt_object_text(message, "kind"), "internal"))
		tkt_text_add(out, _("internal note"));
	else if (json_is_true(json_object_get(message, "auto")))
		tkt_text_add(out, is_in ? _("automatic letter") : _("automatic answer"));
	else if (is_in)
		tkt_text_format(out, _("letter from %s"), author);
	else
		tkt_text_add(out, _("answer"));
	if (channel && strcmp(channel, "mail"))
		tkt_text_format(out, " (%s)", channel);
}

static void add_questions(struct tkt_text *out, size_t start, const json_t *questions)
{
	const json_t *question;
	size_t at;

	json_array_foreach(questions, at, question) {
		const char *key = tkt_object_text(question, "key");

		separate(out, start);
		tkt_text_format(out,
		    tkt_object_text(question, "answered_at") ? _("answered '%s'") : _("asked '%s'"),
		    key ? key : "");
	}
}

/* 'first_response 75%', 'silent 5wd': for a change that does not say why. */
static void add_step(struct tkt_text *out, size_t start, const json_t *step)
{
	const char *whose = tkt_object_text(step, "clock"), *timer = tkt_object_text(step, "timer"),
		   *title = tkt_object_text(step, "step"),
		   *blank = title ? strrchr(title, ' ') : NULL;

	if (!title)
		return;
	separate(out, start);
	tkt_text_format(out, "%s %s",
	    whose       ? whose
		: timer ? timer
			: "",
	    blank ? blank + 1 : title);
}

/* A new ticket is told by its subject: its other columns are where it is shown. */
static bool is_opening(const json_t *event)
{
	const json_t *rev = json_object_get(event, "rev");

	return json_integer_value(rev) == 1 && !json_object_get(event, "was");
}

/* Whom it is about, where that is no ticket: 'customer acme'. */
static void add_person(struct tkt_text *out, const json_t *event)
{
	static const char *const kinds[] = { "customer", "contact", "agent" };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (tkt_object_text(event, kinds[i]))
			tkt_text_format(out, "%s %s", kinds[i], tkt_object_text(event, kinds[i]));
}

int tkt_event_words(const json_t *event, struct tkt_text *out, struct tkt_error *error)
{
	const char *subject = tkt_object_text(json_object_get(event, "set"), "subject");
	const char *why = tkt_object_text(event, "why"), *action = tkt_object_text(event, "action");
	const json_t *was = json_object_get(event, "was"), *set = json_object_get(event, "set");
	size_t start = out->length;

	add_person(out, event);
	if (is_opening(event))
		tkt_text_format(out, subject ? _("opened '%s'") : _("opened"), subject);
	else if (add_fields(out, start, event, error))
		return -1;
	if (json_object_get(set, "clocks"))
		tkt_clocks_tell(
		    out, start, json_object_get(was, "clocks"), json_object_get(set, "clocks"));
	add_message(out, start, json_object_get(event, "message"));
	add_questions(out, start, json_object_get(event, "questions"));
	if (action) {
		separate(out, start);
		/* TRANSLATORS: an action of desk.conf that was performed on a ticket */
		tkt_text_format(out, _("action '%s'"), action);
	}
	if (why) {
		separate(out, start);
		tkt_text_add(out, why);
	} else {
		add_step(out, start, json_object_get(event, "step"));
	}
	return tkt_text_check(out, error);
}
