#include "desk/intake_rule.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/check.h"
#include "desk/conf.h"
#include "expression/expression.h"

#include "base/banned.h"

int tkt_check_pattern(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	tkt_autoptr(pattern) pattern = NULL;

	(void)setting;
	if (!tkt_pattern_new(value, &pattern, error))
		return 0;
	if (error->kind != TKT_ERROR_TEMPORARY)
		error->kind = TKT_ERROR_CONFIGURATION;
	return -1;
}

int tkt_check_wording(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	size_t length = strcspn(value, ":");
	tkt_autofree char *language = strndup(value, length);

	if (!language)
		return tkt_error_set_memory(error);
	if (value[length] && !tkt_check_language(setting, language, error) &&
	    value[length + 1 + strspn(value + length + 1, " ")])
		return 0;
	return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
	    _("'%s' is no text in a language, as in \"en: Which browser do you use?\""), value);
}

static bool matches_all(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	return !tkt_conf_has(conf, section, "match") && !tkt_conf_has(conf, section, "any");
}

static void need(
    const struct tkt_conf *conf, const struct tkt_conf_section *section, const char *name)
{
	if (!tkt_conf_has(conf, section, name))
		/* TRANSLATORS: a kind of section, its title, the name of an option */
		tkt_conf_report(conf, section->line, false, _("%s '%s' needs '%s'"), section->kind,
		    section->title, name);
}

static void check_recognise(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *value = tkt_conf_get(conf, section->handle, "pattern");
	tkt_autoptr(pattern) pattern = NULL;
	struct tkt_error error = { 0 };
	json_auto_t *names = NULL;

	need(conf, section, "pattern");
	if (!value || tkt_pattern_new(value->text, &pattern, &error))
		return;
	names = tkt_pattern_names(pattern);
	if (!json_array_size(names))
		tkt_conf_report(conf, value->line, false,
		    _("recognise '%s' fills no field: its pattern needs a named group, '(?<NAME>...)'"),
		    section->title);
}

static void check_form(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	if (!tkt_conf_has(conf, section, "require") && !tkt_conf_has(conf, section, "ask"))
		need(conf, section, "require");
}

/* Does `set` end a ticket, or put it off? */
static bool sets_status(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	size_t i;

	for (i = 0; i < conf->value_count; i++)
		if (conf->values[i].section == section->handle &&
		    tkt_text_equal(conf->values[i].setting->name, "set") &&
		    !strncmp(conf->values[i].text, "status=", 7))
			return true;
	return false;
}

/* Whoever is refused is told, and a ticket that was refused does not wait (S0-1, S2-22). */
static void check_refusal(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	if (tkt_conf_has(conf, section, "reply") && !sets_status(conf, section))
		tkt_conf_report(conf, section->line, false,
		    _("entitlement '%s' refuses: it needs a 'set' of the status, such as status=resolved"),
		    section->title);
	if (!tkt_conf_has(conf, section, "reply") && sets_status(conf, section))
		tkt_conf_report(conf, section->line, false,
		    _("entitlement '%s' ends a request in silence: it needs a 'reply'"),
		    section->title);
}

static void check_channel(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const char *accept = tkt_conf_text(conf, section->handle, "accept", "all"),
		   *outside = tkt_conf_text(conf, section->handle, "outside", "all");

	if (tkt_text_equal(accept, "none") || tkt_text_equal(outside, "none"))
		need(conf, section, "reply");
	if (!matches_all(conf, section))
		need(conf, section, "outside");
	if (tkt_conf_has(conf, section, "outside") && matches_all(conf, section) &&
	    !tkt_conf_has(conf, section, "calendar"))
		tkt_conf_report(conf, section->line, false,
		    _("channel '%s' has an 'outside', but neither a scope ('match') nor a 'calendar'"),
		    section->title);
}

void tkt_intake_section_check(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	if (tkt_conf_is_kind(section, "recognise"))
		check_recognise(conf, section);
	else if (tkt_conf_is_kind(section, "question"))
		need(conf, section, "text");
	else if (tkt_conf_is_kind(section, "form"))
		check_form(conf, section);
	else if (tkt_conf_is_kind(section, "entitlement"))
		check_refusal(conf, section);
	else if (tkt_conf_is_kind(section, "channel"))
		check_channel(conf, section);
}

/* A language of the desk in which a question has no text. */
static void warn_languages(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *language = NULL, *text;

	while ((language = tkt_conf_next(conf, NULL, "languages", language))) {
		size_t length = strlen(language->text);

		for (text = NULL; (text = tkt_conf_next(conf, section->handle, "text", text));)
			if (!strncmp(text->text, language->text, length) &&
			    text->text[length] == ':')
				break;
		if (!text)
			tkt_conf_report(conf, section->line, true,
			    _("question '%s' has no text in '%s'"), section->title, language->text);
	}
}

static bool same_language(const struct tkt_conf_value *one, const struct tkt_conf_value *other)
{
	size_t length = strcspn(one->text, ":") + 1;

	return !strncmp(one->text, other->text, length);
}

/* The language of a text, told apart from those of the desk; without any it has English. */
static bool is_of_desk(const struct tkt_conf *conf, const struct tkt_conf_value *text)
{
	const struct tkt_conf_value *language = NULL;
	size_t length = strcspn(text->text, ":");

	if (!tkt_conf_get(conf, NULL, "languages"))
		return !strncmp(text->text, "en:", 3);
	while ((language = tkt_conf_next(conf, NULL, "languages", language)))
		if (strlen(language->text) == length &&
		    !strncmp(language->text, text->text, length))
			return true;
	return false;
}

/* Texts that nobody will read: of a language that the desk does not write, or a second one. */
static void warn_texts(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *text = NULL, *before;

	while ((text = tkt_conf_next(conf, section->handle, "text", text))) {
		int length = (int)strcspn(text->text, ":");

		if (!text->text[length]) /* no text in a language: an error */
			continue;
		if (!is_of_desk(conf, text))
			tkt_conf_report(conf, text->line, true,
			    _("question '%s' has a text in '%.*s', which is none of the 'languages'"),
			    section->title, length, text->text);
		for (before = NULL;
		     (before = tkt_conf_next(conf, section->handle, "text", before)) &&
		     before < text;)
			if (same_language(before, text)) {
				tkt_conf_report(conf, text->line, true,
				    _("question '%s' has two texts in '%.*s': the first counts"),
				    section->title, length, text->text);
				break;
			}
	}
}

/* Without a question a letter can but name the field. */
static void warn_field(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    const struct tkt_conf_value *value)
{
	const char *key = tkt_question_key(value->text);
	struct tkt_error error = { 0 };

	if (!value->setting->check(value->setting, value->text, &error) &&
	    !tkt_conf_section_find(conf, "question", key))
		tkt_conf_report(conf, value->line, true,
		    _("form '%s' asks for '%s', and there is no question '%s': a letter asks by that name"),
		    section->title, value->text, key);
}

static void warn_form(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	size_t i;

	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];

		if (value->section == section->handle &&
		    (tkt_text_equal(value->setting->name, "require") ||
			tkt_text_equal(value->setting->name, "ask")))
			warn_field(conf, section, value);
	}
}

void tkt_intake_section_warn(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	if (tkt_conf_is_kind(section, "question")) {
		warn_languages(conf, section);
		warn_texts(conf, section);
	} else if (tkt_conf_is_kind(section, "form"))
		warn_form(conf, section);
	else if (tkt_conf_is_kind(section, "flag") && matches_all(conf, section))
		tkt_conf_report(conf, section->line, true,
		    _("flag '%s' has no 'match': every ticket gets it"), section->title);
}
