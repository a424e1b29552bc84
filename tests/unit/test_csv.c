/* CSV as it is exported: delimiters, quotes, lines within cells, and what is wrong with a row. */
#include "store_support.h"

#include "json/csv.h"

/* All rows as 'LINE: cell|cell', errors as their text, a line each. */
static void assert_csv(const char *bytes, const char *expected)
{
	struct tkt_error error = { 0 };
	struct tkt_csv_row row = { 0 };
	tkt_autoptr(csv) csv = NULL;
	tkt_autotext found;
	int got;

	tkt_text_init(&found, TKT_TEXT_LIMIT);
	succeed(tkt_csv_new("a.csv", strdup(bytes), strlen(bytes), &csv, &error), &error);
	while ((got = tkt_csv_next(csv, &row, &error)) != 0) {
		assert_int_not_equal(got, -1);
		if (got < 0) {
			assert_int_equal(error.kind, TKT_ERROR_DATA);
			tkt_text_format(&found, "%s\n", error.text);
			continue;
		}
		tkt_text_format(&found, "%ju: ", (uintmax_t)row.line);
		for (size_t i = 0; i < row.count; i++)
			tkt_text_format(&found, "%s%s", i ? "|" : "", row.cells[i]);
		tkt_text_add(&found, "\n");
	}
	assert_string_equal(found.bytes, expected);
}

static void test_rows(void **state)
{
	(void)state;
	assert_csv("", "");
	assert_csv(
	    "\xEF\xBB\xBFid,name\n1, one \r\n\r\n2,\n,\n3", "1: id|name\n2: 1|one\n4: 2|\n6: 3\n");
	assert_csv("id;a,b;c\n1;2,5;3\n", "1: id|a,b|c\n2: 1|2,5|3\n");
	assert_csv("id\tname\n1\ta, b; c\n", "1: id|name\n2: 1|a, b; c\n");
	assert_csv("sep=;\r\na,b;c\n1;2\n", "2: a,b|c\n3: 1|2\n");
	assert_csv("sep=|\na,b|c", "2: a,b|c\n");
	assert_csv("sep=,d\n1,2\n", "1: sep=|d\n2: 1|2\n");
	assert_csv("\"a,b,c\";d\n1;2\n", "1: a,b,c|d\n2: 1|2\n");
}

static void test_quotes(void **state)
{
	(void)state;
	assert_csv("a,b\n\"x, \"\"y\"\"\nz\",\" 1 \"\r\nlast,\"\"\n",
	    "1: a|b\n2: x, \"y\"\nz| 1 \n4: last|\n");
	assert_csv("a,b\n5\" disk,\"\"\"\"\n", "1: a|b\n2: 5\" disk|\"\n");
}

static void test_bad_rows(void **state)
{
	(void)state;
	assert_csv("a,b\n\"1\"x,2\n\"open,3\n4,5\n\xE0\xE1,6\n7,8",
	    "1: a|b\na.csv:2: a cell goes on behind its quote\na.csv:3: a quote does not end\n"
	    "4: 4|5\na.csv:5: this is not UTF-8: convert the file first, as with 'iconv -f cp1251'\n"
	    "6: 7|8\n");
	assert_csv("a,b\n1,\"two\n3,\"\"\"four\"\"\"\n5,\"six\"x\n7,8\n",
	    "1: a|b\na.csv:2: a cell goes on behind its quote\n3: 3|\"four\"\n"
	    "a.csv:4: a cell goes on behind its quote\n5: 7|8\n");
	assert_csv("a\n\"", "1: a\na.csv:2: a quote does not end\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_bad_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
