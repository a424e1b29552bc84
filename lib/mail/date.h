/*
 * lib/mail/date.h: the time a mail states, as mailers really write it.
 *
 * RFC 5322, 3.3 with its obsolete forms (4.3: two- and three-digit years, named zones, comments),
 * the habits beyond it: ISO 8601, ctime(3), month before day, months in other languages, 'GMT+3',
 * '+03:00', a clock of twelve hours.
 */
#pragma once
#include <stdint.h>

/* Seconds since 1970 in UTC; TKT_TIME_NONE when it is no date, or before 1990, or after 2100.
 *
 *   value  of the field, perhaps folded; valid UTF-8 or any 8-bit charset; NULL is none */
int64_t tkt_date_read(const char *value);
