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
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
};

int tkt_pattern_new(const char *string, struct tkt_pattern **pattern, struct tkt_error *error)
{
	tkt_autoptr(pattern) made = calloc(1, sizeof(*made));
	PCRE2_SIZE offset;
	int code;

	if (!made)
		return tkt_error_set_memory(error);
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
	made->data = pcre2_match_data_create(1, NULL); /* whether it matches, not where */
	made->context = pcre2_match_context_create(NULL);
	if (!made->data || !made->context)
		return tkt_error_set_memory(error);
	pcre2_set_match_limit(made->context, MATCH_LIMIT);
	pcre2_set_depth_limit(made->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(made->context, HEAP_LIMIT_KB);
	*pattern = tkt_take(made);
	return 0;
}

void tkt_pattern_free(struct tkt_pattern *pattern)
{
	if (!pattern)
		return;
	pcre2_code_free(pattern->code);
	pcre2_match_data_free(pattern->data);
	pcre2_match_context_free(pattern->context);
	free(pattern);
}

int tkt_pattern_match(
    const struct tkt_pattern *pattern, const char *text, size_t length, struct tkt_error *error)
{
	int code = pcre2_match(
	    pattern->code, (PCRE2_SPTR)text, length, 0, 0, pattern->data, pattern->context);

	if (code >= 0)
		return 1;
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
	default: {
		PCRE2_UCHAR reason[160] = { 0 };

		pcre2_get_error_message(code, reason, sizeof(reason));
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("a pattern fails: %s"), (const char *)reason);
	}
	}
}
