/* tests/unit/test_template.c: texts of mails from templates. */
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

#include "base/error.h"
#include "desk/desk.h"
#include "desk/template.h"

static char folder[64], own[80], installed[80];

static int make_folders(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/test-template-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(own, sizeof(own), "%s/desk", folder);
	snprintf(installed, sizeof(installed), "%s/data", folder);
	return mkdir(own, 0777) || mkdir(installed, 0777);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status, (void)kind, (void)place;
	return remove(path);
}

static int remove_folders(void **state)
{
	(void)state;
	return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void write_template(const char *where, const char *name, const char *text)
{
	char path[200];
	FILE *file;

	snprintf(path, sizeof(path), "%s/templates", where);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/templates/%s", where, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static const char *value(const char *name, void *context)
{
	(void)context;
	if (!strcmp(name, "id"))
		return "SUP-7";
	if (!strcmp(name, "desk.name"))
		return "Support\r\nBcc: x@example.org";
	if (!strcmp(name, "subject"))
		return "{{id}} {{nothing}}";
	return strcmp(name, "empty") ? NULL : "";
}

/* `expected`: the subject, a '|', the body; or the error. */
static void assert_rendered(const char *name, const char *language, const char *expected)
{
	char *languages[] = { "en", "ru", NULL };
	struct tkt_desk desk = { .path = own, .languages = languages };
	struct tkt_template *templates = NULL;
	tkt_autotext subject;
	tkt_autotext body;
	struct tkt_error error = { 0 };

	tkt_text_init(&subject, 1 << 20);
	tkt_text_init(&body, 1 << 20);
	tkt_text_add(&body, "> ");
	if (tkt_template_render(&desk, installed, &templates, name, language, value, NULL, &subject,
		&body, &error)) {
		assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
		assert_string_equal(error.text, expected);
		assert_string_equal(subject.bytes, "");
		assert_string_equal(body.bytes, "> ");
		tkt_templates_free(templates);
		return;
	}
	tkt_text_add_byte(&subject, '|');
	tkt_text_add(&subject, body.bytes);
	assert_string_equal(subject.bytes, expected);
	tkt_templates_free(templates);
}

static void test_values_stand_for_their_names(void **state)
{
	(void)state;
	write_template(own, "ack.en",
	    "Subject: [{{id}}] {{ desk.name }}\n\n{{desk.name}}{{empty}}: "
	    "{{subject}} {x} }}\n");
	assert_rendered("ack", "en",
	    "[SUP-7] Support  Bcc: x@example.org|> Support\r\nBcc: x@example.org: {{id}} "
	    "{{nothing}} {x} }}\n");
}

static void test_the_desk_wins_then_its_first_language(void **state)
{
	(void)state;
	write_template(installed, "ack.en", "Subject: installed en\n\nx\n");
	assert_rendered("ack", "ru", "installed en|> x\n");
	write_template(own, "ack.en", "subject:own en\n\nx\n");
	assert_rendered("ack", "ru", "own en|> x\n");
	write_template(installed, "ack.ru", "Subject: installed ru\n\nx\n");
	assert_rendered("ack", "ru", "installed ru|> x\n");
	write_template(own, "ack.ru", "Subject: own ru\r\n\r\nx\r\ny\r\n");
	assert_rendered("ack", "ru", "own ru|> x\ny\n");
	assert_rendered("ack", "de", "own en|> x\n");
	assert_rendered("ack", NULL, "own en|> x\n");
}

static void test_a_file_is_read_once(void **state)
{
	char *languages[] = { "en", NULL };
	struct tkt_desk desk = { .path = own, .languages = languages };
	struct tkt_template *templates = NULL;
	tkt_autotext subject;
	tkt_autotext body;
	struct tkt_error error = { 0 };
	int i;

	(void)state;
	tkt_text_init(&subject, 1 << 20);
	tkt_text_init(&body, 1 << 20);
	for (i = 0; i < 2; i++) {
		write_template(own, "once.en", i ? "Subject: 2\n\n2\n" : "Subject: 1\n\n1\n");
		assert_int_equal(tkt_template_render(&desk, installed, &templates, "once", "en",
				     value, NULL, &subject, &body, &error),
		    0);
	}
	assert_string_equal(subject.bytes, "11");
	assert_string_equal(body.bytes, "1\n1\n");
	tkt_templates_free(templates);
}

static void test_errors_name_their_line(void **state)
{
	char expected[200];

	(void)state;
	write_template(own, "a.en", "Subject: x\n\na\n{{x}}\n");
	assert_rendered("a", "en", "templates/a.en:4: there is no variable 'x'");
	write_template(own, "a.en", "Subject: {{\n\n}}\n");
	assert_rendered("a", "en", "templates/a.en:1: '{{' is not closed on its line");
	write_template(own, "a.en", "Subject: x\n\n{{id");
	assert_rendered("a", "en", "templates/a.en:3: '{{' is not closed on its line");
	write_template(own, "a.en", "Hello\n");
	assert_rendered(
	    "a", "en", "templates/a.en:1: a template begins with 'Subject: ...' and a blank line");
	write_template(own, "a.en", "Subject: x\nHello\n");
	assert_rendered("a", "en",
	    "templates/a.en:2: a blank line must stand between the subject and the text");
	write_template(installed, "b.en", "");
	snprintf(expected, sizeof(expected),
	    "%s/templates/b.en:1: a template begins with 'Subject: ...' and a blank line",
	    installed);
	assert_rendered("b", "en", expected);
	assert_rendered("c", "ru", "there is no template 'c' in 'ru'");
	assert_rendered(
	    "../desk/templates/a", "en", "there is no template '../desk/templates/a' in 'en'");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folders, remove_folders)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_values_stand_for_their_names),
		TEST(test_the_desk_wins_then_its_first_language),
		TEST(test_a_file_is_read_once),
		TEST(test_errors_name_their_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
