#include "policy/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "policy/answer.h"
#include "policy/identity.h"
#include "policy/intake_parts.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

#define FAILED_TAG "tags=rule_failed"

void tkt_intake_clear(struct tkt_intake *intake)
{
	json_decref(intake->change);
	json_decref(intake->to_ask);
	free(intake->template);
	memset(intake, 0, sizeof(*intake));
}

/* -- the channel -- */

static enum tkt_acceptance stricter(enum tkt_acceptance a, enum tkt_acceptance b)
{
	return a > b ? a : b;
}

/* `failed` gets the rule whose pattern passed its limit. */
static int accept_by(const struct tkt_channel *channel, const json_t *ticket, bool after_hours,
    json_t *failed, enum tkt_acceptance *acceptance, struct tkt_error *error)
{
	int matches =
	    channel->has_match ? tkt_match_ticket(&channel->rule.match, ticket, error) : 1;

	if (matches < 0) {
		if (error->kind != TKT_ERROR_DATA ||
		    tkt_rules_note(failed, channel->rule.rule, error))
			return -1;
		matches = 1; /* the rule is left out */
	}
	*acceptance = channel->accept;
	if (channel->has_outside && (!matches || (after_hours && channel->calendar)))
		*acceptance = stricter(channel->accept, channel->outside);
	return 0;
}

int tkt_intake_accepts(const struct tkt_intake_rules *rules, const json_t *ticket, bool after_hours,
    const struct tkt_channel **channel, enum tkt_acceptance *acceptance, struct tkt_error *error)
{
	json_auto_t *failed = json_array();

	*channel = tkt_channel_find(rules, tkt_object_text(ticket, "channel"));
	*acceptance = TKT_ACCEPT_ALL;
	if (!failed)
		return tkt_error_set_memory(error);
	return *channel ? accept_by(*channel, ticket, after_hours, failed, acceptance, error) : 0;
}

/* No more is proven than the channel can prove (S3-2). */
static int lower_identity(
    struct tkt_judging *judging, const struct tkt_channel *channel, struct tkt_error *error)
{
	if (!channel->identity ||
	    tkt_identity_rung(tkt_object_text(judging->draft, "identity")) <=
		tkt_identity_rung(channel->identity))
		return 0;
	return tkt_judging_set(judging, "identity", json_string(channel->identity), error) ||
		tkt_judging_tell(judging, channel->rule.rule, error, "channel %s proves %s",
		    channel->rule.title, channel->identity)
	    ? -1
	    : 0;
}

static int judge_channel(
    struct tkt_judging *judging, enum tkt_acceptance *acceptance, struct tkt_error *error)
{
	static const char *const sentences[] = { NULL, "talk", "no request" };
	const struct tkt_channel *channel =
	    tkt_channel_find(judging->rules, tkt_object_text(judging->draft, "channel"));

	if (!channel || !judging->letter->opens)
		return 0;
	judging->rule = channel->rule.rule;
	if (accept_by(channel, judging->draft, judging->letter->after_hours, judging->failed,
		acceptance, error) ||
	    lower_identity(judging, channel, error))
		return -1;
	if (tkt_judging_row(judging,
		&(struct tkt_section_name){ "channel", channel->rule.title, channel->rule.rule },
		*acceptance == TKT_ACCEPT_ALL ? "yes" : "no", sentences[*acceptance], error))
		return -1;
	if (*acceptance == TKT_ACCEPT_ALL)
		return 0;
	return tkt_judging_tell(judging, channel->rule.rule, error, "channel %s: %s",
		   channel->rule.title, sentences[*acceptance]) ||
		tkt_judging_apply(judging, channel->rule.set, channel->rule.add, error)
	    ? -1
	    : 0;
}

/* -- who asks -- */

