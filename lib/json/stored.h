/* lib/json/stored.h: reads back, fast, what the JSON writer wrote into a column. */
#pragma once
#include <jansson.h>
#include <stddef.h>

/*
 * A new value of JSON as it mostly is in the database: without blanks, escapes, fractions and
 * letters beyond ASCII. NULL: it is not so, or memory is out; Jansson reads it then, ten times
 * slower, and says what is wrong.
 */
json_t *tkt_stored_read(const char *bytes, size_t length);
