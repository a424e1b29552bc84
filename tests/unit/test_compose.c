#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gmime/gmime.h>

#include "base/address.h"
#include "base/error.h"
#include "mail/compose.h"
#include "mail/flowed.h"

#define TOP                                       \
	"Date: Mon, 02 Mar 2026 09:00:00 +0000\n" \
	"From: Support <support@example.org>\n"
#define PLAIN(encoding)                                            \
	"MIME-Version: 1.0\n"                                      \
	"Content-Type: text/plain; charset=utf-8; format=flowed\n" \
	"Content-Transfer-Encoding: " encoding "\n\n"

static const struct tkt_address anna = { "anna@example.org", "Anna" };

static struct tkt_outgoing_mail simple_mail(void)
{
	return (struct tkt_outgoing_mail){
		.from = { "support@example.org", "Support" },
		.to = &anna,
		.to_count = 1,
		.subject = "Hello",
		.message_id = "1@example.org",
		.date = 1772442000,
		.body = "Text\n",
	};
}

/* The mail with LF line ends, to be freed; there must have been no others than CRLF. */
static char *compose(const struct tkt_outgoing_mail *mail)
{
	struct tkt_error error = { 0 };
	tkt_autotext out;
	char *lines, *from, *to;

	tkt_text_init(&out, TKT_TEXT_LIMIT);
	if (tkt_mail_compose(mail, &out, &error))
		fail_msg("%s", error.text);
	lines = tkt_text_take(&out);
	for (from = to = lines; *from; from++) {
		if (*from == '\n')
			assert_true(from > lines && from[-1] == '\r');
		if (*from == '\r')
			assert_int_equal(from[1], '\n');
		else
			*to++ = *from;
	}
	*to = '\0';
	return lines;
}

static void assert_mail(const struct tkt_outgoing_mail *mail, const char *expected)
{
	char *made = compose(mail);

	assert_string_equal(made, expected);
	free(made);
}

static void assert_refused(const struct tkt_outgoing_mail *mail, const char *why)
{
	struct tkt_error error = { 0 };
	tkt_autotext out;

	tkt_text_init(&out, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_mail_compose(mail, &out, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(error.text, why);
	assert_int_equal(out.length, 0);
}

static GMimeMessage *parse(const char *bytes)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, strlen(bytes));
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	g_object_unref(parser);
	g_object_unref(stream);
	assert_non_null(message);
	return message;
}

/* The decoded bytes of a part, as they stand; to be freed. */
static char *content(GMimeObject *part)
{
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	char *copy;

	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), stream);
	copy = strndup(bytes->len ? (char *)bytes->data : "", bytes->len);
	g_object_unref(stream);
	return copy;
}

static void test_simple(void **state)
{
	struct tkt_outgoing_mail mail = simple_mail();

	(void)state;
	assert_mail(&mail,
	    TOP "To: Anna <anna@example.org>\n"
		"Subject: Hello\n"
		"Message-ID: <1@example.org>\n" PLAIN("7bit") "Text\n");
	mail.body = "";
	assert_mail(&mail,
	    TOP "To: Anna <anna@example.org>\n"
		"Subject: Hello\n"
		"Message-ID: <1@example.org>\n" PLAIN("7bit"));
}

