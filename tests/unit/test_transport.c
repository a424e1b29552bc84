#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "mail/transport.h"

static const char mail[] = "Subject: Hello\r\n\r\n.\r\nText\r\n..\r\n";
static const char *const one[] = { "anna@example.org", NULL };
static const char *const russian[] = { "anna@пример.рф", NULL };
static const char *const two[] = { "anna@example.org", "-f@example.org", NULL };

/* What one attempt came to. */
struct outcome {
	int status;
	enum tkt_error_kind kind;
	bool unknown;
	char text[1024];
};

static char folder[] = "/tmp/tkt-transport-XXXXXX";
static struct tkt_desk desk;

static int set_up(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/tkt-transport-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	desk = (struct tkt_desk){ .path = folder, .transport.timeout_seconds = 20 };
	return chdir(folder);
}

static int tear_down(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return chdir("/") || system(command);
}

static struct outcome send_with(struct tkt_sender *sender, const char *from,
    const char *const *recipients, const char *bytes, size_t length)
{
	struct tkt_delivery delivery = { .unknown = true };
	struct tkt_error error = { 0 };
	struct outcome outcome = { 0 };

	outcome.status =
	    tkt_sender_send(sender, from, recipients, bytes, length, &delivery, &error);
	outcome.kind = error.kind;
	outcome.unknown = delivery.unknown;
	snprintf(outcome.text, sizeof(outcome.text), "%s", error.text);
	return outcome;
}

static struct outcome send_once(const char *from, const char *const *recipients)
{
	tkt_autoptr(sender) sender = NULL;
	struct tkt_error error = { 0 };

	if (tkt_sender_new(&desk, &sender, &error))
		fail_msg("%s", error.text);
	return send_with(sender, from, recipients, mail, strlen(mail));
}

static void assert_sent(struct outcome outcome)
{
	assert_string_equal(outcome.text, "");
	assert_int_equal(outcome.status, 0);
	assert_false(outcome.unknown);
}

static void assert_failed(
    struct outcome outcome, enum tkt_error_kind kind, bool unknown, const char *text)
{
	assert_string_equal(outcome.text, text);
	assert_int_equal(outcome.status, -1);
	assert_int_equal(outcome.kind, kind);
	assert_int_equal(outcome.unknown, unknown);
}

static void assert_new_fails(enum tkt_error_kind kind, const char *text)
{
	struct tkt_sender *sender = NULL;
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_sender_new(&desk, &sender, &error), -1);
	assert_null(sender);
	assert_string_equal(error.text, text);
	assert_int_equal(error.kind, kind);
}

static void assert_file(const char *path, const char *expected)
{
	struct tkt_error error = { 0 };
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	if (tkt_file_read(path, &text, &error))
		fail_msg("%s", error.text);
	assert_string_equal(text.bytes, expected);
}

/* How many files a folder holds; the last one's path. */
static int list(const char *path, char last[600])
{
	DIR *open_folder = opendir(path);
	struct dirent *entry;
	int count = 0;

	assert_non_null(open_folder);
	while ((entry = readdir(open_folder))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(last, 600, "%s/%s", path, entry->d_name);
		count++;
	}
	closedir(open_folder);
	return count;
}

static void test_envelope(void **state)
{
	static const char *const none[] = { NULL };
	static const char *const bad[] = { "a@example.org", "b@example.org>\r\nDATA", NULL };

	(void)state;
	desk.transport.path = (char *)"out";
	assert_failed(
	    send_once("", none), TKT_ERROR_UNAVAILABLE, false, "the mail has no recipients");
	assert_failed(send_once("", bad), TKT_ERROR_UNAVAILABLE, false,
	    "'b@example.org> DATA' is not a mail address");
	assert_failed(
	    send_once("x\n@y", one), TKT_ERROR_UNAVAILABLE, false, "'x @y' is not a mail address");
}