static int tell_people(struct tkt_judging *judging, const json_t *identity, struct tkt_error *error)
{
	const char *customer = tkt_object_text(identity, "customer"),
		   *entitlement = tkt_object_text(identity, "entitlement");

	if (!customer)
		return tkt_judging_tell(judging, NULL, error, "no customer is known");
	return tkt_judging_tell(
	    judging, NULL, error, "customer %s: %s", customer, entitlement ? entitlement : "none");
}

/* What is known of people; *again: whether a later letter may ask is to be judged anew. */
static int judge_people(struct tkt_judging *judging, bool *again, struct tkt_error *error)
{
	static const char *const names[] = { "customer", "contract", "tier" };
	const struct tkt_intake_case *letter = judging->letter;
	json_auto_t *identity = NULL, *before = NULL;
	json_t *entitlement;
	size_t i;

	if (!letter->identify || (!letter->opens && !tkt_judging_is_empty(judging, "contract")))
		return 0;
	judging->rule = NULL;
	if (letter->identify(judging->draft, &identity, letter->context, error))
		return -1;
	if (letter->opens && tkt_object_text(identity, "lang") &&
	    tkt_judging_set(judging, "lang", json_incref(json_object_get(identity, "lang")), error))
		return -1;
	entitlement = json_object_get(identity, "entitlement");
	if (!entitlement || tkt_object_text(identity, "agent")) /* a colleague is no customer */
		return 0;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		json_t *value = json_object_get(identity, names[i]);

		if (value && tkt_judging_is_empty(judging, names[i]) &&
		    tkt_judging_set(judging, names[i], json_incref(value), error))
			return -1;
	}
	before = json_incref(tkt_object_get(judging->draft, "entitlement"));
	if (letter->opens && before)
		return 0;
	*again = !letter->opens && !json_equal(before, entitlement);
	if (!letter->opens && !*again)
		return 0;
	return tkt_judging_set(judging, "entitlement", json_incref(entitlement), error) ||
		tell_people(judging, identity, error)
	    ? -1
	    : 0;
}

/* -- what it is about -- */

static int matches_rule(struct tkt_judging *judging, const char *kind,
    const struct tkt_intake_rule *rule, struct tkt_error *error)
{
	return tkt_judging_matches(judging, &rule->match,
	    &(struct tkt_section_name){ kind, rule->title, rule->rule }, error);
}

static int name_category(struct tkt_judging *judging, struct tkt_error *error)
{
	const struct tkt_intake_rules *rules = judging->rules;
	size_t i;
	int matches = 0;

	if (!tkt_judging_is_empty(judging, "category"))
		return 0;
	for (i = 0; i < rules->category_count && !matches; i++) {
		const struct tkt_intake_rule *category = &rules->categories[i];

		matches = matches_rule(judging, "category", category, error);
		judging->rule = category->rule;
		if (matches > 0 &&
		    (tkt_judging_set(judging, "category", json_string(category->title), error) ||
			tkt_judging_tell(
			    judging, category->rule, error, "category %s", category->title) ||
			tkt_judging_apply(judging, category->set, category->add, error)))
			return -1;
	}
	return matches < 0 ? -1 : 0;
}

static int raise_flags(struct tkt_judging *judging, struct tkt_error *error)
{
	const struct tkt_intake_rules *rules = judging->rules;
	size_t i;

	for (i = 0; i < rules->flag_count; i++) {
		const struct tkt_intake_rule *flag = &rules->flags[i];
		tkt_autofree char *tag = NULL;
		int matches = matches_rule(judging, "flag", flag, error);

		if (matches < 0)
			return -1;
		if (!matches)
			continue;
		judging->rule = flag->rule;
		if (asprintf(&tag, "tags=%s", flag->title) < 0) {
			tag = NULL;
			return tkt_error_set_memory(error);
		}
		if (tkt_judging_apply(
			judging, (char *[]){ NULL }, (char *[]){ tag, NULL }, error) ||
		    tkt_judging_tell(judging, flag->rule, error, "flag %s", flag->title))
			return -1;
	}
	return 0;
}

