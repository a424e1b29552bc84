/* Which attachments are taken: a letter a row, its attachments one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "desk/attachment_rule.h"
#include "policy/attachment.h"

#include "base/banned.h"

#define PROGRAM "application/vnd.microsoft.portable-executable"

static char *pictures[] = { "image/jpeg", "image/png", NULL }, *all[] = { "image/*", NULL },
	    *drawings[] = { "image/svg+xml", NULL }, *programs[] = { PROGRAM, NULL },
	    *endings[] = { "*.exe", "invoice*", NULL }, *pdf[] = { "application/pdf", NULL },
	    *none[] = { NULL };

/* What the contents say, where they say as much as the letter. */
static void test_type(void **state)
{
	static const struct {
		const char *stated, *found, *type;
	} rows[] = {
		{ "image/png", "image/png", "image/png" },
		{ "text/plain", "image/png", "image/png" },
		{ "image/png", NULL, "image/png" }, /* nobody can say */
		{ "image/jpg", NULL, "image/jpeg" },
		{ "image/x-ms-bmp", "image/bmp", "image/bmp" },
		{ "text/calendar; method=REQUEST", "text/plain", "text/calendar" },
		{ "text/csv", "text/plain", "text/csv" },
		{ "application/json", "text/plain", "application/json" },
		{ "message/delivery-status", "text/plain", "message/delivery-status" },
		{ "image/svg+xml", "text/xml", "image/svg+xml" },
		{ "image/svg+xml", "text/html", "text/html" },
		{ "image/png", "text/plain", "text/plain" },
		/* a format that libmagic does not know, but a picture has one it knows */
		{ "application/x-own", "application/octet-stream", "application/x-own" },
		{ "audio/mpeg", "application/octet-stream", "audio/mpeg" },
		{ "image/png", "application/octet-stream", "application/octet-stream" },
		{ "text/plain", "application/octet-stream", "application/octet-stream" },
		/* what is packed is not unpacked */
		{ "application/vnd.oasis.opendocument.text", "application/zip",
		    "application/vnd.oasis.opendocument.text" },
		{ "application/epub+zip", "application/zip", "application/epub+zip" },
		{ "application/msword", "application/x-ole-storage", "application/msword" },
		{ "application/pdf", "application/zip", "application/zip" },
		{ "application/pdf", "application/x-dosexec", PROGRAM },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct tkt_attachment_facts facts = { "a", rows[i].stated, rows[i].found, 1 };
		char type[TKT_MEDIA_TYPE_SIZE];

		tkt_attachment_type(&facts, type);
		assert_string_equal(type, rows[i].type);
	}
}

/* Judges attachments of one letter; each is {name, stated type, bytes}, and is what it states. */
struct expected {
	const char *name, *stated, *found;
	int64_t size;
	enum tkt_aside aside;
	const char *reason;
};

static void assert_judged(
    const struct tkt_attachment_rules *rules, const struct expected *expected, size_t count)
{
	int64_t taken[4] = { 0 };
	size_t i;

	for (i = 0; i < count; i++) {
		const struct tkt_attachment_facts facts = { expected[i].name, expected[i].stated,
			expected[i].found ? expected[i].found : expected[i].stated,
			expected[i].size };
		char type[TKT_MEDIA_TYPE_SIZE];
		tkt_autotext reason;

		tkt_text_init(&reason, TKT_TEXT_LIMIT);
		tkt_attachment_type(&facts, type);
		assert_int_equal(
		    tkt_attachment_judge(rules, taken, &facts, type, &reason), expected[i].aside);
		assert_string_equal(reason.bytes, expected[i].reason);
	}
}

#define assert_letter(rules, ...)                                         \
	assert_judged(&(rules), (const struct expected[]){ __VA_ARGS__ }, \
	    sizeof((const struct expected[]){ __VA_ARGS__ }) / sizeof(struct expected))

static void test_no_rules(void **state)
{
	const struct tkt_attachment_rules rules = { NULL, 0 };

	(void)state;
	assert_letter(rules, { "a.exe", "image/png", PROGRAM, 9, TKT_ASIDE_NOT, "" });
}

