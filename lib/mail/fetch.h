/*
 * lib/mail/fetch.h: the letters of a mailbox on an IMAP (RFC 3501) or POP3 (RFC 1939) server, one
 * at a time; what is safe is flagged, deleted or moved there, and nothing else is.
 *
 * libcurl connects, brings TLS up and logs in (CURLOPT_CONNECT_ONLY); the commands behind that are
 * ours: its own FETCH marks a letter as seen before it is here, and it looks for the end of any
 * other FETCH in the letter's text, which a stranger writes.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "desk/desk.h"

struct tkt_error;

struct tkt_fetched {
	const char *bytes; /* as the server sent it, lines ended by CR LF; borrowed for the call */
	size_t length;
	int64_t at; /* IMAP's INTERNALDATE; TKT_TIME_NONE when the server does not say */
};

struct tkt_fetching {
	/*
	 * Called for each letter, the oldest first. 1: it is safe, so the server may be told; 0: it
	 * stays there as it is; -1: all ends here.
	 */
	int (*take)(const struct tkt_fetched *letter, void *context, struct tkt_error *error);
	/* Told why a letter stays on the server: it is too large, or cannot be read. */
	void (*leave)(const struct tkt_error *reason, void *context);
	void *context;
	size_t letter_limit; /* bytes of one letter */
	int64_t left; /* ends when it is 0: `take` may count it down; negative: there is no limit */
	bool read_only; /* nothing is changed there, whatever `take` says */
};

/*
 * Of an IMAP folder those that are neither seen nor marked as deleted (all that are not marked as
 * deleted where `after` is delete or move); of a POP3 mailbox all. A letter whose `take` returned 1
 * is flagged, deleted or moved before the next one is read; POP3 deletes when it is left in peace
 * at the end, which is also tried when `take` fails.
 *
 * 0, or -1: the error of `take`; TEMPORARY for the network, a server that answers nonsense, says
 * 'later' or takes too long; UNAVAILABLE when it refuses to flag, delete or move; CONFIGURATION for
 * a refused login, no TLS, a certificate that is not good, a folder that is not there or cannot be
 * written.
 */
int tkt_fetch(const struct tkt_desk *desk, const struct tkt_mailbox *mailbox,
    struct tkt_fetching *fetching, struct tkt_error *error);
