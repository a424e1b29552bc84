#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/program.h"
#include "base/zone.h"
#include "json/output.h"

#define NOW 1772442000 /* 2026-03-02T09:00:00Z */

#define FIRST                                                                                        \
	"{\"type\":\"ticket\",\"id\":\"SUP-7\",\"subject\":\"\xd0\x9d\xd0\xb5 \\\\ a\\tb\\nc\","     \
	"\"status\":\"open\",\"priority\":\"critical\",\"requester\":{\"email\":\"a@example.org\"}," \
	"\"cc\":[\"x@example.org\",\"y@example.org\"],\"assignee\":\"ivanova\","                     \
	"\"fields\":{\"domain\":\"example.org\",\"site\":\"b\"},"                                    \
	"\"created_at\":\"2026-03-01T08:00:00Z\",\"updated_at\":\"2026-03-02T08:59:30Z\","           \
	"\"clocks\":[{\"name\":\"first_response\",\"state\":\"met\"},"                               \
	"{\"name\":\"resolution\",\"state\":\"running\",\"due_at\":\"2026-03-02T08:00:00Z\"}]}"
#define SECOND "{\"type\":\"ticket\",\"id\":\"SUP-1000000007\",\"status\":\"new\"}"

static struct tkt_command command;

static int start(void **state)
{
	(void)state;
	command = (struct tkt_command){ .now = NOW, .now_given = true };
	tkt_text_init(&command.out, TKT_TEXT_LIMIT);
	unsetenv("COLUMNS");
	return 0;
}

static int stop(void **state)
{
	(void)state;
	tkt_text_clear(&command.out);
	return 0;
}

static void add(struct tkt_output *output, const char *json)
{
	struct tkt_error error = { 0 };
	json_auto_t *object = json_loads(json, 0, NULL);

	assert_non_null(object);
	if (tkt_output_object(output, object, &error))
		fail_msg("%s", error.text);
}

static void lists(const char *fields, const char *expected)
{
	struct tkt_error error = { 0 };
	tkt_autoptr(output) output = NULL;

	assert_int_equal(tkt_output_new(&command, &tkt_ticket_fields, fields, &output, &error), 0);
	tkt_text_reset(&command.out);
	add(output, FIRST);
	add(output, SECOND);
	assert_string_equal(command.out.bytes, expected);
}

static void test_json(void **state)
{
	(void)state;
	lists(NULL, FIRST "\n" SECOND "\n");
	command.format_given = true;
	lists("id,due,requester.email,left,overdue,clock.resolution.state,clock.resolution.due,"
	      "fields.domain,cc,age",
	    "{\"type\":\"ticket\",\"id\":\"SUP-7\",\"due\":\"2026-03-02T08:00:00Z\","
	    "\"requester\":{\"email\":\"a@example.org\"},\"left\":-3600,\"overdue\":true,"
	    "\"clock\":{\"resolution\":{\"state\":\"running\",\"due\":\"2026-03-02T08:00:00Z\"}},"
	    "\"fields\":{\"domain\":\"example.org\"},\"cc\":[\"x@example.org\",\"y@example.org\"],"
	    "\"age\":90000}\n"
	    "{\"type\":\"ticket\",\"id\":\"SUP-1000000007\",\"overdue\":false}\n");
	command.quiet = true;
	lists(NULL, "");
}

static void test_tsv(void **state)
{
	(void)state;
	lists("id, subject,due,cc,fields,fields.site,age,overdue,clock.first_response.state",
	    "SUP-7\t\xd0\x9d\xd0\xb5 \\\\ a\\tb\\nc\t2026-03-02T08:00:00Z\t"
	    "x@example.org,y@example.org\t{\"domain\":\"example.org\",\"site\":\"b\"}\tb\t90000\ttrue"
	    "\tmet\n"
	    "SUP-1000000007\t\t\t\t\t\t\tfalse\t\n");
	command.format = TKT_FORMAT_TSV;
	lists(NULL,
	    "SUP-7\topen\tcritical\t-3600\tivanova\ta@example.org\t"
	    "2026-03-02T08:00:00Z\t2026-03-02T08:59:30Z\t\xd0\x9d\xd0\xb5 \\\\ a\\tb\\nc\n"
	    "SUP-1000000007\tnew\t\t\t\t\t\t\t\n");
}

static void test_table(void **state)
{
	(void)state;
	command.format = TKT_FORMAT_TABLE;
	lists("id,status,left,idle,fields,subject,assignee",
	    "Ticket      Status    Left       Idle       Fields                    Subject  "
	    "Assignee\n"
	    "SUP-7       open      -1h 0m     30s        domain=example.org,site\xe2\x80\xa6  "
	    "\xd0\x9d\xd0\xb5 \\ a^Ib^Jc  ivanova\n"
	    "SUP-1000000007  new\n");
	setenv("COLUMNS", "80", 1);
	lists(NULL,
	    "Ticket      Status    Priority   Left       Subject\n"
	    "SUP-7       open      critical   -1h 0m     \xd0\x9d\xd0\xb5 \\ a^Ib^Jc\n"
	    "SUP-1000000007  new\n");
	setenv("COLUMNS", "20", 1);
	lists("id,subject",
	    "Ticket      Subject\n"
	    "SUP-7       \xd0\x9d\xd0\xb5 \\ a^\xe2\x80\xa6\n"
	    "SUP-1000000007\n");
}

