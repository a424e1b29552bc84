#include "base/terminal.h"

#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "base/utf8.h"

#include "base/banned.h"

#define MOST_COLUMNS 10000

bool tkt_terminal_is(int file)
{
	return isatty(file) == 1;
}

int tkt_terminal_columns(int file)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t number;

	if (columns && tkt_number_parse(columns, &number) == 0 && number > 0 &&
	    number <= MOST_COLUMNS)
		return (int)number;
	if (ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}

bool tkt_terminal_has_colours(int file)
{
	const char *kind = getenv("TERM");

	return tkt_terminal_is(file) && !tkt_text_is_empty(kind) && !tkt_text_equal(kind, "dumb") &&
	    tkt_text_is_empty(getenv("NO_COLOR"));
}

void tkt_terminal_add(struct tkt_text *out, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length, *next;

	if (!tkt_terminal_is(STDOUT_FILENO)) {
		tkt_text_add_bytes(out, bytes, length);
		return;
	}
	for (; at < end; at = next) {
		const char *line_end = memmem(at, (size_t)(end - at), "\r\n", 2);

		tkt_utf8_terminal(
		    out, at, (size_t)((line_end ? line_end : end) - at), TKT_UTF8_LINES);
		if (line_end)
			tkt_text_add_byte(out, '\n');
		next = line_end ? line_end + 2 : end;
	}
}
