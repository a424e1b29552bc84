#include "mail/imap_reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mail/dialogue.h"

#include "base/banned.h"

#define WORD_BYTES 200              /* of a tag, a number, the name of an item */
#define SAID_BYTES 600              /* of a server's words */
#define UIDS_MOST ((size_t)1 << 20) /* of one search: the others are for the next run */
#define DEPTH_MOST 1000             /* of lists in a value that is read over */

void tkt_imap_reply_init(struct tkt_imap_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	tkt_text_init(&reply->said, SAID_BYTES);
	tkt_text_init(&reply->flags, SAID_BYTES);
}

void tkt_imap_reply_clear(struct tkt_imap_reply *reply)
{
	tkt_text_clear(&reply->said);
	tkt_text_clear(&reply->flags);
	free(reply->uids);
}

static int expect(struct tkt_dialogue *dialogue, char wanted, struct tkt_error *error)
{
	int byte = tkt_dialogue_byte(dialogue, error);

	if (byte < 0)
		return -1;
	return byte == (unsigned char)wanted ? 0 : tkt_dialogue_confused(dialogue, error);
}

static int expect_line_end(struct tkt_dialogue *dialogue, struct tkt_error *error)
{
	return expect(dialogue, '\r', error) || expect(dialogue, '\n', error) ? -1 : 0;
}

/* Up to one of the bytes in `ends`, which stays; a section in brackets may hold any of them. */
static int read_word(
    struct tkt_dialogue *dialogue, const char *ends, struct tkt_text *word, struct tkt_error *error)
{
	bool in_brackets = false;
	int byte;

	for (;;) {
		byte = tkt_dialogue_peek(dialogue, error);
		if (byte < 0)
			return -1;
		if (byte == '\n' || byte == '\0' || word->length >= WORD_BYTES)
			return tkt_dialogue_confused(dialogue, error);
		if (byte == '\r' || (!in_brackets && strchr(ends, byte)))
			return 0;
		in_brackets = byte == '[' || (in_brackets && byte != ']');
		tkt_text_add_byte(word, (char)byte);
		dialogue->at++;
	}
}

static int read_number(struct tkt_dialogue *dialogue, uint64_t *number, struct tkt_error *error)
{
	uint64_t read = 0;
	int digits, byte;

	for (digits = 0;; digits++) {
		byte = tkt_dialogue_peek(dialogue, error);
		if (byte < 0)
			return -1;
		if (byte < '0' || byte > '9')
			break;
		if (digits >= 18)
			return tkt_dialogue_confused(dialogue, error);
		read = read * 10 + (uint64_t)(byte - '0');
		dialogue->at++;
	}
	*number = read;
	return digits ? 0 : tkt_dialogue_confused(dialogue, error);
}

/* Behind the '{' of a literal, or the '~' before it. */
static int read_literal_size(struct tkt_dialogue *dialogue, uint64_t *size, struct tkt_error *error)
{
	int byte;

	if (expect(dialogue, '{', error) || read_number(dialogue, size, error))
		return -1;
	byte = tkt_dialogue_peek(dialogue, error);
	if (byte == '+')
		dialogue->at++;
	if (byte < 0 || expect(dialogue, '}', error))
		return -1;
	return expect_line_end(dialogue, error);
}

static int read_quoted(
    struct tkt_dialogue *dialogue, struct tkt_text *text, struct tkt_error *error)
{
	int byte;

	if (expect(dialogue, '"', error))
		return -1;
	for (;;) {
		byte = tkt_dialogue_byte(dialogue, error);
		if (byte == '"')
			return 0;
		if (byte == '\\')
			byte = tkt_dialogue_byte(dialogue, error);
		if (byte < 0)
			return -1;
		if (byte == '\r' || byte == '\n')
			return tkt_dialogue_confused(dialogue, error);
		if (text && text->length < text->limit)
			tkt_text_add_byte(text, (char)byte);
	}
}

