/* lib/desk/rate.h: how often something may happen: '10/1h', 'none'. */
#pragma once
#include <stdint.h>

struct tkt_error;

struct tkt_rate {
	int64_t count; /* the most in a window; 0: there is no limit */
	int64_t window_seconds;
};

/* '10/1h', with a length of elapsed time up to 30 days, or 'none'. 0, or -1 with CONFIGURATION. */
int tkt_rate_parse(const char *value, struct tkt_rate *rate, struct tkt_error *error);
