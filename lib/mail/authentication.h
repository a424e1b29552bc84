/*
 * lib/mail/authentication.h: what a mail server that the desk trusts has found out about the sender
 * of a letter: its Authentication-Results fields (RFC 8601).
 */
#pragma once
#include <gmime/gmime.h>
#include <stdbool.h>
#include <stddef.h>

struct tkt_error;
struct tkt_mail;

struct tkt_authentication {
	char *value;       /* of the field, as it came, folded */
	size_t hops_above; /* how many Received lines stand above it */
};

/* Reads the topmost 100 of them. 0 and a new array, NULL without any, or -1 with TEMPORARY. */
int tkt_authentication_read(GMimeObject *object, struct tkt_authentication **fields, size_t *count,
    struct tkt_error *error);
void tkt_authentication_free(struct tkt_authentication *fields, size_t count);

enum tkt_authentication_verdict {
	TKT_AUTHENTICATION_SILENT, /* not that host's, no field by RFC 8601, or nothing that counts
				    */
	TKT_AUTHENTICATION_PROVEN,
	TKT_AUTHENTICATION_DENIED, /* dmarc=fail: whatever else passed */
};

/*
 * What one field says of the domain in From. Proven: dmarc=pass for that very domain, or dkim=pass
 * or spf=pass for one that is aligned with it (RFC 7489, 3.1, relaxed): the same, or one of the two
 * below the other, the upper one of two labels at least. That two names below a third belong to one
 * organisation cannot be known without a list of public suffixes, so they are not aligned.
 *
 *   host    whose findings count: the authserv-id, in any case
 *   domain  lower case
 */
enum tkt_authentication_verdict tkt_authentication_judge(
    const char *value, const char *host, const char *domain);

/*
 * Is the one address in From proven by that host? Only fields above the topmost Received line of
 * the host count: what stands below was there when the letter reached it, and anybody may have
 * written it. Never for a letter with several authors or without From.
 *
 *   host  as desk.conf has it; "" is none
 */
bool tkt_mail_is_authenticated(const struct tkt_mail *mail, const char *host);