/* Two choices of one text, and beside them a file. */
static void test_html(void **state)
{
	static const struct tkt_enclosure file = { "a.txt", "text/plain", "x", 1 };
	struct tkt_outgoing_mail mail = simple_mail();
	GMimeMessage *message;
	GMimeMultipart *mixed, *alternative;
	char *made, *html;

	(void)state;
	mail.has_html = true;
	mail.body = "> Printer?\n\nSee https://example.org/.\n";
	assert_mail(&mail,
	    TOP
	    "To: Anna <anna@example.org>\nSubject: Hello\nMessage-ID: <1@example.org>\n"
	    "MIME-Version: 1.0\nContent-Type: multipart/alternative;\n"
	    "\tboundary=\"=_efb33d661787cf03c753401225ff7803\"\n\n--=_efb33d661787cf03c753401225ff7803\n"
	    "Content-Type: text/plain; charset=utf-8; format=flowed\n"
	    "Content-Transfer-Encoding: 7bit\n\n> Printer?\n\nSee https://example.org/.\n\n"
	    "--=_efb33d661787cf03c753401225ff7803\nContent-Type: text/html; charset=utf-8\n"
	    "Content-Transfer-Encoding: 7bit\n\n<!DOCTYPE html>\n"
	    "<html><head><meta charset=\"utf-8\"></head><body>\n<blockquote>\n<p>Printer?</p>\n"
	    "</blockquote>\n<p>See <a href=\"https://example.org/\">https://example.org/</a>.</p>\n"
	    "</body></html>\n\n--=_efb33d661787cf03c753401225ff7803--\n");
	mail.body = "Принтер";
	mail.enclosures = &file;
	mail.enclosure_count = 1;
	made = compose(&mail);
	message = parse(made);
	mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(message));
	assert_int_equal(g_mime_multipart_get_count(mixed), 2);
	alternative = GMIME_MULTIPART(g_mime_multipart_get_part(mixed, 0));
	assert_int_equal(g_mime_multipart_get_count(alternative), 2);
	html = content(g_mime_multipart_get_part(alternative, 1));
	assert_non_null(strstr(html, "<p>Принтер</p>\n"));
	free(html);
	g_object_unref(message);
	free(made);
}

static void test_full_russian(void **state)
{
	const struct tkt_address to[] = { { "ivan@example.org", "Иван Петров" },
		{ "b@пример.рф", NULL } };
	const struct tkt_address cc[] = { { "c@example.org", "Roe, Jane" } };
	const char *const references[] = { "first@example.net", "second@example.net", NULL };
	struct tkt_outgoing_mail mail = simple_mail();

	(void)state;
	mail.to = to;
	mail.to_count = 2;
	mail.cc = cc;
	mail.cc_count = 1;
	mail.subject = "[SUP-7] Не открывается сайт";
	mail.in_reply_to = "second@example.net";
	mail.references = references;
	mail.auto_submitted = "auto-replied";
	mail.desk_mark = "0123abcd";
	mail.body = "Здравствуйте!\n-- \nПоддержка\n";
	assert_mail(&mail,
	    TOP
	    "To: =?UTF-8?b?0JjQstCw0L0g0J/QtdGC0YDQvtCy?= <ivan@example.org>,\n"
	    "\tb@xn--e1afmkfd.xn--p1ai\n"
	    "Cc: \"Roe, Jane\" <c@example.org>\n"
	    "Subject: [SUP-7]"
	    " =?UTF-8?B?0J3QtSDQvtGC0LrRgNGL0LLQsNC10YLRgdGPINGB0LDQudGC?=\n"
	    "Message-ID: <1@example.org>\n"
	    "In-Reply-To: <second@example.net>\n"
	    "References: <first@example.net> <second@example.net>\n"
	    "Auto-Submitted: auto-replied\n"
	    "X-Auto-Response-Suppress: OOF, AutoReply\n"
	    "X-Tkt-Desk: 0123abcd\n" PLAIN(
		"base64") "0JfQtNGA0LDQstGB0YLQstGD0LnRgtC1IQ0KLS0gDQrQn9C+0LTQtNC10YDQttC60LANCg==\n");
}