static void test_maildir(void **state)
{
	char path[600];
	struct stat status;

	(void)state;
	desk.transport.path = (char *)"out";
	assert_sent(send_once("support@example.org", two));
	assert_int_equal(list("out/new", path), 1);
	assert_file(path,
	    "Return-Path: <support@example.org>\n"
	    "Delivered-To: anna@example.org\n"
	    "Delivered-To: -f@example.org\n"
	    "Subject: Hello\n\n.\nText\n..\n");
	unlink(path);
	assert_sent(send_once("", one));
	assert_int_equal(list("out/new", path), 1);
	assert_file(path,
	    "Return-Path: <>\nDelivered-To: anna@example.org\n"
	    "Subject: Hello\n\n.\nText\n..\n");
	assert_sent(send_once("", one));
	assert_int_equal(list("out/new", path), 2);
	assert_int_equal(list("out/tmp", path), 0);
	assert_int_equal(list("out/cur", path), 0);
	assert_int_equal(list("out", path), 3);
	assert_int_equal(stat("out/tmp", &status), 0);
	assert_int_equal(status.st_mode & 07007, 0);
}

static void test_maildir_that_cannot_be(void **state)
{
	char text[1100];

	(void)state;
	assert_new_fails(TKT_ERROR_CONFIGURATION, "the maildir transport needs a 'path'");
	desk.transport.path = (char *)"missing/out";
	snprintf(text, sizeof(text),
	    "cannot deliver to the maildir '%s/missing/out': No such file or directory", folder);
	assert_new_fails(TKT_ERROR_CONFIGURATION, text);
}

/* Its tmp/ is gone: nothing is delivered, and someone has to act. */
static void test_maildir_that_breaks(void **state)
{
	tkt_autoptr(sender) sender = NULL;
	struct tkt_error error = { 0 };
	char text[1100], path[600];

	(void)state;
	desk.transport.path = (char *)"out";
	assert_int_equal(tkt_sender_new(&desk, &sender, &error), 0);
	assert_int_equal(rmdir("out/tmp"), 0);
	snprintf(text, sizeof(text),
	    "cannot deliver to the maildir '%s/out': No such file or directory", folder);
	assert_failed(
	    send_with(sender, "", one, mail, strlen(mail)), TKT_ERROR_CONFIGURATION, false, text);
	assert_int_equal(list("out/new", path), 0);
}

/* An executable in the test's folder, as the desk's command. */
static void script(const char *body, const char *command)
{
	FILE *file = fopen("mta", "w");

	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", body);
	fclose(file);
	assert_int_equal(chmod("mta", 0755), 0);
	desk.transport.kind = TKT_TRANSPORT_SENDMAIL;
	desk.transport.command = (char *)command;
}

static void test_sendmail(void **state)
{
	(void)state;
	script("printf '%s\\n' \"$@\" >arguments; cat >letter; echo noise", "./mta");
	assert_sent(send_once("support@example.org", two));
	assert_file(
	    "arguments", "-i\n-f\nsupport@example.org\n--\nanna@example.org\n-f@example.org\n");
	assert_file("letter", "Subject: Hello\n\n.\nText\n..\n");
	assert_sent(send_once("support@пример.рф", russian));
	assert_file(
	    "arguments", "-i\n-f\nsupport@xn--e1afmkfd.xn--p1ai\n--\nanna@xn--e1afmkfd.xn--p1ai\n");
	desk.transport.command = (char *)"  ./mta\t-oi  -O '$HOME;id'  ";
	assert_sent(send_once("", one));
	assert_file("arguments", "-oi\n-O\n'$HOME;id'\n-f\n<>\n--\nanna@example.org\n");
}

