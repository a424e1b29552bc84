#include "policy/person_check.h"

#include <string.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/words.h"
#include "policy/person.h"
#include "json/field.h"
#include "json/order.h"

#include "base/banned.h"

#define ID_MOST 320 /* bytes: an address may be one */

static const struct tkt_part contract_parts[] = { { "number", TKT_PART_TEXT },
	{ "plan", TKT_PART_TEXT }, { "services", TKT_PART_WORDS }, { "from", TKT_PART_DAY },
	{ "until", TKT_PART_DAY }, { "contact", TKT_PART_ADDRESS }, { "sites", TKT_PART_DOMAINS },
	{ NULL, TKT_PART_TEXT } };
static const struct tkt_part absence_parts[] = { { "from", TKT_PART_DAY },
	{ "until", TKT_PART_DAY }, { "deputy", TKT_PART_TEXT }, { NULL, TKT_PART_TEXT } };

const struct tkt_part *tkt_person_parts(const struct tkt_field_table *table, const char **member)
{
	*member = table == &tkt_customer_fields ? "contracts"
	    : table == &tkt_agent_fields        ? "absences"
						: NULL;
	return table == &tkt_customer_fields ? contract_parts
	    : table == &tkt_agent_fields     ? absence_parts
					     : NULL;
}

static int refuse(const char *sentence, const char *value, struct tkt_error *error)
{
	return tkt_error_set(error, TKT_ERROR_DATA, sentence, value);
}

static int say_unknown(const char *name, struct tkt_nearest *nearest, struct tkt_error *error)
{
	if (!nearest->found)
		return refuse(_("there is no member '%s'"), name, error);
	return tkt_error_set(error, TKT_ERROR_DATA,
	    _("there is no member '%s'; did you mean '%s'?"), name, nearest->found);
}

static int check_known(
    const struct tkt_field_table *table, const json_t *object, struct tkt_error *error)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)object, name, value) {
		struct tkt_nearest nearest;
		size_t i;

		tkt_nearest_init(&nearest, name);
		for (i = 0; i < table->count && strcmp(table->fields[i].name, name) != 0; i++)
			tkt_nearest_offer(&nearest, table->fields[i].name);
		if (i == table->count && strcmp(name, "type") != 0)
			return say_unknown(name, &nearest, error);
	}
	return 0;
}

static int check_day(const char *day, struct tkt_error *error)
{
	struct tkt_civil civil;

	if (day && tkt_date_parse(day, &civil))
		return refuse(_("'%s' is no date; write it as '2026-12-31'"), day, error);
	return 0;
}

static bool is_domain(const char *domain)
{
	return *domain && domain[strcspn(domain, "@/: \t\r\n")] == '\0';
}

static json_t *lower(const json_t *text)
{
	tkt_autotext made;

	tkt_text_init(&made, TKT_TEXT_LIMIT);
	tkt_utf8_lower(&made, json_string_value(text), json_string_length(text));
	return made.failed ? NULL : json_string(made.bytes);
}

/* One text of a list, as it is kept; NULL when it cannot be. */
static json_t *keep_text(enum tkt_part_kind kind, const json_t *text, struct tkt_error *error)
{
	json_auto_t *made = NULL;

	made = kind == TKT_PART_ADDRESS || kind == TKT_PART_DOMAINS ? lower(text)
								    : json_incref((json_t *)text);
	if (!made)
		tkt_error_set_memory(error);
	else if (kind == TKT_PART_ADDRESS && !tkt_address_is_valid(json_string_value(made)))
		refuse(_("'%s' is not a mail address"), json_string_value(made), error);
	else if (kind == TKT_PART_DOMAINS && !is_domain(json_string_value(made)))
		refuse(_("'%s' is no domain"), json_string_value(made), error);
	else
		return json_incref(made);
	return NULL;
}

/* A list of texts, each once. */
static int keep_list(const char *name, enum tkt_part_kind kind, const json_t *list, json_t **kept,
    struct tkt_error *error)
{
	json_auto_t *made = json_array();
	const json_t *element;
	size_t at;

	if (!made)
		return tkt_error_set_memory(error);
	if (!json_is_array(list))
		return refuse(_("'%s' must be a list of texts"), name, error);
	json_array_foreach(list, at, element) {
		json_auto_t *text = NULL;

		if (!json_is_string(element))
			return refuse(_("'%s' must be a list of texts"), name, error);
		if (!json_string_length(element))
			continue;
		text = keep_text(kind, element, error);
		if (!text)
			return -1;
		if (!tkt_array_has(made, text) && json_array_append(made, text))
			return tkt_error_set_memory(error);
	}
	*kept = tkt_take(made);
	return 0;
}

