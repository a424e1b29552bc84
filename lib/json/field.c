#include "json/field.h"

#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/words.h"

#include "base/banned.h"

const struct tkt_clock_field *tkt_clock_field_find(const char *key)
{
	const struct tkt_clock_field *part;
	const char *dot = strrchr(key, '.');

	for (part = tkt_clock_fields; dot && part->name; part++)
		if (!strcmp(part->name, dot + 1))
			return part;
	return NULL;
}

/* Is the rest of a name behind 'clock.' of the shape NAME.due? The bytes of NAME. */
static size_t clock_name_length(const char *rest)
{
	return tkt_clock_field_find(rest) ? (size_t)(strrchr(rest, '.') - rest) : 0;
}

/* A field of which the name picks a part: 'fields.domain', 'clock.first_response.due'. */
static const struct tkt_field *find_part(
    const struct tkt_field_table *table, const char *name, const char **key, size_t *key_length)
{
	const char *dot = strchr(name, '.');
	size_t index, prefix, length;

	if (!dot)
		return NULL;
	prefix = (size_t)(dot - name);
	for (index = 0; index < table->count; index++) {
		const struct tkt_field *field = &table->fields[index];

		if (strncmp(field->name, name, prefix) != 0 || field->name[prefix])
			continue;
		if (field->flags & TKT_FIELD_CLOCK)
			length = clock_name_length(dot + 1);
		else
			length = field->type == TKT_FIELD_MAP ? strlen(dot + 1) : 0;
		if (!length || !tkt_utf8_is_valid(dot + 1, length))
			return NULL;
		*key = dot + 1;
		*key_length = length;
		return field;
	}
	return NULL;
}

const struct tkt_field *tkt_field_find(
    const struct tkt_field_table *table, const char *name, const char **key, size_t *key_length)
{
	size_t index;

	*key = NULL;
	*key_length = 0;
	for (index = 0; index < table->count; index++)
		if (tkt_text_equal(table->fields[index].name, name))
			return table->fields[index].flags & TKT_FIELD_CLOCK ? NULL
									    : &table->fields[index];
	return find_part(table, name, key, key_length);
}

/* 'clock', 'clock.first_response': a clock without a word of what about it. */
static bool is_half_a_clock(const struct tkt_field_table *table, const char *name)
{
	const char *key;
	size_t key_length;

	return strncmp(name, "clock", 5) == 0 && (name[5] == '.' || !name[5]) &&
	    tkt_field_find(table, "clock.x.due", &key, &key_length);
}

static int refuse_clock(const char *name, struct tkt_error *error)
{
	const struct tkt_clock_field *part;
	tkt_autotext list;

	tkt_text_init(&list, 1000);
	for (part = tkt_clock_fields; part->name; part++) {
		if (list.length)
			tkt_text_add(&list, part[1].name ? ", " : _(" or "));
		tkt_text_add(&list, part->name);
	}
	return tkt_error_set(error, TKT_ERROR_USAGE,
	    _("'%s' is no field: write 'clock.NAME.PART', where PART is %s"), name, list.bytes);
}

const struct tkt_field *tkt_field_require(const struct tkt_field_table *table, const char *name,
    const char **key, size_t *key_length, struct tkt_error *error)
{
	const struct tkt_field *field = tkt_field_find(table, name, key, key_length);
	struct tkt_nearest nearest;
	size_t index;

	if (field)
		return field;
	if (is_half_a_clock(table, name)) {
		refuse_clock(name, error);
		return NULL;
	}
	tkt_nearest_init(&nearest, name);
	for (index = 0; index < table->count; index++)
		if (!(table->fields[index].flags & TKT_FIELD_CLOCK))
			tkt_nearest_offer(&nearest, table->fields[index].name);
	if (nearest.found)
		tkt_error_set(error, TKT_ERROR_USAGE,
		    _("there is no field '%s'; did you mean '%s'?"), name, nearest.found);
	else
		tkt_error_set(error, TKT_ERROR_USAGE, _("there is no field '%s'"), name);
	return NULL;
}

size_t tkt_field_index(const struct tkt_field_table *table, const struct tkt_field *field)
{
	assert(field >= table->fields && field < table->fields + table->count);
	return (size_t)(field - table->fields);
}

static const char *const priority_words[] = { "low", "normal", "high", "critical" };

int tkt_priority_from_word(const char *word)
{
	int index;

	for (index = 0; index < 4; index++)
		if (!strcmp(priority_words[index], word))
			return index + 1;
	return 0;
}

const char *tkt_priority_word(int64_t priority)
{
	return priority >= 1 && priority <= 4 ? priority_words[priority - 1] : NULL;
}