/* A value that nobody asked for: a word, a string, a list of values in any depth. */
static int skip_value(struct tkt_dialogue *dialogue, struct tkt_error *error)
{
	int byte, depth = 0;
	uint64_t size;

	do {
		byte = tkt_dialogue_peek(dialogue, error);
		if (byte < 0)
			return -1;
		if (byte == '"') {
			if (read_quoted(dialogue, NULL, error))
				return -1;
		} else if (byte == '{') {
			if (read_literal_size(dialogue, &size, error) ||
			    tkt_dialogue_bytes(dialogue, size, NULL, error))
				return -1;
		} else if (byte == '(' && depth < DEPTH_MOST) {
			depth++;
			dialogue->at++;
		} else if (byte == ')' && depth > 0) {
			depth--;
			dialogue->at++;
		} else if (byte == ' ' && depth > 0) {
			dialogue->at++;
		} else {
			tkt_autotext word;

			tkt_text_init(&word, WORD_BYTES);
			if (read_word(dialogue, " ()\"{", &word, error))
				return -1;
			if (!word.length)
				return tkt_dialogue_confused(dialogue, error);
		}
	} while (depth > 0);
	return 0;
}

/* A whole letter: a literal, or what servers give for a short or a missing one. */
static int read_body(struct tkt_dialogue *dialogue, struct tkt_text *body,
    struct tkt_imap_letter *letter, struct tkt_error *error)
{
	int byte = tkt_dialogue_peek(dialogue, error);
	uint64_t size;

	if (byte < 0)
		return -1;
	if (letter->has_body) /* twice: which is it? */
		return tkt_dialogue_confused(dialogue, error);
	if (byte == 'N' || byte == 'n')
		return skip_value(dialogue, error);
	letter->has_body = true;
	if (byte == '"')
		return read_quoted(dialogue, body, error);
	if (read_literal_size(dialogue, &size, error))
		return -1;
	letter->is_large = size > body->limit;
	if (letter->is_large)
		letter->size = size;
	return tkt_dialogue_bytes(dialogue, size, letter->is_large ? NULL : body, error);
}

/* "17-Jul-1996 02:44:25 -0700", the day with a blank before its only digit; TKT_TIME_NONE for
 * another text. */
static int64_t time_of(const char *text)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	struct tkt_civil civil = { 0 };
	char month[4], sign[2];
	int hours, minutes, length = 0;
	const char *found;
	int64_t offset;

	if (sscanf(text, "%2d-%3[A-Za-z]-%4d %2d:%2d:%2d %1[+-]%2d%2d%n", &civil.day, month,
		&civil.year, &civil.hour, &civil.minute, &civil.second, sign, &hours, &minutes,
		&length) != 9 ||
	    text[length])
		return TKT_TIME_NONE;
	tkt_ascii_lower(month);
	found = strlen(month) == 3 ? strstr(months, month) : NULL;
	if (!found || (found - months) % 3)
		return TKT_TIME_NONE;
	civil.month = (int)(found - months) / 3 + 1;
	if (!tkt_date_is_valid(civil.year, civil.month, civil.day) || civil.hour > 23 ||
	    civil.minute > 59 || civil.second > 60 || civil.hour < 0 || civil.minute < 0 ||
	    civil.second < 0 || hours < 0 || minutes < 0 || minutes > 59)
		return TKT_TIME_NONE;
	offset = (int64_t)hours * 3600 + (int64_t)minutes * 60;
	return tkt_time_from_civil(&civil) + (*sign == '-' ? offset : -offset);
}

static int read_date(struct tkt_dialogue *dialogue, int64_t *at, struct tkt_error *error)
{
	tkt_autotext date;

	tkt_text_init(&date, WORD_BYTES);
	if (tkt_dialogue_peek(dialogue, error) != '"')
		return skip_value(dialogue, error);
	if (read_quoted(dialogue, &date, error))
		return -1;
	*at = time_of(date.bytes);
	return 0;
}

static int read_item(struct tkt_dialogue *dialogue, struct tkt_imap_reply *reply,
    struct tkt_imap_letter *letter, struct tkt_error *error)
{
	tkt_autotext name;
	uint64_t number;

	tkt_text_init(&name, WORD_BYTES);
	if (read_word(dialogue, " ()", &name, error) || expect(dialogue, ' ', error))
		return -1;
	if (reply->body && !strcasecmp(name.bytes, "BODY[]"))
		return read_body(dialogue, reply->body, letter, error);
	if (!strcasecmp(name.bytes, "INTERNALDATE"))
		return read_date(dialogue, &letter->at, error);
	if (!strcasecmp(name.bytes, "RFC822.SIZE"))
		return read_number(dialogue, &letter->size, error);
	if (strcasecmp(name.bytes, "UID"))
		return skip_value(dialogue, error);
	if (read_number(dialogue, &number, error))
		return -1;
	if (number > UINT32_MAX)
		return tkt_dialogue_confused(dialogue, error);
	letter->uid = (uint32_t)number;
	return 0;
}

