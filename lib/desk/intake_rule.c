#include "desk/intake_rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "desk/check.h"
#include "desk/conf.h"
#include "desk/level.h"
#include "desk/section.h"
#include "desk/source.h"
#include "expression/expression.h"

#include "base/banned.h"

static const char *const part_words[] = { "subject", "description", "attachments", "recipients" };
static const char *const acceptance_words[] = { "all", "consult", "none" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *tkt_question_key(const char *field)
{
	return strncmp(field, "fields.", 7) ? field : field + 7;
}

const char *tkt_question_text(const struct tkt_question *question, const char *language)
{
	size_t i, length = language ? strlen(language) : 0;
	const char *text = question->texts[0];

	for (i = 0; length && question->texts[i]; i++)
		if (!strncmp(question->texts[i], language, length) &&
		    question->texts[i][length] == ':')
			text = question->texts[i];
	text = text ? strchr(text, ':') : NULL;
	return text ? text + 1 + strspn(text + 1, " ") : "";
}

enum tkt_acknowledge tkt_acknowledge_of(const char *word)
{
	if (tkt_text_equal(word, "all"))
		return TKT_ACKNOWLEDGE_ALL;
	return tkt_text_equal(word, "first") || tkt_boolean_value(word) ? TKT_ACKNOWLEDGE_FIRST
									: TKT_ACKNOWLEDGE_NONE;
}

/* The pattern of an option; *pattern stays NULL where it is not given. */
static int make_pattern(const struct tkt_section_maker *maker, const struct tkt_conf_range *section,
    struct tkt_pattern **pattern, struct tkt_error *error)
{
	const struct tkt_conf_value *value = tkt_conf_get(maker->conf, section, "pattern");

	if (value && tkt_pattern_new(value->text, pattern, error))
		return tkt_section_fail(maker, value->line, error);
	return 0;
}

static int make_rule(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_intake_rule *rule, struct tkt_error *error)
{
	const char *reply = tkt_conf_text(maker->conf, section->handle, "reply", NULL);

	return tkt_text_keep(&rule->title, section->title, error) ||
		tkt_section_rule(maker, section, &rule->rule, error) ||
		tkt_section_match(maker, section->handle, &rule->match, error) ||
		tkt_section_assignments(maker, section->handle, "set", &rule->set, error) ||
		tkt_section_texts(maker, section->handle, "add", &rule->add, error) ||
		tkt_text_keep(&rule->reply, reply, error)
	    ? -1
	    : 0;
}

static int make_recognise(const struct tkt_section_maker *maker,
    const struct tkt_conf_section *section, struct tkt_recognise *made, struct tkt_error *error)
{
	tkt_autofree const struct tkt_conf_value **values = NULL;
	size_t i, count;

	values = tkt_section_values(maker, section->handle, "in", &count);
	if (!values)
		return tkt_error_set_memory(error);
	if (!count)
		made->parts = TKT_IN_SUBJECT | TKT_IN_DESCRIPTION;
	for (i = 0; i < count; i++)
		made->parts |= 1U << tkt_word_index(part_words, COUNT(part_words), values[i]->text,
				   strlen(values[i]->text));
	return tkt_text_keep(&made->title, section->title, error) ||
		tkt_section_rule(maker, section, &made->rule, error) ||
		make_pattern(maker, section->handle, &made->pattern, error)
	    ? -1
	    : 0;
}

/* Has the section a `match` or an `any`? */
static bool has_match(const struct tkt_section_maker *maker, const struct tkt_conf_section *section)
{
	return tkt_conf_get(maker->conf, section->handle, "match") ||
	    tkt_conf_get(maker->conf, section->handle, "any");
}

static int make_question(const struct tkt_section_maker *maker,
    const struct tkt_conf_section *section, struct tkt_question *made, struct tkt_error *error)
{
	made->has_match = has_match(maker, section);
	return tkt_text_keep(&made->title, section->title, error) ||
		tkt_section_rule(maker, section, &made->rule, error) ||
		tkt_section_texts(maker, section->handle, "text", &made->texts, error) ||
		tkt_section_match(maker, section->handle, &made->match, error) ||
		make_pattern(maker, section->handle, &made->pattern, error)
	    ? -1
	    : 0;
}

static int make_form(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_form *made, struct tkt_error *error)
{
	return make_rule(maker, section, &made->rule, error) ||
		tkt_section_texts(maker, section->handle, "require", &made->require, error) ||
		tkt_section_texts(maker, section->handle, "ask", &made->ask, error)
	    ? -1
	    : 0;
}

static enum tkt_acceptance acceptance_of(const char *word)
{
	return (enum tkt_acceptance)tkt_word_index(
	    acceptance_words, COUNT(acceptance_words), word, strlen(word));
}

static int make_channel(const struct tkt_section_maker *maker,
    const struct tkt_conf_section *section, struct tkt_channel *made, struct tkt_error *error)
{
	const struct tkt_conf *conf = maker->conf;
	const char *outside = tkt_conf_text(conf, section->handle, "outside", NULL),
		   *acknowledge = tkt_conf_text(conf, section->handle, "acknowledge", NULL);

	made->has_match = has_match(maker, section);
	made->accept = acceptance_of(tkt_conf_text(conf, section->handle, "accept", "all"));
	made->has_outside = outside;
	made->outside = acceptance_of(outside ? outside : "all");
	made->has_acknowledge = acknowledge;
	made->acknowledge = tkt_acknowledge_of(acknowledge ? acknowledge : "none");
	return make_rule(maker, section, &made->rule, error) ||
		tkt_text_keep(&made->identity,
		    tkt_conf_text(conf, section->handle, "identity", NULL), error) ||
		tkt_text_keep(
		    &made->calendar, tkt_conf_text(conf, section->handle, "calendar", NULL), error)
	    ? -1
	    : 0;
}

/* Room for one more; its memory is nil. NULL when memory is out. */
static void *grow(void **list, size_t *count, size_t size)
{
	void *room = tkt_source_grow(list, *count, size);

	if (room) {
		memset(room, 0, size);
		++*count;
	}
	return room;
}

/* Adds one to a list of the rules and makes it. */
#define ADD(list, number, make)                                      \
	((room = grow((void **)&(list), &(number), sizeof(*(list)))) \
		? (make)(maker, section, room, error)                \
		: tkt_error_set_memory(error))

int tkt_intake_add(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error)
{
	struct tkt_intake_rules *rules = &policy->intake;
	const char *kind = section->kind;
	void *room;

	if (tkt_text_equal(kind, "recognise"))
		return ADD(rules->recognisers, rules->recogniser_count, make_recognise);
	if (tkt_text_equal(kind, "question"))
		return ADD(rules->questions, rules->question_count, make_question);
	if (tkt_text_equal(kind, "category"))
		return ADD(rules->categories, rules->category_count, make_rule);
	if (tkt_text_equal(kind, "flag"))
		return ADD(rules->flags, rules->flag_count, make_rule);
	if (tkt_text_equal(kind, "form"))
		return ADD(rules->forms, rules->form_count, make_form);
	if (tkt_text_equal(kind, "entitlement"))
		return ADD(rules->entitlements, rules->entitlement_count, make_rule);
	return ADD(rules->channels, rules->channel_count, make_channel);
}

static void clear_rule(struct tkt_intake_rule *rule)
{
	free(rule->title);
	free(rule->rule);
	free(rule->reply);
	tkt_match_clear(&rule->match);
	tkt_texts_free(rule->set);
	tkt_texts_free(rule->add);
}

static void free_rules(struct tkt_intake_rule *rules, size_t count)
{
	while (count)
		clear_rule(&rules[--count]);
	free(rules);
}

static void free_questions(struct tkt_question *questions, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(questions[i].title);
		free(questions[i].rule);
		tkt_texts_free(questions[i].texts);
		tkt_match_clear(&questions[i].match);
		tkt_pattern_free(questions[i].pattern);
	}
	free(questions);
}

