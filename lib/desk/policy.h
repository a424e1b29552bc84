/* lib/desk/policy.h: what the sections of desk.conf must agree on. */
#pragma once
#include <stdint.h>

struct tkt_conf;

/* Adds errors: an unknown calendar, a length of working time without one, an smtp without url ...
 */
void tkt_policy_check(const struct tkt_conf *conf);
/* Adds warnings: zones that disagree at `now`, a pause of a term in 'cd', a password in the clear.
 */
void tkt_policy_warn(const struct tkt_conf *conf, int64_t now);