static int compare_letters(const void *a, const void *b)
{
	uint32_t left = ((const struct tkt_imap_letter *)a)->uid,
		 right = ((const struct tkt_imap_letter *)b)->uid;

	return (left > right) - (left < right);
}

/* What is told of one that nobody asked about goes by; but a body belongs to the one asked for. */
static int keep_letter(const struct tkt_dialogue *dialogue, struct tkt_imap_reply *reply,
    const struct tkt_imap_letter *told, struct tkt_error *error)
{
	struct tkt_imap_letter *asked = told->uid && reply->letter_count
	    ? bsearch(told, reply->letters, reply->letter_count, sizeof(*told), compare_letters)
	    : NULL;

	if (told->has_body && (!asked || asked->has_body))
		return tkt_dialogue_confused(dialogue, error);
	if (!asked)
		return 0;
	asked->is_there = true;
	if (told->size)
		asked->size = told->size;
	if (told->at != TKT_TIME_NONE)
		asked->at = told->at;
	asked->has_body = asked->has_body || told->has_body;
	asked->is_large = asked->is_large || told->is_large;
	return 0;
}

static int read_fetch(
    struct tkt_dialogue *dialogue, struct tkt_imap_reply *reply, struct tkt_error *error)
{
	struct tkt_imap_letter told = { .at = TKT_TIME_NONE };
	int byte;

	if (expect(dialogue, ' ', error) || expect(dialogue, '(', error))
		return -1;
	do {
		if (read_item(dialogue, reply, &told, error))
			return -1;
		byte = tkt_dialogue_byte(dialogue, error);
	} while (byte == ' ');
	if (byte < 0)
		return -1;
	if (byte != ')')
		return tkt_dialogue_confused(dialogue, error);
	return expect_line_end(dialogue, error) ? -1 : keep_letter(dialogue, reply, &told, error);
}

static int add_uid(struct tkt_imap_reply *reply, uint32_t uid, struct tkt_error *error)
{
	if (reply->uid_count == reply->uid_room) {
		size_t room = reply->uid_room ? 2 * reply->uid_room : 64;
		uint32_t *grown = reallocarray(reply->uids, room, sizeof(*grown));

		if (!grown)
			return tkt_error_set_memory(error);
		reply->uids = grown;
		reply->uid_room = room;
	}
	reply->uids[reply->uid_count++] = uid;
	return 0;
}

static int read_search(
    struct tkt_dialogue *dialogue, struct tkt_imap_reply *reply, struct tkt_error *error)
{
	uint64_t number;
	int byte;

	while ((byte = tkt_dialogue_peek(dialogue, error)) == ' ') {
		dialogue->at++;
		if (tkt_dialogue_peek(dialogue, error) == '\r')
			break; /* some servers end it with a blank */
		if (read_number(dialogue, &number, error))
			return -1;
		if (number == 0 || number > UINT32_MAX)
			return tkt_dialogue_confused(dialogue, error);
		if (reply->uid_count < UIDS_MOST && add_uid(reply, (uint32_t)number, error))
			return -1;
	}
	return byte < 0 ? -1 : expect_line_end(dialogue, error);
}

/* A line of words, such as CAPABILITY's. */
static int read_capabilities(
    struct tkt_dialogue *dialogue, struct tkt_imap_reply *reply, struct tkt_error *error)
{
	while (tkt_dialogue_peek(dialogue, error) == ' ') {
		tkt_autotext word;

		tkt_text_init(&word, WORD_BYTES);
		dialogue->at++;
		if (read_word(dialogue, " ", &word, error))
			return -1;
		if (!strcasecmp(word.bytes, "UIDPLUS"))
			reply->has_uidplus = true;
		else if (!strcasecmp(word.bytes, "MOVE"))
			reply->has_move = true;
	}
	return expect_line_end(dialogue, error);
}

/* The text behind a status, for people but for its code. */
static int read_said(struct tkt_dialogue *dialogue, struct tkt_imap_reply *reply,
    struct tkt_text *said, struct tkt_error *error)
{
	static const char flags[] = "[PERMANENTFLAGS ";

	tkt_text_reset(said);
	if (tkt_dialogue_peek(dialogue, error) == ' ')
		dialogue->at++;
	if (tkt_dialogue_line(dialogue, said, error))
		return -1;
	if (!strncasecmp(said->bytes, "[READ-ONLY]", 11))
		reply->is_read_only = true;
	if (!strncasecmp(said->bytes, flags, strlen(flags))) {
		reply->has_flags = true;
		tkt_text_reset(&reply->flags);
		tkt_text_add_bytes(&reply->flags, said->bytes, strcspn(said->bytes, "]"));
	}
	return 0;
}

