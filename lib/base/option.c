#include "base/option.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/words.h"

#include "base/banned.h"

struct parser {
	int argc;
	char **argv;
	int next; /* the argument that is read next */
	const char *program;
	const struct tkt_option *tables[2]; /* the tool's own come first; either may be NULL */
};

static const struct tkt_option *find_letter(const struct parser *parser, char letter)
{
	const struct tkt_option *option;
	int table;

	for (table = 0; table < 2; table++)
		for (option = parser->tables[table]; option && option->kind; option++)
			if (option->letter == letter)
				return option;
	return NULL;
}

/* 0 and the option in *found, NULL if there is none; -1 if an abbreviation may mean two. */
static int find_name(const struct parser *parser, const char *name, size_t length,
    const struct tkt_option **found, struct tkt_error *error)
{
	const struct tkt_option *option, *other = NULL;
	int table;

	*found = NULL;
	for (table = 0; table < 2; table++)
		for (option = parser->tables[table]; option && option->kind; option++) {
			if (length == 0 || strncmp(option->name, name, length) != 0)
				continue;
			if (!option->name[length]) {
				*found = option;
				return 0;
			}
			if (!*found)
				*found = option;
			else if (strcmp(option->name, (*found)->name) != 0)
				other = option;
		}
	if (!other)
		return 0;
	return tkt_error_set(error, TKT_ERROR_USAGE, _("option '--%.*s' may mean '--%s' or '--%s'"),
	    (int)length, name, (*found)->name, other->name);
}

static int unknown(
    const struct parser *parser, const char *dashes, const char *name, struct tkt_error *error)
{
	size_t length = strcspn(name, "=");

	return tkt_error_set(error, TKT_ERROR_USAGE, _("unknown option '%s%.*s'; see %s --help"),
	    dashes, (int)length, name, parser->program);
}

static int add_string(struct tkt_strings *strings, const char *string, struct tkt_error *error)
{
	const char **items =
	    reallocarray(strings->items, strings->count + 1, sizeof(*strings->items));

	if (!items)
		return tkt_error_set_memory(error);
	items[strings->count++] = string;
	strings->items = items;
	return 0;
}

static int set_length(
    const struct tkt_option *option, const char *argument, struct tkt_error *error)
{
	struct tkt_length length;

	if (tkt_length_parse(argument, &length, error) ||
	    tkt_length_seconds(&length, option->value, error)) {
		error->kind = TKT_ERROR_USAGE;
		return tkt_error_prefix(error, "--%s", option->name);
	}
	return 0;
}

static int store(const struct tkt_option *option, const char *argument, struct tkt_error *error)
{
	switch (option->kind) {
	case TKT_OPTION_KIND_END:
		break;
	case TKT_OPTION_KIND_FLAG:
		*(bool *)option->value = true;
		break;
	case TKT_OPTION_KIND_TEXT:
		*(const char **)option->value = argument;
		break;
	case TKT_OPTION_KIND_LIST:
		return add_string(option->value, argument, error);
	case TKT_OPTION_KIND_NUMBER:
		if (tkt_number_parse(argument, option->value))
			return tkt_error_set(error, TKT_ERROR_USAGE,
			    _("'%s' is not a number for '--%s'"), argument, option->name);
		break;
	case TKT_OPTION_KIND_LENGTH:
		return set_length(option, argument, error);
	}
	return 0;
}

/* The next argument, for an option that was written as '-o' or '--output'. NULL if there is none.
 */
static const char *take_argument(
    struct parser *parser, const char *dashes, const char *name, struct tkt_error *error)
{
	if (parser->next < parser->argc)
		return parser->argv[parser->next++];
	tkt_error_set(error, TKT_ERROR_USAGE, _("option '%s%s' needs an argument"), dashes, name);
	return NULL;
}

/* Reads '--name', '--name=value' or '--name value'. 1, 0 if it is unknown, or -1. */
static int read_long(struct parser *parser, const char *name, struct tkt_error *error)
{
	size_t length = strcspn(name, "=");
	const char *argument = name[length] ? name + length + 1 : NULL;
	const struct tkt_option *option;

	if (find_name(parser, name, length, &option, error))
		return -1;
	if (!option)
		return 0;
	parser->next++;
	if (option->kind == TKT_OPTION_KIND_FLAG && argument)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("option '--%s' takes no argument"), option->name);
	if (option->kind != TKT_OPTION_KIND_FLAG && !argument)
		argument = take_argument(parser, "--", option->name, error);
	if (option->kind != TKT_OPTION_KIND_FLAG && !argument)
		return -1;
	return store(option, argument, error) ? -1 : 1;
}

