#include "desk/name_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/check.h"
#include "desk/conf.h"
#include "desk/finding.h"
#include "expression/expression.h"

#include "base/banned.h"

#define FACT "fields."

enum kind { CATEGORY, CHANNEL, TIER, QUEUE, TAG, FACT_NAME, KIND_COUNT };

static const char *const fields[KIND_COUNT] = { "category", "channel", "tier", "queue", "tags",
	"fields" };

struct names {
	const struct tkt_conf *conf;
	json_t *known[KIND_COUNT];    /* sets: objects whose names count; NULL when memory is out */
	bool is_complete[KIND_COUNT]; /* the desk keeps a list of them */
	int line;                     /* of what is being judged */
};

static void add(struct names *names, enum kind kind, const char *name)
{
	json_object_set_new(names->known[kind], name, json_true());
}

static void add_section(struct names *names, const struct tkt_conf_section *section)
{
	if (tkt_text_equal(section->kind, "category")) {
		add(names, CATEGORY, section->title);
		names->is_complete[CATEGORY] = true;
	} else if (tkt_text_equal(section->kind, "channel")) {
		add(names, CHANNEL, section->title);
	} else if (tkt_text_equal(section->kind, "flag")) {
		add(names, TAG, section->title);
	} else if (tkt_text_equal(section->kind, "question")) {
		add(names, FACT_NAME, section->title);
	}
}

/* 'queue=billing', 'tags+=late', 'fields.domain=x' */
static void add_assignment(struct names *names, const char *assignment)
{
	size_t length = strcspn(assignment, "+-=");
	const char *value = strchr(assignment, '=');
	int kind;

	if (!value)
		return;
	if (!strncmp(assignment, FACT, strlen(FACT))) {
		tkt_autofree char *name = strndup(assignment + strlen(FACT), length - strlen(FACT));

		if (name)
			add(names, FACT_NAME, name);
		return;
	}
	for (kind = 0; kind < KIND_COUNT; kind++)
		if (strlen(fields[kind]) == length && !strncmp(assignment, fields[kind], length))
			add(names, (enum kind)kind, value + 1);
}

static void add_groups(struct names *names, const char *string)
{
	tkt_autoptr(pattern) pattern = NULL;
	struct tkt_error error = { 0 };
	json_auto_t *groups = NULL;
	const json_t *group;
	size_t at;

	if (tkt_pattern_new(string, &pattern, &error))
		return;
	groups = tkt_pattern_names(pattern);
	json_array_foreach(groups, at, group)
		add(names, FACT_NAME, json_string_value(group));
}

static void add_value(struct names *names, const struct tkt_conf_value *value)
{
	const struct tkt_setting *setting = value->setting;

	if (setting->check == tkt_check_assignment || setting->check == tkt_check_element)
		add_assignment(names, value->text);
	else if (setting->check == tkt_check_pattern)
		add_groups(names, value->text);
	else if (value->section == names->conf->root && tkt_text_equal(setting->name, "queue"))
		add(names, QUEUE, value->text);
	else if (tkt_text_equal(setting->name, "work_tiers")) {
		add(names, TIER, value->text);
		names->is_complete[TIER] = true;
	}
}

static void gather(struct names *names, const json_t *tiers)
{
	static const char *const channels[] = { "mail", "shell", "panel" };
	const json_t *tier;
	size_t i;

	for (i = 0; i < sizeof(channels) / sizeof(*channels); i++)
		add(names, CHANNEL, channels[i]);
	for (i = 0; i < names->conf->section_count; i++)
		add_section(names, &names->conf->sections[i]);
	for (i = 0; i < names->conf->value_count; i++)
		add_value(names, &names->conf->values[i]);
	json_array_foreach(tiers, i, tier) {
		add(names, TIER, json_string_value(tier));
		names->is_complete[TIER] = true;
	}
}

static void judge_name(const struct names *names, enum kind kind, const char *name)
{
	struct tkt_nearest nearest;
	const char *known;
	json_t *any;

	if (json_object_get(names->known[kind], name))
		return;
	tkt_nearest_init(&nearest, name);
	json_object_foreach(names->known[kind], known, any)
		tkt_nearest_offer(&nearest, known);
	if (nearest.found && kind == FACT_NAME)
		tkt_conf_report(names->conf, names->line, true,
		    _("nothing in this desk gives 'fields.%s' a value; did you mean 'fields.%s'?"),
		    name, nearest.found);
	else if (nearest.found)
		tkt_conf_report(names->conf, names->line, true,
		    _("nothing in this desk gives '%s' the value '%s'; did you mean '%s'?"),
		    fields[kind], name, nearest.found);
	else if (names->is_complete[kind])
		tkt_conf_report(names->conf, names->line, true,
		    _("nothing in this desk gives '%s' the value '%s'"), fields[kind], name);
}

static bool names_values(const struct tkt_expression *leaf)
{
	return leaf->comparison == TKT_OPERATOR_EQUAL ||
	    leaf->comparison == TKT_OPERATOR_NOT_EQUAL || leaf->comparison == TKT_OPERATOR_IN;
}

static void judge_leaf(const struct tkt_expression *leaf, void *context)
{
	const struct names *names = context;
	size_t i;
	int kind;

	for (kind = 0; kind < KIND_COUNT; kind++)
		if (tkt_text_equal(leaf->field->name, fields[kind]))
			break;
	if (kind == FACT_NAME && leaf->key)
		judge_name(names, FACT_NAME, leaf->key);
	if (kind >= FACT_NAME || !names_values(leaf))
		return;
	for (i = 0; i < leaf->literal_count; i++)
		if (!leaf->literals[i].empty && leaf->literals[i].text)
			judge_name(names, (enum kind)kind, leaf->literals[i].text);
}

void tkt_names_warn(const struct tkt_conf *conf, const json_t *tiers)
{
	struct names names = { .conf = conf };
	size_t i;

	for (i = 0; i < KIND_COUNT; i++)
		names.known[i] = json_object();
	gather(&names, tiers);
	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];
		struct tkt_error error = { 0 };

		names.line = value->line;
		tkt_expression_each_leaf(value->expression, judge_leaf, &names);
		if (tkt_text_equal(value->setting->name, "channels") &&
		    !value->setting->check(value->setting, value->text, &error))
			judge_name(&names, CHANNEL, value->text);
	}
	for (i = 0; i < KIND_COUNT; i++)
		json_decref(names.known[i]);
}
