/* Authentication-Results: what is proven, by whom, and what a stranger may write without effect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/text.h"
#include "mail/authentication.h"
#include "mail/parse.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HOST "mx.example.org"

struct judged {
	const char *value;
	enum tkt_authentication_verdict verdict;
};

static void assert_judged(const struct judged *cases, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		enum tkt_authentication_verdict verdict =
		    tkt_authentication_judge(cases[i].value, HOST, "example.com");

		if (verdict != cases[i].verdict)
			print_error("%s\n", cases[i].value);
		assert_int_equal(verdict, cases[i].verdict);
	}
}

#define SILENT TKT_AUTHENTICATION_SILENT
#define PROVEN TKT_AUTHENTICATION_PROVEN
#define DENIED TKT_AUTHENTICATION_DENIED

static void test_methods(void **state)
{
	static const struct judged cases[] = {
		{ HOST "; dmarc=pass header.from=example.com", PROVEN },
		{ HOST "; dmarc=pass (p=none dis=none) header.from=EXAMPLE.com", PROVEN },
		{ HOST "; dmarc=pass header.from=example.com.", PROVEN },
		{ HOST "; dmarc=pass header.from=sub.example.com", SILENT },
		{ HOST "; dmarc=pass", SILENT },
		{ HOST "; dmarc=bestguesspass header.from=example.com", SILENT },
		{ HOST "; dkim=pass header.d=example.com header.s=a header.b=aB+/=", PROVEN },
		{ HOST "; dkim=pass header.i=@mail.example.com", PROVEN },
		{ HOST "; dkim=pass header.d=evil.example header.i=@example.com", SILENT },
		{ HOST "; dkim=fail header.d=example.com", SILENT },
		{ HOST "; dkim=pass", SILENT },
		{ HOST "; spf=pass smtp.mailfrom=bounce@m.example.com", PROVEN },
		{ HOST "; spf=pass smtp.mailfrom=example.com", PROVEN },
		{ HOST "; spf=pass smtp.helo=example.com", SILENT },
		{ HOST "; spf=pass smtp.mailfrom=\"\" smtp.helo=example.com", SILENT },
		{ HOST "; spf=softfail smtp.mailfrom=a@example.com", SILENT },
		{ HOST "; auth=pass smtp.auth=a@example.com", SILENT },
		{ HOST "; dkim=none; spf=pass smtp.mailfrom=a@example.com; dmarc=none", PROVEN },
		{ HOST "; dkim=pass header.d=example.com; dmarc=fail header.from=example.com",
		    DENIED },
		{ HOST "; dmarc=fail; dkim=pass header.d=example.com", DENIED },
		{ HOST "; dkim=fail header.d=example.com; dkim=pass header.d=example.com", PROVEN },
		{ HOST "; none", SILENT },
		{ HOST, SILENT },
		{ "", SILENT },
	};

	(void)state;
	assert_judged(cases, COUNT(cases));
}

/* RFC 7489, 3.1: by the organisation where that can be known without a list. */
static void test_alignment(void **state)
{
	static const struct {
		const char *signer, *domain;
		enum tkt_authentication_verdict verdict;
	} cases[] = {
		{ "example.com", "example.com", PROVEN },
		{ "example.com", "news.example.com", PROVEN },
		{ "a.b.example.com", "example.com", PROVEN },
		{ "one.example.com", "two.example.com", SILENT },
		{ "com", "example.com", SILENT },
		{ "example.com", "com", SILENT },
		{ "badexample.com", "example.com", SILENT },
		{ "example.com.evil.example", "example.com", SILENT },
		{ ".com", "example.com", SILENT },
		{ "", "example.com", SILENT },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		char value[200];

		snprintf(value, sizeof(value), HOST "; dkim=pass header.d=%s", cases[i].signer);
		assert_int_equal(
		    tkt_authentication_judge(value, HOST, cases[i].domain), cases[i].verdict);
	}
}

static void test_forms(void **state)
{
	static const struct judged cases[] = {
		/* RFC 8601, 2.2: comments, folding, quotes, versions, anywhere they may stand. */
		{ " (a (b) \\) ) \"mx.example.org\" (c) 1 ;\r\n\t(d) dkim (e) / (f) 1 (g) = (h) pass"
		  " (i) reason (j) = (k) \"a; b=\\\"c\\\"\" (l) header (m) . (n) d (o) ="
		  " (p) example.com (q) ; spf=none ",
		    PROVEN },
		{ "MX.Example.ORG;DKIM=PASS HEADER.D=Example.COM", PROVEN },
		{ HOST ";\r\n dmarc=pass header.from=example.com;\r\n", PROVEN },
		{ HOST "; spf=pass smtp.mailfrom=\"a b\"@example.com", PROVEN },
		{ HOST "; spf=pass smtp.mailfrom=\"x@example.com\"@evil.example", SILENT },
		{ HOST "; spf=pass smtp.mailfrom=\"x smtp.mailfrom=a@example.com\"@evil.example",
		    SILENT },
		{ HOST "; spf=pass smtp.mailfrom=a@evil.example smtp.mailfrom=a@example.com",
		    SILENT },
		{ HOST "; spf=pass reason=\"smtp.mailfrom=a@example.com\"", SILENT },
		{ HOST "; spf=fail (spf=pass smtp.mailfrom=a@example.com)", SILENT },
		/* Another host's, or no field by the RFC. */
		{ "other.example.org; dmarc=pass header.from=example.com", SILENT },
		{ "xmx.example.org; dmarc=pass header.from=example.com", SILENT },
		{ "mx.example.org.evil.example; dmarc=pass header.from=example.com", SILENT },
		{ HOST " 2; dmarc=pass header.from=example.com", SILENT },
		{ HOST " 1 1; dmarc=pass header.from=example.com", SILENT },
		{ "dmarc=pass header.from=example.com", SILENT },
		{ HOST "; dmarc=pass header.from=example.com; =", SILENT },
		{ HOST "; dmarc=pass header.from=example.com; reason", SILENT },
		{ HOST "; dmarc=pass header.from=example.com x", SILENT },
		{ HOST "; dmarc=pass header.from=example.com reason=\"no end", SILENT },
		{ HOST "; dmarc=pass header.from=example.com (no end", PROVEN },
		{ HOST "; dmarc=pass header.from=\"example.com", SILENT },
	};

	(void)state;
	assert_judged(cases, COUNT(cases));
}

