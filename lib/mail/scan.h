/*
 * lib/mail/scan.h: a look at the raw bytes of a mail before GMime sees them: where the header ends,
 * and whether fields, groups and parts are in bounds. GMime calls itself for each nested group of
 * addresses and each nested part, and keeps 1.3 KB for each part: 50,000 groups overflow the stack,
 * 1.4 million parts take 1.9 GB.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct tkt_error;

#define TKT_SCAN_FIELDS 1000                     /* fields of a header */
#define TKT_SCAN_FIELD_SIZE ((size_t)256 << 10)  /* bytes of one of them */
#define TKT_SCAN_CONTENT_SIZE ((size_t)16 << 10) /* of a Content- field, in any part */
/* Of all fields. Those that a ticket is made of are counted by themselves, in number too: so they
 * are found behind any number of others. */
#define TKT_SCAN_HEADER_SIZE ((size_t)1 << 20)
#define TKT_SCAN_PART_FIELDS 20000 /* fields of the headers of all parts */
#define TKT_SCAN_GROUPS 500        /* colons in a field of addresses */
#define TKT_SCAN_ALL_GROUPS 5000   /* in all of them */
#define TKT_SCAN_OPEN_WORDS 500    /* encoded words of a field that do not end */
#define TKT_SCAN_PARTS 1000        /* lines that are boundaries */
#define TKT_SCAN_BOUNDARIES 100    /* different boundaries, so levels of nesting too */

struct tkt_scan {
	size_t start; /* of the header: behind a byte order mark, blank lines and the 'From ' line
			 of an mbox */
	size_t end;   /* of its last field, with its line end */
	size_t body;  /* where the body begins */
	size_t field_count;
	bool rewrite; /* the header has NUL, is no UTF-8, ends without a blank line, has stray lines
			 or twice what stands once */
	const char *trouble; /* which bound was passed, N_(); a constant; NULL: none */
};

/* Fills *scan; never fails. No field at all (`field_count` 0): it is no letter. */
void tkt_scan_mail(const char *bytes, size_t length, struct tkt_scan *scan);

/*
 * Adds the header, LF ends, with what is out of bounds cut away, U+FFFD for NUL, and 8-bit text in
 * UTF-8 (one charset for all fields that are not UTF-8: they are too short to guess singly), and a
 * blank line. 0, or -1 with the error of the text.
 */
int tkt_scan_header(struct tkt_text *out, const char *bytes, const struct tkt_scan *scan,
    const char *const *languages, struct tkt_error *error);
