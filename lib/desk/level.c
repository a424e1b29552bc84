#include "desk/level.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/conf.h"
#include "desk/reading.h"
#include "desk/scan.h"

#include "base/banned.h"

const char *const tkt_clock_words[TKT_CLOCK_COUNT] = { "first_response", "next_response",
	"resolution" };

bool tkt_clock_is_known(const char *word)
{
	size_t i;

	for (i = 0; i < TKT_CLOCK_COUNT; i++)
		if (tkt_text_equal(tkt_clock_words[i], word))
			return true;
	return false;
}
static const char *const anchor_words[] = { "sent", "received", "proven_receipt" };

struct maker {
	const struct tkt_conf *conf;
	const struct tkt_expression_scope *scope;
};

static struct tkt_place place_of(const struct maker *maker, int line)
{
	return tkt_source_place(tkt_scan_source(maker->conf->scan), line);
}

/* What another floor says about a value becomes a fault of the text, with its place. */
static int fail_at(const struct maker *maker, int line, struct tkt_error *error)
{
	struct tkt_place place = place_of(maker, line);

	if (error->kind == TKT_ERROR_TEMPORARY)
		return -1;
	error->kind = TKT_ERROR_CONFIGURATION;
	return tkt_error_prefix(error, "%s:%d", place.file, place.line);
}

static int make_rule(const struct maker *maker, const struct tkt_conf_section *section, char **rule,
    struct tkt_error *error)
{
	struct tkt_place place = place_of(maker, section->line);

	if (asprintf(rule, "%s:%d", place.file, place.line) >= 0)
		return 0;
	*rule = NULL;
	return tkt_error_set_memory(error);
}

/* The values of a list, in file order, borrowed; the array is ended by NULL. */
static const struct tkt_conf_value **values_of(
    const struct maker *maker, const void *section, const char *name, size_t *count)
{
	const struct tkt_conf *conf = maker->conf;
	const struct tkt_conf_value **values = calloc(conf->value_count + 1, sizeof(*values));
	size_t i;

	for (i = 0, *count = 0; values && i < conf->value_count; i++)
		if (conf->values[i].section == section &&
		    tkt_text_equal(conf->values[i].setting->name, name))
			values[(*count)++] = &conf->values[i];
	return values;
}

static int make_texts(const struct maker *maker, const void *section, const char *name,
    char ***texts, struct tkt_error *error)
{
	tkt_autofree const struct tkt_conf_value **values = NULL;
	size_t i, count;

	values = values_of(maker, section, name, &count);
	*texts = values ? calloc(count + 1, sizeof(**texts)) : NULL;
	if (!*texts)
		return tkt_error_set_memory(error);
	for (i = 0; i < count; i++)
		if (tkt_text_keep(&(*texts)[i], values[i]->text, error))
			return -1;
	return 0;
}

static int parse(const struct maker *maker, const struct tkt_conf_value *value,
    struct tkt_expression **expression, struct tkt_error *error)
{
	if (tkt_expression_parse(value->text, &tkt_ticket_fields, maker->scope, expression, error))
		return fail_at(maker, value->line, error);
	return 0;
}

static int make_all(const struct maker *maker, const void *section, struct tkt_match *match,
    struct tkt_error *error)
{
	tkt_autofree const struct tkt_conf_value **values = NULL;
	size_t i, count;

	values = values_of(maker, section, "match", &count);
	if (!values)
		return tkt_error_set_memory(error);
	for (i = 0; i < count; i++) {
		struct tkt_expression *expression;

		if (parse(maker, values[i], &expression, error))
			return -1;
		match->all = tkt_expression_and(match->all, expression);
		if (!match->all)
			return tkt_error_set_memory(error);
	}
	return 0;
}

static int make_match(const struct maker *maker, const void *section, struct tkt_match *match,
    struct tkt_error *error)
{
	tkt_autofree const struct tkt_conf_value **values = NULL;
	size_t i, count;

	if (make_all(maker, section, match, error))
		return -1;
	values = values_of(maker, section, "any", &count);
	if (!values)
		return tkt_error_set_memory(error);
	if (!count)
		return 0;
	match->any = calloc(count + 1, sizeof(*match->any));
	if (!match->any)
		return tkt_error_set_memory(error);
	for (i = 0; i < count; i++)
		if (parse(maker, values[i], &match->any[i], error))
			return -1;
	return 0;
}

int tkt_match_ticket(const struct tkt_match *match, const json_t *ticket, struct tkt_error *error)
{
	int judged = tkt_expression_match(match->all, ticket, error);
	size_t i;

	if (judged <= 0 || !match->any)
		return judged;
	for (i = 0; match->any[i]; i++) {
		judged = tkt_expression_match(match->any[i], ticket, error);
		if (judged != 0)
			return judged;
	}
	return 0;
}

