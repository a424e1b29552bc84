#include "base/help.h"

#include <string.h>

#include "base/json_writer.h"
#include "base/option.h"
#include "base/program.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/words.h"

#include "base/banned.h"

#define WIDEST_LABEL 32 /* columns; behind a wider one the help stands on a line of its own */
#define MARGIN 2
#define LONGEST_WORD 31

static const struct {
	int status;
	const char *help;
} statuses[] = {
	{ 0, N_("done; an empty list too") },
	{ 1, N_("a question was answered 'no', or an id given as operand is not there") },
	{ 64, N_("a bad option or operand") },
	{ 65, N_("a bad line, an unknown id on a line, or a refused change") },
	{ 66, N_("the desk or a file is missing") },
	{ 69, N_("a server refuses for good") },
	{ 70, N_("an error in the program itself") },
	{ 74, N_("standard output or a disk fails") },
	{ 75, N_("locked, full disk, no memory or network: try again") },
	{ 77, N_("not permitted, or the identity is too low") },
	{ 78, N_("the configuration is wrong, or the desk has another version") },
};

/* Is there an option of the tool's own with this letter or this name? */
static bool has_letter(const struct tkt_option *own, char letter)
{
	for (; own && own->kind; own++)
		if (own->letter == letter)
			return true;
	return false;
}

static bool has_name(const struct tkt_option *own, const char *name)
{
	for (; own && own->kind; own++)
		if (strcmp(own->name, name) == 0)
			return true;
	return false;
}

/* '-o, --output FIELDS'; `own` hides letters, and is NULL for the tool's own options. */
static void add_label(
    struct tkt_text *label, const struct tkt_option *option, const struct tkt_option *own)
{
	if (option->letter && !has_letter(own, option->letter))
		tkt_text_format(label, "-%c, ", option->letter);
	else
		tkt_text_add(label, "    ");
	tkt_text_format(label, "--%s", option->name);
	if (option->argument)
		tkt_text_format(label, " %s", _(option->argument));
}

static size_t widest_label(
    const struct tkt_option *options, const struct tkt_option *own, size_t widest)
{
	for (; options && options->kind; options++) {
		tkt_autotext label;
		size_t width;

		tkt_text_init(&label, TKT_TEXT_LIMIT);
		add_label(&label, options, own);
		width = tkt_utf8_width(label.bytes, label.length);
		if (width > widest && width <= WIDEST_LABEL)
			widest = width;
	}
	return widest;
}

static void add_options(struct tkt_text *out, const char *heading, const struct tkt_option *options,
    const struct tkt_option *own, size_t column)
{
	bool has_heading = false;

	for (; options && options->kind; options++) {
		tkt_autotext label;
		size_t width;

		if (has_name(own, options->name))
			continue;
		if (!has_heading)
			tkt_text_format(out, "\n%s\n", heading);
		has_heading = true;
		tkt_text_init(&label, TKT_TEXT_LIMIT);
		add_label(&label, options, own);
		width = tkt_utf8_width(label.bytes, label.length);
		tkt_text_format(out, "%*s%s", MARGIN, "", label.bytes);
		if (width > column) {
			tkt_text_format(out, "\n%*s", MARGIN, "");
			width = 0;
		}
		tkt_text_format(
		    out, "%*s%s\n", (int)(column - width) + MARGIN, "", _(options->help));
	}
}

/* For xgettext: words of a synopsis that no option and no operand has. */
static const char *const only_in_synopsis[]
    __attribute__((unused)) = { N_("ARGUMENT"), N_("CALENDAR"), N_("WHEN") };

static bool is_of_word(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || byte == '=';
}

/* What stands for an argument is in capitals: it has the name there that the options' list has. */
static void add_synopsis(struct tkt_text *out, const char *synopsis)
{
	while (*synopsis) {
		char word[LONGEST_WORD + 1];
		size_t length = 0;

		while (length < LONGEST_WORD && is_of_word(synopsis[length]))
			length++;
		if (length < 2) { /* no word, or the letter of an option */
			tkt_text_add_byte(out, *synopsis++);
			continue;
		}
		memcpy(word, synopsis, length);
		word[length] = '\0';
		tkt_text_add(out, _(word));
		synopsis += length;
	}
}

