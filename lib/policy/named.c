#include "policy/named.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "expression/expression.h"
#include "json/field.h"

#include "base/banned.h"

/* Words of its own: 'ivan' is not in 'ivan.petrov', but in 'ivan.' and 'ivan@example.org'. */
#define BEFORE "(?<![\\w.-])(?:"
#define AFTER ")(?![\\w-]|\\.\\w)"

/* A word as a pattern of itself. */
static void add_word(struct tkt_text *pattern, const char *word, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if (strchr("\\^$.[]|()?*+{}#-/", word[i]))
			tkt_text_add_byte(pattern, '\\');
		tkt_text_add_byte(pattern, word[i]);
	}
}

/* A name with any blanks between its words. */
static void add_name(struct tkt_text *pattern, const char *name)
{
	const char *blank = " \t";
	const char *first = name + strspn(name, blank);
	size_t length = strcspn(first, blank), second_length;
	const char *second = first + length + strspn(first + length, blank);

	if (!length)
		return;
	tkt_text_add(pattern, "|");
	for (name = first; *name; name += strspn(name, blank)) {
		if (name > first)
			tkt_text_add(pattern, "\\s+");
		add_word(pattern, name, strcspn(name, blank));
		name += strcspn(name, blank);
	}
	second_length = strcspn(second, blank);
	if (!second_length || second[second_length + strspn(second + second_length, blank)])
		return;
	tkt_text_add(pattern, "|");
	add_word(pattern, second, second_length);
	tkt_text_add(pattern, "\\s+");
	add_word(pattern, first, length);
}

int tkt_agent_is_named(
    const json_t *ticket, const char *login, const json_t *agent, struct tkt_error *error)
{
	static const char *const members[] = { "subject", "description" };
	const char *name = tkt_object_text(agent, "name");
	tkt_autoptr(pattern) compiled = NULL;
	tkt_autotext pattern;
	size_t i;
	int found = 0;

	tkt_text_init(&pattern, TKT_TEXT_LIMIT);
	tkt_text_add(&pattern, BEFORE);
	add_word(&pattern, login, strlen(login));
	if (name)
		add_name(&pattern, name);
	tkt_text_add(&pattern, AFTER);
	if (tkt_text_check(&pattern, error) || tkt_pattern_new(pattern.bytes, &compiled, error))
		return -1;
	for (i = 0; !found && i < sizeof(members) / sizeof(*members); i++) {
		const char *text = tkt_object_text(ticket, members[i]);

		if (text)
			found = tkt_pattern_match(compiled, text, strlen(text), error);
	}
	if (found < 0 && error->kind != TKT_ERROR_TEMPORARY)
		return 0; /* it is long, not bad: nobody is named */
	return found;
}