/* Reads '-abc', '-ovalue' or '-o value'. 1, 0 if the first letter is unknown, or -1. */
static int read_letters(struct parser *parser, const char *letters, struct tkt_error *error)
{
	const char *at;

	for (at = letters; *at; at++) {
		const struct tkt_option *option = find_letter(parser, *at);
		char letter[5] = { 0 };
		size_t length = 0;

		tkt_utf8_next(at, strlen(at), &length);
		memcpy(letter, at, length);
		if (!option && at == letters)
			return 0;
		if (!option)
			return unknown(parser, "-", letter, error);
		if (at == letters)
			parser->next++;
		if (option->kind != TKT_OPTION_KIND_FLAG) {
			const char *argument =
			    at[1] ? at + 1 : take_argument(parser, "-", letter, error);

			return argument && !store(option, argument, error) ? 1 : -1;
		}
		if (store(option, NULL, error))
			return -1;
	}
	return 1;
}

static bool is_operand(const char *argument)
{
	return argument[0] != '-' || !argument[1];
}

/* Reads the option at parser->next. 1, 0 if it is unknown, or -1. */
static int read_option(struct parser *parser, struct tkt_error *error)
{
	const char *argument = parser->argv[parser->next];

	return argument[1] == '-' ? read_long(parser, argument + 2, error)
				  : read_letters(parser, argument + 1, error);
}

static int fail_unknown(const struct parser *parser, struct tkt_error *error)
{
	const char *argument = parser->argv[parser->next];
	char letter[5] = { 0 };
	size_t length = 0;

	if (argument[1] == '-')
		return unknown(parser, "--", argument + 2, error);
	tkt_utf8_next(argument + 1, strlen(argument + 1), &length);
	memcpy(letter, argument + 1, length);
	return unknown(parser, "-", letter, error);
}

int tkt_option_parse(int argc, char **argv, const char *program, const struct tkt_option *own,
    const struct tkt_option *global, struct tkt_error *error)
{
	struct parser parser = { argc, argv, 1, program, { own, global } };
	tkt_autofree char **operands = calloc((size_t)argc + 1, sizeof(*operands));
	int operand_count = 0, kept = 1;

	if (!operands)
		return tkt_error_set_memory(error);
	while (parser.next < argc) {
		int from = parser.next;

		if (is_operand(argv[from])) {
			operands[operand_count++] = argv[parser.next++];
			continue;
		}
		if (strcmp(argv[from], "--") == 0) {
			argv[kept++] = argv[parser.next++];
			while (parser.next < argc)
				operands[operand_count++] = argv[parser.next++];
			break;
		}
		switch (read_option(&parser, error)) {
		case 1:
			break;
		case 0:
			return fail_unknown(&parser, error);
		default:
			return -1;
		}
		while (from < parser.next)
			argv[kept++] = argv[from++];
	}
	if (operand_count > 0)
		memcpy(argv + kept, operands, (size_t)operand_count * sizeof(*operands));
	return argc > 0 ? kept : 0;
}

int tkt_option_parse_leading(int argc, char **argv, const char *program,
    const struct tkt_option *own, const struct tkt_option *global, struct tkt_error *error)
{
	struct parser parser = { argc, argv, 1, program, { own, global } };

	while (parser.next < argc && !is_operand(argv[parser.next])) {
		int known;

		if (strcmp(argv[parser.next], "--") == 0) {
			parser.next++;
			break;
		}
		known = read_option(&parser, error);
		if (known < 0)
			return -1;
		if (known == 0)
			break;
	}
	return parser.next < argc ? parser.next : argc;
}

void tkt_option_clear(const struct tkt_option *options)
{
	for (; options && options->kind; options++) {
		struct tkt_strings *strings = options->value;

		if (options->kind != TKT_OPTION_KIND_LIST)
			continue;
		free(strings->items);
		*strings = (struct tkt_strings){ 0 };
	}
}
