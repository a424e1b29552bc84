#include "flow/ask.h"

#include <stdio.h>
#include <string.h>

#include "base/program.h"
#include "base/time.h"
#include "base/utf8.h"
#include "desk/level.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "policy/answer.h"
#include "store/message.h"
#include "json/field.h"

#include "base/banned.h"

#define KEY_SIZE 32

/* One ticket that is asked. */
struct asking {
	const struct tkt_intake_rules *rules;
	const json_t *ticket;
	json_t *all;   /* its questions, these too */
	json_t *asked; /* what the change writes */
	char now[TKT_TIME_SIZE];
};

static void asking_clear(struct asking *asking)
{
	json_decref(asking->all);
	json_decref(asking->asked);
}

int tkt_ask_check(const struct tkt_strings *asked, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < asked->count; i++) {
		const char *text = asked->items[i];

		if (!text[strspn(text, " \t")] || strpbrk(text, "\r\n") ||
		    !tkt_utf8_is_valid(text, strlen(text)))
			return tkt_error_set(
			    error, TKT_ERROR_USAGE, _("'%s' is no question: a line of text"), text);
	}
	return 0;
}

/* A name of its own for a question in free words. */
static void own_key(const struct asking *asking, char key[KEY_SIZE])
{
	size_t number = 1;

	do
		snprintf(key, KEY_SIZE, "ask-%zu", number++);
	while (tkt_questions_get(asking->all, key));
}

/* The same words again are the same question. */
static const char *known_key(const struct asking *asking, const char *text)
{
	const json_t *question;
	size_t at;

	json_array_foreach(asking->all, at, question) {
		if (tkt_text_equal(tkt_object_text(question, "text"), text))
			return tkt_object_text(question, "key");
	}
	return NULL;
}

/* Asks it, unless it is open already. */
static int ask(struct asking *asking, const char *key, const char *text, struct tkt_error *error)
{
	json_t *known = tkt_questions_get(asking->all, key), *question;
	int failed;

	if (tkt_questions_get(asking->asked, key))
		return 0;
	if (known && tkt_question_is_open(known))
		return json_array_append(asking->asked, known) ? tkt_error_set_memory(error) : 0;
	question = json_pack("{s:s,s:s,s:s,s:s}", "key", key, "text", text, "asked_at", asking->now,
	    "kind", "asked");
	if (!question || json_array_append(asking->asked, question)) {
		json_decref(question);
		return tkt_error_set_memory(error);
	}
	if (!known)
		return json_array_append_new(asking->all, question) ? tkt_error_set_memory(error)
								    : 0;
	json_object_clear(known);
	failed = json_object_update(known, question);
	json_decref(question);
	return failed ? tkt_error_set_memory(error) : 0;
}

static int ask_one(struct asking *asking, const char *asked, struct tkt_error *error)
{
	const struct tkt_question *question = tkt_question_find(asking->rules, asked);
	const char *known;
	char key[KEY_SIZE];

	if (question)
		return ask(asking, asked,
		    tkt_question_text(question, tkt_object_text(asking->ticket, "lang")), error);
	if (!strpbrk(asked, " \t?"))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("there is no question '%s'; one in your own words has more than one"), asked);
	known = known_key(asking, asked);
	if (known)
		return ask(asking, known, asked, error);
	own_key(asking, key);
	return ask(asking, key, asked, error);
}

static bool is_asked(const struct asking *asking, const json_t *question)
{
	return tkt_questions_get(asking->asked, tkt_object_text(question, "key")) != NULL;
}

/* The questions below the text, each with the number that it keeps. */
static int add_to_body(const struct asking *asking, json_t *message, struct tkt_error *error)
{
	const char *body = tkt_object_text(message, "body");
	const json_t *question;
	tkt_autotext text;
	size_t at;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	if (!tkt_text_is_empty(body))
		tkt_text_format(&text, "%s\n\n", body);
	json_array_foreach(asking->all, at, question) {
		if (is_asked(asking, question))
			tkt_text_format(
			    &text, "%zu. %s\n", at + 1, tkt_object_text(question, "text"));
	}
	if (text.length && text.bytes[text.length - 1] == '\n')
		tkt_text_truncate(&text, text.length - 1);
	if (tkt_text_check(&text, error))
		return -1;
	return tkt_object_set(message, "body", json_string(text.bytes), error);
}

/* What the change writes: of a question that is open nothing has changed. */
static json_t *written(const struct asking *asking)
{
	json_t *made = json_array();
	const json_t *question;
	size_t at;

	json_array_foreach(asking->asked, at, question) {
		if (made && !json_object_get(question, "ticket") &&
		    json_array_append(made, (json_t *)question)) {
			json_decref(made);
			made = NULL;
		}
	}
	return made;
}

int tkt_ask_add(struct tkt_session *session, const json_t *ticket, const struct tkt_strings *asked,
    json_t *message, json_t **questions, struct tkt_error *error)
{
	__attribute__((cleanup(asking_clear))) struct asking asking = { .ticket = ticket,
		.asked = json_array() };
	const struct tkt_policy *policy;
	size_t i;

	tkt_time_format(tkt_command_now(session->command), asking.now);
	if (!asking.asked)
		return tkt_error_set_memory(error);
	if (tkt_session_policy_of(session, tkt_object_text(ticket, "policy"), &policy, error) ||
	    tkt_question_list(session->db, tkt_object_text(ticket, "id"), &asking.all, error))
		return -1;
	asking.rules = &policy->intake;
	for (i = 0; i < asked->count; i++)
		if (ask_one(&asking, asked->items[i], error))
			return -1;
	if (tkt_questions_order(asking.rules, asking.all, error) ||
	    add_to_body(&asking, message, error))
		return -1;
	*questions = written(&asking);
	return *questions ? 0 : tkt_error_set_memory(error);
}
