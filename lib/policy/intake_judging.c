#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "policy/answer.h"
#include "policy/intake_parts.h"
#include "policy/rule.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

static int count_open(const json_t *questions)
{
	const json_t *question;
	size_t at;
	int count = 0;

	json_array_foreach(questions, at, question)
		count += tkt_question_is_open(question);
	return count;
}

/* The ticket as the change leaves it, with what expressions know besides. */
static int refresh(struct tkt_judging *judging, struct tkt_error *error)
{
	const struct tkt_intake_case *letter = judging->letter;
	json_auto_t *draft = NULL;

	if (tkt_change_preview(judging->change, letter->ticket, &draft, error))
		return -1;
	if (json_object_set_new(draft, "questions", json_integer(count_open(judging->questions))) ||
	    (judging->description && json_object_set(draft, "description", judging->description)))
		return tkt_error_set_memory(error);
	json_decref(judging->draft);
	judging->draft = tkt_take(draft);
	return 0;
}

int tkt_judging_begin(struct tkt_judging *judging, struct tkt_error *error)
{
	tkt_text_init(&judging->why, TKT_TEXT_LIMIT);
	judging->description = json_string(judging->letter->description);
	judging->failed = json_array();
	judging->used = json_array();
	judging->rules_of = json_object();
	judging->written = json_array();
	judging->lacks = json_array();
	judging->questions =
	    judging->letter->questions ? json_deep_copy(judging->letter->questions) : json_array();
	if ((judging->letter->description && !judging->description) || !judging->failed ||
	    !judging->used || !judging->rules_of || !judging->written || !judging->lacks ||
	    !judging->questions)
		return tkt_error_set_memory(error);
	if (tkt_questions_order(judging->rules, judging->questions, error) ||
	    tkt_change_new(judging->letter->ticket, NULL, &judging->change, error))
		return -1;
	return refresh(judging, error);
}

void tkt_judging_clear(struct tkt_judging *judging)
{
	json_decref(judging->change);
	json_decref(judging->draft);
	json_decref(judging->description);
	json_decref(judging->failed);
	json_decref(judging->used);
	json_decref(judging->rules_of);
	json_decref(judging->questions);
	json_decref(judging->written);
	json_decref(judging->lacks);
	tkt_text_clear(&judging->why);
}

bool tkt_judging_is_empty(const struct tkt_judging *judging, const char *name)
{
	return tkt_json_is_empty(tkt_object_get(judging->draft, name));
}

/* Notes which rule has set a field, or added to a list. */
static int note_rule(
    struct tkt_judging *judging, const char *name, bool is_added, struct tkt_error *error)
{
	const char *before = json_string_value(json_object_get(judging->rules_of, name));
	tkt_autofree char *all = NULL;

	if (!judging->rule || (is_added && before && strstr(before, judging->rule)))
		return 0;
	if (asprintf(&all, "%s%s%s", is_added && before ? before : "",
		is_added && before ? ", " : "", judging->rule) < 0) {
		all = NULL;
		return tkt_error_set_memory(error);
	}
	return json_object_set_new(judging->rules_of, name, json_string(all))
	    ? tkt_error_set_memory(error)
	    : 0;
}

int tkt_judging_set(
    struct tkt_judging *judging, const char *name, json_t *value, struct tkt_error *error)
{
	const json_t *present = tkt_object_get(judging->draft, name);

	if (value &&
	    (json_equal(present, value) ||
		(tkt_json_is_empty(present) && tkt_json_is_empty(value)))) {
		json_decref(value);
		return 0;
	}
	if (tkt_change_set(judging->change, judging->letter->ticket, name, value, error) ||
	    note_rule(judging, name, false, error))
		return -1;
	return refresh(judging, error);
}

/* One element more of a list, unless it is there. */
static int add_element(
    struct tkt_judging *judging, const char *name, const char *element, struct tkt_error *error)
{
	if (tkt_array_has_text(tkt_object_get(judging->draft, name), element))
		return 0;
	if (tkt_change_add(judging->change, name, element, error) ||
	    note_rule(judging, name, true, error))
		return -1;
	return refresh(judging, error);
}

/* 'tags=late', read as every `add` is. */
static int add_elements(struct tkt_judging *judging, char *const *add, struct tkt_error *error)
{
	json_auto_t *read = NULL;
	json_t *list, *element;
	const char *name;
	size_t at;

	if (tkt_change_new(NULL, NULL, &read, error) || tkt_rule_add(read, add, error))
		return -1;
	json_object_foreach(json_object_get(read, "add"), name, list)
		json_array_foreach(list, at, element)
			if (add_element(judging, name, json_string_value(element), error))
				return -1;
	return 0;
}

int tkt_judging_apply(
    struct tkt_judging *judging, char *const *set, char *const *add, struct tkt_error *error)
{
	bool has_set = *set;

	for (; *set; set++) {
		size_t length = strcspn(*set, "=+-");
		tkt_autofree char *name = strndup(*set, length);

		if (!name)
			return tkt_error_set_memory(error);
		if (tkt_change_assign(judging->change, judging->letter->ticket, *set, error) ||
		    note_rule(judging, name, (*set)[length] != '=', error))
			return -1;
	}
	if (has_set && refresh(judging, error))
		return -1;
	return *add ? add_elements(judging, add, error) : 0;
}

int tkt_judging_row(struct tkt_judging *judging, const struct tkt_section_name *section,
    const char *result, const char *note, struct tkt_error *error)
{
	const struct tkt_intake_case *letter = judging->letter;

	if (!letter->rows)
		return 0;
	return json_array_append_new(letter->rows,
		   json_pack("{s:s,s:O,s:O*,s:s,s:s,s:s,s:s,s:s*}", "type", "judgement", "ticket",
		       json_object_get(letter->ticket, "id"), "message",
		       json_object_get(letter->message, "id"), "section", section->kind, "name",
		       section->title, "rule", section->rule, "result", result, "note", note))
	    ? tkt_error_set_memory(error)
	    : 0;
}

int tkt_judging_failed(
    struct tkt_judging *judging, const struct tkt_section_name *section, struct tkt_error *error)
{
	struct tkt_error failure = *error;

	if (failure.kind != TKT_ERROR_DATA)
		return -1;
	*error = (struct tkt_error){ 0 };
	return tkt_rules_note(judging->failed, section->rule, error) ||
		tkt_judging_row(judging, section, "failed", failure.text, error)
	    ? -1
	    : 0;
}

int tkt_judging_matches(struct tkt_judging *judging, const struct tkt_match *match,
    const struct tkt_section_name *section, struct tkt_error *error)
{
	int matches = tkt_match_ticket(match, judging->draft, error);

	if (matches < 0)
		return tkt_judging_failed(judging, section, error);
	return tkt_judging_row(judging, section, matches ? "yes" : "no", NULL, error) ? -1
										      : matches;
}

int tkt_judging_tell(
    struct tkt_judging *judging, const char *rule, struct tkt_error *error, const char *format, ...)
{
	tkt_autofree char *text = NULL;
	va_list arguments;
	int made;

	va_start(arguments, format);
	made = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (made < 0) {
		text = NULL;
		return tkt_error_set_memory(error);
	}
	tkt_text_format(&judging->why, "%s%s", judging->why.length ? "; " : "", text);
	return rule ? tkt_rules_note(judging->used, rule, error) : 0;
}
