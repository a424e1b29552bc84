#include "expression/runaway.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "expression/expression.h"
#include "expression/pattern_tree.h"

#include "base/banned.h"

#define TEXT_BYTES 200
#define STEP_LIMIT 100000
#define TRIAL_LIMIT 3000 /* texts for one pattern: some 10 us each */
#define LEAST_LIMIT 50   /* of '{1000}': how often an example has it */
#define PUMP_LIMIT 40

/* What a class may take; the first that it does stands for it. */
static const char *const letters[] = { "a", "1", " ", "x", "_", "-", ".", "@", "/", ":", ",", "я",
	"<", "\"", "'", "=", "\t", "\n", "!", "(", NULL };
/* What stands behind a repeat so that it cannot go on. */
static const char *const breakers[] = { "", "!", "\n", "\n!", "!\n!", NULL };

struct search {
	const char *string;
	struct tkt_pattern *pattern;
	const struct tkt_pattern_node *target; /* the repeat that is tried */
	const char *stop;                      /* a letter that nothing within it takes; "" */
	struct tkt_text before, after;         /* an example of what is on either side of it */
	bool is_behind;                        /* what is written goes behind it */
	unsigned pick;                         /* which of a choice */
	unsigned trials;
};

static bool takes(
    const struct search *search, const struct tkt_pattern_node *node, const char *text)
{
	tkt_autoptr(pattern) pattern = NULL;
	struct tkt_error error = { 0 };
	tkt_autotext whole;

	tkt_text_init(&whole, TKT_TEXT_LIMIT);
	tkt_text_add(&whole, "^(?:");
	tkt_text_add_bytes(&whole, search->string + node->start, node->end - node->start);
	tkt_text_add(&whole, ")\\z");
	return !tkt_pattern_new(whole.bytes, &pattern, &error) &&
	    tkt_pattern_match(pattern, text, strlen(text), &error) == 1;
}

static bool is_class(const struct search *search, const struct tkt_pattern_node *node)
{
	return strchr("\\[.", search->string[node->start]);
}

static void write_letter(
    const struct search *search, const struct tkt_pattern_node *node, struct tkt_text *out)
{
	char sign[2] = { 0 };
	size_t i;

	if (!is_class(search, node)) {
		tkt_text_add_bytes(out, search->string + node->start, node->end - node->start);
		return;
	}
	for (i = 0; letters[i]; i++)
		if (takes(search, node, letters[i])) {
			tkt_text_add(out, letters[i]);
			return;
		}
	for (sign[0] = '!'; sign[0] <= '~'; sign[0]++)
		if (takes(search, node, sign)) {
			tkt_text_add(out, sign);
			return;
		}
}

static bool holds(const struct tkt_pattern_node *node, const struct tkt_pattern_node *wanted)
{
	const struct tkt_pattern_node *child;

	if (node == wanted)
		return true;
	for (child = node->child; child; child = child->next)
		if (holds(child, wanted))
			return true;
	return false;
}

static const struct tkt_pattern_node *choose(
    const struct search *search, const struct tkt_pattern_node *choice)
{
	const struct tkt_pattern_node *child;
	unsigned count = 0, at;

	for (child = choice->child; child; child = child->next, count++)
		if (search->target && holds(child, search->target))
			return child;
	for (child = choice->child, at = count ? search->pick % count : 0; at; at--)
		child = child->next;
	return child;
}

/* Writes a text that the node matches, without the target. */
static void write_example(struct search *search, const struct tkt_pattern_node *node)
{
	const struct tkt_pattern_node *child;
	unsigned i, often;

	if (node == search->target) {
		search->is_behind = true;
		return;
	}
	switch (node->kind) {
	case TKT_PATTERN_NOTHING:
		break;
	case TKT_PATTERN_LETTER:
		write_letter(search, node, search->is_behind ? &search->after : &search->before);
		break;
	case TKT_PATTERN_SEQUENCE:
		for (child = node->child; child; child = child->next)
			write_example(search, child);
		break;
	case TKT_PATTERN_CHOICE:
		write_example(search, choose(search, node));
		break;
	case TKT_PATTERN_REPEAT:
		often = node->least < LEAST_LIMIT ? node->least : LEAST_LIMIT;
		if (search->target && holds(node, search->target))
			often = 1;
		for (i = 0; i < often; i++)
			write_example(search, node->child);
	}
}

/* before, the pump often, the breaker, the end: does that run away? */
static bool try_text(struct search *search, const char *pump, const char *breaker, const char *end)
{
	size_t length = strlen(pump), i;
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	if (++search->trials > TRIAL_LIMIT)
		return false;
	tkt_text_add_bytes(&text, search->before.bytes, search->before.length);
	for (i = 0; i + length <= TEXT_BYTES; i += length)
		tkt_text_add(&text, pump);
	tkt_text_add(&text, breaker);
	tkt_text_add(&text, end);
	return !text.failed &&
	    tkt_pattern_takes_steps(search->pattern, text.bytes, text.length, STEP_LIMIT);
}

