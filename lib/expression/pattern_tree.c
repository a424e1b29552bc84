#include "expression/pattern_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define DEPTH_LIMIT 50
#define LONG_REPEAT 10 /* '{11}' of what shares its text with its neighbours is enough */

struct reader {
	const char *string;
	size_t at;
	unsigned depth;
};

void tkt_pattern_node_free(struct tkt_pattern_node *node)
{
	while (node) {
		struct tkt_pattern_node *next = node->next;

		tkt_pattern_node_free(node->child);
		free(node);
		node = next;
	}
}

static struct tkt_pattern_node *new_node(enum tkt_pattern_kind kind, size_t start)
{
	struct tkt_pattern_node *node = calloc(1, sizeof(*node));

	if (node) {
		node->kind = kind;
		node->start = start;
	}
	return node;
}

static bool starts(const struct reader *reader, const char *text)
{
	return !strncmp(reader->string + reader->at, text, strlen(text));
}

/* Goes behind the next `end`, or to the end of the pattern. */
static void skip_to(struct reader *reader, char end)
{
	while (reader->string[reader->at] && reader->string[reader->at] != end)
		reader->at++;
	if (reader->string[reader->at])
		reader->at++;
}

/* '\d', '\x{2014}', '\b' ... */
static enum tkt_pattern_kind skip_escape(struct reader *reader)
{
	char sign = reader->string[reader->at + 1];

	reader->at += sign ? 2 : 1;
	if (sign && strchr("pPxogNkX", sign) && reader->string[reader->at] == '{')
		skip_to(reader, '}');
	else if (sign == 'k' && reader->string[reader->at])
		skip_to(reader, reader->string[reader->at] == '<' ? '>' : '\'');
	else if (sign == 'c' || sign == 'p' || sign == 'P')
		reader->at += reader->string[reader->at] != '\0';
	else if (sign == 'x')
		reader->at += strspn(reader->string + reader->at, "0123456789abcdefABCDEF");
	while ((reader->string[reader->at] & 0xc0) == 0x80)
		reader->at++;
	return sign && strchr("bBAzZGKgkEQ123456789", sign) ? TKT_PATTERN_NOTHING
							    : TKT_PATTERN_LETTER;
}

/* '[^]a-z[:digit:]\]]' */
static void skip_class(struct reader *reader)
{
	const char *string = reader->string;

	reader->at += string[reader->at + 1] == '^' ? 2 : 1;
	if (string[reader->at] == ']')
		reader->at++;
	while (string[reader->at] && string[reader->at] != ']') {
		if (string[reader->at] == '[' && string[reader->at + 1] == ':')
			skip_to(reader, ']');
		else
			reader->at += string[reader->at] == '\\' && string[reader->at + 1] ? 2 : 1;
	}
	if (string[reader->at])
		reader->at++;
}

/* What stands between '(' and what the group holds. Whether the group takes letters. */
static bool skip_opening(struct reader *reader)
{
	static const char *const without[] = { "?=", "?!", "?<=", "?<!", "?(", "*", "?#", "?&",
		"?R", "?P>", "?P=", NULL };
	size_t i;

	reader->at++;
	for (i = 0; without[i]; i++)
		if (starts(reader, without[i])) {
			reader->at += strlen(without[i]);
			return false;
		}
	if (!starts(reader, "?"))
		return true;
	reader->at++;
	if (starts(reader, "P<") || starts(reader, "<")) {
		skip_to(reader, '>');
	} else if (starts(reader, "'")) {
		reader->at++;
		skip_to(reader, '\'');
	} else if (starts(reader, ">") || starts(reader, "|")) {
		reader->at++;
	} else { /* '(?i)', '(?:', '(?i-s:' */
		reader->at += strspn(reader->string + reader->at, "^-imnsxJU");
		reader->at += starts(reader, ":");
	}
	return true;
}

static struct tkt_pattern_node *read_choice(struct reader *reader);

static struct tkt_pattern_node *read_group(struct reader *reader)
{
	size_t start = reader->at;
	bool takes = skip_opening(reader);
	struct tkt_pattern_node *node = read_choice(reader);

