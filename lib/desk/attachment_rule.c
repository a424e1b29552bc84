#include "desk/attachment_rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/media_type.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "desk/conf.h"
#include "desk/size.h"

#include "base/banned.h"

static bool is_value(
    const struct tkt_conf_value *value, const struct tkt_conf_range *section, const char *name)
{
	return value->section == section && tkt_text_equal(value->setting->name, name);
}

/* The values of a list, each in the form in which it is compared. */
static int read_list(const struct tkt_conf *conf, const struct tkt_conf_range *section,
    const char *name, char ***list, struct tkt_error *error)
{
	size_t i, count = 0;

	*list = calloc(conf->value_count + 1, sizeof(**list));
	if (!*list)
		return tkt_error_set_memory(error);
	for (i = 0; i < conf->value_count; i++) {
		const char *text = conf->values[i].text;
		char type[TKT_MEDIA_TYPE_SIZE];

		if (!is_value(&conf->values[i], section, name))
			continue;
		if (!tkt_text_equal(name, "names")) {
			tkt_media_type(text, type);
			text = type;
		}
		(*list)[count] = strdup(text);
		if (!(*list)[count++])
			return tkt_error_set_memory(error);
	}
	return 0;
}

static int read_rule(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    struct tkt_attachment_rule *rule, struct tkt_error *error)
{
	const char *size = tkt_conf_text(conf, section->handle, "size", NULL),
		   *number = tkt_conf_text(conf, section->handle, "count", NULL);

	rule->size = rule->number = -1;
	if (number)
		tkt_number_parse(number, &rule->number);
	if (size && tkt_size_parse(size, &rule->size, error))
		return -1;
	rule->kind = strdup(section->title);
	if (!rule->kind)
		return tkt_error_set_memory(error);
	return read_list(conf, section->handle, "allow", &rule->allow, error) ||
		read_list(conf, section->handle, "deny", &rule->deny, error) ||
		read_list(conf, section->handle, "names", &rule->names, error)
	    ? -1
	    : 0;
}

int tkt_attachment_rules_read(
    const struct tkt_conf *conf, struct tkt_attachment_rules *rules, struct tkt_error *error)
{
	size_t i;

	if (!tkt_conf_section_find(conf, "attachment", NULL))
		return 0;
	rules->items = calloc(conf->section_count, sizeof(*rules->items));
	if (!rules->items)
		return tkt_error_set_memory(error);
	for (i = 0; i < conf->section_count; i++)
		if (tkt_text_equal(conf->sections[i].kind, "attachment") &&
		    read_rule(conf, &conf->sections[i], &rules->items[rules->count++], error))
			return -1;
	return 0;
}

void tkt_attachment_rules_clear(struct tkt_attachment_rules *rules)
{
	size_t i;

	for (i = 0; i < rules->count; i++) {
		free(rules->items[i].kind);
		tkt_texts_free(rules->items[i].allow);
		tkt_texts_free(rules->items[i].deny);
		tkt_texts_free(rules->items[i].names);
	}
	free(rules->items);
	memset(rules, 0, sizeof(*rules));
}

const struct tkt_attachment_rule *tkt_attachment_rule_find(
    const struct tkt_attachment_rules *rules, const char *kind, size_t length)
{
	size_t i;

	for (i = 0; i < rules->count; i++)
		if (strlen(rules->items[i].kind) == length &&
		    !strncmp(rules->items[i].kind, kind, length))
			return &rules->items[i];
	return NULL;
}

void tkt_attachment_section_check(
    const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	size_t i, length = strlen(section->title);

	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];

		if ((is_value(value, section->handle, "allow") ||
			is_value(value, section->handle, "deny")) &&
		    !tkt_text_equal(section->title, "any") &&
		    tkt_media_type_is_pattern(value->text) &&
		    (strncasecmp(value->text, section->title, length) ||
			value->text[length] != '/'))
			tkt_conf_report(conf, value->line, false,
			    _("'%s' is never of the kind '%s'"), value->text, section->title);
	}
}

/* What is denied as well as allowed is denied. */
static void warn_allowed(
    const struct tkt_conf *conf, const struct tkt_conf_range *section, const char *allowed)
{
	char type[TKT_MEDIA_TYPE_SIZE], pattern[TKT_MEDIA_TYPE_SIZE];
	size_t i;

	tkt_media_type(allowed, type);
	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];

		if (!is_value(value, section, "deny"))
			continue;
		tkt_media_type(value->text, pattern);
		if (tkt_media_type_matches(pattern, type))
			tkt_conf_report(conf, value->line, true,
			    _("'%s' is allowed and denied: it is set aside"), allowed);
	}
}

void tkt_attachment_section_warn(
    const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *number = tkt_conf_get(conf, section->handle, "count");
	const struct tkt_conf_value *size = tkt_conf_get(conf, section->handle, "size");
	struct tkt_error ignored = { 0 };
	int64_t counted, bytes;
	size_t i;

	if (number && !tkt_number_parse(number->text, &counted) && counted == 0)
		tkt_conf_report(conf, number->line, true,
		    _("with a 'count' of 0 no attachment of the kind '%s' is taken"),
		    section->title);
	if (size && !tkt_size_parse(size->text, &bytes, &ignored) && bytes == 0)
		tkt_conf_report(conf, size->line, true,
		    _("with a 'size' of 0 no attachment of the kind '%s' is taken that has a byte"),
		    section->title);
	for (i = 0; i < conf->value_count; i++)
		if (is_value(&conf->values[i], section->handle, "allow"))
			warn_allowed(conf, section->handle, conf->values[i].text);
}
