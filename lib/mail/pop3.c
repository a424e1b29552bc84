/* Letters of a POP3 mailbox: RFC 1939. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "mail/fetch_driver.h"

#include "base/banned.h"

#define LINE_BYTES 600
#define LETTERS_MOST ((size_t)1 << 20) /* of one run: the others are for the next one */

struct entry {
	uint32_t number;
	uint64_t size;
};

struct pop3 {
	struct tkt_dialogue *dialogue;
	const struct tkt_mailbox *mailbox;
	struct tkt_fetching *fetching;
	struct tkt_text said; /* the status line of the last answer */
	struct entry *entries;
	size_t count, room;
};

static void pop3_clear(struct pop3 *pop3)
{
	tkt_text_clear(&pop3->said);
	free(pop3->entries);
}

/* Says a command and hears its status line. 1 for +OK, 0 for -ERR, -1. */
static int ask(struct pop3 *pop3, const char *command, size_t allowed, struct tkt_error *error)
{
	tkt_text_reset(&pop3->said);
	if (tkt_dialogue_say(pop3->dialogue, command, allowed, error) ||
	    tkt_dialogue_line(pop3->dialogue, &pop3->said, error))
		return -1;
	if (!strncasecmp(pop3->said.bytes, "+OK", 3))
		return 1;
	if (!strncasecmp(pop3->said.bytes, "-ERR", 4))
		return 0;
	return tkt_dialogue_confused(pop3->dialogue, error);
}

/* "3 1024": numbers ascend, so one that repeats is none. */
static int add_entry(struct pop3 *pop3, const char *line, struct tkt_error *error)
{
	unsigned long long size;
	unsigned number;

	if (sscanf(line, "%9u %18llu", &number, &size) != 2 || number == 0)
		return tkt_dialogue_confused(pop3->dialogue, error);
	if (pop3->count == LETTERS_MOST ||
	    (pop3->count && pop3->entries[pop3->count - 1].number >= number))
		return 0;
	if (pop3->count == pop3->room) {
		size_t room = pop3->room ? 2 * pop3->room : 64;
		struct entry *grown = reallocarray(pop3->entries, room, sizeof(*grown));

		if (!grown)
			return tkt_error_set_memory(error);
		pop3->entries = grown;
		pop3->room = room;
	}
	pop3->entries[pop3->count++] = (struct entry){ number, size };
	return 0;
}

static int list_letters(struct pop3 *pop3, struct tkt_error *error)
{
	int done = ask(pop3, "LIST", TKT_DIALOGUE_TALK, error);

	if (done <= 0)
		return done < 0
		    ? -1
		    : tkt_fetch_refused(TKT_ERROR_TEMPORARY, "LIST", &pop3->said, error);
	for (;;) {
		tkt_autotext line;

		tkt_text_init(&line, LINE_BYTES);
		if (tkt_dialogue_line(pop3->dialogue, &line, error))
			return -1;
		if (!strcmp(line.bytes, "."))
			return 0;
		if (add_entry(pop3, line.bytes, error))
			return -1;
	}
}

/*
 * The lines of a letter up to the one that is '.', each first '.' of the others taken away; only
 * CR LF ends a line here. What is beyond the text's limit is counted and dropped.
 */
static int read_lines(
    struct pop3 *pop3, struct tkt_text *bytes, uint64_t *size, struct tkt_error *error)
{
	static const char end[] = "\r\n.\r\n";
	size_t matched = 2; /* of `end`: a letter starts at a line's start */
	int byte;

	for (*size = 0;;) {
		byte = tkt_dialogue_byte(pop3->dialogue, error);
		if (byte < 0)
			return -1;
		if (matched == 2 && byte == '.') {
			matched = 3; /* the end, or a dot that was added */
			continue;
		}
		if (matched == 3 && byte == '\r') {
			matched = 4;
			continue;
		}
		if (matched == 4 && byte == end[4])
			return tkt_text_check(bytes, error);
		if (matched == 4) { /* a line of a dot that was added, and a CR alone */
			if (++*size <= bytes->limit)
				tkt_text_add_byte(bytes, '\r');
			matched = 1;
		}
		if (++*size <= bytes->limit)
			tkt_text_add_byte(bytes, (char)byte);
		if (byte == '\r')
			matched = 1;
		else
			matched = matched == 1 && byte == '\n' ? 2 : 0;
	}
}

