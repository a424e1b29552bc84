#include "desk/level.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/conf.h"
#include "desk/reading.h"
#include "desk/section.h"
#include "desk/source.h"

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

static int clock_of(const char *word, size_t length)
{
	return tkt_word_index(tkt_clock_words, TKT_CLOCK_COUNT, word, length);
}

/* '75%', 'first_response 75%': tkt_check_escalation() has let it pass. */
static void read_escalation(struct tkt_step *step)
{
	const char *blank = strchr(step->title, ' ');

	step->clock = blank ? clock_of(step->title, (size_t)(blank - step->title)) : -1;
	step->percent = (int)strtol(blank ? blank + 1 : step->title, NULL, 10);
}

static int make_step(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_step *step, struct tkt_error *error)
{
	const struct tkt_conf_range *handle = section->handle;

	*step = (struct tkt_step){ .clock = -1 };
	return tkt_text_keep(&step->title, section->title, error) ||
		tkt_section_rule(maker, section, &step->rule, error) ||
		tkt_section_texts(maker, handle, "notify", &step->notify, error) ||
		tkt_section_assignments(maker, handle, "set", &step->set, error) ||
		tkt_section_texts(maker, handle, "add", &step->add, error) ||
		tkt_text_keep(
		    &step->reply, tkt_conf_text(maker->conf, handle, "reply", NULL), error)
	    ? -1
	    : 0;
}

static int make_target(const struct tkt_section_maker *maker, const struct tkt_conf_range *section,
    int clock, struct tkt_sla *sla, struct tkt_error *error)
{
	const struct tkt_conf_value *value =
	    tkt_conf_get(maker->conf, section, tkt_clock_words[clock]);

	if (!value)
		return 0;
	if (tkt_length_parse(value->text, &sla->targets[clock], error))
		return tkt_section_fail(maker, value->line, error);
	sla->has_target[clock] = true;
	return tkt_text_keep(&sla->target_texts[clock], value->text, error);
}

static int make_pause(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_sla *sla, struct tkt_error *error)
{
	struct tkt_pause *pause =
	    tkt_source_grow((void **)&sla->pauses, sla->pause_count, sizeof(*pause));

	if (!pause)
		return tkt_error_set_memory(error);
	*pause = (struct tkt_pause){ .clock = clock_of(section->title, strlen(section->title)) };
	sla->pause_count++;
	return tkt_section_match(maker, section->handle, &pause->match, error);
}

static int make_escalation(const struct tkt_section_maker *maker,
    const struct tkt_conf_section *section, struct tkt_sla *sla, struct tkt_error *error)
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

