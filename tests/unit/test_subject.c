/* Subjects: the id in them, what stands before them, and false ids. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "mail/parse.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_ticket(void **state)
{
	static const struct {
		const char *subject;
		int64_t number;
	} cases[] = {
		{ "Re: [SUP-1042] x", 1042 },
		{ "re: sup-7, please", 7 },
		{ "SUP-1 and [SUP-2]", 2 },
		{ "SUP-1 and SUP-2", 1 },
		{ "[SUP-3: Printer]", 3 },
		{ "[ SUP - 4 ] x", 4 },
		{ "[EXTERNAL] Re: Fwd: Отв: На: [list] ***SPAM*** SUP-5", 5 },
		{ "Re: SUP- 1042 refolded", 1042 },
		{ "SUP‑1042 SUP–1", 1042 },
		{ "Re: (SUP-1042).", 1042 },
		{ "关于SUP-1042的问题", 1042 },
		{ "«SUP-1042»", 1042 },
		{ "SUP-1042 – x", 1042 },
		{ "", 0 },
		/* Parts of longer words and numbers, of hosts and addresses. */
		{ "XSUP-1 SUP-1x A-SUP-3 СУПSUP-4 SUP_-1 _SUP-1 SUP-1_a", 0 },
		{ "SUP-1042-3 SUP-1.5 SUP–1–2", 0 },
		{ "sup-1.example.org www.sup-1 anna@sup-1 sup-1@example.org", 0 },
		/* No number, none at all, one too large. */
		{ "SUP- SUP-0 SUP-x SUP 7 SUP - 7 SUP-  7", 0 },
		{ "SUP-9999999999999999999 [SUP-99999999999999999999]", 0 },
		/* Another desk's, and look-alikes with Cyrillic letters. */
		{ "[TKT-7] [HELPSUP-7]", 0 },
		{ "[SUР-7] ЅUP-7 SUP-7а", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (tkt_subject_ticket(cases[i].subject, "SUP") != cases[i].number)
			fail_msg("'%s': %jd", cases[i].subject,
			    (intmax_t)tkt_subject_ticket(cases[i].subject, "SUP"));
}

static void test_clean(void **state)
{
	static const char *const cases[][2] = {
		{ "Re: [SUP-1042] Printer", "Printer" },
		{ "RE[2]: Fwd: Re : RE(3): Re^4: Printer", "Printer" },
		{ "ОТВ: Re: [SUP-7] Fw: Пересл: на: Ответ: Принтер", "Принтер" },
		{ "AW: WG: SV: VS: RV: TR: Antw: Printer", "Printer" },
		{ "回复：转发: 打印机", "打印机" },
		{ "Printer [SUP-7] again", "Printer again" },
		{ "[SUP‑7] [ SUP- 8 ] Printer", "Printer" },
		{ "[OTHER-7] Report: x", "[OTHER-7] Report: x" },
		{ "[EXTERNAL] [SPAM 7.5] {Spam?} *** SPAM *** Re: Printer", "Printer" },
		{ "[Внешнее] [СПАМ] Принтер", "Принтер" },
		{ "Re: [announce] AW: Printer", "[announce] Printer" },
		{ "[spam filter] does not work", "[spam filter] does not work" },
		{ "*important* Printer", "*important* Printer" },
		{ "Printer (fwd) (Fwd)", "Printer" },
		{ "Reference: x", "Reference: x" },
		{ "R: is full", "R: is full" },
		{ "Re: Trick: x", "Trick: x" },
		{ "Re:", "" },
		{ "Re: [SUP-1]", "" },
		{ "[", "[" },
		{ "{*[", "{*[" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		tkt_autofree char *clean = tkt_subject_clean(cases[i][0], "SUP");

		assert_string_equal(clean, cases[i][1]);
	}
}

static void test_kind(void **state)
{
	(void)state;
	assert_int_equal(tkt_subject_kind("Printer"), TKT_SUBJECT_PLAIN);
	assert_int_equal(tkt_subject_kind(""), TKT_SUBJECT_PLAIN);
	assert_int_equal(tkt_subject_kind("[SUP-7] RE: Fwd: Printer"), TKT_SUBJECT_REPLY);
	assert_int_equal(tkt_subject_kind("[EXTERNAL] [list] ПЕРЕСЛ: x"), TKT_SUBJECT_FORWARD);
	assert_int_equal(tkt_subject_kind("WG: x"), TKT_SUBJECT_FORWARD);
	assert_int_equal(tkt_subject_kind("[Fwd: x]"), TKT_SUBJECT_FORWARD);
	assert_int_equal(tkt_subject_kind("I: x"), TKT_SUBJECT_FORWARD);
	assert_int_equal(tkt_subject_kind("R: x"), TKT_SUBJECT_REPLY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ticket),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