	if (!node)
		return NULL;
	if (starts(reader, ")"))
		reader->at++;
	if (!takes) {
		tkt_pattern_node_free(node);
		node = new_node(TKT_PATTERN_NOTHING, start);
	}
	if (node)
		node->start = start;
	return node;
}

static struct tkt_pattern_node *read_atom(struct reader *reader)
{
	struct tkt_pattern_node *node;

	if (starts(reader, "("))
		return read_group(reader);
	node = new_node(TKT_PATTERN_LETTER, reader->at);
	if (!node)
		return NULL;
	if (starts(reader, "\\")) {
		node->kind = skip_escape(reader);
	} else if (starts(reader, "[")) {
		skip_class(reader);
	} else {
		if (starts(reader, "^") || starts(reader, "$"))
			node->kind = TKT_PATTERN_NOTHING;
		reader->at++;
		while ((reader->string[reader->at] & 0xc0) == 0x80)
			reader->at++;
	}
	return node;
}

/* '*', '{2,5}': how often. false: none stands here; '{' alone is a letter. */
static bool read_often(struct reader *reader, unsigned long *least, bool *is_long)
{
	const char *at = reader->string + reader->at;
	char *end;

	if (*at && strchr("*+?", *at)) {
		*least = *at == '+';
		*is_long = *at != '?';
		reader->at++;
		return true;
	}
	if (*at != '{' || at[1] < '0' || at[1] > '9')
		return false;
	*least = strtoul(at + 1, &end, 10);
	*is_long = *least >= LONG_REPEAT;
	if (*end == ',')
		*is_long = *++end == '}' || strtoul(end, &end, 10) >= LONG_REPEAT;
	if (*end != '}')
		return false;
	reader->at = (size_t)(end + 1 - reader->string);
	return true;
}

static struct tkt_pattern_node *read_piece(struct reader *reader)
{
	struct tkt_pattern_node *atom = read_atom(reader), *repeat;
	unsigned long least;
	bool is_long;

	if (!atom)
		return NULL;
	atom->end = reader->at;
	while (read_often(reader, &least, &is_long)) {
		if (starts(reader, "?") || starts(reader, "+"))
			reader->at++;
		repeat = new_node(TKT_PATTERN_REPEAT, atom->start);
		if (!repeat) {
			tkt_pattern_node_free(atom);
			return NULL;
		}
		repeat->least = (unsigned)least;
		repeat->is_long = is_long;
		repeat->child = atom;
		repeat->end = reader->at;
		atom = repeat;
	}
	return atom;
}

static struct tkt_pattern_node *read_sequence(struct reader *reader)
{
	tkt_autoptr(pattern_node) sequence = new_node(TKT_PATTERN_SEQUENCE, reader->at);
	struct tkt_pattern_node **last = sequence ? &sequence->child : NULL;

	if (!sequence)
		return NULL;
	while (reader->string[reader->at] && !starts(reader, "|") && !starts(reader, ")")) {
		*last = read_piece(reader);
		if (!*last)
			return NULL;
		last = &(*last)->next;
	}
	sequence->end = reader->at;
	return tkt_take(sequence);
}

static struct tkt_pattern_node *read_choice(struct reader *reader)
{
	tkt_autoptr(pattern_node) choice = new_node(TKT_PATTERN_CHOICE, reader->at);
	struct tkt_pattern_node **last = choice ? &choice->child : NULL;

	if (!choice || reader->depth == DEPTH_LIMIT)
		return NULL;
	reader->depth++;
	while (true) {
		*last = read_sequence(reader);
		if (!*last)
			return NULL;
		last = &(*last)->next;
		if (!starts(reader, "|"))
			break;
		reader->at++;
	}
	reader->depth--;
	choice->end = reader->at;
	return tkt_take(choice);
}

struct tkt_pattern_node *tkt_pattern_tree(const char *string)
{
	struct reader reader = { .string = string };

	return read_choice(&reader);
}