/* The first that matches; *refusal is its template where it refuses, borrowed. */
static int judge_entitlement(
    struct tkt_judging *judging, const char **refusal, struct tkt_error *error)
{
	const struct tkt_intake_rules *rules = judging->rules;
	size_t i;
	int matches = 0;

	for (i = 0; i < rules->entitlement_count && !matches; i++) {
		const struct tkt_intake_rule *rule = &rules->entitlements[i];

		matches = matches_rule(judging, "entitlement", rule, error);
		if (matches <= 0)
			continue;
		judging->rule = rule->rule;
		*refusal = rule->reply;
		if (tkt_judging_tell(judging, rule->rule, error, "entitlement %s", rule->title) ||
		    tkt_judging_apply(judging, rule->set, rule->add, error))
			return -1;
	}
	return matches < 0 ? -1 : 0;
}

/* -- the mail -- */

/* Who is told of attachments that were set aside knows that his letter has come. */
static bool has_aside(const json_t *message)
{
	const json_t *attachment;
	size_t at;

	json_array_foreach(json_object_get(message, "attachments"), at, attachment) {
		if (json_object_get(attachment, "set_aside"))
			return true;
	}
	return false;
}

static const char *acknowledgement(const struct tkt_judging *judging)
{
	const struct tkt_intake_case *letter = judging->letter;
	const char *name = tkt_object_text(letter->message, "channel");
	const struct tkt_channel *channel;
	enum tkt_acknowledge wanted = TKT_ACKNOWLEDGE_NONE;

	if (has_aside(letter->message))
		return NULL;
	if (!name)
		name = tkt_object_text(letter->ticket, "channel");
	channel = tkt_channel_find(judging->rules, name);
	if (channel && channel->has_acknowledge)
		wanted = channel->acknowledge;
	else if (tkt_text_equal(name, "mail") && json_object_get(letter->message, "raw_sha256"))
		wanted = letter->acknowledge;
	if (letter->opens)
		return wanted == TKT_ACKNOWLEDGE_NONE ? NULL : "ack";
	return wanted == TKT_ACKNOWLEDGE_ALL ? "ack_reply" : NULL;
}

/* Does the letter lead to questions: is something required still lacking, or has it been asked
 * just now? */
static bool asks(const struct tkt_judging *judging)
{
	const json_t *question;
	size_t at;

	if (json_array_size(judging->lacks))
		return true;
	json_array_foreach(judging->written, at, question) {
		if (json_object_get(question, "asked_at"))
			return true;
	}
	return false;
}

/* All that is open, by the numbers that they keep. */
static int list_questions(
    struct tkt_judging *judging, struct tkt_intake *intake, struct tkt_error *error)
{
	const json_t *question;
	size_t at;

	if (tkt_questions_order(judging->rules, judging->questions, error))
		return -1;
	intake->to_ask = json_array();
	if (!intake->to_ask)
		return tkt_error_set_memory(error);
	json_array_foreach(judging->questions, at, question) {
		if (tkt_question_is_open(question) &&
		    json_array_append_new(intake->to_ask,
			json_pack("{s:I,s:O*}", "number", (json_int_t)at + 1, "text",
			    json_object_get(question, "text"))))
			return tkt_error_set_memory(error);
	}
	return 0;
}

static int choose_mail(struct tkt_judging *judging, const char *refusal, struct tkt_intake *intake,
    struct tkt_error *error)
{
	const char *template = refusal;

	intake->is_answer = refusal != NULL;
	if (!template && asks(judging)) {
		template = "questions";
		intake->is_answer = true;
		if (list_questions(judging, intake, error))
			return -1;
	}
	if (!template)
		template = acknowledgement(judging);
	return tkt_text_keep(&intake->template, template, error);
}

/* -- the change -- */