/* A word's place in a table; -1: it is not there. */
static int index_of(const char *const *words, size_t count, const char *word, size_t length)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strlen(words[i]) == length && !strncmp(words[i], word, length))
			return (int)i;
	return -1;
}

static int clock_of(const char *word, size_t length)
{
	return index_of(tkt_clock_words, TKT_CLOCK_COUNT, word, length);
}

/* '75%', 'first_response 75%': tkt_check_escalation() has let it pass. */
static void read_escalation(struct tkt_step *step)
{
	const char *blank = strchr(step->title, ' ');

	step->clock = blank ? clock_of(step->title, (size_t)(blank - step->title)) : -1;
	step->percent = (int)strtol(blank ? blank + 1 : step->title, NULL, 10);
}

static int make_step(const struct maker *maker, const struct tkt_conf_section *section,
    struct tkt_step *step, struct tkt_error *error)
{
	const void *handle = section->handle;

	*step = (struct tkt_step){ .clock = -1 };
	return tkt_text_keep(&step->title, section->title, error) ||
		make_rule(maker, section, &step->rule, error) ||
		make_texts(maker, handle, "notify", &step->notify, error) ||
		make_texts(maker, handle, "set", &step->set, error) ||
		make_texts(maker, handle, "add", &step->add, error) ||
		tkt_text_keep(
		    &step->reply, tkt_conf_text(maker->conf, handle, "reply", NULL), error)
	    ? -1
	    : 0;
}

static int make_target(const struct maker *maker, const void *section, int clock,
    struct tkt_sla *sla, struct tkt_error *error)
{
	const struct tkt_conf_value *value =
	    tkt_conf_get(maker->conf, section, tkt_clock_words[clock]);

	if (!value)
		return 0;
	if (tkt_length_parse(value->text, &sla->targets[clock], error))
		return fail_at(maker, value->line, error);
	sla->has_target[clock] = true;
	return tkt_text_keep(&sla->target_texts[clock], value->text, error);
}

static int make_pause(const struct maker *maker, const struct tkt_conf_section *section,
    struct tkt_sla *sla, struct tkt_error *error)
{
	struct tkt_pause *pause =
	    tkt_source_grow((void **)&sla->pauses, sla->pause_count, sizeof(*pause));

	if (!pause)
		return tkt_error_set_memory(error);
	*pause = (struct tkt_pause){ .clock = clock_of(section->title, strlen(section->title)) };
	sla->pause_count++;
	return make_match(maker, section->handle, &pause->match, error);
}

static int make_escalation(const struct maker *maker, const struct tkt_conf_section *section,
    struct tkt_sla *sla, struct tkt_error *error)
{
	struct tkt_step *step =
	    tkt_source_grow((void **)&sla->escalations, sla->escalation_count, sizeof(*step));

	if (!step)
		return tkt_error_set_memory(error);
	sla->escalation_count++;
	if (make_step(maker, section, step, error))
		return -1;
	read_escalation(step);
	return 0;
}

static int make_sla(const struct maker *maker, const struct tkt_conf_section *section,
    struct tkt_sla *sla, struct tkt_error *error)
{
	const struct tkt_conf *conf = maker->conf;
	const char *anchor = tkt_conf_text(conf, section->handle, "anchor", "received");
	size_t i;
	int clock;

	*sla = (struct tkt_sla){ 0 };
	sla->anchor = (enum tkt_anchor)index_of(
	    anchor_words, sizeof(anchor_words) / sizeof(*anchor_words), anchor, strlen(anchor));
	if (tkt_text_keep(&sla->title, section->title, error) ||
	    make_rule(maker, section, &sla->rule, error) ||
	    make_match(maker, section->handle, &sla->match, error) ||
	    tkt_text_keep(
		&sla->calendar, tkt_conf_text(conf, section->handle, "calendar", NULL), error))
		return -1;
	for (clock = 0; clock < TKT_CLOCK_COUNT; clock++)
		if (make_target(maker, section->handle, clock, sla, error))
			return -1;
	for (i = 0; i < conf->section_count; i++) {
		const struct tkt_conf_section *inner = &conf->sections[i];

		if (inner->parent != section->handle)
			continue;
		if (tkt_text_equal(inner->kind, "pause")
			? make_pause(maker, inner, sla, error)
			: make_escalation(maker, inner, sla, error))
			return -1;
	}
	return 0;
}

static int make_timer_step(const struct maker *maker, const struct tkt_conf_section *section,
    struct tkt_timer *timer, struct tkt_error *error)
{
	struct tkt_step *step =
	    tkt_source_grow((void **)&timer->steps, timer->step_count, sizeof(*step));

