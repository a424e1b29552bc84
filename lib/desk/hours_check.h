/* lib/desk/hours_check.h: what the options of a calendar in desk.conf must agree on. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct tkt_conf;

/* Adds errors: spans of one weekday that overlap across entries of `week`, a date that stands twice
 * in `days`. */
void tkt_hours_check(const struct tkt_conf *conf);
/* Adds warnings: spans past midnight that run into those of the next day, a calendar that does not
 * open after `now`, zones that then disagree and what that means for the hours. */
void tkt_hours_warn(const struct tkt_conf *conf, int64_t now);

/* Is it there, sound, and without any hours at all? Days that lists have worked are not looked at:
 * no where there are `worked` and `holidays`. */
bool tkt_hours_are_none(const struct tkt_conf *conf, const char *calendar);
