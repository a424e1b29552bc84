/*
 * lib/mail/parse.h: a mail (RFC 5322, MIME) to a message object, by GMime behind a scan of the raw
 * bytes that bounds header fields, nested groups and parts (DESIGN.md 6).
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/text.h"

struct tkt_authentication;
struct tkt_error;
struct tkt_hop;
struct tkt_report;

/* What kind of sender wrote it (RFC 3834, RFC 3464, RFC 2919). */
enum tkt_mail_kind {
	TKT_MAIL_PERSON,
	TKT_MAIL_AUTOMATIC, /* a vacation reply or another automatic answer */
	TKT_MAIL_GENERATED, /* alerts, forms: auto-generated */
	TKT_MAIL_LIST,
	TKT_MAIL_BOUNCE,  /* a mail failed, or is late */
	TKT_MAIL_RECEIPT, /* a mail arrived, or was read */
};
/* "person", "automatic" ...: as the ledger has it. */
const char *tkt_mail_kind_word(enum tkt_mail_kind kind);

struct tkt_part {
	char *name; /* safe: no path, no controls, valid UTF-8; "part-2.png" when it had none */
	char *content_type; /* lower case: "image/png" */
	void *bytes;        /* decoded; owned */
	size_t size;
	char sha256[65];
	bool is_text; /* no file, but a text of the letter: an alternative, or the whole of what
			 was cut */
};

struct tkt_mail {
	json_t *message; /* WIRE.md 1, without id, ticket, received_at, identity */
	enum tkt_mail_kind kind;
	char *from;            /* address, lower case; "" when there is none */
	char *from_name;       /* "" */
	bool has_author;       /* there is a From; else `from` is what Sender says */
	bool has_more_authors; /* From has other addresses than that */
	char *subject;         /* decoded, one line */
	char *message_id;      /* without angle brackets; "" */
	char **references; /* In-Reply-To and References, newest first, no doubles; ended by NULL */
	char *thread_index;  /* root of Exchange's Thread-Index, in base64; "" when there is none */
	char **returned_ids; /* Message-IDs of the mail that a bounce or receipt is about; ended by
				NULL */
	struct tkt_report *reports; /* of a bounce or receipt: what became of it, for whom */
	size_t report_count;
	char *desk_mark;      /* X-Tkt-Desk of our own mail that came back; "" */
	char *envelope_from;  /* Return-Path without brackets; NULL when there is none; "" is the
				 null sender */
	char *envelope_to;    /* X-Original-To, else Delivered-To; NULL */
	int64_t sent_at;      /* Date; TKT_TIME_NONE when absent or absurd */
	int64_t transport_at; /* the top Received line's time; TKT_TIME_NONE */
	struct tkt_hop *hops; /* the Received lines, the top one first */
	size_t hop_count;
	struct tkt_authentication *authentications; /* Authentication-Results, the top one first */
	size_t authentication_count;
	struct tkt_part *parts; /* attachments */
	size_t part_count;
	char *trouble; /* why it could only be read in part, N_(): the log has it so; NULL: it was
			  read whole */
};

/*
 * Parses a whole mail. 0 and a new mail: what cannot be parsed becomes one from its cut header,
 * with `trouble` set and the raw mail as its only part. -1 with TKT_ERROR_DATA when the input has
 * not one header field and so is no letter, or TEMPORARY when memory is out.
 *
 *   languages  the desk's, as a hint for text without charset; ended by NULL, or NULL
 *   sender     of the envelope, "" the null sender; NULL: what Return-Path says
 */
int tkt_mail_parse(const char *bytes, size_t length, const char *const *languages,
    const char *sender, struct tkt_mail **mail, struct tkt_error *error);
void tkt_mail_free(struct tkt_mail *mail);
/*
 * When that server took the mail, by the topmost Received line of its own: what stands below it was
 * there before, and may be forged. TKT_TIME_NONE: no line is its, or that one has no date.
 *
 *   host  as desk.conf has it; "" is none
 */
int64_t tkt_mail_received_by(const struct tkt_mail *mail, const char *host);
TKT_AUTOPTR(mail)

/*
 * The id in a subject: 'Re: [SUP-1042] ...' or without brackets, with a dash of any kind, and a
 * blank behind it where a mailer has folded the line; its number, or 0. Not within a longer word or
 * number, nor in a host's name.
 */
int64_t tkt_subject_ticket(const char *subject, const char *prefix);
/*
 * The subject without bracketed ids of ours, and without what stands before it: Re:, Fwd:, Отв: and
 * kin, and the marks of filters ('[EXTERNAL]', '***SPAM***'); '[announce]' stays. To be freed; NULL
 * when memory is out.
 */
char *tkt_subject_clean(const char *subject, const char *prefix);

enum tkt_subject_kind {
	TKT_SUBJECT_PLAIN,
	TKT_SUBJECT_REPLY,
	TKT_SUBJECT_FORWARD,
};
/* What the first of the marks before a subject says. */
enum tkt_subject_kind tkt_subject_kind(const char *subject);