static int keep_part(
    const struct tkt_part *part, const json_t *value, json_t *made, struct tkt_error *error)
{
	json_auto_t *kept = NULL;

	if (tkt_json_is_empty(value))
		return 0;
	if (part->kind == TKT_PART_WORDS || part->kind == TKT_PART_DOMAINS) {
		if (keep_list(part->name, part->kind, value, &kept, error))
			return -1;
	} else if (!json_is_string(value)) {
		return refuse(_("'%s' must be a text"), part->name, error);
	} else {
		kept = keep_text(part->kind, value, error);
		if (!kept ||
		    (part->kind == TKT_PART_DAY && check_day(json_string_value(kept), error)))
			return -1;
	}
	if (!tkt_json_is_empty(kept) && json_object_set(made, part->name, kept))
		return tkt_error_set_memory(error);
	return 0;
}

/* An object within a list, its parts in their order. */
static int keep_parts(const char *list, const struct tkt_part *parts, const json_t *object,
    json_t **kept, struct tkt_error *error)
{
	json_auto_t *made = json_object();
	const struct tkt_part *part;
	const char *name;
	json_t *value;

	if (!made)
		return tkt_error_set_memory(error);
	if (!json_is_object(object))
		return refuse(_("'%s' must be a list of objects"), list, error);
	json_object_foreach((json_t *)object, name, value) {
		struct tkt_nearest nearest;

		tkt_nearest_init(&nearest, name);
		for (part = parts; part->name && strcmp(part->name, name) != 0; part++)
			tkt_nearest_offer(&nearest, part->name);
		if (!part->name)
			return say_unknown(name, &nearest, error);
	}
	for (part = parts; part->name; part++)
		if (keep_part(part, json_object_get(object, part->name), made, error))
			return -1;
	*kept = tkt_take(made);
	return 0;
}

/* An end before its start; `what` names the one that has them. */
static int check_term(
    const char *sentence, const char *what, const json_t *object, struct tkt_error *error)
{
	const char *from = tkt_object_text(object, "from"),
		   *until = tkt_object_text(object, "until");

	if (!from || !until || strcmp(from, until) <= 0)
		return 0;
	return tkt_error_set(error, TKT_ERROR_DATA, sentence, what, until, from);
}

static int check_contract(const json_t *contracts, const json_t *contract, struct tkt_error *error)
{
	const char *number = tkt_object_text(contract, "number");

	if (!number)
		return tkt_error_set(error, TKT_ERROR_DATA, _("a contract needs a 'number'"));
	if (tkt_array_find(contracts, "number", number))
		return refuse(_("contract '%s' stands there twice"), number, error);
	return check_term(
	    _("contract '%s' ends on %s, before it starts on %s"), number, contract, error);
}

static int check_absence(const json_t *absences, const json_t *absence, struct tkt_error *error)
{
	const char *from = tkt_object_text(absence, "from"),
		   *until = tkt_object_text(absence, "until");
	const json_t *other;
	size_t at;

	if (!from || !until)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("an absence needs 'from' and 'until'"));
	if (strcmp(until, from) < 0)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("an absence ends on %s, before it starts on %s"), until, from);
	json_array_foreach(absences, at, other) {
		if (tkt_days_overlap(other, absence))
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("the absence from %s until %s overlaps the one from %s until %s"),
			    from, until, tkt_object_text(other, "from"),
			    tkt_object_text(other, "until"));
	}
	return 0;
}

/* The list of objects at `name`, each checked against those before it. */
static int keep_objects(json_t *object, const char *name, const struct tkt_part *parts,
    int (*check)(const json_t *, const json_t *, struct tkt_error *), struct tkt_error *error)
{
	const json_t *list = json_object_get(object, name), *element;
	json_auto_t *made = json_array();
	size_t at;

	if (!list)
		return 0;
	if (!made)
		return tkt_error_set_memory(error);
	if (!json_is_array(list))
		return refuse(_("'%s' must be a list of objects"), name, error);
	json_array_foreach(list, at, element) {
		json_auto_t *kept = NULL;

		if (keep_parts(name, parts, element, &kept, error) || check(made, kept, error))
			return -1;
		if (json_array_append(made, kept))
			return tkt_error_set_memory(error);
	}
	return json_object_set(object, name, made) ? tkt_error_set_memory(error) : 0;
}

static int keep_words(
    json_t *object, const char *name, enum tkt_part_kind kind, struct tkt_error *error)
{
	const json_t *list = json_object_get(object, name);
	json_t *kept = NULL;

	if (!list)
		return 0;
	if (keep_list(name, kind, list, &kept, error))
		return -1;
	return json_object_set_new(object, name, kept) ? tkt_error_set_memory(error) : 0;
}

