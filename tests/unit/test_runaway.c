/* tests/unit/test_runaway.c: patterns that backtrack badly, with the part that does, and ordinary
 * ones that must not be called so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "expression/runaway.h"

#include "base/banned.h"

static const struct {
	const char *pattern, *part;
} bad[] = {
	{ "(a+)+$", "(a+)+" },
	{ "(a|a)*b", "(a|a)*" },
	{ "(a|aa)+$", "(a|aa)+" },
	{ "(\\w|\\d)+!x", "(\\w|\\d)+" },
	{ "^(\\w+\\s*)+:", "(\\w+\\s*)+" },
	{ "(?<report>(?:[0-9a-f]+-?)+)\\.log", "(?:[0-9a-f]+-?)+" },
	{ "(?<domain>([a-z0-9]+\\.?)+)$", "([a-z0-9]+\\.?)+" },
	{ "order:\\s*((\\d+,?)+);", "(\\d+,?)+" },
	{ "(.*?,){11}P", "(.*?,){11}" },
	{ "^\\s*(.*?)\\s*$", "\\s*" },
	{ "x\\d+\\d+\\d+\\d+y", "\\d+" },
	{ "(\\s|\\S)*(\\s|\\S)*(\\s|\\S)*xyz", "(\\s|\\S)*" },
	{ "(?i)(?:не\\s*)+работ(?:\\w+\\s?)+:", "(?:\\w+\\s?)+" },
	{ "([^\"]+|\"[^\"]*\")*;", "[^\"]+" },
	{ "^(([a-z])+.)+[A-Z]([a-z])+$", "(([a-z])+.)+" },
	{ "(?>x)(a*)*b", "(a*)*" },
	{ "[[:alpha:]]+(?:[a-z]+[\\]x]?)*!", "[[:alpha:]]+" },
};

static void test_bad(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		tkt_autotext part;

		tkt_text_init(&part, TKT_TEXT_LIMIT);
		if (!tkt_pattern_runs_away(bad[i].pattern, &part))
			fail_msg("%s: nothing found", bad[i].pattern);
		if (strcmp(part.bytes, bad[i].part))
			fail_msg("%s: '%s', not '%s'", bad[i].pattern, part.bytes, bad[i].part);
	}
}

static const char *const good[] = { "", "critical", "^critical\\b", "не работает|не запускается",
	"(?<contract>[A-ZА-Я]-\\d+)", "(?<report>[0-9A-F]{8}-[0-9]{4})",
	"(?<domain>(?:[a-z0-9-]+\\.)+[a-z]{2,})", "[\\w.+-]+@[\\w-]+\\.[\\w.-]+",
	"(?:re|fwd?|aw|отв): *(?:(?:re|fwd?|aw|отв): *)*(.*)$", "error.*timeout.*connection",
	".*a.*b.*c", "^(.*?):\\s*(.*)$", "\\b(?:can|could) (?:you|we)\\b.*\\?",
	"\"([^\"\\\\]|\\\\.)*\"", "<[^>]*>", "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}",
	"(?:\\d{1,3}\\.){3}\\d{1,3}", "https?://[^\\s/]+/\\S*", "^(?:[a-z]+,)*[a-z]+$",
	"(\\w+\\s+){3,}x", "(\\w+)*+:", "(?>\\w+\\s*)+:", "\\s+$", "^\\s*$", "(?s)begin.*?end",
	"(?=.*\\d)(?=.*[a-z])\\w{8,}", "(a|b|c|d)*e",
	"(?<browser>Firefox|Chrome|Safari|Edge)[ /]*(?<version>[\\d.]+)?", "((((((((((a))))))))))",
	"(", "a{2", "\\", "[" };

static void test_good(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		tkt_autotext part;

		tkt_text_init(&part, TKT_TEXT_LIMIT);
		if (tkt_pattern_runs_away(good[i], &part))
			fail_msg("%s: '%s'", good[i], part.bytes);
		assert_string_equal(part.bytes, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
