/* lib/base/terminal.h: is a file a terminal, how wide is it, may it have colours. */
#pragma once
#include <stdbool.h>

bool tkt_terminal_is(int file);
int tkt_terminal_columns(int file);      /* COLUMNS, else the window's size, else 80 */
bool tkt_terminal_has_colours(int file); /* a terminal, TERM not dumb, NO_COLOR not set or empty */