/* Reads one letter. 1; 0: it stays, and that was said; -1. */
static int read_letter(
    struct pop3 *pop3, uint32_t number, struct tkt_text *bytes, struct tkt_error *error)
{
	size_t allowed = 2 * pop3->fetching->letter_limit + TKT_DIALOGUE_TALK;
	char command[32];
	uint64_t size;
	int done;

	snprintf(command, sizeof(command), "RETR %u", number);
	done = ask(pop3, command, allowed, error);
	if (done < 0)
		return -1;
	if (!done) {
		tkt_fetch_leave_refused(pop3->fetching, &pop3->said);
		return 0;
	}
	if (read_lines(pop3, bytes, &size, error))
		return -1;
	if (size <= bytes->limit)
		return 1;
	tkt_fetch_leave_large(pop3->fetching, size);
	return 0;
}

static int delete_letter(struct pop3 *pop3, uint32_t number, struct tkt_error *error)
{
	char command[32];
	int done;

	if (pop3->fetching->read_only || pop3->mailbox->after != TKT_FETCH_DELETE)
		return 0;
	snprintf(command, sizeof(command), "DELE %u", number);
	done = ask(pop3, command, TKT_DIALOGUE_TALK, error);
	if (done < 0)
		return -1;
	return done ? 0 : tkt_fetch_refused(TKT_ERROR_UNAVAILABLE, "DELE", &pop3->said, error);
}

/* 0; -1 with *is_ours: the connection is well, the letter was not taken. */
static int take_letter(
    struct pop3 *pop3, const struct entry *entry, bool *is_ours, struct tkt_error *error)
{
	struct tkt_fetching *fetching = pop3->fetching;
	tkt_autotext bytes;
	int done;

	tkt_text_init(&bytes, fetching->letter_limit);
	if (entry->size > fetching->letter_limit) {
		tkt_fetch_leave_large(fetching, entry->size);
		return 0;
	}
	done = read_letter(pop3, entry->number, &bytes, error);
	if (done <= 0)
		return done;
	done = fetching->take(&(struct tkt_fetched){ bytes.bytes, bytes.length, TKT_TIME_NONE },
	    fetching->context, error);
	*is_ours = done < 0;
	return done <= 0 ? done : delete_letter(pop3, entry->number, error);
}

/* Letters are deleted by this command and no earlier: without it all are there again. */
static int quit(struct pop3 *pop3, struct tkt_error *error)
{
	int done = ask(pop3, "QUIT", TKT_DIALOGUE_TALK, error);

	if (done < 0)
		return -1;
	return done ? 0 : tkt_fetch_refused(TKT_ERROR_UNAVAILABLE, "QUIT", &pop3->said, error);
}

int tkt_fetch_by_pop3(struct tkt_dialogue *dialogue, const struct tkt_mailbox *mailbox,
    struct tkt_fetching *fetching, struct tkt_error *error)
{
	__attribute__((cleanup(pop3_clear))) struct pop3 pop3 = { dialogue, mailbox, fetching,
		.entries = NULL };
	struct tkt_error ignored = { 0 };
	bool is_ours = false;
	size_t i;

	tkt_text_init(&pop3.said, LINE_BYTES);
	if (list_letters(&pop3, error))
		return -1;
	for (i = 0; i < pop3.count && fetching->left != 0; i++) {
		if (!take_letter(&pop3, &pop3.entries[i], &is_ours, error))
			continue;
		if (is_ours || error->kind == TKT_ERROR_UNAVAILABLE)
			quit(&pop3, &ignored);
		return -1;
	}
	return quit(&pop3, error);
}
