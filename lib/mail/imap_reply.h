/*
 * lib/mail/imap_reply.h: what an IMAP server says until the line that answers a command (RFC 3501,
 * 7 and 9): only what fetching needs is kept, the rest is read over, all of it bounded.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct tkt_dialogue;
struct tkt_error;

enum tkt_imap_status { TKT_IMAP_OK, TKT_IMAP_NO, TKT_IMAP_BAD };

/* One that is asked about, and what the server tells of it. */
struct tkt_imap_letter {
	uint32_t uid;
	bool is_there; /* it was told of */
	uint64_t size; /* RFC822.SIZE, or that of a body which was too large */
	int64_t at;    /* INTERNALDATE; TKT_TIME_NONE */
	bool has_body; /* and it stands in reply->body, unless `is_large` */
	bool is_large;
};

struct tkt_imap_reply {
	/* Set by who asks: */
	struct tkt_imap_letter *letters; /* of which FETCH may tell, by uid; others are read over */
	size_t letter_count;
	struct tkt_text *body; /* for the BODY[] of the only one of them; NULL: none is wanted */

	/* Of the answer: */
	enum tkt_imap_status status;
	struct tkt_text said;       /* with it, its code first: "[TRYCREATE] no such folder" */
	struct tkt_text flags;      /* of the code PERMANENTFLAGS; "" */
	bool has_flags;             /* there was such a code */
	bool is_read_only;          /* the code READ-ONLY */
	bool has_uidplus, has_move; /* of CAPABILITY */
	uint32_t *uids;             /* of SEARCH: ascending, each once */
	size_t uid_count, uid_room;
};

void tkt_imap_reply_init(struct tkt_imap_reply *reply);
void tkt_imap_reply_clear(struct tkt_imap_reply *reply);

/*
 * Hears the answer to the command with this tag; what an earlier one left in `reply` is forgotten,
 * but for the capabilities. 0, or -1 with TEMPORARY: the connection is of no more use.
 */
int tkt_imap_hear(struct tkt_dialogue *dialogue, const char *tag, struct tkt_imap_reply *reply,
    struct tkt_error *error);