static void test_sendmail_statuses(void **state)
{
	static const struct {
		const char *body;
		enum tkt_error_kind kind;
		const char *text;
	} cases[] = {
		{ "echo 'try  later' >&2; exit 75", TKT_ERROR_TEMPORARY,
		    "'./mta' ended with status 75: try later" },
		{ "exit 71", TKT_ERROR_TEMPORARY, "'./mta' ended with status 71: it said nothing" },
		{ "exit 73", TKT_ERROR_TEMPORARY, "'./mta' ended with status 73: it said nothing" },
		{ "exit 74", TKT_ERROR_TEMPORARY, "'./mta' ended with status 74: it said nothing" },
		{ "printf 'no such\\n\\033[2Juser\\377'; exit 67", TKT_ERROR_UNAVAILABLE,
		    "'./mta' ended with status 67: no such [2Juser\xef\xbf\xbd" },
		{ "exit 1", TKT_ERROR_UNAVAILABLE, "'./mta' ended with status 1: it said nothing" },
		{ "exit 77", TKT_ERROR_CONFIGURATION,
		    "'./mta' ended with status 77: it said nothing" },
		{ "exit 78", TKT_ERROR_CONFIGURATION,
		    "'./mta' ended with status 78: it said nothing" },
		{ "exec ./nothing 2>/dev/null", TKT_ERROR_CONFIGURATION,
		    "'./mta' ended with status 127: it said nothing" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		script(cases[i].body, "./mta");
		assert_failed(send_once("", one), cases[i].kind, false, cases[i].text);
	}
	script("cat >/dev/null; kill -9 $$", "./mta");
	assert_failed(send_once("", one), TKT_ERROR_TEMPORARY, true,
	    "'./mta' was ended by signal 9: it said nothing");
}

static void test_sendmail_that_cannot_be(void **state)
{
	(void)state;
	script("", " ");
	assert_new_fails(TKT_ERROR_CONFIGURATION, "the sendmail transport needs a 'command'");
	desk.transport.command = (char *)"./nothing";
	assert_failed(send_once("", one), TKT_ERROR_CONFIGURATION, false,
	    "cannot run './nothing': No such file or directory");
	chmod("mta", 0644);
	desk.transport.command = (char *)"./mta";
	assert_failed(send_once("", one), TKT_ERROR_CONFIGURATION, false,
	    "cannot run './mta': Permission denied");
}

/* A mail larger than any pipe: whole to one who reads, EPIPE and no SIGPIPE from one who does not,
 * nothing but what fits from one who talks without end. */
static void test_sendmail_large(void **state)
{
	const size_t length = (size_t)4 << 20;
	char *large = malloc(length);
	tkt_autoptr(sender) sender = NULL;
	struct tkt_error error = { 0 };
	struct outcome outcome;
	struct stat status;

	(void)state;
	memset(large, 'x', length);
	script("head -c 1000 >/dev/null; exit 0", "./mta");
	assert_int_equal(tkt_sender_new(&desk, &sender, &error), 0);
	assert_failed(send_with(sender, "", one, large, length), TKT_ERROR_TEMPORARY, true,
	    "'./mta' did not read the whole mail: it said nothing");
	script("exec <&-; exit 65", "./mta");
	assert_failed(send_with(sender, "", one, large, length), TKT_ERROR_UNAVAILABLE, false,
	    "'./mta' ended with status 65: it said nothing");
	script("head -c 1000000 /dev/zero | tr '\\0' y; cat >letter; exit 75", "./mta");
	outcome = send_with(sender, "", one, large, length);
	assert_int_equal(outcome.kind, TKT_ERROR_TEMPORARY);
	assert_int_equal(strspn(strrchr(outcome.text, ' ') + 1, "y"), 600);
	assert_int_equal(stat("letter", &status), 0);
	assert_int_equal(status.st_size, (off_t)length);
	free(large);
}

/* A killed process is gone, or waits for init to collect it; the kernel may take a moment. */
static void assert_gone(int process)
{
	char link[64], target[64];
	int tries;

	snprintf(link, sizeof(link), "/proc/%d/cwd", process);
	for (tries = 0; tries < 500 && readlink(link, target, sizeof(target)) >= 0; tries++)
		usleep(10000);
	assert_int_equal(readlink(link, target, sizeof(target)), -1);
}

static void test_sendmail_hangs(void **state)
{
	const size_t length = (size_t)4 << 20;
	char *large = malloc(length);
	tkt_autoptr(sender) sender = NULL;
	struct tkt_error error = { 0 };
	int64_t child;
	tkt_autotext text;

	(void)state;
	memset(large, 'x', length);
	desk.transport.timeout_seconds = 1;
	script("sleep 1000 & echo $! >child; echo waiting >&2; wait", "./mta");
	assert_int_equal(tkt_sender_new(&desk, &sender, &error), 0);
	assert_failed(send_with(sender, "", one, mail, strlen(mail)), TKT_ERROR_TEMPORARY, true,
	    "'./mta' did not end in time: waiting");
	tkt_text_init(&text, 100);
	assert_int_equal(tkt_file_read("child", &text, &error), 0);
	tkt_text_truncate(&text, strcspn(text.bytes, "\n"));
	assert_int_equal(tkt_number_parse(text.bytes, &child), 0);
	assert_gone((int)child);
	memset(large, 'x', length);
	script("cat >letter & sleep 1000", "./mta"); /* a shell's background has no stdin */
	assert_failed(send_with(sender, "", one, large, length), TKT_ERROR_TEMPORARY, false,
	    "'./mta' did not end in time: it said nothing");
	free(large);
}

/* A daemon that it leaves behind holds its output open: that is no reason to wait. */
static void test_sendmail_leaves_a_daemon(void **state)
{
	(void)state;
	script("cat >/dev/null; sleep 1000 & echo $! >child", "./mta");
	assert_sent(send_once("", one));
	assert_int_equal(system("kill $(cat child)"), 0);
}

/*
 * A server on 127.0.0.1 that says its lines in turn: each after it has read a line, but the first
 * at once; what follows 354 after a line with a dot. "+" in front: do not wait for a line before
 * it. NULL ends a connection, a second NULL the server; "HANG" says no more and waits for the end
 * of the connection. What it heard stands in the file 'heard'.
 */
static void serve(int listener, const char *const *lines)
{
	FILE *heard = fopen("heard", "w");

	for (; *lines; lines++) {
		int socket = accept(listener, NULL, NULL);
		FILE *in = fdopen(socket, "r");
		bool first = true, data = false;
		char line[2000];

		for (; *lines; lines++, first = false) {
			const char *say = *lines;

			while (!first && say[0] != '+' && fgets(line, sizeof(line), in)) {
				fputs(line, heard);
				if (!data || !strcmp(line, ".\r\n"))
					break;
			}
			fflush(heard);
			if (!strcmp(say, "HANG")) {
				while (fgets(line, sizeof(line), in))
					fputs(line, heard);
				continue;
			}
			data = !strncmp(say, "354", 3);
			say += say[0] == '+';
			if (!strcmp(say, "DROP"))
				continue;
			dprintf(socket, "%s\r\n", say);
		}
		fputs("--\n", heard);
		fflush(heard);
		fclose(in);
	}
	fclose(heard);
}

static pid_t start_server(const char *const *lines)
{
	static char url[64];
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	pid_t pid;

	assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(listener, 5), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
	/* the path is what libcurl says in EHLO */
	snprintf(url, sizeof(url), "smtp://127.0.0.1:%d/desk.example.org", ntohs(address.sin_port));
	desk.transport.kind = TKT_TRANSPORT_SMTP;
	desk.transport.url = url;
	pid = fork();
	if (pid == 0) {
		alarm(30);
		signal(SIGPIPE, SIG_IGN);
		serve(listener, lines);
		_exit(0);
	}
	close(listener);
	return pid;
}

static void assert_heard(pid_t server, const char *expected)
{
	int status;

	assert_int_equal(waitpid(server, &status, 0), server);
	assert_int_equal(status, 0);
	assert_file("heard", expected);
}

#define HELLO "220 mx", "250-mx\r\n250 SIZE"
#define EHLO "EHLO desk.example.org\r\n"
#define BYTES "Subject: Hello\r\n\r\n..\r\nText\r\n...\r\n.\r\n"

static void test_smtp(void **state)
{
	static const char *const lines[] = { HELLO, "250 ok", "250 ok", "250 ok", "354 go",
		"250 queued", "250 ok", "250 ok", "354 go", "250 queued", "221 bye", NULL, NULL };
	struct tkt_sender *sender = NULL;
	struct tkt_error error = { 0 };
	pid_t server = start_server(lines);

	(void)state;
	assert_int_equal(tkt_sender_new(&desk, &sender, &error), 0);
	assert_sent(send_with(sender, "support@example.org", two, mail, strlen(mail)));
	assert_sent(send_with(sender, "", one, mail, strlen(mail)));
	tkt_sender_free(sender);
	assert_heard(server,
	    EHLO "MAIL FROM:<support@example.org> SIZE=31\r\n"
		 "RCPT TO:<anna@example.org>\r\n"
		 "RCPT TO:<-f@example.org>\r\n"
		 "DATA\r\n" BYTES "MAIL FROM:<> SIZE=31\r\n"
		 "RCPT TO:<anna@example.org>\r\n"
		 "DATA\r\n" BYTES "QUIT\r\n--\n");
}

static void test_smtp_refusals(void **state)
{
	static const struct {
		const char *lines[12]; /* the last answers the QUIT that follows a refusal */
		enum tkt_error_kind kind;
		const char *text;
	} cases[] = {
		{ { HELLO, "250 ok", "250 ok", "550-5.1.1 No\r\n550 5.1.1 such user", "221 bye",
		      NULL, NULL },
		    TKT_ERROR_UNAVAILABLE,
		    "the mail server refuses the recipient '-f@example.org': "
		    "550-5.1.1 No 550 5.1.1 such user" },
		{ { HELLO, "250 ok", "450 4.2.0 Greylisted", "221 bye", NULL, NULL },
		    TKT_ERROR_TEMPORARY,
		    "the mail server refuses the recipient 'anna@example.org': "
		    "450 4.2.0 Greylisted" },
		{ { HELLO, "552 5.3.4 Too large", "221 bye", NULL, NULL }, TKT_ERROR_UNAVAILABLE,
		    "the mail server refuses the mail: 552 5.3.4 Too large" },
		{ { HELLO, "250 ok", "250 ok", "250 ok", "354 go", "554 5.7.1 Spam", "221 bye",
		      NULL, NULL },
		    TKT_ERROR_UNAVAILABLE, "the mail server refuses the mail: 554 5.7.1 Spam" },
		{ { HELLO, "250 ok", "250 ok", "250 ok", "354 go", "452 4.3.1 Full", "221 bye",
		      NULL, NULL },
		    TKT_ERROR_TEMPORARY, "the mail server refuses the mail: 452 4.3.1 Full" },
		{ { HELLO, "250 ok", "250 ok", "250 ok", "451 4.3.0 Later", "221 bye", NULL, NULL },
		    TKT_ERROR_TEMPORARY, "the mail server refuses the mail: 451 4.3.0 Later" },
		{ { "554 no service for you", "221 bye", NULL, NULL }, TKT_ERROR_TEMPORARY,
		    "the mail server refuses the mail: 554 no service for you" },
		{ { "421 busy", "221 bye", NULL, NULL }, TKT_ERROR_TEMPORARY,
		    "the mail server refuses the mail: 421 busy" },
		{ { HELLO, "530 5.7.0 Log in first", "221 bye", NULL, NULL },
		    TKT_ERROR_CONFIGURATION,
		    "the mail server refuses the mail: 530 5.7.0 Log in first" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pid_t server = start_server(cases[i].lines);

		assert_failed(send_once("", two), cases[i].kind, false, cases[i].text);
		waitpid(server, NULL, 0);
	}
}

/* Starts with 'cannot send by URL: '; the reason is libcurl's. */
static void assert_broke(struct outcome outcome, enum tkt_error_kind kind, bool unknown)
{
	char start[100];

	assert_int_equal(outcome.status, -1);
	snprintf(start, sizeof(start), "cannot send by %s: ", desk.transport.url);
	if (strncmp(outcome.text, start, strlen(start)))
		fail_msg("%s", outcome.text);
	assert_int_equal(outcome.kind, kind);
	assert_int_equal(outcome.unknown, unknown);
}

static void test_smtp_breaks(void **state)
{
	static const char *const after_data[] = { HELLO, "250 ok", "250 ok", "354 go", "DROP", NULL,
		NULL };
	static const char *const before_data[] = { HELLO, "250 ok", "DROP", NULL, NULL };
	static const char *const hangs_after_data[] = { HELLO, "250 ok", "250 ok", "354 go", "HANG",
		NULL, NULL };
	static const char *const hangs[] = { "220 mx", "HANG", NULL, NULL };
	static const char *const within_data[] = { HELLO, "250 ok", "250 ok", "354 go", "+DROP",
		NULL, NULL };
	static const char *const nothing[] = { NULL };
	static char large[8 << 20];
	tkt_autoptr(sender) sender = NULL;
	struct tkt_error error = { 0 };
	pid_t server = start_server(after_data);

	(void)state;
	assert_broke(send_once("", one), TKT_ERROR_TEMPORARY, true);
	assert_heard(server,
	    EHLO "MAIL FROM:<> SIZE=31\r\nRCPT TO:<anna@example.org>\r\nDATA\r\n" BYTES "--\n");
	large[sizeof(large) - 1] = '\n';
	server = start_server(within_data);
	assert_int_equal(tkt_sender_new(&desk, &sender, &error), 0);
	assert_broke(send_with(sender, "", one, large, sizeof(large)), TKT_ERROR_TEMPORARY, false);
	waitpid(server, NULL, 0);
	server = start_server(before_data);
	assert_broke(send_once("", one), TKT_ERROR_TEMPORARY, false);
	waitpid(server, NULL, 0);
	server = start_server(nothing);
	waitpid(server, NULL, 0);
	assert_broke(send_once("", one), TKT_ERROR_TEMPORARY, false);

	desk.transport.timeout_seconds = 1;
	server = start_server(hangs_after_data);
	assert_broke(send_once("", one), TKT_ERROR_TEMPORARY, true);
	waitpid(server, NULL, 0);
	server = start_server(hangs);
	assert_broke(send_once("", one), TKT_ERROR_TEMPORARY, false);
	waitpid(server, NULL, 0);
}

/* The server has closed the kept connection, with a farewell or without: a new one is made. */
static void test_smtp_stale_connection(void **state)
{
	static const char *const lines[] = { HELLO, "250 ok", "250 ok", "354 go", "250 queued",
		"421 too many mails", NULL, HELLO, "250 ok", "250 ok", "354 go", "250 queued",
		"221 bye", NULL, NULL };
	struct tkt_sender *sender = NULL;
	struct tkt_error error = { 0 };
	pid_t server = start_server(lines);

	(void)state;
	assert_int_equal(tkt_sender_new(&desk, &sender, &error), 0);
	assert_sent(send_with(sender, "", one, mail, strlen(mail)));
	assert_sent(send_with(sender, "", one, mail, strlen(mail)));
	tkt_sender_free(sender);
	assert_heard(server,
	    EHLO "MAIL FROM:<> SIZE=31\r\nRCPT TO:<anna@example.org>\r\nDATA\r\n" BYTES
		 "MAIL FROM:<> SIZE=31\r\n--\n" EHLO "MAIL FROM:<> SIZE=31\r\n"
		 "RCPT TO:<anna@example.org>\r\nDATA\r\n" BYTES "QUIT\r\n--\n");
}

static void put_password(const char *password)
{
	FILE *file;

	mkdir("keys", 0770);
	file = fopen("keys/smtp", "w");
	assert_non_null(file);
	fputs(password, file);
	fclose(file);
	chmod("keys/smtp", 0640);
}

static void test_smtp_login(void **state)
{
	static const char *const good[] = { "220 mx", "250-mx\r\n250 AUTH PLAIN", "334 ", "235 ok",
		"250 ok", "250 ok", "354 go", "250 queued", "221 bye", NULL, NULL };
	static const char *const bad[] = { "220 mx", "250-mx\r\n250 AUTH PLAIN", "334 ",
		"535 5.7.8 Wrong", NULL, NULL };
	static const char *const later[] = { "220 mx", "250-mx\r\n250 AUTH PLAIN", "334 ",
		"454 4.7.0 Later", NULL, NULL };
	pid_t server = start_server(good);
	char text[128];

	(void)state;
	desk.transport.user = (char *)"desk";
	snprintf(
	    text, sizeof(text), "cannot open '%s/keys/smtp': No such file or directory", folder);
	assert_new_fails(TKT_ERROR_CONFIGURATION, text);
	put_password("pass word\n");
	chmod("keys/smtp", 0644);
	snprintf(text, sizeof(text),
	    "'%s/keys/smtp' holds a password and is open to others: chmod 640 it", folder);
	assert_new_fails(TKT_ERROR_CONFIGURATION, text);
	chmod("keys/smtp", 0640);
	assert_sent(send_once("", one));
	assert_heard(server,
	    EHLO "AUTH PLAIN\r\nAGRlc2sAcGFzcyB3b3Jk\r\nMAIL FROM:<>\r\n"
		 "RCPT TO:<anna@example.org>\r\nDATA\r\n" BYTES "QUIT\r\n--\n");
	server = start_server(bad);
	assert_failed(send_once("", one), TKT_ERROR_CONFIGURATION, false,
	    "the mail server refuses the mail: 535 5.7.8 Wrong");
	waitpid(server, NULL, 0);
	server = start_server(later);
	assert_failed(send_once("", one), TKT_ERROR_TEMPORARY, false,
	    "the mail server refuses the mail: 454 4.7.0 Later");
	waitpid(server, NULL, 0);
}

static void test_smtp_needs_tls(void **state)
{
	static const char *const lines[] = { HELLO, "221 bye", NULL, NULL };
	pid_t server = start_server(lines);

	(void)state;
	desk.transport.require_tls = true;
	assert_broke(send_once("", one), TKT_ERROR_CONFIGURATION, false);
	assert_heard(server, EHLO "--\n");
}

static void test_smtp_urls(void **state)
{
	static const char *const bad[] = { NULL, "", "http://example.org", "file:///etc/passwd",
		"smtp://user:secret@example.org", "smtp://" };
	char text[128];
	size_t i;

	(void)state;
	desk.transport.kind = TKT_TRANSPORT_SMTP;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		desk.transport.url = (char *)bad[i];
		snprintf(text, sizeof(text),
		    "'%s' is no 'url' of a mail server such as smtp://mail.example.org:587",
		    bad[i] ? bad[i] : "");
		assert_new_fails(TKT_ERROR_CONFIGURATION, text);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_envelope),
		TEST(test_maildir),
		TEST(test_maildir_that_cannot_be),
		TEST(test_maildir_that_breaks),
		TEST(test_sendmail),
		TEST(test_sendmail_statuses),
		TEST(test_sendmail_that_cannot_be),
		TEST(test_sendmail_large),
		TEST(test_sendmail_hangs),
		TEST(test_sendmail_leaves_a_daemon),
		TEST(test_smtp),
		TEST(test_smtp_refusals),
		TEST(test_smtp_breaks),
		TEST(test_smtp_stale_connection),
		TEST(test_smtp_login),
		TEST(test_smtp_needs_tls),
		TEST(test_smtp_urls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