/* PCRE2 does not begin where the last letter that a pattern needs is nowhere ahead: so that stands
 * there, with and without the rest. */
static bool try_breaker(struct search *search, const char *pump, const char *breaker)
{
	const char *after = search->after.bytes;
	size_t last = search->after.length;

	while (last && (after[--last] & 0xc0) == 0x80)
		;
	return try_text(search, pump, breaker, "") ||
	    (*after && try_text(search, pump, breaker, after)) ||
	    (last && try_text(search, pump, breaker, after + last));
}

static bool try_pump(struct search *search, const char *pump)
{
	size_t i;

	if (!*pump)
		return false;
	for (i = 0; breakers[i]; i++)
		if (try_breaker(search, pump, breakers[i]))
			return true;
	return *search->stop && try_breaker(search, pump, search->stop);
}

/* Each letter that something within the node takes fills the target alone. */
static bool try_letters(struct search *search, const struct tkt_pattern_node *node)
{
	const struct tkt_pattern_node *child;
	tkt_autotext letter;
	size_t i;

	tkt_text_init(&letter, TKT_TEXT_LIMIT);
	for (child = node->child; child; child = child->next)
		if (try_letters(search, child))
			return true;
	if (node->kind != TKT_PATTERN_LETTER)
		return false;
	write_letter(search, node, &letter);
	if (try_pump(search, letter.bytes))
		return true;
	for (i = 0; letters[i] && is_class(search, node); i++)
		if (takes(search, node, letters[i]) && try_pump(search, letters[i]))
			return true;
	return false;
}

/* An example of what the target repeats, by the choices `pick` of it. */
static bool try_example(struct search *search, unsigned pick)
{
	struct search within = { .string = search->string, .pick = pick };
	bool found;

	tkt_text_init(&within.before, TKT_TEXT_LIMIT);
	tkt_text_init(&within.after, TKT_TEXT_LIMIT);
	write_example(&within, search->target->child);
	found = within.before.length <= PUMP_LIMIT && try_pump(search, within.before.bytes);
	tkt_text_clear(&within.before);
	tkt_text_clear(&within.after);
	return found;
}

static bool is_taken(
    const struct search *search, const struct tkt_pattern_node *node, const char *letter)
{
	const struct tkt_pattern_node *child;

	for (child = node->child; child; child = child->next)
		if (is_taken(search, child, letter))
			return true;
	return node->kind == TKT_PATTERN_LETTER && takes(search, node, letter);
}

static bool try_repeat(
    struct search *search, const struct tkt_pattern_node *root, const struct tkt_pattern_node *node)
{
	unsigned pick;
	size_t i;

	for (i = 0; letters[i] && is_taken(search, node, letters[i]); i++)
		;
	search->stop = letters[i] ? letters[i] : "";
	search->target = node;
	search->is_behind = false;
	tkt_text_reset(&search->before);
	tkt_text_reset(&search->after);
	write_example(search, root);
	for (pick = 0; pick < 4; pick++)
		if (try_example(search, pick))
			return true;
	return try_letters(search, node->child);
}

/* The outer ones first: of '(a+)+' the whole is what explodes. */
static const struct tkt_pattern_node *find(
    struct search *search, const struct tkt_pattern_node *root, const struct tkt_pattern_node *node)
{
	const struct tkt_pattern_node *child, *found;

	if (node->kind == TKT_PATTERN_REPEAT && node->is_long && try_repeat(search, root, node))
		return node;
	for (child = node->child; child; child = child->next) {
		found = find(search, root, child);
		if (found)
			return found;
	}
	return NULL;
}

int tkt_pattern_runs_away(const char *string, struct tkt_text *part)
{
	tkt_autoptr(pattern_node) root = NULL;
	tkt_autoptr(pattern) pattern = NULL;
	struct search search = { .string = string };
	const struct tkt_pattern_node *found;
	struct tkt_error error = { 0 };

	if (tkt_pattern_new(string, &pattern, &error))
		return 0;
	root = tkt_pattern_tree(string);
	if (!root)
		return 0;
	search.pattern = pattern;
	tkt_text_init(&search.before, TKT_TEXT_LIMIT);
	tkt_text_init(&search.after, TKT_TEXT_LIMIT);
	found = find(&search, root, root);
	tkt_text_clear(&search.before);
	tkt_text_clear(&search.after);
	if (!found)
		return 0;
	tkt_text_add_bytes(part, string + found->start, found->end - found->start);
	return 1;
}
