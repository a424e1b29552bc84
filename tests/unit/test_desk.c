/* tests/unit/test_desk.c: desk.conf: what is read, what is refused, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "desk/desk.h"
#include "desk/reading.h"

#define NOW INT64_C(1772442000) /* 2026-03-02T09:00:00Z */

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/test-desk-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status, (void)kind, (void)place;
	return remove(path);
}

static int remove_folder(void **state)
{
	(void)state;
	return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void write_bytes(const char *name, const char *bytes, size_t length)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void write_file(const char *name, const char *text)
{
	write_bytes(name, text, strlen(text));
}

static void make_subfolder(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(mkdir(path, 0777), 0);
}

/* What tells the staff and asks customers; a lint without a datadir would miss it. */
static void write_notice(void)
{
	make_subfolder("templates");
	write_file("templates/notice.en", "Subject: {{count}}\n\n{{lines}}\n");
	write_file("templates/notice.ru", "Subject: {{count}}\n\n{{lines}}\n");
	write_file("templates/questions.en", "Subject: {{id}}\n\n{{questions}}\n");
	write_file("templates/questions.ru", "Subject: {{id}}\n\n{{questions}}\n");
}

static void add_finding(const struct tkt_finding *finding, void *context)
{
	tkt_text_format(context, "%s:%d: %s: %s\n", finding->file, finding->line,
	    finding->is_warning ? "warning" : "error", finding->text);
}

/* All findings, and the first error as a reader gets it. `acknowledge = false` keeps templates out
 * of it. */
static void assert_findings(const char *conf, const char *expected)
{
	tkt_autotext found;
	struct tkt_error error = { 0 };

	tkt_text_init(&found, 1 << 20);
	write_file("desk.conf", conf);
	assert_true(
	    tkt_desk_lint(folder, "/nonexistent", NOW, NULL, add_finding, &found, &error) >= 0);
	assert_string_equal(found.bytes, expected);
}

static void assert_refused(const char *conf, const char *expected)
{
	struct tkt_desk *desk = NULL;
	struct tkt_error error = { 0 };

	write_file("desk.conf", conf);
	assert_int_equal(tkt_desk_read(folder, &desk, &error), -1);
	assert_string_equal(error.text, expected);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	assert_null(desk);
}

static void test_an_empty_desk_has_defaults(void **state)
{
	tkt_autoptr(desk) desk = NULL;
	struct tkt_error error = { 0 };
	char host[256] = "", address[300];

	(void)state;
	write_file("desk.conf", "");
	assert_int_equal(tkt_desk_read(folder, &desk, &error), 0);
	gethostname(host, sizeof(host) - 1);
	snprintf(address, sizeof(address), "support@%s", host);
	assert_int_equal(strcasecmp(desk->address, address), 0);
	assert_string_equal(desk->addresses[0], desk->address);
	assert_null(desk->addresses[1]);
	assert_string_equal(desk->path, folder);
	assert_string_equal(desk->name, "Support");
	assert_string_equal(desk->ticket_prefix, "TKT");
	assert_string_equal(desk->languages[0], "en");
	assert_null(desk->languages[1]);
	assert_string_equal(desk->timezone, "UTC");
	assert_string_equal(desk->version, "");
	assert_string_equal(desk->queue, "support");
	assert_string_equal(desk->trusted_host, "");
	assert_true(desk->acknowledge_first);
	assert_false(desk->acknowledge_all);
	assert_true(desk->reopen_seconds == INT64_MAX);
	assert_false(desk->notes_strangers);
	assert_int_equal(desk->brake_letters.count, 300);
	assert_int_equal(desk->brake_answers.count, 10);
	assert_int_equal(desk->brake_answers.window_seconds, 3600);
	assert_false(desk->accept_lists);
	assert_int_equal(desk->recipient_delimiter, 0);
	assert_true(desk->accept_generated);
	assert_int_equal(desk->busy_timeout_seconds, 30);
	assert_int_equal(desk->transport.timeout_seconds, 60);
	assert_int_equal(desk->transport.rate.count, 0);
	assert_false(desk->html);
	if (!access("/usr/sbin/sendmail", X_OK)) {
		assert_int_equal(desk->transport.kind, TKT_TRANSPORT_SENDMAIL);
		assert_string_equal(desk->transport.command, "/usr/sbin/sendmail -i");
	} else {
		assert_int_equal(desk->transport.kind, TKT_TRANSPORT_MAILDIR);
	}
	assert_string_equal(desk->policy_text, "");
	assert_string_equal(desk->policy_sha256,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void test_options_are_taken(void **state)
{
	tkt_autoptr(desk) desk = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	write_file("desk.conf",
	    "name = 'The \"Desk\" of O\\'Neil'\r\naddress = \"Help@Example.ORG\"\n"
	    "addresses = {\"help@example.org\", \"sales@example.org\",}\n"
	    "ticket_prefix = SUP  languages = {ru, en}  timezone = \"+06:00 Asia/Yekaterinburg\"\n"
	    "version = \"2026-12-01\" queue = first acknowledge = no recipient_delimiter = \"+\" trusted_host = mx.example.org\n"
	    "reply_to_closed = \"new after 14d\" stranger = note brake_letters = none\n"
	    "brake_answers = 3/1m accept_lists = true accept_generated = off busy_timeout = 2m /* a\ncomment */\n"
	    "transport \"smtp\" { url = \"smtp://mail.example.org:587\" user = \"u\" timeout = 5s rate = 60/1m }\n"
	    "html = yes\n");
	assert_int_equal(tkt_desk_read(folder, &desk, &error), 0);
	assert_string_equal(desk->name, "The \"Desk\" of O'Neil");
	assert_string_equal(desk->address, "help@example.org");
	assert_string_equal(desk->addresses[0], "help@example.org");
	assert_string_equal(desk->addresses[1], "sales@example.org");
	assert_null(desk->addresses[2]);
	assert_true(tkt_desk_has_address(desk, "SALES@example.org"));
	assert_false(tkt_desk_has_address(desk, "other@example.org"));
	assert_true(tkt_desk_has_address(desk, "Help+r7-abc@Example.org"));
	assert_false(tkt_desk_has_address(desk, "help-r7@example.org"));
	assert_false(tkt_desk_has_address(desk, "helpless+r7@example.org"));
	assert_false(tkt_desk_has_address(desk, "help+r7@example.net"));
	assert_false(tkt_desk_has_address(desk, NULL));
	assert_int_equal(desk->recipient_delimiter, '+');
	assert_string_equal(desk->ticket_prefix, "SUP");
	assert_string_equal(desk->languages[0], "ru");
	assert_string_equal(desk->languages[1], "en");
	assert_string_equal(desk->timezone, "+06:00");
	assert_string_equal(desk->version, "2026-12-01");
	assert_string_equal(desk->queue, "first");
	assert_false(desk->acknowledge_first);
	assert_int_equal(desk->reopen_seconds, 14 * 86400);
	assert_true(desk->notes_strangers);
	assert_int_equal(desk->brake_letters.count, 0);
	assert_int_equal(desk->brake_answers.count, 3);
	assert_int_equal(desk->brake_answers.window_seconds, 60);
	assert_string_equal(desk->trusted_host, "mx.example.org");
	assert_true(desk->accept_lists);
	assert_false(desk->accept_generated);
	assert_int_equal(desk->busy_timeout_seconds, 120);
	assert_int_equal(desk->transport.kind, TKT_TRANSPORT_SMTP);
	assert_string_equal(desk->transport.url, "smtp://mail.example.org:587");
	assert_string_equal(desk->transport.user, "u");
	assert_true(desk->transport.require_tls);
	assert_int_equal(desk->transport.timeout_seconds, 5);
	assert_int_equal(desk->transport.rate.count, 60);
	assert_int_equal(desk->transport.rate.window_seconds, 60);
	assert_true(desk->html);
}

static void test_backslashes_in_single_quotes_stay(void **state)
{
	tkt_autoptr(desk) desk = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	write_file("desk.conf", "name = '\\b \\\\d \\' \\n ${X} \"'\n");
	assert_int_equal(tkt_desk_read(folder, &desk, &error), 0);
	assert_string_equal(desk->name, "\\b \\\\d ' \\n ${X} \"");
	assert_refused("name = 'a\\'", "desk.conf:1: a string is not closed on its line");
}

static void test_the_default_maildir_is_in_the_desk(void **state)
{
	tkt_autoptr(desk) desk = NULL;
	struct tkt_error error = { 0 };
	char path[80];

	(void)state;
	write_file("desk.conf", "transport \"maildir\" {}\n");
	assert_int_equal(tkt_desk_read(folder, &desk, &error), 0);
	snprintf(path, sizeof(path), "%s/outbox", folder);
	assert_int_equal(desk->transport.kind, TKT_TRANSPORT_MAILDIR);
	assert_string_equal(desk->transport.path, path);
}

static void test_what_is_not_understood(void **state)
{
	(void)state;
	assert_refused("name = x\nversion = \"${HOME}\"",
	    "desk.conf:2: '$' in double quotes would not stay as written: use single quotes");
	assert_refused("version = ${HOME}", "desk.conf:1: a value with '$' must stand in quotes");
	assert_refused("route \"r\" { match = {\"subject ~ '\\b'\"} }",
	    "desk.conf:1: '\\' in double quotes would not stay as written: use single quotes");
	assert_refused("name = x\n/* and\n", "desk.conf:2: a comment is never closed");
	assert_refused(
	    "name = \"x\nversion = y\"", "desk.conf:1: a string is not closed on its line");
	assert_refused("timezone = +06:00", "desk.conf:1: a value with '+' must stand in quotes");
	assert_refused(
	    "name = a\n\nname = b", "desk.conf:3: 'name' stands twice here: first in desk.conf:1");
	assert_refused("sla \"a\" { match = {} match = {\"status=new\"} }",
	    "desk.conf:1: 'match' stands twice here: first in desk.conf:1");
	assert_refused("languages = {en}\nlanguages += {ru}",
	    "desk.conf:2: a value with '+' must stand in quotes");
	assert_refused("route \"a\" {}\nroute \"b\" {}\nroute \"a\" {}",
	    "desk.conf:3: route 'a' stands twice here: first in desk.conf:1");
	assert_refused("transport|path = x", "desk.conf:1: a value with '|' must stand in quotes");
	assert_refused("route \"a\" {\n\n", "desk.conf:1: '{' is never closed in this file");
	assert_refused(
	    "route \"a\" {}\n}", "desk.conf:2: '}' closes nothing that was opened in this file");
	assert_refused("nme = x", "desk.conf:1: no such option 'nme'; did you mean 'name'?");
	assert_refused("# a\n/* b\n */ route \"r\" {\n stopp = true }",
	    "desk.conf:4: no such option 'stopp'; did you mean 'stop'?");
	assert_refused("name = \"a\x01\"", "desk.conf:1: a control character (0x01)");
	assert_refused("# \n# \xff\n#", "desk.conf:2: the text is not UTF-8");
	assert_refused("name =", "desk.conf:1: 'name' has no value");
	assert_refused(
	    "name }", "desk.conf:1: 'name' is followed by neither '=' nor a title and '{'");
	assert_refused("= x", "desk.conf:1: a name is missing before the sign");
	assert_refused("route {}", "desk.conf:1: '{' follows neither '=' nor a section's title");
	assert_refused("route \"r\" stop", "desk.conf:1: 'route \"r\"' is not followed by '{'");
	assert_refused("languages = {en ru}",
	    "desk.conf:1: the list of 'languages' needs a ',' between its values and a '}' behind them");
	assert_refused(
	    "name = a\nlanguages = {en,\nru\n", "desk.conf:2: '{' is never closed in this file");
	assert_refused("include \"x\"", "desk.conf:1: an include is written include(\"FILE\")");
	assert_refused(
	    "a \"1\" { b \"2\" { c \"3\" { d \"4\" { e \"5\" {\nf \"6\" { g \"7\" { h \"8\" { i \"9\" {",
	    "desk.conf:1: there is no section 'a' here");
}

/* What has no meaning does not hide what stands behind it. */
static void test_unknown_names_are_all_found(void **state)
{
	(void)state;
	write_notice();
	assert_findings(
	    "acknowledge = false nme = x\nshoesize = {1, 2,}\nname = {a, b}\nruote \"r\" {\n what = 1\n"
	    " step \"5m\" { reply = x } }\n"
	    "pause \"resolution\" {}\nqueue = 'a b'\n"
	    "route \"r\" { pause \"resolution\" {} shoesize = 3 }\n"
	    "sla \"s\" { resolution = \"4h\" pause \"resolution\" {} pause \"resolution\" {} }\n",
	    "desk.conf:1: error: no such option 'nme'; did you mean 'name'?\n"
	    "desk.conf:2: error: no such option 'shoesize'\n"
	    "desk.conf:3: error: 'name' takes one value, not a list\n"
	    "desk.conf:4: error: no such section 'ruote'; did you mean 'route'?\n"
	    "desk.conf:7: error: there is no section 'pause' here\n"
	    "desk.conf:8: error: 'a b' is no name: letters, digits, '_', '-' and '.'\n"
	    "desk.conf:9: error: there is no section 'pause' here\n"
	    "desk.conf:9: error: 'route' has no option 'shoesize'\n"
	    "desk.conf:9: warning: route 'r' does nothing\n"
	    "desk.conf:10: error: pause 'resolution' stands twice here: first in desk.conf:10\n");
}

static void test_a_nul_is_refused(void **state)
{
	struct tkt_desk *desk = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	write_bytes("desk.conf", "name = a\n\0", 10);
	assert_int_equal(tkt_desk_read(folder, &desk, &error), -1);
	assert_string_equal(error.text, "desk.conf:2: a control character (0x00)");
}

static void test_the_mark_of_an_editor_passes(void **state)
{
	tkt_autoptr(desk) desk = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	write_file("desk.conf", "\xef\xbb\xbfname = x\n");
	assert_int_equal(tkt_desk_read(folder, &desk, &error), 0);
	assert_string_equal(desk->name, "x");
	assert_string_equal(desk->policy_text, "name = x\n");
}

static void test_all_bad_values_are_found(void **state)
{
	(void)state;
	assert_findings(
	    "address = foo\nqueue = \"a b\"\nbusy_timeout = 30\n"
	    "languages = {\"ru\",\n \"EN\"}\nticket_prefix = 1x\naccept_lists = maybe\n"
	    "recipient_delimiter = \"++\"\nacknowledge = often\nreply_to_closed = \"new after 3wd\"\n"
	    "brake_answers = 10\nbrake_letters = \"0/1h\"\n"
	    "timezone = Mars\n",
	    "desk.conf:1: error: 'foo' is no mail address\n"
	    "desk.conf:2: error: 'a b' is no name: letters, digits, '_', '-' and '.'\n"
	    "desk.conf:3: error: '30' has no unit; write 30m, 30h, 30d, 30wh ...\n"
	    "desk.conf:5: error: 'EN' is no language: 'en', 'ru' ...\n"
	    "desk.conf:6: error: 'ticket_prefix' cannot be '1x': a letter, then letters and digits, "
	    "at most 10\n"
	    "desk.conf:7: error: 'accept_lists' cannot be 'maybe': true or false\n"
	    "desk.conf:8: error: 'recipient_delimiter' cannot be '++': one of + - = _ . or none\n"
	    "desk.conf:9: error: 'acknowledge' cannot be 'often': one of first, all, none, true, yes, on, false, no, off\n"
	    "desk.conf:10: error: 'reply_to_closed' cannot be 'new after 3wd': reopen, new, or 'new after' and a length such as 14d\n"
	    "desk.conf:11: error: '10' is no rate: write 10/1h for ten an hour, or none\n"
	    "desk.conf:12: error: '0/1h' is no rate: write 10/1h for ten an hour, or none\n"
	    "desk.conf:13: error: 'Mars' is not a time zone; write a name like 'Europe/Moscow' or an "
	    "offset like '+06:00'\n");
}

static void test_policy_sections_are_checked(void **state)
{
	(void)state;
	write_notice();
	assert_findings(
	    "acknowledge = false\n"
	    "calendar \"c\" { week = {\"mon-fri 09:00-13:00 12:00-18:00\",\n \"some 9-18\"}\n"
	    " days = {\"2026-02-30 closed\", \"2026-12-31 9:00-13:00\"} kinds = {short, long}\n"
	    " worked = \"22:00-06:00 07:00-08:00\" holidays = {ru} }\n"
	    "sla \"s\" {\n match = {\"status=opn\"} calendar = d anchor = now\n"
	    " first_response = \"4wh\" resolution = \"3cd\"\n"
	    " pause \"resolution\" { match = {\"status=pending\"} }\n"
	    " pause \"next_response\" {}\n escalate \"75\" {}\n"
	    " escalate \"next_response 10%\" { notify = {boss} set = {\"rev=1\"} } }\n"
	    "sla \"t\" { first_response = \"4wh\" }\nsla \"u\" {}\n"
	    "timer \"t\" { since = yesterday\n step \"5wd\" { reply = \"../x\" } step \"soon\" {} }\n"
	    "form \"f\" { require = {description, colour} } question \"description\" { text = {x} }\n"
	    "action \"a\" { needs = trust channels = {panel, \"e mail\"} }\n",
	    "desk.conf:2: error: the spans of 'mon-fri 09:00-13:00 12:00-18:00' overlap or are out of "
	    "order\n"
	    "desk.conf:3: error: 'some 9-18' begins with no weekdays: 'mon', 'mon-fri', 'mon,wed' or "
	    "'always'\n"
	    "desk.conf:4: error: '2026-02-30 closed' begins with no date: 'YYYY-MM-DD'\n"
	    "desk.conf:4: error: '9:00-13:00' is no span of time: 'HH:MM-HH:MM'\n"
	    "desk.conf:4: error: 'kinds' cannot be 'long': one of holiday, workday, short\n"
	    "desk.conf:5: error: the spans of '22:00-06:00 07:00-08:00' overlap or are out of order\n"
	    "desk.conf:5: error: there is neither 'calendars/ru.tsv' nor 'calendars/ru.ics'\n"
	    "desk.conf:7: error: expression 'status=opn': 'opn' is no value of 'status'; did you mean "
	    "'open'?\n"
	    "desk.conf:7: error: 'anchor' cannot be 'now': one of sent, received, proven_receipt\n"
	    "desk.conf:7: error: there is no calendar 'd'\n"
	    "desk.conf:9: warning: 'resolution' of sla 's' is a term in 'cd', which takes no pause\n"
	    "desk.conf:10: error: sla 's' has no clock 'next_response'\n"
	    "desk.conf:11: error: '75' is no step: '75%' for every clock, or 'first_response 75%'\n"
	    "desk.conf:12: error: 'boss' cannot be told: assignee, requester, group:NAME, agent:NAME "
	    "or an address\n"
	    "desk.conf:12: error: 'rev' cannot be set\n"
	    "desk.conf:12: error: sla 's' has no clock 'next_response'\n"
	    "desk.conf:13: error: '4wh' counts working time: sla 't' needs a calendar\n"
	    "desk.conf:14: warning: sla 'u' promises nothing: no first_response, next_response or "
	    "resolution\n"
	    "desk.conf:14: warning: sla 'u' is never reached: 't' before it takes all its tickets\n"
	    "desk.conf:15: error: 'since' cannot be 'yesterday': one of created, received, updated, "
	    "last_in, last_out\n"
	    "desk.conf:16: error: '../x' is no name of a template: small letters, digits, '_' and "
	    "'-'\n"
	    "desk.conf:16: error: 'soon' is not a length of time like 30m, 4wh or 3wd\n"
	    "desk.conf:16: error: '5wd' counts working time: timer 't' needs a calendar\n"
	    "desk.conf:17: error: there is no field 'colour'\n"
	    "desk.conf:17: error: 'x' is no text in a language, as in \"en: Which browser do you "
	    "use?\"\n"
	    "desk.conf:18: error: 'needs' cannot be 'trust': one of none, claimed, authenticated, "
	    "verified\n"
	    "desk.conf:18: error: 'e mail' is no name: letters, digits, '_', '-' and '.'\n");
}

/* What a request is taken in by: sections that say nothing, or what nobody could act on. */
static void test_intake_sections_are_checked(void **state)
{
	(void)state;
	write_notice();
	assert_findings(
	    "acknowledge = none intake = later\n"
	    "recognise \"a\" {}\nrecognise \"b\" { pattern = 'x' in = {body} }\n"
	    "recognise \"c\" { pattern = '(?<x' }\n"
	    "category \"all\" {}\ncategory \"none\" { match = {\"subject\"} }\nflag \"all\" {}\n"
	    "question \"q\" {}\n"
	    "form \"f\" { ask = {\"fields.q\", \"fields.p\"} }\nform \"g\" {}\n"
	    "entitlement \"e\" { match = {\"entitlement=expired\"} reply = \"questions\" }\n"
	    "entitlement \"s\" { set = {\"status=resolved\"} }\n"
	    "channel \"c\" { accept = none }\nchannel \"d\" { match = {\"subject\"} }\n"
	    "channel \"e\" { outside = consult }\n",
	    "desk.conf:1: error: 'intake' cannot be 'later': one of auto, manual\n"
	    "desk.conf:2: error: recognise 'a' needs 'pattern'\n"
	    "desk.conf:3: error: 'in' cannot be 'body': one of subject, description, attachments, "
	    "recipients\n"
	    "desk.conf:3: error: recognise 'b' fills no field: its pattern needs a named group, "
	    "'(?<NAME>...)'\n"
	    "desk.conf:4: error: pattern '(?<x': syntax error in subpattern name (missing "
	    "terminator?)\n"
	    "desk.conf:6: warning: category 'none' is never reached: 'all' before it takes all its "
	    "tickets\n"
	    "desk.conf:7: warning: flag 'all' has no 'match': every ticket gets it\n"
	    "desk.conf:8: error: question 'q' needs 'text'\n"
	    "desk.conf:9: warning: form 'f' asks for 'fields.p', and there is no question 'p': a "
	    "letter asks by that name\n"
	    "desk.conf:10: error: form 'g' needs 'require'\n"
	    "desk.conf:11: error: entitlement 'e' refuses: it needs a 'set' of the status, such as "
	    "status=resolved\n"
	    "desk.conf:12: error: entitlement 's' ends a request in silence: it needs a 'reply'\n"
	    "desk.conf:13: error: channel 'c' needs 'reply'\n"
	    "desk.conf:14: error: channel 'd' needs 'outside'\n"
	    "desk.conf:15: error: channel 'e' has an 'outside', but neither a scope ('match') nor a "
	    "'calendar'\n");
}

static void test_transports_are_checked(void **state)
{
	(void)state;
	assert_findings(
	    "acknowledge = false\ntransport \"smtp\" { path = \"x\" user = u\n tls = no }\n"
	    "transport \"maildir\" { path = \"../x\" }\n",
	    "desk.conf:2: error: the transport 'smtp' has no 'path'\n"
	    "desk.conf:2: error: the transport 'smtp' needs an 'url'\n"
	    "desk.conf:3: warning: without TLS the password may be sent in the clear\n"
	    "desk.conf:4: error: 'path' cannot be '../x': a path below the desk or an absolute one\n"
	    "desk.conf:4: error: a desk has one transport: 'smtp' stands before\n");
	assert_findings("acknowledge = false\ntransport \"pigeon\" {}\n",
	    "desk.conf:2: error: 'transport' cannot be 'pigeon': one of maildir, sendmail, smtp\n");
	assert_findings(
	    "acknowledge = false\ntransport \"sendmail\" { command = \"/nonexistent -i\" }\n",
	    "desk.conf:2: warning: '/nonexistent' cannot be run here\n");
	assert_refused("transport \"sendmail\" { command = \"sendmail\" }",
	    "desk.conf:1: 'command' cannot be 'sendmail': the absolute path of a program, then its "
	    "arguments");
	assert_refused("transport \"smtp\" { url = \"http://example.org\" }",
	    "desk.conf:1: 'url' cannot be 'http://example.org': smtp://HOST[:PORT] or smtps://...");
}

static void test_the_regulation_of_the_manual_is_read(void **state)
{
	(void)state;
	write_notice();
	make_subfolder("calendars");
	write_file("calendars/ru.tsv", "2026-01-01\tholiday\n2027-01-01\tholiday\n");
	assert_findings(
	    "name = \"Support\"   address = \"support@example.org\"   ticket_prefix = \"SUP\"\n"
	    "languages = {\"ru\", \"en\"}   version = \"2026-12-01\" acknowledge = false\n"
	    "timezone = \"Europe/Moscow\"      # the desk's\n"
	    "calendar \"office\" {\n"
	    "    timezone = \"+06:00 Asia/Yekaterinburg\"\n"
	    "    week     = {\"mon-fri 08:00-18:00\", \"sat,sun 22:00-02:00\"}\n"
	    "    holidays = {\"ru\"}\n"
	    "    kinds    = {\"holiday\", \"workday\", \"short\"}\n"
	    "    worked   = \"09:00-18:00\"\n"
	    "    days     = {\"2026-12-31 09:00-13:00 14:00-15:00\", \"2027-01-09 closed\"}\n"
	    "}\n"
	    "sla \"extended\" {\n"
	    "    match = {\"tier=extended\"}   calendar = \"office\"   anchor = received\n"
	    "    first_response = \"4wh\"   next_response = \"8wh\"   resolution = \"3wd\"\n"
	    "    pause \"resolution\" { match = {\"status=pending\"} }     # none by default\n"
	    "    escalate \"75%\"                 { notify = {\"assignee\"} }\n"
	    "    escalate \"first_response 100%\" { notify = {\"group:leads\"}   set = "
	    "{\"priority=high\"} }\n"
	    "}\n"
	    "timer \"silent\" {\n"
	    "    match = {\"waiting_for=customer\"}   since = last_out   calendar = \"office\"\n"
	    "    step \"5wd\"  { set = {\"tags+=reminded\"} }\n"
	    "    step \"10wd\" { set = {\"status=closed\", \"resolution=no_information\"} }\n"
	    "}\n"
	    "route \"critical\" {\n"
	    "    match = {'subject ~ \"^critical\\b\"'}   set = {\"priority=critical\", "
	    "\"queue=oncall\"}   stop = true\n"
	    "}\n"
	    "channel \"phone\" { accept = consult   identity = none }\n"
	    "form \"problem\"  { match = {\"category=problem\"}   require = {\"description\", "
	    "\"contract\"} }\n"
	    "question \"description\" { text = {\"en: What happened?\", \"ru: Что случилось?\"} }\n"
	    "question \"contract\" { text = {\"en: What is the number of your contract?\",\n"
	    "                                \"ru: Какой номер у вашего договора?\"} }\n"
	    "action \"change_service\" { needs = verified   channels = {\"panel\", \"mail\"} }\n",
	    "desk.conf:5: warning: '+06:00' and 'Asia/Yekaterinburg' disagree: 'mon-fri 08:00-18:00' "
	    "begins at 02:00Z by the first, which counts, and at 03:00Z by the second\n");
}

static void test_hours_that_cannot_be(void **state)
{
	(void)state;
	assert_findings("acknowledge = false\ncalendar \"a\" {\n"
			" week = {\"mon-fri 09:00-18:00\", \"sat 10:00-12:00\",\n"
			"  \"wed,sun 17:00-20:00\",\n  \"fri 18:00-20:00\"}\n"
			" days = {\"2026-12-31 closed\", \"2027-01-09 closed\",\n"
			"  \"2026-12-31 09:00-12:00\"}\n}\n"
			"calendar \"b\" { week = {\"mon-fri 09:00-18:00\"} }\n",
	    "desk.conf:4: error: the spans of 'wed,sun 17:00-20:00' overlap those of an entry before, "
	    "or are more than 48 of a day\n"
	    "desk.conf:7: error: '2026-12-31 09:00-12:00': the hours of that date are given twice\n");
	assert_findings(
	    "acknowledge = false\n"
	    "calendar \"night\" { week = {\"mon-sat 22:00-06:00\", \"tue 05:00-07:00\"} }\n"
	    "calendar \"good\" { week = {\"mon,wed 22:00-06:00\", \"tue 06:00-07:00\"} }\n",
	    "desk.conf:2: warning: calendar 'night': the hours of Monday run past midnight into "
	    "those of Tuesday; what overlaps counts once\n");
}

static void test_a_calendar_that_is_never_open(void **state)
{
	static const char *const open[] = { "week = {\"sat 09:00-12:00\"}", "week = {always}",
		"days = {\"2026-12-31 09:00-12:00\"}" };
	size_t i;

	(void)state;
	assert_findings("acknowledge = false notice_calendar = shut\n"
			"calendar \"shut\" { days = {\"2026-12-31 closed\"} }\n"
			"sla \"hours\" { first_response = 1h resolution = 2wd\n calendar = shut }\n"
			"sla \"elapsed\" { first_response = 1h calendar = shut }\n"
			"timer \"hours\" { calendar = shut step \"2d\" {} step \"3dh\" {} }\n"
			"timer \"elapsed\" { calendar = shut step \"2d\" {} }\n"
			"channel \"phone\" {\n calendar = shut }\n",
	    "desk.conf:1: error: calendar 'shut' is never open: notices would wait for ever\n"
	    "desk.conf:4: error: calendar 'shut' is never open, and sla 'hours' counts working "
	    "time\n"
	    "desk.conf:5: warning: sla 'elapsed' is never reached: 'hours' before it takes all its "
	    "tickets\n"
	    "desk.conf:6: error: calendar 'shut' is never open, and timer 'hours' counts working "
	    "time\n"
	    "desk.conf:9: error: calendar 'shut' is never open, and sla 'hours' counts working "
	    "time\n");
	assert_findings("acknowledge = false\ncalendar \"shut\" { }\n"
			"channel \"phone\" { calendar = shut }\n"
			"sla \"elapsed\" { first_response = 1h }\n",
	    "desk.conf:2: warning: calendar 'shut' is never open: it has neither 'week' nor "
	    "'days'\n");
	assert_findings(
	    "acknowledge = false\n"
	    "calendar \"past\" { timezone = \"+03:00\"\n days = {\"2025-12-31 09:00-12:00\"} }\n"
	    "sla \"s\" { resolution = 2wd calendar = past }\n",
	    "desk.conf:2: warning: calendar 'past' is not open after 2025-12-31\n");
	/* lists may have days worked */
	assert_findings("acknowledge = false\n"
			"calendar \"c\" { worked = \"09:00-12:00\" holidays = {\"none\"} }\n"
			"sla \"s\" { resolution = 2wd calendar = c }\n",
	    "desk.conf:2: error: there is neither 'calendars/none.tsv' nor "
	    "'calendars/none.ics'\n");
	for (i = 0; i < sizeof(open) / sizeof(*open); i++) {
		char conf[200];

		snprintf(conf, sizeof(conf),
		    "acknowledge = false calendar \"c\" { %s }\n"
		    "sla \"s\" { resolution = 2wd calendar = c }\n",
		    open[i]);
		assert_findings(conf, "");
	}
}

static void test_what_routes_and_teams_cannot_mean(void **state)
{
	(void)state;
	make_subfolder("templates");
	write_file("templates/notice.en", "Subject: {{count}}\n\n{{lines}}\n");
	assert_findings("acknowledge = false\nwork_age = 8h\n"
			"route \"a\" { team = l2 }\n"
			"team \"l1\" { }\n"
			"team \"l3\" { members = {\"ivanova\", \"group:l1\"} prefer = {skill} }\n"
			"team \"l4\" { members = {petrov} skill = fields.product }\n"
			"team \"l5\" { members = {\"group:\", \"a b\"} assign = turns }\n"
			"route \"b\" { notify = {assignee} }\n"
			"route \"c\" { match = {\"tier=paid\"} }\n"
			"route \"d\" { match = {\"tier=paid\"} set = {\"queue=d\"} stop = yes }\n"
			"route \"e\" { match = {\"lang=ru\", \"tier=paid\"} team = l3 }\n"
			"route \"f\" { set = {\"tier=paid\"} }\n"
			"route \"g\" { match = {\"tier=paid\"} team = l3 }\n"
			"route \"h\" { stop = yes }\n"
			"route \"i\" { team = l3 }\n",
	    "desk.conf:2: warning: 'work_age' says nothing without 'work_tiers': arrival alone "
	    "counts\n"
	    "desk.conf:3: error: there is no team 'l2'\n"
	    "desk.conf:4: error: team 'l1' has no 'members'\n"
	    "desk.conf:4: warning: no route names team 'l1'\n"
	    "desk.conf:5: error: team 'l3' prefers by skill: it needs a 'skill', the field that "
	    "names it\n"
	    "desk.conf:6: error: team 'l4' has a 'skill', but 'prefer' does not name it\n"
	    "desk.conf:6: warning: no route names team 'l4'\n"
	    "desk.conf:7: error: 'group:' is no member: the name of an agent, or group:NAME\n"
	    "desk.conf:7: error: 'a b' is no member: the name of an agent, or group:NAME\n"
	    "desk.conf:7: error: 'assign' cannot be 'turns': one of round_robin, least_loaded, "
	    "none\n"
	    "desk.conf:7: warning: no route names team 'l5'\n"
	    "desk.conf:8: warning: route 'b' tells nobody: it changes nothing that could be told; "
	    "set or add something\n"
	    "desk.conf:9: warning: route 'c' does nothing\n"
	    "desk.conf:11: warning: route 'e' is never reached: 'd' before it takes all its "
	    "tickets and stops\n"
	    "desk.conf:15: warning: route 'i' is never reached: 'h' before it takes all its "
	    "tickets and stops\n");
}

static void test_what_slas_and_timers_cannot_mean(void **state)
{
	(void)state;
	assert_findings(
	    "acknowledge = false\nnotice_calendar = ofice\n"
	    "calendar \"office\" { week = {always} }\n"
	    "sla \"a\" {\n first_response = 1h\n anchor = proven_receipt\n"
	    " pause \"resolution\" { }\n escalate \"next_response 75%\" { }\n"
	    " escalate \"first_response 250%\" { } }\n"
	    "sla \"b\" { resolution = 3cd calendar = office\n pause \"resolution\" { } }\n"
	    "timer \"t\" { match = {\"status=open\"}\n since = updated step 2d { } }\n"
	    "sla \"c\" { resolution = 1h match = {\"age > 1h or priority=low\"}\n"
	    " any = {\"due < +2h\", \"created_at < 2026-01-01\"} }\n"
	    "sla \"d\" { resolution = 1h match = {\"questions = 0 or clock.fist_response.due\",\n"
	    " \"clock.first_response.state=met\"} }\n"
	    "route \"r\" { match = {\"description ~ help\"} stop = true }\n",
	    "desk.conf:2: error: there is no calendar 'ofice'\n"
	    "desk.conf:6: warning: 'proven_receipt' is for acts: the tickets of sla 'a' count from "
	    "'received'\n"
	    "desk.conf:7: error: sla 'a' has no clock 'resolution'\n"
	    "desk.conf:8: error: sla 'a' has no clock 'next_response'\n"
	    "desk.conf:10: warning: sla 'b' is never reached: 'a' before it takes all its "
	    "tickets\n"
	    "desk.conf:11: warning: 'resolution' of sla 'b' is a term in 'cd', which takes no pause\n"
	    "desk.conf:13: warning: timer 't' counts from the last change, and its own steps are "
	    "changes: it begins anew after each\n"
	    "desk.conf:14: warning: sla 'c' is never reached: 'a' before it takes all its "
	    "tickets\n"
	    "desk.conf:14: warning: 'age > 1h or priority=low' depends on the time, but is judged "
	    "only when a ticket changes\n"
	    "desk.conf:15: warning: 'due < +2h' depends on the time, but is judged only when a "
	    "ticket changes\n"
	    "desk.conf:16: warning: sla 'd' is never reached: 'a' before it takes all its "
	    "tickets\n"
	    "desk.conf:16: warning: 'questions' is not known when a change is judged, and counts "
	    "as empty\n"
	    "desk.conf:16: warning: 'questions = 0 or clock.fist_response.due' names no clock: "
	    "first_response, next_response or resolution\n");
}

static void test_holiday_lists(void **state)
{
	(void)state;
	make_subfolder("calendars");
	write_file("calendars/bad.tsv", "# days\n2026-01-01\tholiday\n2026-02-30\tholiday\n");
	write_file("calendars/old.tsv", "2025-01-01\tholiday\n2026-01-01\tholiday\n");
	write_file("calendars/new.tsv", "2026-01-01\tholiday\n2027-01-01\tholiday\n");
	assert_findings("acknowledge = false\n"
			"calendar \"a\" {\n holidays = {\"new\",\n \"old\",\n \"bad\",\n \"gone\"}"
			" week = {always} }\n"
			"calendar \"b\" {\n holidays = {\"bad\", \"old\"} week = {always} }\n",
	    "desk.conf:4: warning: calendar 'a': 'old' says nothing about 2027: add the year to "
	    "'calendars/old.tsv'\n"
	    "desk.conf:6: error: there is neither 'calendars/gone.tsv' nor 'calendars/gone.ics'\n"
	    "desk.conf:8: warning: calendar 'b': 'old' says nothing about 2027: add the year to "
	    "'calendars/old.tsv'\n"
	    "calendars/bad.tsv:3: error: '2026-02-30' is no date\n");
}

static void test_the_template_of_notices_is_missed_once(void **state)
{
	(void)state;
	assert_findings("acknowledge = false\nsla \"a\" { first_response = 1h\n"
			" escalate \"50%\" { notify = {assignee} }\n"
			" escalate \"75%\" { notify = {\"group:leads\"} } }\n",
	    "desk.conf:3: error: there is no template 'notice' in 'en'\n");
}

static void test_letters_are_told_to_the_staff(void **state)
{
	tkt_autoptr(desk) desk = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	assert_findings("acknowledge = false\nnotify = {requester}\n",
	    "desk.conf:2: warning: 'requester' is none of the staff: he is not told of letters\n");
	assert_findings("acknowledge = false\nstaff_token = \"0d\"\nnotify = {someone}\n",
	    "desk.conf:2: error: 'staff_token' cannot be '0d': 1s is the shortest\n"
	    "desk.conf:3: error: 'someone' cannot be told: assignee, requester, group:NAME, "
	    "agent:NAME or an address\n"
	    "desk.conf:3: error: there is no template 'notice' in 'en'\n");
	write_file("desk.conf",
	    "staff_token = \"2h\"\nnotify = {assignee, \"group:l1\"}\n"
	    "route \"r\" { notify = {\"agent:x\"} }\n");
	assert_int_equal(tkt_desk_read(folder, &desk, &error), 0);
	assert_int_equal(desk->staff_token_seconds, 7200);
	assert_string_equal(desk->notify[0], "assignee");
	assert_string_equal(desk->notify[1], "group:l1");
	assert_null(desk->notify[2]);
	assert_true(desk->needs_sweep);
}

static void test_staff_and_sweeps(void **state)
{
	tkt_autoptr(desk) desk = NULL;
	tkt_autoptr(desk) other = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	write_file("desk.conf", "address = \"Help@Example.ORG\"\n");
	assert_int_equal(tkt_desk_read(folder, &desk, &error), 0);
	assert_string_equal(desk->staff_domain, "example.org");
	assert_null(desk->notice_calendar);
	assert_int_equal(desk->staff_token_seconds, 14 * 86400);
	assert_int_equal(desk->sweep_limit, 50);
	assert_false(desk->has_levels);
	assert_null(desk->reading);
	write_file("desk.conf",
	    "staff_domain = Staff.example.org notice_calendar = office sweep_limit = 0\n"
	    "calendar \"office\" { week = {always} }\ntimer \"t\" { }\n");
	assert_int_equal(tkt_desk_read(folder, &other, &error), 0);
	assert_string_equal(other->staff_domain, "staff.example.org");
	assert_string_equal(other->notice_calendar, "office");
	assert_int_equal(other->sweep_limit, 0);
	assert_true(other->has_levels);
	assert_non_null(other->reading);
	assert_refused(
	    "staff_domain = \"a@b\"", "desk.conf:1: 'staff_domain' cannot be 'a@b': a mail domain");
	assert_refused("sweep_limit = few",
	    "desk.conf:1: 'sweep_limit' cannot be 'few': a number up to 1000000");
	assert_refused("sweep_limit = -1",
	    "desk.conf:1: 'sweep_limit' cannot be '-1': a number up to 1000000");
}

static void test_a_version_that_stands_for_another_text(void **state)
{
	tkt_autotext found;
	struct tkt_error error = { 0 };

	(void)state;
	tkt_text_init(&found, 1 << 16);
	write_file("desk.conf", "acknowledge = false\nversion = 1\n");
	assert_int_equal(
	    tkt_desk_lint(folder, "/nonexistent", NOW,
		&(struct tkt_remembered){ "acknowledge = false\nversion = 1\n", NULL, NULL },
		add_finding, &found, &error),
	    0);
	assert_string_equal(found.bytes, "");
	assert_int_equal(tkt_desk_lint(folder, "/nonexistent", NOW,
			     &(struct tkt_remembered){ "version = 1\n", NULL, NULL }, add_finding,
			     &found, &error),
	    0);
	assert_string_equal(found.bytes,
	    "desk.conf:2: warning: version '1' stands for another text in this desk's database: "
	    "new tickets keep it with '+' and a hash; name this text anew\n");
}

/* Agents whom the database knows: whom desk.conf names. */
static void test_agents_of_the_database(void **state)
{
	json_auto_t *agents =
	    json_loads("[{\"id\":\"a\"},{\"id\":\"b\",\"groups\":[\"l1\"]}]", 0, NULL);
	struct tkt_error error = { 0 };
	tkt_autotext found;

	(void)state;
	tkt_text_init(&found, 1 << 16);
	make_subfolder("templates");
	write_file("templates/notice.en", "Subject: {{count}}\n\n{{lines}}\n");
	write_file("desk.conf",
	    "acknowledge = false\n"
	    "route \"r\" { team = t set = {\"queue=x\", \"assignee=x\"}\n"
	    " notify = {\"agent:y\", \"agent:a\", \"group:z\", assignee} }\n"
	    "team \"t\" { members = {a,\n v, \"group:l1\",\n \"group:l2\"} }\n"
	    "timer \"u\" { step 5d { set = {\"assignee=w\", \"assignee=\"} } }\n");
	assert_int_equal(
	    tkt_desk_lint(folder, "/nonexistent", NOW,
		&(struct tkt_remembered){ NULL, agents, NULL }, add_finding, &found, &error),
	    5);
	assert_string_equal(found.bytes,
	    "desk.conf:2: warning: 'x' is no agent of this desk; see tkt-agent\n"
	    "desk.conf:3: error: there is no template 'staff_line' in 'en'\n"
	    "desk.conf:3: error: there is no template 'staff_note' in 'en'\n"
	    "desk.conf:3: error: there is no template 'staff_receipt' in 'en'\n"
	    "desk.conf:3: error: there is no template 'staff_lost' in 'en'\n"
	    "desk.conf:3: error: there is no template 'staff_words' in 'en'\n"
	    "desk.conf:3: warning: 'y' is no agent of this desk; see tkt-agent\n"
	    "desk.conf:3: warning: no agent of this desk is in group 'z'\n"
	    "desk.conf:5: warning: 'v' is no agent of this desk; see tkt-agent\n"
	    "desk.conf:6: warning: no agent of this desk is in group 'l2'\n"
	    "desk.conf:7: warning: 'w' is no agent of this desk; see tkt-agent\n");
}

static void test_includes(void **state)
{
	static const char policy[] =
	    "name = x \n# parts/a.conf\nqueue = first\n\n"
	    "# parts/b.conf\nversion = \"1\"\n\n\n\n\n\nticket_prefix = P\n";
	tkt_autoptr(desk) desk = NULL;
	tkt_autoptr(desk) again = NULL;
	tkt_autoptr(reading) reading = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	make_subfolder("parts");
	write_file("parts/a.conf", "queue = first\ninclude(\"parts/b.conf\")\n\n");
	write_file("parts/b.conf", "version = \"1\"\n");
	write_file("desk.conf", "name = x include('parts/a.conf')\nticket_prefix = P\n");
	assert_int_equal(tkt_desk_read(folder, &desk, &error), 0);
	assert_string_equal(desk->queue, "first");
	assert_string_equal(desk->version, "1");
	assert_string_equal(desk->ticket_prefix, "P");
	assert_string_equal(desk->policy_text, policy);

	/* The text alone is the same policy. */
	assert_int_equal(
	    tkt_reading_new(folder, desk->policy_text, strlen(desk->policy_text), &reading, &error),
	    0);
	assert_int_equal(tkt_reading_desk(reading, &again, &error), 0);
	assert_string_equal(again->policy_sha256, desk->policy_sha256);
	assert_string_equal(again->version, "1");
}

static void test_places_within_includes(void **state)
{
	(void)state;
	make_subfolder("parts");
	write_file("parts/a.conf", "\nqueue = \"a b\"\n");
	assert_findings("acknowledge = false\n\ninclude(\"parts/a.conf\") version = ''\nqueue = x\n"
			"ticket_prefix = \"\"\n",
	    "parts/a.conf:2: error: 'a b' is no name: letters, digits, '_', '-' and '.'\n"
	    "desk.conf:4: error: 'queue' stands twice here: first in parts/a.conf:2\n"
	    "desk.conf:5: error: 'ticket_prefix' cannot be '': a letter, then letters and digits, at "
	    "most 10\n");
	write_file("parts/a.conf", "route \"r\" {\n");
	assert_refused(
	    "include(\"parts/a.conf\")\n}", "parts/a.conf:1: '{' is never closed in this file");
	write_file("parts/a.conf", "}\n");
	assert_refused("route \"r\" {\ninclude(\"parts/a.conf\")\n",
	    "parts/a.conf:1: '}' closes nothing that was opened in this file");
}

static void test_includes_are_bounded(void **state)
{
	char expected[256];
	int i;

	(void)state;
	assert_refused("include(\"desk.conf\")", "desk.conf:1: 'desk.conf' includes itself");
	write_file("a.conf", "\ninclude(\"b.conf\")");
	write_file("b.conf", "include(\"a.conf\")");
	assert_refused("include(\"a.conf\")", "b.conf:1: 'a.conf' includes itself");
	assert_refused("include(\"../a.conf\")",
	    "desk.conf:1: '../a.conf' cannot be included: a path below the desk or an absolute one "
	    "is needed");
	assert_refused(
	    "include \"a.conf\"", "desk.conf:1: an include is written include(\"FILE\")");
	snprintf(expected, sizeof(expected),
	    "desk.conf:1: cannot read '%s/none.conf': No such file or directory", folder);
	assert_refused("include(\"none.conf\")", expected);
	for (i = 0; i < 8; i++) {
		char name[32], text[64];

		snprintf(name, sizeof(name), "deep%d.conf", i);
		snprintf(text, sizeof(text), "include(\"deep%d.conf\")", i + 1);
		write_file(name, text);
	}
	write_file("deep8.conf", "");
	assert_refused("include(\"deep0.conf\")", "deep6.conf:1: includes are nested too deeply");
}

static void test_includes_that_multiply_are_bounded(void **state)
{
	tkt_autotext text;
	int i, level;

	(void)state;
	write_file("level6.conf", "");
	for (level = 5; level >= 0; level--) {
		char name[32];

		tkt_text_init(&text, 1 << 20);
		for (i = 0; i < 100; i++)
			tkt_text_format(&text, "include(\"level%d.conf\")\n", level + 1);
		snprintf(name, sizeof(name), "level%d.conf", level);
		write_file(name, text.bytes);
		tkt_text_clear(&text);
	}
	tkt_text_init(&text, 1);
	assert_refused("include(\"level0.conf\")",
	    "desk.conf:1: the text with its includes is larger than 1048576 bytes");
}

static void test_no_desk(void **state)
{
	struct tkt_desk *desk = NULL;
	struct tkt_error error = { 0 };
	char expected[256];

	(void)state;
	assert_int_equal(tkt_desk_read("/nonexistent", &desk, &error), -1);
	assert_string_equal(
	    error.text, "cannot read the desk '/nonexistent': No such file or directory");
	assert_int_equal(error.kind, TKT_ERROR_NO_INPUT);
	assert_int_equal(tkt_desk_read(folder, &desk, &error), -1);
	snprintf(expected, sizeof(expected),
	    "cannot read '%s/desk.conf': No such file or directory", folder);
	assert_string_equal(error.text, expected);
	assert_int_equal(error.kind, TKT_ERROR_NO_INPUT);
}

static void test_templates_are_linted(void **state)
{
	(void)state;
	make_subfolder("templates");
	write_file("templates/ack.ru", "Subject: {{id}}\n\n{{desk.name}}\n{{subject}}\n");
	write_file(
	    "templates/reminder.ru", "Subject: {{subject}}\n\n{{fields.domain}} {{colour}}\n");
	write_file("templates/notes.txt~", "no template\n");
	assert_findings("languages = {ru, en}\ntimer \"t\" {\n step \"5d\" { reply = reminder }\n"
			" step \"6d\" { reply = closing } }\n",
	    "desk.conf:1: warning: there is no template 'ack' in 'en'\n"
	    "desk.conf:3: warning: there is no template 'reminder' in 'en'\n"
	    "desk.conf:4: error: there is no template 'closing' in 'ru'\n"
	    "desk.conf:4: warning: there is no template 'closing' in 'en'\n"
	    "templates/ack.ru:4: error: there is no variable 'subject'\n"
	    "templates/reminder.ru:3: error: there is no variable 'colour'\n");
}

static void assert_language(const struct tkt_desk *desk, const char *text, const char *expected)
{
	assert_string_equal(tkt_desk_language(desk, text, strlen(text)), expected);
}

static void test_language_follows_the_script(void **state)
{
	char *both[] = { "en", "ru", NULL }, *one[] = { "ru", NULL };
	struct tkt_desk desk = { .languages = both };

	(void)state;
	assert_language(&desk, "Hello there", "en");
	assert_language(&desk, "Не работает почта", "ru");
	assert_language(&desk, "Не работает: connection refused", "ru");
	assert_language(&desk, "The user named Ян has no access to the panel", "en");
	assert_language(&desk, "12345 !?", "en");
	assert_language(&desk, "", "en");
	desk.languages = one;
	assert_language(&desk, "Hello there", "ru");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_an_empty_desk_has_defaults),
		TEST(test_options_are_taken),
		TEST(test_backslashes_in_single_quotes_stay),
		TEST(test_the_default_maildir_is_in_the_desk),
		TEST(test_what_is_not_understood),
		TEST(test_unknown_names_are_all_found),
		TEST(test_a_nul_is_refused),
		TEST(test_the_mark_of_an_editor_passes),
		TEST(test_all_bad_values_are_found),
		TEST(test_policy_sections_are_checked),
		TEST(test_intake_sections_are_checked),
		TEST(test_transports_are_checked),
		TEST(test_the_regulation_of_the_manual_is_read),
		TEST(test_hours_that_cannot_be),
		TEST(test_a_calendar_that_is_never_open),
		TEST(test_what_slas_and_timers_cannot_mean),
		TEST(test_what_routes_and_teams_cannot_mean),
		TEST(test_agents_of_the_database),
		TEST(test_holiday_lists),
		TEST(test_the_template_of_notices_is_missed_once),
		TEST(test_letters_are_told_to_the_staff),
		TEST(test_staff_and_sweeps),
		TEST(test_a_version_that_stands_for_another_text),
		TEST(test_includes),
		TEST(test_places_within_includes),
		TEST(test_includes_are_bounded),
		TEST(test_includes_that_multiply_are_bounded),
		TEST(test_no_desk),
		TEST(test_templates_are_linted),
		cmocka_unit_test(test_language_follows_the_script),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