static int put_rules(struct tkt_judging *judging, struct tkt_error *error)
{
	const json_t *rule;
	tkt_autotext list;
	size_t at;

	tkt_text_init(&list, TKT_TEXT_LIMIT);
	json_array_foreach(judging->failed, at, rule) {
		if (tkt_judging_tell(judging, json_string_value(rule), error,
			"rule %s failed: its pattern takes too many steps",
			json_string_value(rule)))
			return -1;
	}
	json_array_foreach(judging->used, at, rule)
		tkt_text_format(&list, "%s%s", at ? ", " : "", json_string_value(rule));
	if (tkt_text_check(&list, error))
		return -1;
	return list.length ? tkt_change_put(judging->change, "rule", json_string(list.bytes), error)
			   : 0;
}

/* Of several sections, which did what (tkt-show --blame). */
static int put_rules_of(struct tkt_judging *judging, struct tkt_error *error)
{
	if (json_array_size(judging->used) < 2 || !json_object_size(judging->rules_of))
		return 0;
	return tkt_change_put(judging->change, "rules", json_incref(judging->rules_of), error);
}

static int finish(struct tkt_judging *judging, struct tkt_intake *intake, struct tkt_error *error)
{
	judging->rule = NULL;
	if (json_array_size(judging->failed) &&
	    tkt_judging_apply(
		judging, (char *[]){ NULL }, (char *[]){ (char *)FAILED_TAG, NULL }, error))
		return -1;
	if (json_array_size(judging->written) &&
	    tkt_change_put(judging->change, "questions", json_incref(judging->written), error))
		return -1;
	if (put_rules(judging, error) || put_rules_of(judging, error) ||
	    tkt_text_check(&judging->why, error))
		return -1;
	if (!judging->why.length && !json_object_get(judging->change, "set") &&
	    !json_object_get(judging->change, "add") && !json_array_size(judging->written))
		return 0;
	if ((judging->why.length &&
		tkt_change_put(judging->change, "why", json_string(judging->why.bytes), error)) ||
	    tkt_change_put(judging->change, "actor", json_string(TKT_INTAKE_ACTOR), error))
		return -1;
	intake->change = tkt_take(judging->change);
	return 0;
}

static int judge(struct tkt_judging *judging, struct tkt_intake *intake, struct tkt_error *error)
{
	const struct tkt_intake_case *letter = judging->letter;
	enum tkt_acceptance acceptance = TKT_ACCEPT_ALL;
	bool lacks = !tkt_json_is_empty(json_object_get(letter->ticket, "lacks"));
	const struct tkt_channel *channel;
	const char *refusal = NULL;
	bool again = false;

	if (tkt_judging_facts(judging, error) ||
	    ((letter->opens || lacks) && judge_people(judging, &again, error)) ||
	    judge_channel(judging, &acceptance, error))
		return -1;
	if ((letter->opens || lacks) && name_category(judging, error))
		return -1;
	if ((letter->opens && raise_flags(judging, error)) ||
	    ((letter->opens || again) && judge_entitlement(judging, &refusal, error)))
		return -1;
	if (!refusal && acceptance != TKT_ACCEPT_ALL) {
		channel =
		    tkt_channel_find(judging->rules, tkt_object_text(judging->draft, "channel"));
		refusal = channel->rule.reply;
	}
	if (!refusal && acceptance == TKT_ACCEPT_ALL && (letter->opens || lacks) &&
	    tkt_judging_forms(judging, error))
		return -1;
	return choose_mail(judging, refusal, intake, error) || finish(judging, intake, error) ? -1
											      : 0;
}

int tkt_intake_decide(const struct tkt_intake_rules *rules, const struct tkt_intake_case *letter,
    struct tkt_intake *intake, struct tkt_error *error)
{
	__attribute__((cleanup(tkt_judging_clear))) struct tkt_judging judging = { .rules = rules,
		.letter = letter };
	tkt_autointake made = { 0 };

	if (tkt_judging_begin(&judging, error) || judge(&judging, &made, error))
		return -1;
	tkt_intake_clear(intake);
	*intake = made;
	memset(&made, 0, sizeof(made));
	return 0;
}