static int check_customer(json_t *object, struct tkt_error *error)
{
	return keep_words(object, "domains", TKT_PART_DOMAINS, error) ||
		keep_objects(object, "contracts", contract_parts, check_contract, error)
	    ? -1
	    : 0;
}

static int check_contact(json_t *object, struct tkt_error *error)
{
	const char *id = tkt_object_text(object, "id");

	if (check_day(tkt_object_text(object, "from"), error) ||
	    check_day(tkt_object_text(object, "until"), error) ||
	    keep_words(object, "addresses", TKT_PART_ADDRESS, error) ||
	    check_term(_("contact '%s' ends on %s, before it starts on %s"), id, object, error))
		return -1;
	if (tkt_json_is_empty(json_object_get(object, "addresses")))
		return refuse(_("contact '%s' needs an address"), id, error);
	if (tkt_text_equal(tkt_object_text(object, "replaced_by"), id))
		return refuse(_("contact '%s' cannot replace itself"), id, error);
	return 0;
}

static int check_agent(json_t *object, struct tkt_error *error)
{
	static const char *const lists[] = { "groups", "skills", "languages" };
	const char *email = tkt_object_text(object, "email"), *id = tkt_object_text(object, "id");
	size_t i;

	if (id[strcspn(id, ": \t")])
		return refuse(_("'%s' is no login: it has a colon or a blank"), id, error);
	if (tkt_text_equal(tkt_object_text(object, "deputy"), id))
		return refuse(_("agent '%s' cannot be its own deputy"), id, error);
	if (email && !tkt_address_is_valid(email))
		return refuse(_("'%s' is not a mail address"), email, error);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (keep_words(object, lists[i], TKT_PART_WORDS, error))
			return -1;
	return keep_words(object, "addresses", TKT_PART_ADDRESS, error) ||
		keep_objects(object, "absences", absence_parts, check_absence, error)
	    ? -1
	    : 0;
}

int tkt_person_id(
    const struct tkt_field_table *table, const json_t *object, char **id, struct tkt_error *error)
{
	const json_t *first = json_array_get(json_object_get(object, "addresses"), 0);
	const char *given = tkt_object_text(object, "id");
	tkt_autotext made;

	tkt_text_init(&made, TKT_TEXT_LIMIT);
	if (table == &tkt_contact_fields && tkt_text_is_empty(given))
		given = json_string_value(first);
	if (tkt_text_is_empty(given))
		return 0;
	/* an address is one however it is written */
	if (table == &tkt_contact_fields && tkt_address_is_valid(given))
		tkt_utf8_lower(&made, given, strlen(given));
	else
		tkt_text_add(&made, given);
	*id = tkt_text_take(&made);
	return *id ? 0 : tkt_error_set_memory(error);
}

static int check_id(const struct tkt_field_table *table, json_t *object, struct tkt_error *error)
{
	json_t *given = json_object_get(object, "id");
	tkt_autofree char *id = NULL;
	const char *at;

	if (!tkt_json_is_empty(given) && !json_is_string(given))
		return refuse(_("'%s' must be a text"), "id", error);
	if (tkt_person_id(table, object, &id, error))
		return -1;
	if (!id)
		return tkt_error_set(error, TKT_ERROR_DATA, _("a %s needs an 'id'"), table->type);
	for (at = id; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7F)
			return tkt_error_set(
			    error, TKT_ERROR_DATA, _("an 'id' is one line without controls"));
	if (strlen(id) > ID_MOST)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("an 'id' has at most %d bytes"), ID_MOST);
	return json_object_set_new(object, "id", json_string(id)) ? tkt_error_set_memory(error) : 0;
}

int tkt_person_check(const struct tkt_field_table *table, const json_t *object, json_t **checked,
    struct tkt_error *error)
{
	json_auto_t *made = json_deep_copy(object);
	int result;

	if (!made)
		return tkt_error_set_memory(error);
	if (table == &tkt_agent_fields && tkt_json_is_empty(json_object_get(made, "is_active")) &&
	    json_object_set_new(made, "is_active", json_true()))
		return tkt_error_set_memory(error);
	if (check_known(table, made, error) || check_id(table, made, error) ||
	    json_object_set_new(made, "type", json_string(table->type)) ||
	    tkt_object_order(table, &made, error))
		return -1;
	result = table == &tkt_customer_fields ? check_customer(made, error)
	    : table == &tkt_contact_fields     ? check_contact(made, error)
					       : check_agent(made, error);
	if (result || tkt_object_order(table, &made, error))
		return -1;
	*checked = tkt_take(made);
	return 0;
}
