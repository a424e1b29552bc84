#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "policy/answer.h"
#include "policy/intake_parts.h"
#include "json/field.h"

#include "base/banned.h"

#define REQUIRED "required"
#define ASKED "asked"

static bool has_kind(const json_t *question, const char *kind)
{
	return tkt_text_equal(tkt_object_text(question, "kind"), kind);
}

/* Notes what the change writes of a question, once. */
static int write_question(struct tkt_judging *judging, json_t *written, struct tkt_error *error)
{
	return json_array_append_new(judging->written, written) ? tkt_error_set_memory(error) : 0;
}

int tkt_judging_close(
    struct tkt_judging *judging, json_t *question, json_t *answer, struct tkt_error *error)
{
	json_auto_t *given = answer;
	const char *now = judging->letter->now;
	json_t *written = json_pack("{s:O,s:s,s:O*}", "key", json_object_get(question, "key"),
	    "answered_at", now, "answer", given);

	if (!written || json_object_set_new(question, "answered_at", json_string(now)) ||
	    (given && json_object_set(question, "answer", given))) {
		json_decref(written);
		return tkt_error_set_memory(error);
	}
	return write_question(judging, written, error);
}

/* Asks in the ticket's language, by its name what the policy has no question for, unless it was
 * asked before. */
static int ask(
    struct tkt_judging *judging, const char *key, const char *kind, struct tkt_error *error)
{
	const struct tkt_question *rule = tkt_question_find(judging->rules, key);
	const char *language = tkt_object_text(judging->draft, "lang");
	json_t *question;

	if (tkt_questions_get(judging->questions, key))
		return 0;
	question = json_pack("{s:s,s:s,s:s,s:s}", "key", key, "text",
	    rule ? tkt_question_text(rule, language) : key, "asked_at", judging->letter->now,
	    "kind", kind);
	if (!question || json_array_append(judging->questions, question)) {
		json_decref(question);
		return tkt_error_set_memory(error);
	}
	if (write_question(judging, question, error))
		return -1;
	return rule ? tkt_rules_note(judging->used, rule->rule, error) : 0;
}

/* A fact that was closed and is lacking again (a wrong number) is asked for anew. */
static int ask_again(struct tkt_judging *judging, json_t *question, struct tkt_error *error)
{
	json_t *written;

	if (tkt_question_is_open(question))
		return 0;
	json_object_del(question, "answered_at");
	json_object_del(question, "answer");
	written = json_deep_copy(question);
	if (!written)
		return tkt_error_set_memory(error);
	json_object_del(written, "type");
	json_object_del(written, "ticket");
	return write_question(judging, written, error);
}

/* Is a required fact there? The description may have come as an answer. 1, 0, -1. */
static int is_there(struct tkt_judging *judging, const char *field, struct tkt_error *error)
{
	const json_t *question;

	if (strcmp(field, "description"))
		return !tkt_judging_is_empty(judging, field);
	question = tkt_questions_get(judging->questions, field);
	if (question && !tkt_json_is_empty(json_object_get(question, "answer")))
		return 1;
	return tkt_judging_is_described(judging, error);
}

static int require(struct tkt_judging *judging, const char *field, struct tkt_error *error)
{
	const char *key = tkt_question_key(field);
	json_t *question = tkt_questions_get(judging->questions, key);
	int there = is_there(judging, field, error);

	if (there)
		return there < 0 ? -1 : 0;
	if (tkt_rules_note(judging->lacks, field, error))
		return -1;
	return question ? ask_again(judging, question, error) : ask(judging, key, REQUIRED, error);
}

static int fill_form(
    struct tkt_judging *judging, const struct tkt_form *form, struct tkt_error *error)
{
	size_t i, before = json_array_size(judging->lacks);

	for (i = 0; form->require[i]; i++)
		if (require(judging, form->require[i], error))
			return -1;
	for (i = 0; form->ask[i]; i++) {
		int there = is_there(judging, form->ask[i], error);

		if (there < 0 ||
		    (!there && ask(judging, tkt_question_key(form->ask[i]), ASKED, error)))
			return -1;
	}
	if (json_array_size(judging->lacks) == before)
		return 0;
	judging->rule = form->rule.rule;
	return tkt_rules_note(judging->used, form->rule.rule, error) ||
		tkt_judging_apply(judging, form->rule.set, form->rule.add, error)
	    ? -1
	    : 0;
}

/* A question that stands for itself is asked of each ticket that matches (S2-23, S3-11). */
static int ask_matching(
    struct tkt_judging *judging, const struct tkt_question *question, struct tkt_error *error)
{
	tkt_autofree char *field = NULL;
	int matches;

	if (!question->has_match)
		return 0;
	if (asprintf(&field, "fields.%s", question->title) < 0) {
		field = NULL;
		return tkt_error_set_memory(error);
	}
	if (!tkt_judging_is_empty(judging, field))
		return 0;
	matches = tkt_judging_matches(judging, &question->match,
	    &(struct tkt_section_name){ "question", question->title, question->rule }, error);
	return matches <= 0 ? matches : ask(judging, question->title, ASKED, error);
}

bool tkt_lacks_answer(const json_t *lacks, const char *key)
{
	const json_t *field;
	size_t at;

	json_array_foreach(lacks, at, field) {
		if (tkt_text_equal(tkt_question_key(json_string_value(field)), key))
			return true;
	}
	return false;
}

/* What is required no more, since another fact came, need not be answered. */
static int close_moot(struct tkt_judging *judging, struct tkt_error *error)
{
	json_t *question;
	size_t at;

	json_array_foreach(judging->questions, at, question) {
		const char *key = tkt_object_text(question, "key");

		if (!tkt_lacks_answer(judging->lacks, key) && tkt_question_is_open(question) &&
		    has_kind(question, REQUIRED) &&
		    tkt_judging_close(judging, question, NULL, error))
			return -1;
	}
	return 0;
}

static int tell_lacks(struct tkt_judging *judging, struct tkt_error *error)
{
	const json_t *field;
	tkt_autotext list;
	size_t at;

	tkt_text_init(&list, TKT_TEXT_LIMIT);
	if (!json_array_size(judging->lacks))
		return tkt_json_is_empty(json_object_get(judging->letter->ticket, "lacks"))
		    ? 0
		    : tkt_judging_tell(judging, NULL, error, "nothing is lacking any more");
	json_array_foreach(judging->lacks, at, field)
		tkt_text_format(&list, "%s%s", at ? ", " : "", json_string_value(field));
	if (tkt_text_check(&list, error))
		return -1;
	return tkt_judging_tell(judging, NULL, error, "lacks %s", list.bytes);
}

int tkt_judging_forms(struct tkt_judging *judging, struct tkt_error *error)
{
	const struct tkt_intake_rules *rules = judging->rules;
	size_t i;

	for (i = 0; i < rules->form_count; i++) {
		const struct tkt_form *form = &rules->forms[i];
		int matches = tkt_judging_matches(judging, &form->rule.match,
		    &(struct tkt_section_name){ "form", form->rule.title, form->rule.rule }, error);

		if (matches < 0 || (matches && fill_form(judging, form, error)))
			return -1;
	}
	for (i = 0; i < rules->question_count; i++)
		if (ask_matching(judging, &rules->questions[i], error))
			return -1;
	if (close_moot(judging, error) || tell_lacks(judging, error))
		return -1;
	return tkt_judging_set(judging, "lacks", json_deep_copy(judging->lacks), error);
}