static void test_long_russian(void **state)
{
	const struct tkt_address to = { "anna@example.org",
		"Анна Каренина, отдел технической поддержки" };
	struct tkt_outgoing_mail mail = simple_mail();

	(void)state;
	mail.to = &to;
	mail.subject = "Проверка темы письма с довольно длинной строкой и ещё немного слов";
	assert_mail(&mail,
	    TOP "To: =?UTF-8?b?0JDQvdC90LAg0JrQsNGA0LXQvdC40L3QsCwg0L7RgtC00LXQuw==?=\n"
		"\t=?UTF-8?b?INGC0LXRhdC90LjRh9C10YHQutC+0Lk=?=\n"
		"\t=?UTF-8?b?INC/0L7QtNC00LXRgNC20LrQuA==?= <anna@example.org>\n"
		"Subject: =?UTF-8?B?0J/RgNC+0LLQtdGA0LrQsCDRgtC10LzRiyDQv9C40YHRjNC80LA=?=\n"
		" =?UTF-8?B?INGBINC00L7QstC+0LvRjNC90L4g0LTQu9C40L3QvdC+0Lk=?=\n"
		" =?UTF-8?B?INGB0YLRgNC+0LrQvtC5INC4INC10YnRkQ==?=\n"
		" =?UTF-8?B?INC90LXQvNC90L7Qs9C+INGB0LvQvtCy?=\n"
		"Message-ID: <1@example.org>\n" PLAIN("7bit") "Text\n");
}

static void test_mostly_ascii_is_quoted_printable(void **state)
{
	struct tkt_outgoing_mail mail = simple_mail();

	(void)state;
	mail.body = "The price is 5 € = a lot of money for a small thing like that\n-- \nUs\n";
	assert_mail(&mail,
	    TOP
	    "To: Anna <anna@example.org>\n"
	    "Subject: Hello\n"
	    "Message-ID: <1@example.org>\n" PLAIN(
		"quoted-printable") "The price is 5 =E2=82=AC =3D a lot of money for a small thing like that\n"
				    "--=20\nUs\n");
}

static void test_enclosures(void **state)
{
	const struct tkt_enclosure enclosures[] = {
		{ "Снимок.png", "image/png", "\x89PNG", 4 },
		{ "a \"b\".txt", "text/plain", "пр", 4 },
		{ "../../etc/passwd", "message/rfc822", "x", 1 },
		{ "", "text/html; charset=x\r\nEvil: y", NULL, 0 },
	};
	struct tkt_outgoing_mail mail = simple_mail();

	(void)state;
	mail.enclosures = enclosures;
	mail.enclosure_count = 4;
	assert_mail(&mail,
	    TOP "To: Anna <anna@example.org>\n"
		"Subject: Hello\n"
		"Message-ID: <1@example.org>\n"
		"MIME-Version: 1.0\n"
		"Content-Type: multipart/mixed; boundary=\"=_a729bddf21682cc444a033e0d8537b56\"\n\n"
		"--=_a729bddf21682cc444a033e0d8537b56\n"
		"Content-Type: text/plain; charset=utf-8; format=flowed\n"
		"Content-Transfer-Encoding: 7bit\n\n"
		"Text\n\n"
		"--=_a729bddf21682cc444a033e0d8537b56\n"
		"Content-Type: image/png; name*=UTF-8''%D0%A1%D0%BD%D0%B8%D0%BC%D0%BE%D0%BA.png\n"
		"Content-Disposition: attachment;\n"
		"\tfilename*=UTF-8''%D0%A1%D0%BD%D0%B8%D0%BC%D0%BE%D0%BA.png\n"
		"Content-Transfer-Encoding: base64\n\n"
		"iVBORw==\n\n"
		"--=_a729bddf21682cc444a033e0d8537b56\n"
		"Content-Type: text/plain; name=\"a \\\"b\\\".txt\"; charset=utf-8\n"
		"Content-Disposition: attachment; filename=\"a \\\"b\\\".txt\"\n"
		"Content-Transfer-Encoding: base64\n\n"
		"0L/RgA==\n\n"
		"--=_a729bddf21682cc444a033e0d8537b56\n"
		"Content-Type: application/octet-stream; name=.._.._etc_passwd\n"
		"Content-Disposition: attachment; filename=.._.._etc_passwd\n"
		"Content-Transfer-Encoding: base64\n\n"
		"eA==\n\n"
		"--=_a729bddf21682cc444a033e0d8537b56\n"
		"Content-Type: application/octet-stream; name=attachment\n"
		"Content-Disposition: attachment; filename=attachment\n"
		"Content-Transfer-Encoding: base64\n\n"
		"\n"
		"--=_a729bddf21682cc444a033e0d8537b56--\n");
}

