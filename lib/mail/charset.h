/*
 * lib/mail/charset.h: text of a known, unknown or wrongly named charset to UTF-8.
 *
 * What the mail says is believed unless the bytes contradict it: valid UTF-8 is UTF-8 under any
 * 8-bit name, and what was called ASCII, Latin-1 or nothing at all is guessed: first from the
 * letters of the languages that are expected, then by uchardet.
 */
#pragma once
#include <stddef.h>

#include "base/text.h"

struct tkt_charsets; /* opaque */
struct tkt_error;

/*
 * Adds the text as valid UTF-8 without NUL (U+FFFD stands for what cannot be read); line ends stay.
 *
 *   declared   what the mail says, or NULL
 *   languages  those that are likely, as in "ru", "zh"; ended by NULL, or NULL
 *
 * 0, or -1 with the error of the text.
 */
int tkt_charset_decode(struct tkt_text *out, const char *bytes, size_t length, const char *declared,
    const char *const *languages, struct tkt_error *error);

/* Does ASCII stand for itself in it, so that a header may be read in it without losing its shape?
 */
bool tkt_charset_keeps_ascii(const char *charset);

/*
 * The system forgets a charset when the last conversion of it ends, and loads it again for the next
 * mail. Whoever reads many mails holds the Cyrillic ones; NULL, without memory, holds none.
 */
struct tkt_charsets *tkt_charsets_new(void);
void tkt_charsets_free(struct tkt_charsets *charsets);

/* The likely charset of 8-bit text that is no UTF-8; a constant. */
const char *tkt_charset_guess(const char *bytes, size_t length, const char *const *languages);
