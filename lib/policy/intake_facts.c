#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/utf8.h"
#include "expression/expression.h"
#include "policy/answer.h"
#include "policy/intake_parts.h"
#include "json/field.h"

#include "base/banned.h"

#define MATCHES_MOST 100 /* of one recogniser in one description */

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = tkt_object_text(object, name);

	return text ? text : "";
}

/* A line each: "image/png screen.png". */
static void add_attachments(const json_t *message, struct tkt_text *out)
{
	const json_t *attachment;
	size_t at;

	json_array_foreach(json_object_get(message, "attachments"), at, attachment) {
		const char *type = tkt_object_text(attachment, "true_type");

		tkt_text_format(out, "%s %s\n", type ? type : text_of(attachment, "content_type"),
		    text_of(attachment, "name"));
	}
}

static void add_addresses(const json_t *list, struct tkt_text *out)
{
	const json_t *person;
	size_t at;

	json_array_foreach(list, at, person)
		tkt_text_format(out, "%s\n", text_of(person, "email"));
}

/* The subject of a later letter is the ticket's with 'Re:', and tells nothing new. */
static const char *subject_of(const struct tkt_judging *judging)
{
	const struct tkt_intake_case *letter = judging->letter;

	return text_of(letter->opens ? letter->ticket : letter->message, "subject");
}

/* What a recogniser looks at; `out` holds it where it is made of parts. */
static const char *part_of(
    const struct tkt_judging *judging, enum tkt_part_of_letter part, struct tkt_text *out)
{
	const json_t *message = judging->letter->message;

	tkt_text_reset(out);
	switch (part) {
	case TKT_IN_SUBJECT:
		return subject_of(judging);
	case TKT_IN_DESCRIPTION:
		return text_of(message, "body_new");
	case TKT_IN_ATTACHMENTS:
		add_attachments(message, out);
		break;
	case TKT_IN_RECIPIENTS:
		add_addresses(json_object_get(message, "to"), out);
		add_addresses(json_object_get(message, "cc"), out);
		tkt_text_format(out, "%s\n", text_of(message, "recipient"));
		break;
	}
	return out->bytes;
}

/* Each named group fills its field, if that is empty. */
static int fill_fields(struct tkt_judging *judging, const struct tkt_recognise *recogniser,
    const json_t *groups, struct tkt_error *error)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)groups, name, value) {
		const char *found = json_string_value(value);
		json_auto_t *text = tkt_answer_text(found, strlen(found));
		tkt_autofree char *field = NULL;

		if (!*name || !text)
			continue;
		if (asprintf(&field, "fields.%s", name) < 0) {
			field = NULL;
			return tkt_error_set_memory(error);
		}
		if (!tkt_judging_is_empty(judging, field))
			continue;
		judging->rule = recogniser->rule;
		if (tkt_judging_set(judging, field, json_incref(text), error) ||
		    tkt_judging_tell(judging, recogniser->rule, error, "recognised %s", name))
			return -1;
	}
	return 0;
}

static int recognise(
    struct tkt_judging *judging, const struct tkt_recognise *recogniser, struct tkt_error *error)
{
	const struct tkt_section_name section = { "recognise", recogniser->title,
		recogniser->rule };
	unsigned part;
	tkt_autotext room;

	tkt_text_init(&room, TKT_TEXT_LIMIT);
	for (part = TKT_IN_SUBJECT; part <= TKT_IN_RECIPIENTS; part <<= 1) {
		const char *text;
		json_auto_t *groups = NULL;
		size_t start, end;
		int found;

		if (!(recogniser->parts & part))
			continue;
		text = part_of(judging, (enum tkt_part_of_letter)part, &room);
		if (tkt_text_check(&room, error))
			return -1;
		found = tkt_pattern_capture(
		    recogniser->pattern, text, strlen(text), 0, &groups, &start, &end, error);
		if (found < 0)
			return tkt_judging_failed(judging, &section, error);
		if (tkt_judging_row(judging, &section, found ? "yes" : "no",
			tkt_object_text(groups, ""), error) ||
		    (found && fill_fields(judging, recogniser, groups, error)))
			return -1;
	}
	return 0;
}

/* The field that the answer to a question goes to; *field stays NULL: to none, it stands with the
 * question. 0 or -1. */
static int find_field(
    const struct tkt_judging *judging, const char *key, char **field, struct tkt_error *error)
{
	if (!tkt_question_find(judging->rules, key) || !strcmp(key, "description"))
		return 0;
	if (asprintf(field, "fields.%s", key) < 0) {
		*field = NULL;
		return tkt_error_set_memory(error);
	}
	return 0;
}

/* One open question: answered by what was found for it, or by a field that a recogniser filled. A
 * value that was there and is lacking all the same, as a contract that nobody knows, gives way. */
