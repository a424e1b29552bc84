#include "flow/filter.h"

#include <string.h>
#include <sys/wait.h>

#include "base/child.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/program.h"
#include "base/utf8.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "flow/take_in.h"

#include "base/banned.h"

#define OBJECTS 1        /* exit status: keep it aside */
#define VERDICT_MOST 300 /* bytes of what it said that are kept */

/* ': ' and the first line of its output, unless it said nothing. */
static void add_first_line(struct tkt_text *out, const struct tkt_text *said)
{
	tkt_autotext valid;
	size_t at;

	tkt_text_init(&valid, 4 * TKT_CHILD_SAID);
	tkt_utf8_repair(&valid, said->bytes, said->length);
	for (at = 0; at < valid.length && valid.bytes[at] != '\n' && at < VERDICT_MOST; at++)
		;
	while (at > 0 && at < valid.length && ((unsigned char)valid.bytes[at] & 0xc0) == 0x80)
		at--;
	if (at > 0)
		tkt_text_format(out, ": %.*s", (int)at, valid.bytes);
}

/* How it failed; not translated, since it goes to the ledger and the log. */
static void add_failure(struct tkt_text *out, const struct tkt_child *child)
{
	if (child->timed_out)
		tkt_text_add(out, " did not end in time");
	else if (WIFEXITED(child->status))
		tkt_text_format(out, " ended with status %d", WEXITSTATUS(child->status));
	else
		tkt_text_format(out, " was ended by signal %d", WTERMSIG(child->status));
	if (!child->timed_out && WIFEXITED(child->status))
		add_first_line(out, &child->said);
}

static int take_verdict(struct tkt_text *text, char **verdict, struct tkt_error *error)
{
	*verdict = tkt_text_take(text);
	return *verdict ? 0 : tkt_error_set_memory(error);
}

/* A filter that did not do its work. */
static int follow_failure(struct tkt_session *session, const struct tkt_filter *filter,
    struct tkt_text *text, char **verdict, struct tkt_error *error)
{
	if (filter->on_failure == TKT_FILTER_QUARANTINE)
		return take_verdict(text, verdict, error);
	tkt_error_set(error, TKT_ERROR_TEMPORARY, "%s", text->bytes);
	if (filter->on_failure == TKT_FILTER_DEFER)
		return -1;
	tkt_command_warn(session->command, "%s", text->bytes);
	return 0;
}

static int run_one(struct tkt_session *session, const struct tkt_filter *filter,
    const struct tkt_text *bytes, char **verdict, struct tkt_error *error)
{
	tkt_autofree char *copy = strdup(filter->command);
	tkt_autofree char **words = copy ? tkt_words_split(copy) : NULL;
	tkt_autochild child = { 0 };
	struct tkt_error failure = { 0 };
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	if (!words)
		return tkt_error_set_memory(error);
	tkt_text_format(&text, "filter '%s'", filter->name);
	if (tkt_child_run(&child, words, bytes, filter->timeout_seconds, &failure)) {
		tkt_text_format(&text, ": %s", failure.text);
		return follow_failure(session, filter, &text, verdict, error);
	}
	if (!child.timed_out && WIFEXITED(child.status) && WEXITSTATUS(child.status) == 0)
		return 0;
	if (!child.timed_out && WIFEXITED(child.status) && WEXITSTATUS(child.status) == OBJECTS) {
		add_first_line(&text, &child.said);
		return take_verdict(&text, verdict, error);
	}
	add_failure(&text, &child);
	return follow_failure(session, filter, &text, verdict, error);
}

int tkt_filter_run(struct tkt_session *session, const struct tkt_letter *letter, char **verdict,
    struct tkt_error *error)
{
	const struct tkt_filters *filters = &session->desk->filters;
	const struct tkt_text bytes = { .bytes = (char *)letter->bytes, .length = letter->length };
	size_t i;

	*verdict = NULL;
	for (i = 0; i < filters->count && !*verdict; i++)
		if (run_one(session, &filters->items[i], &bytes, verdict, error))
			return -1;
	return 0;
}
