/* tests/unit/test_option.c: options by the habits of POSIX and GNU; --help and --describe. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/help.h"
#include "base/program.h"

static struct {
	const char *output, *desk;
	struct tkt_strings tags;
	int64_t limit;
	bool all, also, quiet, help;
} given;

static const struct tkt_option own[] = {
	TKT_OPTION_TEXT('o', "output", "FIELDS", &given.output, "choose columns"),
	TKT_OPTION_LIST('t', "tag", "TAG", &given.tags, "have this tag"),
	TKT_OPTION_NUMBER(0, "limit", "NUMBER", &given.limit, "so many at most"),
	TKT_OPTION_FLAG('a', "all", &given.all, "all of them"),
	TKT_OPTION_FLAG('D', "also", &given.also, "those too"),
	TKT_OPTION_FLAG(0, "help", &given.help, "a help of its own"),
	TKT_OPTION_END,
};
static const struct tkt_option global[] = {
	TKT_OPTION_TEXT('D', "desk", "DIR", &given.desk, "the folder"),
	TKT_OPTION_FLAG('q', "quiet", &given.quiet, "no objects"),
	TKT_OPTION_FLAG(0, "help", &given.quiet, "this help"),
	TKT_OPTION_END,
};

static int split(char *line, char **argv)
{
	int argc = 0;
	char *word;

	while ((word = strsep(&line, " ")))
		argv[argc++] = word;
	argv[argc] = NULL;
	return argc;
}

/* Parses the words of `line`; the operands are expected to be those of `operands`. */
static void assert_operands(const char *line, const char *operands)
{
	static char words[256]; /* `given` borrows from it */
	char joined[256] = "", *argv[32];
	struct tkt_error error = { 0 };
	int argc, at;
	size_t length = 0;

	tkt_option_clear(own);
	memset(&given, 0, sizeof(given));
	snprintf(words, sizeof(words), "%s", line);
	argc = split(words, argv);
	at = tkt_option_parse(argc, argv, "tkt-x", own, global, &error);
	assert_string_equal(error.text, "");
	assert_true(at >= 1);
	for (; at < argc; at++)
		length +=
		    (size_t)snprintf(joined + length, sizeof(joined) - length, "%s|", argv[at]);
	assert_string_equal(joined, operands);
}

static void assert_refused(const char *line, const char *text)
{
	char words[256], *argv[32];
	struct tkt_error error = { 0 };

	snprintf(words, sizeof(words), "%s", line);
	assert_int_equal(
	    tkt_option_parse(split(words, argv), argv, "tkt-x", own, global, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_USAGE);
	assert_string_equal(error.text, text);
}

static void test_habits(void **state)
{
	(void)state;
	assert_operands("x", "");
	assert_operands("x a -o id,due b - --limit -5 c", "a|b|-|c|");
	assert_string_equal(given.output, "id,due");
	assert_true(given.limit == -5);
	assert_operands("x -aqoid -D b", "b|");
	assert_true(given.all && given.quiet && given.also);
	assert_string_equal(given.output, "id");
	assert_null(given.desk);
	assert_operands("x -t a --tag=b -tc --tag d --tag= e -o --all", "e|");
	assert_int_equal(given.tags.count, 5);
	assert_string_equal(given.tags.items[0], "a");
	assert_string_equal(given.tags.items[3], "d");
	assert_string_equal(given.tags.items[4], "");
	assert_string_equal(given.output, "--all");
	assert_false(given.all);
	assert_operands("x a -a -- -q b --limit", "a|-q|b|--limit|");
	assert_true(given.all);
	assert_false(given.quiet);
	assert_operands("x --lim 3 --o a=b --desk d", "");
	assert_true(given.limit == 3);
	assert_string_equal(given.output, "a=b");
	assert_string_equal(given.desk, "d");
	assert_operands("x --he", ""); /* the tool's own wins; one name in two tables is one */
	assert_true(given.help);
	assert_false(given.quiet);
	tkt_option_clear(own);
}

static void test_refused(void **state)
{
	(void)state;
	assert_refused("x --none=3", "unknown option '--none'; see tkt-x --help");
	assert_refused("x -az", "unknown option '-z'; see tkt-x --help");
	assert_refused("x -5", "unknown option '-5'; see tkt-x --help");
	assert_refused("x -\xD0\xB6\xD0\xB6", "unknown option '-\xD0\xB6'; see tkt-x --help");
	assert_refused("x --=3", "unknown option '--'; see tkt-x --help");
	assert_refused("x --al", "option '--al' may mean '--all' or '--also'");
	assert_refused("x --out", "option '--output' needs an argument");
	assert_refused("x -ao", "option '-o' needs an argument");
	assert_refused("x --all=yes", "option '--all' takes no argument");
	assert_refused("x --limit abc", "'abc' is not a number for '--limit'");
	assert_refused("x --limit=", "'' is not a number for '--limit'");
}

static void test_leading(void **state)
{
	static const struct {
		const char *line;
		int left;
	} rows[] = {
		{ "tkt", 1 },
		{ "tkt list -q", 1 },
		{ "tkt -q --desk d list -a", 4 },
		{ "tkt -q --unknown", 2 },
		{ "tkt -q -xq", 2 },
		{ "tkt -q -- -a", 3 },
		{ "tkt -q", 2 },
	};
	struct tkt_error error = { 0 };
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		char words[64], *argv[32];
		int argc;

		snprintf(words, sizeof(words), "%s", rows[row].line);
		argc = split(words, argv);
		assert_int_equal(tkt_option_parse_leading(argc, argv, "tkt", NULL, global, &error),
		    rows[row].left);
	}
}