static int settle(struct tkt_judging *judging, json_t *question, json_t *answer, bool was_empty,
    const char *field, struct tkt_error *error)
{
	const char *key = text_of(question, "key");
	const struct tkt_question *rule = tkt_question_find(judging->rules, key);
	const json_t *lacks = json_object_get(judging->letter->ticket, "lacks");

	judging->rule = rule ? rule->rule : NULL;
	if (field && answer &&
	    (tkt_judging_is_empty(judging, field) ||
		(!was_empty && tkt_lacks_answer(lacks, key))) &&
	    tkt_judging_set(judging, field, json_incref(answer), error))
		return -1;
	if (!answer && field && was_empty && !tkt_judging_is_empty(judging, field))
		answer = tkt_object_get(judging->draft, field);
	if (!answer)
		return 0;
	return tkt_judging_close(judging, question, json_incref(answer), error) ||
		tkt_judging_tell(judging, NULL, error, "answered %s", key)
	    ? -1
	    : 0;
}

static int settle_questions(
    struct tkt_judging *judging, const json_t *answers, struct tkt_error *error)
{
	json_t *question;
	size_t at;

	json_array_foreach(judging->questions, at, question) {
		const char *key = text_of(question, "key");
		tkt_autofree char *field = NULL;
		bool was_empty;

		if (!tkt_question_is_open(question))
			continue;
		if (find_field(judging, key, &field, error))
			return -1;
		was_empty =
		    field && tkt_json_is_empty(tkt_object_get(judging->letter->ticket, field));
		if (settle(
			judging, question, json_object_get(answers, key), was_empty, field, error))
			return -1;
	}
	return 0;
}

int tkt_judging_facts(struct tkt_judging *judging, struct tkt_error *error)
{
	json_auto_t *answers = NULL;
	size_t i;

	for (i = 0; i < judging->rules->recogniser_count; i++)
		if (recognise(judging, &judging->rules->recognisers[i], error))
			return -1;
	if (judging->letter->opens || !judging->letter->message)
		return 0;
	if (tkt_answers_find(judging->rules, judging->questions, judging->letter->message,
		judging->failed, &answers, error))
		return -1;
	return settle_questions(judging, answers, error);
}

/* Does any group hold several words? The text of an error says something, its number does not. */
static bool has_words(const json_t *groups)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)groups, name, value) {
		if (*name && strpbrk(json_string_value(value), " \t\n"))
			return true;
	}
	return false;
}

/* Blanks in place of all bare values that a recogniser matches. */
static int take_out(struct tkt_judging *judging, const struct tkt_recognise *recogniser, char *text,
    struct tkt_error *error)
{
	size_t length = strlen(text), from = 0, start, end, i;
	int count, found = 1;

	for (count = 0; found && count < MATCHES_MOST && from <= length; count++) {
		json_auto_t *groups = NULL;

		found = tkt_pattern_capture(
		    recogniser->pattern, text, length, from, &groups, &start, &end, error);
		if (found < 0 && error->kind == TKT_ERROR_DATA)
			return tkt_rules_note(judging->failed, recogniser->rule, error);
		if (found < 0)
			return -1;
		for (i = start; found && i < end && !has_words(groups); i++)
			text[i] = ' ';
		from = found && end > from ? end : from + 1;
	}
	return 0;
}

/* A letter, of whatever script: no digit, blank or mark. */
static bool is_letter(uint32_t code)
{
	if (code < 0x80)
		return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
	return code >= 0xaa && code != 0xab && code != 0xbb && code != 0xd7 && code != 0xf7 &&
	    (code < 0x2000 || code > 0x206f) && (code < 0x20a0 || code > 0x2bff) &&
	    (code < 0x3000 || code > 0x303f) && (code < 0xfe00 || code > 0xfe0f) &&
	    code != 0xfeff && (code < 0xfff0 || code > 0x1efff) &&
	    (code < 0x1f000 || code > 0x1ffff);
}

int tkt_judging_is_described(struct tkt_judging *judging, struct tkt_error *error)
{
	const struct tkt_intake_rules *rules = judging->rules;
	const char *description = judging->letter->description;
	tkt_autofree char *text = strdup(description ? description : "");
	size_t i, at = 0, length;

	if (!text)
		return tkt_error_set_memory(error);
	for (i = 0; i < rules->recogniser_count; i++)
		if ((rules->recognisers[i].parts & TKT_IN_DESCRIPTION) &&
		    take_out(judging, &rules->recognisers[i], text, error))
			return -1;
	length = strlen(text);
	while (at < length)
		if (is_letter(tkt_utf8_next(text, length, &at)))
			return 1;
	return 0;
}