	if (!step)
		return tkt_error_set_memory(error);
	timer->step_count++;
	if (make_step(maker, section, step, error))
		return -1;
	return tkt_length_parse(step->title, &step->length, error)
	    ? fail_at(maker, section->line, error)
	    : 0;
}

static int make_timer(const struct maker *maker, const struct tkt_conf_section *section,
    struct tkt_timer *timer, struct tkt_error *error)
{
	const struct tkt_conf *conf = maker->conf;
	const char *since = tkt_conf_text(conf, section->handle, "since", "created");
	size_t i;

	*timer = (struct tkt_timer){ 0 };
	if (asprintf(&timer->since, "%s_at", since) < 0) {
		timer->since = NULL;
		return tkt_error_set_memory(error);
	}
	if (tkt_text_keep(&timer->title, section->title, error) ||
	    make_rule(maker, section, &timer->rule, error) ||
	    make_match(maker, section->handle, &timer->match, error) ||
	    tkt_text_keep(
		&timer->calendar, tkt_conf_text(conf, section->handle, "calendar", NULL), error))
		return -1;
	for (i = 0; i < conf->section_count; i++)
		if (conf->sections[i].parent == section->handle &&
		    make_timer_step(maker, &conf->sections[i], timer, error))
			return -1;
	return 0;
}

static int make_section(const struct maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error)
{
	void *room;

	if (tkt_text_equal(section->kind, "sla")) {
		room = tkt_source_grow(
		    (void **)&policy->slas, policy->sla_count, sizeof(*policy->slas));
		if (!room)
			return tkt_error_set_memory(error);
		policy->sla_count++;
		return make_sla(maker, section, room, error);
	}
	if (tkt_text_equal(section->kind, "timer")) {
		room = tkt_source_grow(
		    (void **)&policy->timers, policy->timer_count, sizeof(*policy->timers));
		if (!room)
			return tkt_error_set_memory(error);
		policy->timer_count++;
		return make_timer(maker, section, room, error);
	}
	return 0;
}

int tkt_policy_make(const struct tkt_conf *conf, const struct tkt_expression_scope *scope,
    struct tkt_policy **policy, struct tkt_error *error)
{
	struct maker maker = { conf, scope };
	tkt_autoptr(policy) made = calloc(1, sizeof(*made));
	size_t i;

	if (!made)
		return tkt_error_set_memory(error);
	for (i = 0; i < conf->section_count; i++)
		if (make_section(&maker, &conf->sections[i], made, error))
			return -1;
	*policy = tkt_take(made);
	return 0;
}

int tkt_policy_read(const char *folder, const char *text, size_t length,
    const struct tkt_expression_scope *scope, struct tkt_policy **policy, struct tkt_error *error)
{
	tkt_autoptr(reading) reading = NULL;

	if (tkt_reading_stored(folder, text, length, &reading, error))
		return -1;
	return tkt_policy_make(reading->conf, scope, policy, error);
}

static void clear_match(struct tkt_match *match)
{
	size_t i;

	tkt_expression_free(match->all);
	for (i = 0; match->any && match->any[i]; i++)
		tkt_expression_free(match->any[i]);
	free(match->any);
}

static void free_steps(struct tkt_step *steps, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(steps[i].title);
		free(steps[i].rule);
		tkt_texts_free(steps[i].notify);
		tkt_texts_free(steps[i].set);
		tkt_texts_free(steps[i].add);
		free(steps[i].reply);
	}
	free(steps);
}

static void clear_sla(struct tkt_sla *sla)
{
	size_t i;

	free(sla->title);
	free(sla->rule);
	free(sla->calendar);
	clear_match(&sla->match);
	for (i = 0; i < TKT_CLOCK_COUNT; i++)
		free(sla->target_texts[i]);
	for (i = 0; i < sla->pause_count; i++)
		clear_match(&sla->pauses[i].match);
	free(sla->pauses);
	free_steps(sla->escalations, sla->escalation_count);
}

static void clear_timer(struct tkt_timer *timer)
{
	free(timer->title);
	free(timer->rule);
	free(timer->since);
	free(timer->calendar);
	clear_match(&timer->match);
	free_steps(timer->steps, timer->step_count);
}

void tkt_policy_free(struct tkt_policy *policy)
{
	size_t i;

	if (!policy)
		return;
	for (i = 0; i < policy->sla_count; i++)
		clear_sla(&policy->slas[i]);
	for (i = 0; i < policy->timer_count; i++)
		clear_timer(&policy->timers[i]);
	free(policy->slas);
	free(policy->timers);
	free(policy);
}