static void test_hostile_headers(void **state)
{
	const struct tkt_address to = { "anna@example.org", "Eve\r\nBcc: <x@example.net>" };
	const struct tkt_address coded = { "c@example.org", "=?utf-8?Q?=0D=0ABcc:_x?=" };
	const char *const references[] = { "a\r\nBcc: x@example.net", "b> <c", "ü@x", "good@x",
		NULL };
	struct tkt_outgoing_mail mail = simple_mail();

	(void)state;
	mail.from.name = "\x01 \xff";
	mail.to = &to;
	mail.cc = &coded;
	mail.cc_count = 1;
	mail.subject = "one\r\nBcc: x@example.net\r\n\r\nbody\t\x7f\xc2\x85\xe2\x80\xa8 two";
	mail.in_reply_to = "x@y>\r\nBcc: z@example.net";
	mail.references = references;
	mail.auto_submitted = "auto-replied\nBcc: x@example.net";
	mail.desk_mark = "\r\n";
	assert_mail(&mail,
	    "Date: Mon, 02 Mar 2026 09:00:00 +0000\n"
	    "From: =?UTF-8?b?77+9?= <support@example.org>\n"
	    "To: \"Eve  Bcc: <x@example.net>\" <anna@example.org>\n"
	    "Cc: \"= ?utf-8?Q?=0D=0ABcc:_x?=\" <c@example.org>\n"
	    "Subject: one  Bcc: x@example.net    body     two\n"
	    "Message-ID: <1@example.org>\n"
	    "References: <good@x>\n"
	    "Auto-Submitted: auto-replied Bcc: x@example.net\n"
	    "X-Auto-Response-Suppress: OOF, AutoReply\n" PLAIN("7bit") "Text\n");
}

static void test_refused(void **state)
{
	struct tkt_outgoing_mail mail = simple_mail();
	struct tkt_address to = { "a@example.org\r\nBcc: x@example.net", NULL };

	(void)state;
	mail.to = &to;
	assert_refused(&mail, "'a@example.org  Bcc: x@example.net' is not a mail address");
	to.email = "a@-я-.example"; /* no host name: IDNA has no form of it */
	assert_refused(&mail, "'a@-я-.example' is not a mail address");
	to.email = NULL;
	assert_refused(&mail, "'' is not a mail address");
	mail.to = &anna;
	mail.message_id = "a@b\r\nBcc: x@example.net";
	assert_refused(&mail, "a mail needs a Message-ID without blanks");
	mail.message_id = NULL;
	assert_refused(&mail, "a mail needs a Message-ID without blanks");
	mail.message_id = "1@example.org";
	mail.date = INT64_MIN;
	assert_refused(&mail, "a mail cannot have this date");
}

static void test_references_keep_first_and_last(void **state)
{
	struct tkt_outgoing_mail mail = simple_mail();
	const char *references[1001];
	char ids[1000][16];
	GMimeMessage *message;
	GMimeReferences *found;
	char *made;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		snprintf(ids[i], sizeof(ids[i]), "%d@x", i);
		references[i] = ids[i];
	}
	references[1000] = NULL;
	mail.references = references;
	mail.in_reply_to = "parent@x";
	made = compose(&mail);
	message = parse(made);
	found = g_mime_references_parse(
	    NULL, g_mime_object_get_header(GMIME_OBJECT(message), "References"));
	assert_int_equal(g_mime_references_length(found), 20);
	assert_string_equal(g_mime_references_get_message_id(found, 0), "0@x");
	for (i = 1; i < 19; i++)
		assert_string_equal(g_mime_references_get_message_id(found, i), ids[981 + i]);
	assert_string_equal(g_mime_references_get_message_id(found, 19), "parent@x");
	g_mime_references_free(found);
	g_object_unref(message);
	free(made);
}