/* Wide, narrow and combining characters fill the same columns; a long text stays bounded. */
static void test_widths(void **state)
{
	struct tkt_error error = { 0 };
	tkt_autoptr(output) output = NULL;
	tkt_autotext json;
	size_t index;

	(void)state;
	command.format = TKT_FORMAT_TABLE;
	assert_int_equal(
	    tkt_output_new(&command, &tkt_ticket_fields, "id,queue,tier", &output, &error), 0);
	add(output,
	    "{\"id\":\"1\",\"queue\":\"\xd0\xbe\xd1\x87\xd0\xb5\xd1\x80\xd0\xb5\xd0\xb4\xd1\x8c\","
	    "\"tier\":\"x\"}");
	add(output, "{\"id\":\"2\",\"queue\":\"\xe6\x97\xa5\xe6\x9c\xac\",\"tier\":\"x\"}");
	add(output, "{\"id\":\"3\",\"queue\":\"e\\u0301\\u202e\\u001b[1m\",\"tier\":\"x\"}");
	tkt_text_init(&json, TKT_TEXT_LIMIT);
	tkt_text_add(&json, "{\"id\":\"4\",\"queue\":\"");
	for (index = 0; index < 100000; index++)
		tkt_text_add(&json, "\xd1\x8f");
	tkt_text_add(&json, "\",\"tier\":\"x\"}");
	add(output, json.bytes);
	assert_string_equal(command.out.bytes,
	    "Ticket      Queue         Tier\n"
	    "1           \xd0\xbe\xd1\x87\xd0\xb5\xd1\x80\xd0\xb5\xd0\xb4\xd1\x8c       x\n"
	    "2           \xe6\x97\xa5\xe6\x9c\xac          x\n"
	    "3           e\xcc\x81<U+202E>^[\xe2\x80\xa6  x\n"
	    "4           \xd1\x8f\xd1\x8f\xd1\x8f\xd1\x8f\xd1\x8f\xd1\x8f\xd1\x8f\xd1\x8f\xd1\x8f"
	    "\xd1\x8f\xd1\x8f\xe2\x80\xa6  x\n");
}

static void test_zone(void **state)
{
	struct tkt_error error = { 0 };
	tkt_autoptr(output) output = NULL;
	tkt_autoptr(zone) zone = NULL;

	(void)state;
	command.format = TKT_FORMAT_TABLE;
	assert_int_equal(tkt_zone_new("+03:00", &zone, &error), 0);
	assert_int_equal(
	    tkt_output_new(&command, &tkt_ticket_fields, "id,created_at", &output, &error), 0);
	tkt_output_set_zone(output, zone);
	add(output, FIRST);
	assert_string_equal(command.out.bytes,
	    "Ticket      Created\n"
	    "SUP-7       2026-03-01 11:00\n");
}

static void test_refused(void **state)
{
	struct tkt_error error = { 0 };
	struct tkt_output *output = NULL;

	(void)state;
	assert_int_equal(
	    tkt_output_new(&command, &tkt_ticket_fields, "id,stauts", &output, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_USAGE);
	assert_string_equal(error.text, "there is no field 'stauts'; did you mean 'status'?");
	assert_int_equal(
	    tkt_output_new(&command, &tkt_ticket_fields, "id,,x", &output, &error), -1);
	assert_string_equal(error.text, "'id,,x' lacks the name of a field");
	assert_int_equal(tkt_output_new(&command, &tkt_ticket_fields, "", &output, &error), -1);
	assert_string_equal(error.text, "'' lacks the name of a field");
	assert_null(output);
}

/* A row that cannot be shown leaves no half line behind. */
static void test_broken_row(void **state)
{
	struct tkt_value row[64] = { { 0 } };
	struct tkt_error error = { 0 };
	tkt_autoptr(output) output = NULL;
	size_t key_length;
	const char *key;
	const struct tkt_field *field =
	    tkt_field_find(&tkt_ticket_fields, "tags", &key, &key_length);

	(void)state;
	row[0] = (struct tkt_value){ .kind = TKT_VALUE_TEXT, .text = "SUP-1", .length = 5 };
	row[tkt_field_index(&tkt_ticket_fields, field)] =
	    (struct tkt_value){ .kind = TKT_VALUE_TEXT, .text = "[", .length = 1 };
	assert_int_equal(
	    tkt_output_new(&command, &tkt_ticket_fields, "id,tags", &output, &error), 0);
	assert_int_equal(tkt_output_row(output, row, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(command.out.bytes, "");
}

static void test_columns(void **state)
{
	static const char *const wanted[] = { "id", "left", "due", "clock", "clocks", "age",
		"created_at" };
	struct tkt_error error = { 0 };
	tkt_autoptr(output) output = NULL;
	tkt_autoptr(output) whole = NULL;
	const struct tkt_field *const *columns;
	size_t count, index;

	(void)state;
	assert_int_equal(tkt_output_new(&command, &tkt_ticket_fields,
			     "id,left,due,clock.x.due,clock.x.state,age,id", &output, &error),
	    0);
	columns = tkt_output_columns(output, &count);
	assert_int_equal(count, 7);
	for (index = 0; index < count; index++)
		assert_string_equal(columns[index]->name, wanted[index]);
	assert_int_equal(tkt_output_new(&command, &tkt_ticket_fields, NULL, &whole, &error), 0);
	assert_null(tkt_output_columns(whole, &count));
	assert_int_equal(count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_json, start, stop),
		cmocka_unit_test_setup_teardown(test_tsv, start, stop),
		cmocka_unit_test_setup_teardown(test_table, start, stop),
		cmocka_unit_test_setup_teardown(test_widths, start, stop),
		cmocka_unit_test_setup_teardown(test_zone, start, stop),
		cmocka_unit_test_setup_teardown(test_refused, start, stop),
		cmocka_unit_test_setup_teardown(test_broken_row, start, stop),
		cmocka_unit_test_setup_teardown(test_columns, start, stop),
	};

	setlocale(LC_CTYPE, "C.UTF-8"); /* as program.c does: widths come from it */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
