/* lib/base/utf8.h: UTF-8: check, repair, measure, show on a terminal. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tkt_text;

/* Valid UTF-8 (RFC 3629: no surrogates, nothing overlong) without NUL? */
bool tkt_utf8_is_valid(const char *bytes, size_t length);

/* Adds the bytes, with U+FFFD for NUL and for each broken sequence; CR LF and lone CR stay. */
void tkt_utf8_repair(struct tkt_text *out, const char *bytes, size_t length);

/* The same with every line end (CR LF, lone CR) as LF: a text that a person typed. */
void tkt_utf8_repair_lines(struct tkt_text *out, const char *bytes, size_t length);

/* The next code point of valid or broken UTF-8 (U+FFFD then); *at moves behind it. length > *at. */
uint32_t tkt_utf8_next(const char *bytes, size_t length, size_t *at);

/* The most of `length` bytes that end with a whole character; bytes[length] is there to be read. */
size_t tkt_utf8_cut(const char *bytes, size_t length);

/* Columns on a terminal (wide: 2, combining and controls: 0), by the C library's table wcwidth(3),
 * which needs an LC_CTYPE of UTF-8: program.c sets it, a test must. Which one does not matter. */
size_t tkt_utf8_width(const char *bytes, size_t length);

/* How many bytes of it fit into `columns`. */
size_t tkt_utf8_fit(const char *bytes, size_t length, size_t columns);

enum tkt_utf8_lines {
	TKT_UTF8_ONE_LINE, /* tab, LF and CR become visible too */
	TKT_UTF8_LINES,    /* LF and tab stay */
};

/*
 * Adds text that a terminal may be shown: C0, DEL and C1 controls and the bidi controls of Unicode
 * (U+061C, U+200E, U+200F, U+202A-202E, U+2066-2069) become visible: ^[ and ^? for C0 and DEL,
 * <U+202E> for the others. A broken sequence becomes U+FFFD.
 */
void tkt_utf8_terminal(
    struct tkt_text *out, const char *bytes, size_t length, enum tkt_utf8_lines lines);

/* Adds the text in lower case, letter by letter, by the C library's table, as for the width. */
void tkt_utf8_lower(struct tkt_text *out, const char *bytes, size_t length);

/* ASCII letters to lower case in place: addresses and header names. */
void tkt_ascii_lower(char *string);
