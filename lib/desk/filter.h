/* lib/desk/filter.h: the programs that judge a letter before it is taken in: sections `filter`. */
#pragma once
#include <stddef.h>

struct tkt_conf;
struct tkt_error;

/* What happens to the letter when the program does not do its work. */
enum tkt_filter_failure {
	TKT_FILTER_DEFER,      /* it is tried again later: status 75 */
	TKT_FILTER_PASS,       /* it is taken in unjudged */
	TKT_FILTER_QUARANTINE, /* it is kept aside */
};

struct tkt_filter {
	char *name;    /* "virus" */
	char *command; /* split at blanks, no shell; the letter is its input */
	int timeout_seconds;
	enum tkt_filter_failure on_failure;
};

struct tkt_filters {
	struct tkt_filter *items; /* in file order */
	size_t count;
};

/* Those of a desk.conf whose values have been checked. 0, or -1 with TEMPORARY; to be cleared. */
int tkt_filters_read(
    const struct tkt_conf *conf, struct tkt_filters *filters, struct tkt_error *error);
void tkt_filters_clear(struct tkt_filters *filters);
