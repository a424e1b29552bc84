#include "policy/answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "expression/expression.h"
#include "json/field.h"

#include "base/banned.h"

#define BLANKS " \t\r\n"
#define NUMBER_MOST 99

/* -- the questions -- */

bool tkt_question_is_open(const json_t *question)
{
	return tkt_json_is_empty(json_object_get(question, "answered_at"));
}

json_t *tkt_questions_get(const json_t *questions, const char *key)
{
	return tkt_array_find(questions, "key", key);
}

static const char *text_of(const json_t *question, const char *name)
{
	const char *text = tkt_object_text(question, name);

	return text ? text : "";
}

/* Its place in the policy; behind all when it has none. */
static size_t place_of(const struct tkt_intake_rules *rules, const json_t *question)
{
	const struct tkt_question *rule = tkt_question_find(rules, text_of(question, "key"));

	return rule ? (size_t)(rule - rules->questions) : rules->question_count;
}

static int compare(const void *left, const void *right, void *context)
{
	const json_t *a = *(json_t *const *)left, *b = *(json_t *const *)right;
	int order = strcmp(text_of(a, "asked_at"), text_of(b, "asked_at"));
	size_t first = place_of(context, a), second = place_of(context, b);

	if (order)
		return order;
	if (first != second)
		return first < second ? -1 : 1;
	return strcmp(text_of(a, "key"), text_of(b, "key"));
}

int tkt_questions_order(
    const struct tkt_intake_rules *rules, json_t *questions, struct tkt_error *error)
{
	size_t i, count = json_array_size(questions);
	tkt_autofree json_t **list = calloc(count + 1, sizeof(*list));

	if (!list)
		return tkt_error_set_memory(error);
	for (i = 0; i < count; i++)
		list[i] = json_incref(json_array_get(questions, i));
	qsort_r(list, count, sizeof(*list), compare, (void *)rules);
	json_array_clear(questions);
	for (i = 0; i < count; i++)
		if (json_array_append_new(questions, list[i]))
			return tkt_error_set_memory(error);
	return 0;
}

/* -- what answers one -- */

int tkt_rules_note(json_t *rules, const char *rule, struct tkt_error *error)
{
	if (tkt_array_has_text(rules, rule))
		return 0;
	return json_array_append_new(rules, json_string(rule)) ? tkt_error_set_memory(error) : 0;
}

json_t *tkt_answer_text(const char *text, size_t length)
{
	while (length && strchr(BLANKS, *text)) {
		text++;
		length--;
	}
	while (length && strchr(BLANKS, text[length - 1]))
		length--;
	if (length > TKT_ANSWER_LIMIT)
		length = tkt_utf8_cut(text, TKT_ANSWER_LIMIT);
	return length ? json_stringn(text, length) : NULL;
}

int tkt_question_capture(const struct tkt_question *question, const char *text, json_t *failed,
    json_t **answer, struct tkt_error *error)
{
	json_auto_t *groups = NULL;
	const char *found;
	size_t start, end;
	int matches;

	if (!question || !question->pattern)
		return 0;
	matches = tkt_pattern_capture(
	    question->pattern, text, strlen(text), 0, &groups, &start, &end, error);
	if (matches < 0 && error->kind == TKT_ERROR_DATA)
		return tkt_rules_note(failed, question->rule, error);
	if (matches <= 0)
		return matches;
	found = tkt_object_text(groups, question->title);
	if (!found)
		found = tkt_object_text(groups, "");
	*answer = found ? tkt_answer_text(found, strlen(found)) : NULL;
	return *answer != NULL;
}

struct finding {
	const struct tkt_intake_rules *rules;
	const json_t *questions, *message;
	json_t *failed;  /* borrowed */
	json_t *answers; /* owned */
};

/* Does it wait for an answer, and had it been asked when the letter came? */
static bool waits(const struct finding *finding, const json_t *question)
{
	const char *received_at = tkt_object_text(finding->message, "received_at");

	return tkt_question_is_open(question) &&
	    (!received_at || strcmp(text_of(question, "asked_at"), received_at) <= 0);
}

/* Keeps what was found for a question, or the part of it that its pattern takes. 0 or -1. */
static int keep(struct finding *finding, const json_t *question, const char *text, size_t length,
    struct tkt_error *error)
{
	const char *key = text_of(question, "key");
	json_auto_t *whole = tkt_answer_text(text, length), *part = NULL;
	int taken;

	if (!whole || !waits(finding, question) || json_object_get(finding->answers, key))
		return 0;
	taken = tkt_question_capture(tkt_question_find(finding->rules, key),
	    json_string_value(whole), finding->failed, &part, error);
	if (taken < 0)
		return -1;
	return json_object_set(finding->answers, key, taken ? part : whole)
	    ? tkt_error_set_memory(error)
	    : 0;
}

/* -- below a quoted question -- */

/* Adds a text with each run of blanks as one, and none at its beginning. */
static void add_words(struct tkt_text *out, const char *text, size_t length)
{
	size_t at;

	for (at = 0; at < length; at++) {
		bool is_blank = strchr(BLANKS, text[at]) != NULL;

		if (is_blank && (!out->length || out->bytes[out->length - 1] == ' '))
			continue;
		tkt_text_add_byte(out, is_blank ? ' ' : text[at]);
	}
}

static void drop_last_blank(struct tkt_text *text)
{
	if (text->length && text->bytes[text->length - 1] == ' ')
		tkt_text_truncate(text, text->length - 1);
}

/* The question that a run of quoted lines ends with; *found is NULL: none. Of several the longest
 * text. 0 or -1. */
