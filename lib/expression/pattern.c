#include "expression/expression.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/error.h"
#include "base/words.h"

#include "base/banned.h"

/*
 * What one text may cost: a tenth of PCRE2's own limit on steps (measured: 20 ms until a pattern
 * that runs away is stopped), and memory that a shared machine does not notice. No JIT: it takes
 * 0.2 ms to compile and saves 2 us a text, so it pays from a hundred texts on; but it needs memory
 * that is writable and executable, and keeps none of the limits on depth and heap.
 */
#define MATCH_LIMIT 1000000
#define DEPTH_LIMIT 100000
#define HEAP_LIMIT_KB 65536

struct tkt_pattern {
	size_t owners;
	pcre2_code *code;
	pcre2_match_context *context;
};

int tkt_pattern_new(const char *string, struct tkt_pattern **pattern, struct tkt_error *error)
{
	tkt_autoptr(pattern) made = calloc(1, sizeof(*made));
	PCRE2_SIZE offset;
	int code;

	if (!made)
		return tkt_error_set_memory(error);
	made->owners = 1;
	made->code = pcre2_compile((PCRE2_SPTR)string, PCRE2_ZERO_TERMINATED,
	    PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_MATCH_INVALID_UTF |
		PCRE2_NEVER_BACKSLASH_C,
	    &code, &offset, NULL);
	if (!made->code) {
		PCRE2_UCHAR reason[160] = { 0 };

		if (code == PCRE2_ERROR_NOMEMORY)
			return tkt_error_set_memory(error);
		pcre2_get_error_message(code, reason, sizeof(reason));
		return tkt_error_set(error, TKT_ERROR_USAGE, _("pattern '%.200s': %s"), string,
		    (const char *)reason);
	}
	made->context = pcre2_match_context_create(NULL);
	if (!made->context)
		return tkt_error_set_memory(error);
	pcre2_set_match_limit(made->context, MATCH_LIMIT);
	pcre2_set_depth_limit(made->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(made->context, HEAP_LIMIT_KB);
	*pattern = tkt_take(made);
	return 0;
}

struct tkt_pattern *tkt_pattern_share(struct tkt_pattern *pattern)
{
	pattern->owners++;
	return pattern;
}

void tkt_pattern_free(struct tkt_pattern *pattern)
{
	if (!pattern || --pattern->owners)
		return;
	pcre2_code_free(pattern->code);
	pcre2_match_context_free(pattern->context);
	free(pattern);
}

/* What a match that was none came to: 0 or -1. */
static int failure_of(int code, size_t length, struct tkt_error *error)
{
	PCRE2_UCHAR reason[160] = { 0 };

	switch (code) {
	case PCRE2_ERROR_NOMATCH:
		return 0;
	case PCRE2_ERROR_NOMEMORY:
		return tkt_error_set_memory(error);
	case PCRE2_ERROR_MATCHLIMIT:
	case PCRE2_ERROR_DEPTHLIMIT:
	case PCRE2_ERROR_HEAPLIMIT:
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("a pattern takes too many steps on a text of %zu bytes; make it simpler"),
		    length);
	default:
		pcre2_get_error_message(code, reason, sizeof(reason));
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("a pattern fails: %s"), (const char *)reason);
	}
}

static void free_data(pcre2_match_data **data)
{
	pcre2_match_data_free(*data);
}

/* The data are not kept with the pattern: a match leaves 20 KB in them, which the patterns of a
 * hundred rules would each have anew; so they are in the cache from the one before. */
int tkt_pattern_match(
    const struct tkt_pattern *pattern, const char *text, size_t length, struct tkt_error *error)
{
	__attribute__((cleanup(free_data))) pcre2_match_data *data =
	    pcre2_match_data_create(1, NULL); /* whether it matches, not where */
	int code;

	if (!data)
		return tkt_error_set_memory(error);
	code = pcre2_match(pattern->code, (PCRE2_SPTR)text, length, 0, 0, data, pattern->context);
	return code >= 0 ? 1 : failure_of(code, length, error);
}

bool tkt_pattern_takes_steps(
    const struct tkt_pattern *pattern, const char *text, size_t length, unsigned steps)
{
	__attribute__((cleanup(free_data))) pcre2_match_data *data =
	    pcre2_match_data_create(1, NULL);
	int code;

	if (!data)
		return false;
	pcre2_set_match_limit(pattern->context, steps);
	code = pcre2_match(pattern->code, (PCRE2_SPTR)text, length, 0, 0, data, pattern->context);
	pcre2_set_match_limit(pattern->context, MATCH_LIMIT);
	return code == PCRE2_ERROR_MATCHLIMIT || code == PCRE2_ERROR_DEPTHLIMIT ||
	    code == PCRE2_ERROR_HEAPLIMIT;
}

/* The table of named groups: entries of `size` bytes, the group's number in the first two. */
static const unsigned char *name_table(
    const struct tkt_pattern *pattern, uint32_t *count, uint32_t *size)
{
	PCRE2_SPTR table = NULL;

	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, count);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE, size);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &table);
	return table;
}

json_t *tkt_pattern_names(const struct tkt_pattern *pattern)
{
	json_t *names = json_array();
	uint32_t count, size, i;
	const unsigned char *table = name_table(pattern, &count, &size);

	for (i = 0; names && i < count; i++)
		if (json_array_append_new(
			names, json_string((const char *)table + (size_t)i * size + 2))) {
			json_decref(names);
			names = NULL;
		}
	return names;
}

/* Group `number` as a member; nothing when it took no part. A later group of one name stands for
 * an earlier one that is empty. */
static int add_group(json_t *groups, const char *name, const char *text, const size_t *vector,
    size_t number, struct tkt_error *error)
{
	size_t start = vector[2 * number], end = vector[2 * number + 1];
	json_t *value;

	if (start == PCRE2_UNSET || start >= end)
		return 0;
	value = json_stringn(text + start, end - start);
	if (!value) /* of a text that is no UTF-8 */
		return 0;
	return json_object_set_new(groups, name, value) ? tkt_error_set_memory(error) : 0;
}

/* The first group that holds anything; 0: the whole match. */
static size_t first_group(const size_t *vector, int count)
{
	size_t i;

	for (i = 1; i < (size_t)count; i++)
		if (vector[2 * i] != PCRE2_UNSET && vector[2 * i] < vector[2 * i + 1])
			return i;
	return 0;
}

int tkt_pattern_capture(const struct tkt_pattern *pattern, const char *text, size_t length,
    size_t from, json_t **groups, size_t *start, size_t *end, struct tkt_error *error)
{
	__attribute__((cleanup(free_data))) pcre2_match_data *data =
	    pcre2_match_data_create_from_pattern(pattern->code, NULL);
	json_auto_t *made = json_object();
	const size_t *vector;
	uint32_t count, size, i;
	const unsigned char *table = name_table(pattern, &count, &size);
	int code;

	if (!data || !made)
		return tkt_error_set_memory(error);
	code =
	    pcre2_match(pattern->code, (PCRE2_SPTR)text, length, from, 0, data, pattern->context);
	if (code < 0)
		return failure_of(code, length, error);
	vector = pcre2_get_ovector_pointer(data);
	for (i = 0; i < count; i++) {
		const unsigned char *entry = table + (size_t)i * size;

		if (add_group(made, (const char *)entry + 2, text, vector,
			(size_t)entry[0] << 8 | entry[1], error))
			return -1;
	}
	if (add_group(made, "", text, vector, first_group(vector, code), error))
		return -1;
	*start = vector[0];
	*end = vector[1];
	*groups = tkt_take(made);
	return 1;
}