void tkt_intake_rules_clear(struct tkt_intake_rules *rules)
{
	size_t i;

	for (i = 0; i < rules->recogniser_count; i++) {
		free(rules->recognisers[i].title);
		free(rules->recognisers[i].rule);
		tkt_pattern_free(rules->recognisers[i].pattern);
	}
	free(rules->recognisers);
	free_questions(rules->questions, rules->question_count);
	free_rules(rules->categories, rules->category_count);
	free_rules(rules->flags, rules->flag_count);
	free_rules(rules->entitlements, rules->entitlement_count);
	for (i = 0; i < rules->form_count; i++) {
		clear_rule(&rules->forms[i].rule);
		tkt_texts_free(rules->forms[i].require);
		tkt_texts_free(rules->forms[i].ask);
	}
	free(rules->forms);
	for (i = 0; i < rules->channel_count; i++) {
		clear_rule(&rules->channels[i].rule);
		free(rules->channels[i].identity);
		free(rules->channels[i].calendar);
	}
	free(rules->channels);
	memset(rules, 0, sizeof(*rules));
}

const struct tkt_question *tkt_question_find(
    const struct tkt_intake_rules *rules, const char *title)
{
	size_t i;

	for (i = 0; i < rules->question_count; i++)
		if (tkt_text_equal(rules->questions[i].title, title))
			return &rules->questions[i];
	return NULL;
}

const struct tkt_channel *tkt_channel_find(const struct tkt_intake_rules *rules, const char *title)
{
	size_t i;

	for (i = 0; i < rules->channel_count; i++)
		if (tkt_text_equal(rules->channels[i].rule.title, title))
			return &rules->channels[i];
	return NULL;
}
