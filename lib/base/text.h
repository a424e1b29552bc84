/* lib/base/text.h: bytes that grow, up to a limit that is given at the start. */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct tkt_error;

/*
 * Failure is sticky: once memory is out or the limit is passed, `failed` is set, nothing more is
 * added, and tkt_text_check() says so. So a run of additions is checked once, at its end.
 */
struct tkt_text {
	char *bytes; /* owned; always followed by a NUL; never NULL: "" before the first addition */
	size_t length; /* in bytes, without that NUL */
	size_t allocated;
	size_t limit; /* the most bytes it may hold */
	bool failed;
	bool out_of_memory; /* the reason, if not the limit */
};

#define TKT_TEXT_LIMIT ((size_t)256 << 20) /* for what has no narrower bound */

void tkt_text_init(struct tkt_text *text, size_t limit);
void tkt_text_clear(struct tkt_text *text); /* releases; init again before the next use */
void tkt_text_reset(struct tkt_text *text); /* empties, keeps the memory, forgets a failure */
void tkt_text_truncate(struct tkt_text *text, size_t length);

void tkt_text_add(struct tkt_text *text, const char *string);
void tkt_text_add_bytes(struct tkt_text *text, const void *bytes, size_t length);
void tkt_text_add_byte(struct tkt_text *text, char byte);
void tkt_text_format(struct tkt_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* With tab, LF and '\' as '\t', '\n' and '\\': a column of tsv. */
void tkt_text_add_tsv(struct tkt_text *text, const char *bytes, size_t length);
/* As a column of CSV (RFC 4180): in double quotes where it must be. */
void tkt_text_add_csv(struct tkt_text *text, const char *bytes, size_t length);
/* Makes room for `length` more bytes and returns where they go; NULL on failure. The caller writes
 * there and says with tkt_text_wrote() how much, before it does anything else with the text. */
char *tkt_text_room(struct tkt_text *text, size_t length);
void tkt_text_wrote(struct tkt_text *text, size_t length);

/* 0, or -1: TKT_ERROR_TEMPORARY when memory ran out, TKT_ERROR_DATA when the limit was passed. */
int tkt_text_check(const struct tkt_text *text, struct tkt_error *error);
/* Gives the bytes away (NUL-terminated, to be freed) and empties the text; NULL when it failed. */
char *tkt_text_take(struct tkt_text *text);

#define tkt_autotext __attribute__((cleanup(tkt_text_clear))) struct tkt_text

/* A decimal integer and nothing else. 0, or -1 when it is none or out of range (no error text). */
int tkt_number_parse(const char *string, int64_t *number);
/* NULL equals NULL alone. Most names differ in their first byte, which is seen without a call. */
static inline bool tkt_text_equal(const char *a, const char *b)
{
	return a == b || (a && b && *a == *b && !strcmp(a, b));
}
bool tkt_text_is_empty(const char *string); /* NULL or "" */
/* Sets *to, which holds nothing yet, to a copy; of NULL to NULL. 0, or -1 with TEMPORARY. */
int tkt_text_keep(char **to, const char *string, struct tkt_error *error);
void tkt_texts_free(char **texts); /* a list ended by NULL, with its texts; NULL is taken */
/* Behind the line at `at`, or `end`. */
const char *tkt_next_line(const char *at, const char *end);