static int make_sla(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_sla *sla, struct tkt_error *error)
{
	const struct tkt_conf *conf = maker->conf;
	const char *anchor = tkt_conf_text(conf, section->handle, "anchor", "received");
	size_t i;
	int clock;

	*sla = (struct tkt_sla){ 0 };
	sla->anchor = (enum tkt_anchor)tkt_word_index(
	    anchor_words, sizeof(anchor_words) / sizeof(*anchor_words), anchor, strlen(anchor));
	if (tkt_text_keep(&sla->title, section->title, error) ||
	    tkt_section_rule(maker, section, &sla->rule, error) ||
	    tkt_section_match(maker, section->handle, &sla->match, error) ||
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

static int make_timer_step(const struct tkt_section_maker *maker,
    const struct tkt_conf_section *section, struct tkt_timer *timer, struct tkt_error *error)
{
	struct tkt_step *step =
	    tkt_source_grow((void **)&timer->steps, timer->step_count, sizeof(*step));

	if (!step)
		return tkt_error_set_memory(error);
	timer->step_count++;
	if (make_step(maker, section, step, error))
		return -1;
	return tkt_length_parse(step->title, &step->length, error)
	    ? tkt_section_fail(maker, section->line, error)
	    : 0;
}

static int make_timer(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
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
	    tkt_section_rule(maker, section, &timer->rule, error) ||
	    tkt_section_match(maker, section->handle, &timer->match, error) ||
	    tkt_text_keep(
		&timer->calendar, tkt_conf_text(conf, section->handle, "calendar", NULL), error))
		return -1;
	for (i = 0; i < conf->section_count; i++)
		if (conf->sections[i].parent == section->handle &&
		    make_timer_step(maker, &conf->sections[i], timer, error))
			return -1;
	return 0;
}

static int add_sla(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error)
{
	struct tkt_sla *room =
	    tkt_source_grow((void **)&policy->slas, policy->sla_count, sizeof(*room));

	if (!room)
		return tkt_error_set_memory(error);
	policy->sla_count++;
	return make_sla(maker, section, room, error);
}

static int add_timer(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error)
{
	struct tkt_timer *room =
	    tkt_source_grow((void **)&policy->timers, policy->timer_count, sizeof(*room));

	if (!room)
		return tkt_error_set_memory(error);
	policy->timer_count++;
	return make_timer(maker, section, room, error);
}

/* Adds what a section says to the policy. */
typedef int section_add(const struct tkt_section_maker *maker,
    const struct tkt_conf_section *section, struct tkt_policy *policy, struct tkt_error *error);

static const struct {
	const char *kind;
	section_add *add;
} sections[] = {
	{ "sla", add_sla },
	{ "timer", add_timer },
	{ "route", tkt_route_add },
	{ "team", tkt_team_add },
	{ "action", tkt_action_add },
	{ "forbid", tkt_forbid_add },
	{ "recognise", tkt_intake_add },
	{ "category", tkt_intake_add },
	{ "flag", tkt_intake_add },
	{ "question", tkt_intake_add },
	{ "form", tkt_intake_add },
	{ "entitlement", tkt_intake_add },
	{ "channel", tkt_intake_add },
};
#define SECTION_COUNT (sizeof(sections) / sizeof(*sections))

bool tkt_policy_is_in(const struct tkt_conf *conf)
{
	size_t i;

	for (i = 0; i < SECTION_COUNT; i++)
		if (tkt_conf_section_find(conf, sections[i].kind, NULL))
			return true;
	return false;
}

bool tkt_policy_may_be_in(const char *text)
{
	size_t i;

	for (i = 0; i < SECTION_COUNT; i++)
		if (strstr(text, sections[i].kind))
			return true;
	return false;
}

static int add_section(const struct tkt_section_maker *maker,
    const struct tkt_conf_section *section, struct tkt_policy *policy, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < SECTION_COUNT; i++)
		if (tkt_text_equal(sections[i].kind, section->kind))
			return sections[i].add(maker, section, policy, error);
	return 0;
}

int tkt_policy_make(const struct tkt_conf *conf, const struct tkt_expression_scope *scope,
    struct tkt_policy **policy, struct tkt_error *error)
{
	struct tkt_section_maker maker = { conf, scope };
	tkt_autoptr(policy) made = calloc(1, sizeof(*made));
	size_t i;

	if (!made)
		return tkt_error_set_memory(error);
	for (i = 0; i < conf->section_count; i++)
		if (add_section(&maker, &conf->sections[i], made, error))
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
	tkt_match_clear(&sla->match);
	for (i = 0; i < TKT_CLOCK_COUNT; i++)
		free(sla->target_texts[i]);
	for (i = 0; i < sla->pause_count; i++)
		tkt_match_clear(&sla->pauses[i].match);
	free(sla->pauses);
	free_steps(sla->escalations, sla->escalation_count);
}

static void clear_timer(struct tkt_timer *timer)
{
	free(timer->title);
	free(timer->rule);
	free(timer->since);
	free(timer->calendar);
	tkt_match_clear(&timer->match);
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
	tkt_routes_free(policy->routes, policy->route_count);
	tkt_teams_free(policy->teams, policy->team_count);
	tkt_actions_free(policy->actions, policy->action_count);
	tkt_forbids_free(policy->forbids, policy->forbid_count);
	tkt_intake_rules_clear(&policy->intake);
	free(policy);
}