static void test_kind(void **state)
{
	struct tkt_attachment_rule items[] = { { "image", pictures, none, none, -1, -1 } };
	const struct tkt_attachment_rules rules = { items, 1 };

	(void)state;
	assert_letter(rules, { "a", "image/png", NULL, 1, TKT_ASIDE_NOT, "" },
	    { "a", "image/bmp", NULL, 1, TKT_ASIDE_TYPE, "image/bmp is not allowed" },
	    { "a", "text/plain", "image/bmp", 1, TKT_ASIDE_TYPE, "image/bmp is not allowed" },
	    { "a", "text/plain", "image/png", 1, TKT_ASIDE_NOT, "" },
	    { "a", "application/pdf", PROGRAM, 1, TKT_ASIDE_NOT, "" },
	    { "a", "image/png", PROGRAM, 1, TKT_ASIDE_TYPE,
		PROGRAM " called image/png is not allowed" });
}

/* What a file calls itself is judged only where its own kind has no section. */
static void test_claims(void **state)
{
	struct tkt_attachment_rule items[] = { { "image", pictures, none, none, -1, -1 },
		{ "application", none, none, none, -1, 1 },
		{ "audio", none, programs, none, -1, -1 } };
	struct tkt_attachment_rules rules = { items, 3 };

	(void)state;
	assert_letter(rules, { "a", "image/png", PROGRAM, 1, TKT_ASIDE_NOT, "" },
	    { "a", "image/png", PROGRAM, 1, TKT_ASIDE_COUNT,
		"more than 1 of the kind application" },
	    { "a", "audio/mpeg", "image/bmp", 1, TKT_ASIDE_TYPE, "image/bmp is not allowed" },
	    { "a", "audio/mpeg", "text/html", 1, TKT_ASIDE_NOT, "" },
	    { "a", "application/pdf", "text/html", 1, TKT_ASIDE_NOT, "" });
}

static void test_deny_wins(void **state)
{
	struct tkt_attachment_rule items[] = { { "image", all, drawings, none, -1, -1 } };
	const struct tkt_attachment_rules rules = { items, 1 };

	(void)state;
	assert_letter(rules, { "a", "image/bmp", NULL, 1, TKT_ASIDE_NOT, "" },
	    { "a", "image/svg+xml", NULL, 1, TKT_ASIDE_TYPE, "image/svg+xml is denied" });
}

/* A type that its kind allows by name is not asked of again; bounds are. */
static void test_any(void **state)
{
	struct tkt_attachment_rule items[] = { { "any", pdf, none, endings, 100, 2 },
		{ "image", pictures, none, none, -1, -1 }, { "text", none, none, none, 10, -1 } };
	const struct tkt_attachment_rules rules = { items, 3 };

	(void)state;
	assert_letter(rules, { "a.png", "image/png", NULL, 1, TKT_ASIDE_NOT, "" },
	    { "a.png", "image/bmp", NULL, 1, TKT_ASIDE_TYPE, "image/bmp is not allowed" },
	    { "a.png", "image/png", NULL, 101, TKT_ASIDE_SIZE, "it has more than 100 bytes" },
	    { "A.EXE", "image/png", NULL, 1, TKT_ASIDE_NAME, "its name is like *.exe" },
	    { "Invoice.pdf", "application/pdf", NULL, 1, TKT_ASIDE_NAME,
		"its name is like invoice*" },
	    { "a.txt", "text/plain", NULL, 11, TKT_ASIDE_SIZE, "it has more than 10 bytes" },
	    { "a.txt", "text/plain", NULL, 10, TKT_ASIDE_TYPE, "text/plain is not allowed" },
	    { "a.pdf", "application/pdf", NULL, 100, TKT_ASIDE_NOT, "" },
	    { "b.pdf", "application/pdf", NULL, 100, TKT_ASIDE_COUNT,
		"more than 2 of the kind any" });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_type),
		cmocka_unit_test(test_no_rules),
		cmocka_unit_test(test_kind),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_deny_wins),
		cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
