/*
 * Any bytes as what an IMAP or a POP3 server answers: whatever they are, fetching ends, takes no
 * letter beyond the limit, and says what is wrong.
 *
 * The first byte chooses the protocol and what becomes of letters there, the second in how large
 * pieces the answers come. Seeds: the answers in tests/cli/fetch.bats.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "mail/fetch_driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define LETTER_LIMIT 1000
#define LETTERS_MOST 50

struct server {
	const uint8_t *bytes; /* what is still to be said */
	size_t length, piece;
	int said; /* commands heard */
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static int hear(void *context, const char *bytes, size_t length, struct tkt_error *error)
{
	struct server *server = context;

	(void)error;
	/* one line a command, so that no letter and no name can say a second one */
	require(length > 2 && memchr(bytes, '\n', length) == bytes + length - 1);
	server->said++;
	return 0;
}

static ssize_t say(void *context, char *bytes, size_t size, struct tkt_error *error)
{
	struct server *server = context;
	size_t count = server->length < server->piece ? server->length : server->piece;

	(void)error;
	count = count < size ? count : size;
	memcpy(bytes, server->bytes, count);
	server->bytes += count;
	server->length -= count;
	return (ssize_t)count;
}

static int take(const struct tkt_fetched *letter, void *context, struct tkt_error *error)
{
	(void)context;
	(void)error;
	require(letter->length <= LETTER_LIMIT && !letter->bytes[letter->length]);
	return 1;
}

static void leave(const struct tkt_error *reason, void *context)
{
	(void)context;
	require(*reason->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const enum tkt_fetch_after after[] = { TKT_FETCH_FLAG, TKT_FETCH_DELETE,
		TKT_FETCH_MOVE, TKT_FETCH_DELETE };
	struct tkt_dialogue *dialogue = malloc(sizeof(*dialogue));
	struct tkt_fetching fetching = {
		.take = take,
		.leave = leave,
		.letter_limit = LETTER_LIMIT,
		.left = LETTERS_MOST,
	};
	struct tkt_mailbox mailbox = { .url = (char *)"imap://x/A", .folder = (char *)"Done" };
	struct tkt_error error = { 0 };
	struct server server;
	int done;

	if (length < 2 || !dialogue) {
		free(dialogue);
		return 0;
	}
	mailbox.after = after[bytes[0] % 4];
	mailbox.is_pop3 = bytes[0] % 4 == 3;
	server =
	    (struct server){ bytes + 2, length - 2, bytes[1] ? bytes[1] : TKT_DIALOGUE_BUFFER, 0 };
	tkt_dialogue_init(
	    dialogue, &(struct tkt_wire){ hear, say, &server }, mailbox.is_pop3 ? "POP3" : "IMAP");
	done = (mailbox.is_pop3 ? tkt_fetch_by_pop3 : tkt_fetch_by_imap)(
	    dialogue, &mailbox, &fetching, &error);
	require(!done || (error.kind != TKT_ERROR_NONE && *error.text));
	free(dialogue);
	return 0;
}
