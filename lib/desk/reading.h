/* lib/desk/reading.h: one reading of a desk.conf: scanned, parsed, checked; for desk.c and lint.c.
 */
#pragma once
#include <stddef.h>

#include "base/cleanup.h"

struct tkt_conf;
struct tkt_desk;
struct tkt_error;
struct tkt_findings;
struct tkt_scan;

struct tkt_reading {
	char *path; /* of the desk, absolute */
	struct tkt_findings *findings;
	struct tkt_scan *scan;
	struct tkt_conf *conf;
};

/* Reads the desk at `path`; bytes, when not NULL, stand for its desk.conf (a stored policy). 0 with
 * what is wrong among the findings, or -1 when there is nothing to read. */
int tkt_reading_new(const char *path, const char *bytes, size_t length,
    struct tkt_reading **reading, struct tkt_error *error);
/* The same for a policy that was stored when it was in force. What its sections must agree on is
 * not judged anew; each value is: -1 with CONFIGURATION for the first error. */
int tkt_reading_stored(const char *path, const char *bytes, size_t length,
    struct tkt_reading **reading, struct tkt_error *error);
void tkt_reading_free(struct tkt_reading *reading);
TKT_AUTOPTR(reading)

/* The desk that it describes, or -1 with CONFIGURATION for its first error. */
int tkt_reading_desk(struct tkt_reading *reading, struct tkt_desk **desk, struct tkt_error *error);
