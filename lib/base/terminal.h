/* lib/base/terminal.h: is a file a terminal, how wide is it, may it have colours. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct tkt_text;

bool tkt_terminal_is(int file);
int tkt_terminal_columns(int file);      /* COLUMNS, else the window's size, else 80 */
bool tkt_terminal_has_colours(int file); /* a terminal, TERM not dumb, NO_COLOR not set or empty */

/* Adds what goes to standard output as it is; where that is a terminal, as tkt_utf8_terminal() has
 * it, with line ends of LF. */
void tkt_terminal_add(struct tkt_text *out, const char *bytes, size_t length);