/* One word of 100 KB in the body and in each header that takes text: no line beyond 998. */
static void test_long_lines(void **state)
{
	struct tkt_outgoing_mail mail = simple_mail();
	char *word = malloc(100001), *text = malloc(100002), *made, *decoded;
	struct tkt_address to = { "anna@example.org", word };
	struct tkt_enclosure enclosure = { word, "text/plain", "x", 1 };
	size_t line = 0, longest = 0;
	GMimeMessage *message;
	const char *at;

	(void)state;
	memset(word, 'w', 100000);
	word[100000] = '\0';
	memcpy(text, word, 100000);
	text[100000] = '\n';
	text[100001] = '\0';
	mail.to = &to;
	mail.subject = mail.desk_mark = mail.auto_submitted = mail.body = word;
	mail.enclosures = &enclosure;
	mail.enclosure_count = 1;
	made = compose(&mail);
	for (at = made; *at; at++) {
		line = *at == '\n' ? 0 : line + 1;
		longest = line > longest ? line : longest;
	}
	assert_in_range(longest, 1, 998);
	message = parse(made);
	decoded = content(
	    g_mime_multipart_get_part(GMIME_MULTIPART(g_mime_message_get_mime_part(message)), 0));
	assert_string_equal(decoded, text);
	assert_int_equal(strlen(g_mime_message_get_subject(message)), 1000);
	free(decoded);
	g_object_unref(message);
	free(made);
	free(text);
	free(word);
}

static void test_round_trip(void **state)
{
	const char *name =
	    "Очень длинное имя файла, в котором есть всё: \"кавычки\", 'апострофы'.txt";
	/* One encoded word each: GMime 3.2.13 cannot read several, see test_long_russian. */
	const char *subject = "Re: [SUP-7] два  слова 日本";
	const struct tkt_address to = { "anna@example.org", "Анна \"Роза\", <К> \\" };
	struct tkt_enclosure enclosure = { name, "text/plain", "a\r\nb\n.\nFrom c\n", 15 };
	struct tkt_outgoing_mail mail = simple_mail();
	GMimeMessage *message;
	InternetAddress *address;
	GMimeMultipart *mixed;
	char *made, *again, *decoded;

	(void)state;
	mail.to = &to;
	mail.subject = subject;
	mail.enclosures = &enclosure;
	mail.enclosure_count = 1;
	made = compose(&mail);
	again = compose(&mail);
	assert_string_equal(made, again);
	message = parse(made);
	assert_string_equal(g_mime_message_get_subject(message), subject);
	address = internet_address_list_get_address(
	    g_mime_message_get_addresses(message, GMIME_ADDRESS_TYPE_TO), 0);
	assert_string_equal(internet_address_get_name(address), to.name);
	mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(message));
	assert_int_equal(g_mime_multipart_get_count(mixed), 2);
	assert_string_equal(
	    g_mime_part_get_filename(GMIME_PART(g_mime_multipart_get_part(mixed, 1))), name);
	decoded = content(g_mime_multipart_get_part(mixed, 1));
	assert_string_equal(decoded, enclosure.bytes);
	free(decoded);
	g_object_unref(message);
	free(again);
	free(made);
}

static void assert_flowed(const char *text, const char *expected)
{
	tkt_autotext out;

	tkt_text_init(&out, TKT_TEXT_LIMIT);
	tkt_flowed_add(&out, text, strlen(text));
	assert_string_equal(out.bytes, expected);
}

/* 33 and 36 columns, the latter of two bytes each; one word of 40 columns */
#define LATIN "one to ten one to ten one to ten "
#define CYRILLIC "один слово один слово один слово ряд "
#define WORD "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"

