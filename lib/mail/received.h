/* lib/mail/received.h: the Received lines (RFC 5321, 4.4): which server took a mail, and when. */
#pragma once
#include <gmime/gmime.h>
#include <stddef.h>
#include <stdint.h>

struct tkt_error;

struct tkt_hop {
	char *by;   /* the server that took it, lower case; "" when its line does not say */
	char *from; /* whom it took it from, by its own words, lower case; "" */
	int64_t at; /* TKT_TIME_NONE when its line has no date */
};

/* Reads them all, the last server first. 0 and a new array, NULL without any, or -1 with TEMPORARY.
 */
int tkt_received_read(
    GMimeObject *object, struct tkt_hop **hops, size_t *count, struct tkt_error *error);
void tkt_received_free(struct tkt_hop *hops, size_t count);