void tkt_help_add_usage(struct tkt_text *out, const struct tkt_program *program)
{
	tkt_autotext synopsis;

	tkt_text_init(&synopsis, TKT_TEXT_LIMIT);
	add_synopsis(&synopsis, program->synopsis);
	/* TRANSLATORS: the first %s is a program, the second its options and operands. */
	tkt_text_format(
	    out, _("usage: %s %s"), program->name, synopsis.length ? synopsis.bytes : "");
	tkt_text_format(out, "\n\n%s\n", _(program->summary));
}

void tkt_help_add(
    struct tkt_text *out, const struct tkt_program *program, const struct tkt_option *global)
{
	const struct tkt_option *own = program->options;
	size_t column = widest_label(global, own, widest_label(own, NULL, 0));

	tkt_help_add_usage(out, program);
	add_options(out, _("Options:"), own, NULL, column);
	add_options(out, _("Options of every tool:"), global, own, column);
}

static void describe_options(struct tkt_text *out, const struct tkt_option *options,
    const struct tkt_option *own, bool is_global)
{
	static const char *const kinds[] = {
		[TKT_OPTION_KIND_FLAG] = "flag",
		[TKT_OPTION_KIND_TEXT] = "text",
		[TKT_OPTION_KIND_LIST] = "list",
		[TKT_OPTION_KIND_NUMBER] = "number",
		[TKT_OPTION_KIND_LENGTH] = "length",
	};

	for (; options && options->kind; options++) {
		char letter[2] = { options->letter, '\0' };

		if (has_name(own, options->name))
			continue;
		if (has_letter(own, options->letter))
			letter[0] = '\0';
		tkt_json_begin(out, '{');
		tkt_json_member_text(out, "type", "option");
		tkt_json_member_text(out, "letter", letter);
		tkt_json_member_text(out, "name", options->name);
		tkt_json_member_text(out, "argument", options->argument);
		tkt_json_member_text(out, "kind", kinds[options->kind]);
		tkt_json_member_text(out, "help", _(options->help));
		tkt_json_member_boolean(out, "global", is_global);
		tkt_json_end(out, '}');
		tkt_text_add_byte(out, '\n');
	}
}

/* Does a list like '0 1 64' have the number? */
static bool has_status(const char *list, int status)
{
	while (*list) {
		char *end;
		long number = strtol(list, &end, 10);

		if (end == list)
			return false;
		if (number == status)
			return true;
		list = end;
	}
	return false;
}

static void describe_statuses(struct tkt_text *out, const struct tkt_program *program)
{
	const char *list = program->exit_statuses;
	size_t row;

	if (!list)
		list = program->mail_server ? "0 75" : "0 64 70 74 75";
	for (row = 0; row < sizeof(statuses) / sizeof(statuses[0]); row++) {
		if (!has_status(list, statuses[row].status))
			continue;
		tkt_json_begin(out, '{');
		tkt_json_member_text(out, "type", "exit_status");
		tkt_json_member_integer(out, "status", statuses[row].status);
		tkt_json_member_text(out, "help", _(statuses[row].help));
		tkt_json_end(out, '}');
		tkt_text_add_byte(out, '\n');
	}
}

void tkt_help_describe(
    struct tkt_text *out, const struct tkt_program *program, const struct tkt_option *global)
{
	tkt_json_begin(out, '{');
	tkt_json_member_text(out, "type", "program");
	tkt_json_member_text(out, "name", program->name);
	tkt_json_member_text(out, "synopsis", program->synopsis);
	tkt_json_member_text(out, "summary", _(program->summary));
	tkt_json_member_boolean(out, "writes", program->writes);
	tkt_json_end(out, '}');
	tkt_text_add_byte(out, '\n');
	describe_options(out, program->options, NULL, false);
	describe_options(out, global, program->options, true);
	if (program->operands) {
		tkt_json_begin(out, '{');
		tkt_json_member_text(out, "type", "operand");
		tkt_json_member_text(out, "name", program->operands);
		tkt_json_end(out, '}');
		tkt_text_add_byte(out, '\n');
	}
	describe_statuses(out, program);
}