/* The rest of a line that tells nothing we asked for; literals in it are part of it. */
static int skip_line(struct tkt_dialogue *dialogue, struct tkt_error *error)
{
	int byte;

	while ((byte = tkt_dialogue_peek(dialogue, error)) == ' ') {
		dialogue->at++;
		byte = tkt_dialogue_peek(dialogue, error);
		if (byte != ' ' && byte != '\r' && byte >= 0 && skip_value(dialogue, error))
			return -1;
	}
	return byte < 0 ? -1 : expect_line_end(dialogue, error);
}

/* Behind "* ". */
static int read_untagged(
    struct tkt_dialogue *dialogue, struct tkt_imap_reply *reply, struct tkt_error *error)
{
	static const char *const spoken[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };
	tkt_autotext word;
	tkt_autotext said;
	size_t i;

	tkt_text_init(&word, WORD_BYTES);
	tkt_text_init(&said, SAID_BYTES);
	if (read_word(dialogue, " ", &word, error))
		return -1;
	if (word.length && strspn(word.bytes, "0123456789") == word.length) {
		tkt_text_reset(&word);
		if (expect(dialogue, ' ', error) || read_word(dialogue, " ", &word, error))
			return -1;
		if (!strcasecmp(word.bytes, "FETCH"))
			return read_fetch(dialogue, reply, error);
		return skip_line(dialogue, error);
	}
	if (!strcasecmp(word.bytes, "SEARCH"))
		return read_search(dialogue, reply, error);
	if (!strcasecmp(word.bytes, "CAPABILITY"))
		return read_capabilities(dialogue, reply, error);
	for (i = 0; i < sizeof(spoken) / sizeof(spoken[0]); i++)
		if (!strcasecmp(word.bytes, spoken[i]))
			return read_said(dialogue, reply, &said, error);
	return skip_line(dialogue, error);
}

/* The line that answers: 1. */
static int read_status(struct tkt_dialogue *dialogue, const char *tag, struct tkt_imap_reply *reply,
    struct tkt_error *error)
{
	tkt_autotext word;

	tkt_text_init(&word, WORD_BYTES);
	if (read_word(dialogue, " ", &word, error))
		return -1;
	if (strcmp(word.bytes, tag))
		return tkt_dialogue_confused(dialogue, error);
	tkt_text_reset(&word);
	if (expect(dialogue, ' ', error) || read_word(dialogue, " ", &word, error))
		return -1;
	if (!strcasecmp(word.bytes, "OK"))
		reply->status = TKT_IMAP_OK;
	else if (!strcasecmp(word.bytes, "NO"))
		reply->status = TKT_IMAP_NO;
	else if (!strcasecmp(word.bytes, "BAD"))
		reply->status = TKT_IMAP_BAD;
	else
		return tkt_dialogue_confused(dialogue, error);
	return read_said(dialogue, reply, &reply->said, error) ? -1 : 1;
}

static int read_response(struct tkt_dialogue *dialogue, const char *tag,
    struct tkt_imap_reply *reply, struct tkt_error *error)
{
	int byte = tkt_dialogue_peek(dialogue, error);

	if (byte < 0)
		return -1;
	if (byte != '*')
		return read_status(dialogue, tag, reply, error);
	dialogue->at++;
	if (expect(dialogue, ' ', error))
		return -1;
	return read_untagged(dialogue, reply, error);
}

static int compare_uids(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static void sort_uids(struct tkt_imap_reply *reply)
{
	size_t i, kept = 0;

	if (!reply->uid_count)
		return;
	qsort(reply->uids, reply->uid_count, sizeof(*reply->uids), compare_uids);
	for (i = 1; i < reply->uid_count; i++)
		if (reply->uids[i] != reply->uids[kept])
			reply->uids[++kept] = reply->uids[i];
	reply->uid_count = kept + 1;
}

int tkt_imap_hear(struct tkt_dialogue *dialogue, const char *tag, struct tkt_imap_reply *reply,
    struct tkt_error *error)
{
	int done;

	reply->has_flags = reply->is_read_only = false;
	reply->uid_count = 0;
	while ((done = read_response(dialogue, tag, reply, error)) == 0)
		;
	sort_uids(reply);
	return done < 0 ? -1 : 0;
}