static void test_flowed(void **state)
{
	(void)state;
	assert_flowed("", "");
	assert_flowed("a\r\nb\rc\n\nd", "a\nb\nc\n\nd\n");
	assert_flowed("fixed  \n   \n", "fixed\n\n");
	assert_flowed(" indented\nFrom me\nFromage\n", "  indented\n From me\nFromage\n");
	assert_flowed("-- \n--  \n-- x\n> -- \n>-- \n", "-- \n--\n-- x\n> -- \n> -- \n");
	assert_flowed(">a\n> a\n>  a\n>>> a \n>\n> \n", "> a\n> a\n>  a\n>>> a\n>\n>\n");
	/* 76 columns fit, the blank that joins counts too */
	assert_flowed(LATIN LATIN "0123456789\n", LATIN LATIN "0123456789\n");
	assert_flowed(LATIN LATIN "01234567890\n", LATIN LATIN "\n01234567890\n");
	assert_flowed(LATIN LATIN "012345678 x\n", LATIN LATIN "012345678 \nx\n");
	assert_flowed(LATIN LATIN "0123456789 x\n", LATIN LATIN "\n0123456789 x\n");
	assert_flowed(CYRILLIC CYRILLIC "да\n", CYRILLIC CYRILLIC "да\n");
	assert_flowed(CYRILLIC CYRILLIC "нет\n", CYRILLIC CYRILLIC "\nнет\n");
	assert_flowed(">> " LATIN LATIN "  0123456\n", ">> " LATIN LATIN "  \n>> 0123456\n");
	assert_flowed("  " WORD WORD " x\n", "   " WORD WORD " \nx\n");
	assert_flowed(WORD WORD WORD "\n", WORD WORD WORD "\n");
	/* pieces that would be read as a quote, the start of a mail in an mbox, a signature */
	assert_flowed(LATIN LATIN "012345678 >x\n", LATIN LATIN "012345678 \n >x\n");
	assert_flowed(LATIN LATIN "012345678 From y\n", LATIN LATIN "012345678 \n From y\n");
	assert_flowed("-- " WORD WORD " y\n", "-- " WORD WORD " \ny\n");
	assert_flowed(LATIN LATIN "012345678 -- " WORD WORD "\n",
	    LATIN LATIN "012345678 \n-- " WORD WORD "\n");
}

/* A hostile quote may not make the text grow by more than its stuffing. */
static void test_flowed_deep_quote(void **state)
{
	tkt_autotext text, out;
	int i;

	(void)state;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_text_init(&out, TKT_TEXT_LIMIT);
	for (i = 0; i < 50000; i++)
		tkt_text_add_byte(&text, '>');
	for (i = 0; i < 50000; i++)
		tkt_text_add(&text, "word ");
	tkt_flowed_add(&out, text.bytes, text.length);
	assert_int_equal(out.length, text.length + 1);
}

static void test_address(void **state)
{
	static const char *const good[] = { "a@b", "a.b+c@example.org", "a..b.@example.org",
		"\"q \\\" r\"@example.org", "x@[192.0.2.1]", "x@[IPv6:2001:db8::1]", "a@пример.рф",
		"-f@example.org", "o'neil@example.org" };
	static const char *const bad[] = { "", "@", "a", "a@", "@b", "a b@c", "a@b c", "a@b\n",
		"a\r\n@b", "a@b>", "<a@b>", "a@b,c@d", "a@b@c", "\"a@b", "\"a\"b@c", "\"a\n\"@b",
		"\"a\\", "a@[]", "a@[1", "a@.b", "a@b..c", "я@example.org", "a@\xff", "a;b@c",
		"a(b)@c" };
	char *longest = calloc(1, 322);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!tkt_address_is_valid(good[i]))
			fail_msg("'%s' is good", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (tkt_address_is_valid(bad[i]))
			fail_msg("'%s' is bad", bad[i]);
	assert_false(tkt_address_is_valid(NULL));
	memset(longest, 'a', 320);
	longest[1] = '@';
	assert_true(tkt_address_is_valid(longest));
	longest[320] = 'a';
	assert_false(tkt_address_is_valid(longest));
	free(longest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_simple),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_full_russian),
		cmocka_unit_test(test_long_russian),
		cmocka_unit_test(test_mostly_ascii_is_quoted_printable),
		cmocka_unit_test(test_enclosures),
		cmocka_unit_test(test_hostile_headers),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_references_keep_first_and_last),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_flowed),
		cmocka_unit_test(test_flowed_deep_quote),
		cmocka_unit_test(test_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