static const struct tkt_program program = {
	.name = "tkt-x",
	.synopsis = "[-a] [TICKET...]",
	.summary = "Try options.",
	.operands = "TICKET",
	.exit_statuses = "0 1 64",
	.options = own,
	.writes = true,
};

static void test_help(void **state)
{
	tkt_autotext out;

	(void)state;
	tkt_text_init(&out, TKT_TEXT_LIMIT);
	tkt_help_add(&out, &program, global);
	assert_string_equal(out.bytes,
	    "usage: tkt-x [-a] [TICKET...]\n"
	    "\n"
	    "Try options.\n"
	    "\n"
	    "Options:\n"
	    "  -o, --output FIELDS  choose columns\n"
	    "  -t, --tag TAG        have this tag\n"
	    "      --limit NUMBER   so many at most\n"
	    "  -a, --all            all of them\n"
	    "  -D, --also           those too\n"
	    "      --help           a help of its own\n"
	    "\n"
	    "Options of every tool:\n"
	    "      --desk DIR       the folder\n"
	    "  -q, --quiet          no objects\n");
}

static void test_describe(void **state)
{
	tkt_autotext out;

	(void)state;
	tkt_text_init(&out, TKT_TEXT_LIMIT);
	tkt_help_describe(&out, &program, global);
	assert_string_equal(out.bytes,
	    "{\"type\":\"program\",\"name\":\"tkt-x\",\"synopsis\":\"[-a] [TICKET...]\","
	    "\"summary\":\"Try options.\",\"writes\":true}\n"
	    "{\"type\":\"option\",\"letter\":\"o\",\"name\":\"output\",\"argument\":\"FIELDS\","
	    "\"kind\":\"text\",\"help\":\"choose columns\",\"global\":false}\n"
	    "{\"type\":\"option\",\"letter\":\"t\",\"name\":\"tag\",\"argument\":\"TAG\","
	    "\"kind\":\"list\",\"help\":\"have this tag\",\"global\":false}\n"
	    "{\"type\":\"option\",\"name\":\"limit\",\"argument\":\"NUMBER\","
	    "\"kind\":\"number\",\"help\":\"so many at most\",\"global\":false}\n"
	    "{\"type\":\"option\",\"letter\":\"a\",\"name\":\"all\","
	    "\"kind\":\"flag\",\"help\":\"all of them\",\"global\":false}\n"
	    "{\"type\":\"option\",\"letter\":\"D\",\"name\":\"also\","
	    "\"kind\":\"flag\",\"help\":\"those too\",\"global\":false}\n"
	    "{\"type\":\"option\",\"name\":\"help\","
	    "\"kind\":\"flag\",\"help\":\"a help of its own\",\"global\":false}\n"
	    "{\"type\":\"option\",\"name\":\"desk\",\"argument\":\"DIR\","
	    "\"kind\":\"text\",\"help\":\"the folder\",\"global\":true}\n"
	    "{\"type\":\"option\",\"letter\":\"q\",\"name\":\"quiet\","
	    "\"kind\":\"flag\",\"help\":\"no objects\",\"global\":true}\n"
	    "{\"type\":\"operand\",\"name\":\"TICKET\"}\n"
	    "{\"type\":\"exit_status\",\"status\":0,\"help\":\"done; an empty list too\"}\n"
	    "{\"type\":\"exit_status\",\"status\":1,\"help\":\"a question was answered 'no', or an "
	    "id given as operand is not there\"}\n"
	    "{\"type\":\"exit_status\",\"status\":64,\"help\":\"a bad option or operand\"}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_habits),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_leading),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_describe),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