static int find_quoted_question(const struct finding *finding, struct tkt_text *run,
    const json_t **found, struct tkt_error *error)
{
	const json_t *question;
	size_t at, longest = 0;
	tkt_autotext text;

	*found = NULL;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	drop_last_blank(run);
	json_array_foreach(finding->questions, at, question) {
		const char *asked = text_of(question, "text");

		tkt_text_reset(&text);
		add_words(&text, asked, strlen(asked));
		drop_last_blank(&text);
		if (tkt_text_check(&text, error))
			return -1;
		if (text.length > longest && text.length <= run->length &&
		    !memcmp(run->bytes + run->length - text.length, text.bytes, text.length)) {
			longest = text.length;
			*found = question;
		}
	}
	return tkt_text_check(run, error);
}

static bool is_signature(const char *line, size_t length)
{
	return (length == 2 || (length == 3 && line[2] == ' ')) && !memcmp(line, "--", 2);
}

/* Behind the '>' signs of a quoted line; NULL: it is none. */
static const char *behind_quote(const char *line, const char *end)
{
	const char *at = line;

	while (at < end && (*at == '>' || *at == ' '))
		at++;
	return line < end && *line == '>' ? at : NULL;
}

static int find_quoted(struct finding *finding, const char *body, struct tkt_error *error)
{
	const char *end = body + strlen(body), *line, *next, *start = NULL;
	const json_t *question = NULL;
	tkt_autotext run;

	tkt_text_init(&run, TKT_TEXT_LIMIT);
	for (line = body; line < end; line = next) {
		const char *line_end = memchr(line, '\n', (size_t)(end - line)), *quoted;

		line_end = line_end ? line_end : end;
		next = line_end < end ? line_end + 1 : end;
		quoted = behind_quote(line, line_end);
		if (!quoted && run.length) {
			if (find_quoted_question(finding, &run, &question, error))
				return -1;
			start = line;
			tkt_text_reset(&run);
		}
		if (question && (quoted || is_signature(line, (size_t)(line_end - line)))) {
			if (keep(finding, question, start, (size_t)(line - start), error))
				return -1;
			question = NULL;
		}
		if (quoted) {
			add_words(&run, quoted, (size_t)(line_end - quoted));
			add_words(&run, " ", 1);
		}
	}
	if (question && keep(finding, question, start, (size_t)(end - start), error))
		return -1;
	return tkt_text_check(&run, error);
}

/* -- behind a number -- */

/* The number that a line begins with, as in '2. Firefox', *text behind it; 0: none. */
static size_t leading_number(const char *line, const char **text)
{
	char *end;
	unsigned long number;

	line += strspn(line, " \t");
	if (*line < '1' || *line > '9')
		return 0;
	number = strtoul(line, &end, 10);
	if (number > NUMBER_MOST || !strchr(".):", *end) || !*end || !strchr(BLANKS, end[1]))
		return 0;
	*text = end + 1;
	return number;
}

/* What stands behind each number, up to the next one; a letter whose numbers are not all those of
 * questions lists something else. */
static int find_numbered(struct finding *finding, const char *new_text, struct tkt_error *error)
{
	const char *starts[NUMBER_MOST + 1] = { 0 }, *ends[NUMBER_MOST + 1] = { 0 };
	const char *end = new_text + strlen(new_text), *line, *text;
	size_t number, last = 0;

	for (line = new_text; line < end; line = tkt_next_line(line, end)) {
		number = leading_number(line, &text);
		if (!number)
			continue;
		if (number > json_array_size(finding->questions) || starts[number])
			return 0;
		ends[last] = line;
		starts[number] = text;
		last = number;
	}
	ends[last] = end;
	for (number = 1; number <= NUMBER_MOST; number++)
		if (starts[number] &&
		    keep(finding, json_array_get(finding->questions, number - 1), starts[number],
			(size_t)(ends[number] - starts[number]), error))
			return -1;
	return 0;
}

/* -- by the new text as a whole -- */

static int find_by_patterns(struct finding *finding, const char *new_text, struct tkt_error *error)
{
	const json_t *question;
	size_t at;

	json_array_foreach(finding->questions, at, question) {
		const char *key = text_of(question, "key");
		json_auto_t *answer = NULL;
		int taken;

		if (!waits(finding, question) || json_object_get(finding->answers, key))
			continue;
		taken = tkt_question_capture(tkt_question_find(finding->rules, key), new_text,
		    finding->failed, &answer, error);
		if (taken < 0)
			return -1;
		if (taken && json_object_set(finding->answers, key, answer))
			return tkt_error_set_memory(error);
	}
	return 0;
}

static int find_single(struct finding *finding, const char *new_text, struct tkt_error *error)
{
	const json_t *question, *single = NULL;
	size_t at, count = 0;

	json_array_foreach(finding->questions, at, question) {
		if (waits(finding, question)) {
			single = question;
			count++;
		}
	}
	return count == 1 ? keep(finding, single, new_text, strlen(new_text), error) : 0;
}

static bool has_open(const json_t *questions)
{
	const json_t *question;
	size_t at;

	json_array_foreach(questions, at, question) {
		if (tkt_question_is_open(question))
			return true;
	}
	return false;
}

int tkt_answers_find(const struct tkt_intake_rules *rules, const json_t *questions,
    const json_t *message, json_t *failed, json_t **answers, struct tkt_error *error)
{
	const char *body = text_of(message, "body"), *new_text = text_of(message, "body_new");
	struct finding finding = { rules, questions, message, failed, NULL };
	json_auto_t *made = json_object();

	if (!made)
		return tkt_error_set_memory(error);
	finding.answers = made;
	if (has_open(questions) &&
	    (find_quoted(&finding, body, error) || find_numbered(&finding, new_text, error) ||
		find_by_patterns(&finding, new_text, error) ||
		find_single(&finding, new_text, error)))
		return -1;
	*answers = tkt_take(made);
	return 0;
}
