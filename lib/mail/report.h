/*
 * lib/mail/report.h: what a notice about a mail of ours says of one of its recipients (RFC 3464,
 * 2.3; RFC 8098, 3.2), as a list that grows.
 */
#pragma once
#include <stddef.h>

#include "base/cleanup.h"

struct tkt_error;

#define TKT_REPORTS_LIMIT 1000    /* what stands behind them is left out */
#define TKT_DIAGNOSTIC_LIMIT 1000 /* bytes */
#define TKT_STATUS_SIZE 12        /* bytes of "5.123.123" with its NUL, and room */

struct tkt_report {
	char *recipient;  /* address, lower case; "" when the notice does not tell it */
	char *action;     /* failed, delayed, delivered, relayed, expanded (RFC 3464, 2.3.3); of a
			     receipt displayed, deleted, dispatched, processed, denied (RFC 8098,
			     3.2.6.2; RFC 2298, 3.2.6.2) */
	char *status;     /* RFC 3463: "5.1.1"; "" */
	char *diagnostic; /* one line, what the server said; "" */
};

struct tkt_reports {
	struct tkt_report *items;
	size_t count;
};

/* Adds one, unless there are too many; NULL is "". 0, or -1 with TEMPORARY. */
int tkt_reports_add(struct tkt_reports *reports, const char *recipient, const char *action,
    const char *status, const char *diagnostic, struct tkt_error *error);
/* The report of that address; NULL: there is none. */
struct tkt_report *tkt_reports_find(const struct tkt_reports *reports, const char *recipient);
/* Puts a copy of `value` in the place of a member's. 0, or -1 with TEMPORARY. */
int tkt_report_set(char **member, const char *value, struct tkt_error *error);
void tkt_reports_clear(struct tkt_reports *reports);
#define tkt_autoreports __attribute__((cleanup(tkt_reports_clear))) struct tkt_reports