/* A word that is too long is none: cut, it could become the name of another. */
static void test_long(void **state)
{
	tkt_autotext value;
	size_t i, length;

	(void)state;
	for (length = 960; length < 1010; length++) {
		tkt_text_init(&value, TKT_TEXT_LIMIT);
		tkt_text_add(&value, HOST "; spf=pass smtp.mailfrom=");
		for (i = 0; i < length; i++)
			tkt_text_add(&value, "x");
		tkt_text_add(&value, "@example.com.evil.example");
		assert_int_equal(
		    tkt_authentication_judge(value.bytes, HOST, "example.com"), SILENT);
		tkt_text_clear(&value);
	}
	tkt_text_init(&value, TKT_TEXT_LIMIT);
	for (i = 0; i < 100000; i++)
		tkt_text_add(&value, "(");
	assert_int_equal(tkt_authentication_judge(value.bytes, HOST, "example.com"), SILENT);
}

#define HOP(host) "Received: from a by " host "; Mon, 2 Mar 2026 08:30:00 +0000\n"
#define PASS(host) "Authentication-Results: " host "; dmarc=pass header.from=example.com\n"
#define FROM "From: Anna <anna@example.com>\n"

static void assert_mail(const char *header, const char *host, bool expected)
{
	tkt_autoptr(mail) mail = NULL;
	struct tkt_error error = { 0 };
	char text[4000];

	snprintf(text, sizeof(text), "%sSubject: x\n\nText\n", header);
	assert_int_equal(tkt_mail_parse(text, strlen(text), NULL, NULL, &mail, &error), 0);
	if (tkt_mail_is_authenticated(mail, host) != expected)
		print_error("%s", text);
	assert_int_equal(tkt_mail_is_authenticated(mail, host), expected);
}

static void test_place(void **state)
{
	(void)state;
	assert_mail(PASS(HOST) HOP(HOST) FROM, HOST, true);
	assert_mail(HOP("store.example.org") PASS(HOST) HOP(HOST) FROM, HOST, true);
	assert_mail(PASS(HOST) HOP("MX.example.org.") FROM, HOST, true);
	assert_mail(PASS(HOST) HOP(HOST) FROM, "", false);
	assert_mail(PASS(HOST) HOP(HOST) FROM, "other.example.org", false);
	/* What stood there before that host took the letter. */
	assert_mail(HOP(HOST) PASS(HOST) FROM, HOST, false);
	assert_mail(HOP(HOST) PASS(HOST) HOP(HOST) FROM, HOST, false);
	assert_mail(PASS(HOST) FROM, HOST, false);
	assert_mail(PASS(HOST) HOP("other.example.org") FROM, HOST, false);
	assert_mail(PASS("other.example.org") HOP(HOST) PASS(HOST) FROM, HOST, false);
	/* Several fields: one that denies counts most, wherever it stands among those that count.
	 */
	assert_mail("Authentication-Results: " HOST "; dkim=pass header.d=evil.example\n" PASS(HOST)
			HOP(HOST) FROM,
	    HOST, true);
	assert_mail(PASS(HOST) "Authentication-Results: " HOST "; dmarc=fail\n" HOP(HOST) FROM,
	    HOST, false);
	assert_mail(
	    PASS(HOST) HOP(HOST) "Authentication-Results: " HOST "; dmarc=fail\n" FROM, HOST, true);
}

static void test_author(void **state)
{
	(void)state;
	assert_mail(PASS(HOST) HOP(HOST) "From: a@other.example\n", HOST, false);
	assert_mail(PASS(HOST) HOP(HOST) "From: a@example.com, b@evil.example\n", HOST, false);
	assert_mail(
	    PASS(HOST) HOP(HOST) "From: a@example.com\nFrom: b@evil.example\n", HOST, false);
	assert_mail(PASS(HOST) HOP(HOST) "Sender: a@example.com\n", HOST, false);
	assert_mail(PASS(HOST) HOP(HOST) "From: nobody\n", HOST, false);
	assert_mail(PASS(HOST) HOP(HOST) "From: \"a@example.com\" <b@evil.example>\n", HOST, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_alignment),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_author),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
