/*
 * lib/mail/encoded.h: encoded words (RFC 2047) as mailers really write them.
 *
 * GMime loses all words of a run behind one that ends with '=', and reads an unknown charset as
 * another. Here characters that were split between words are whole again; blanks within a word,
 * padding that is missing or too much, the wrong letter and a word that was cut are understood.
 */
#pragma once
#include <stddef.h>

#include "base/text.h"

/* Adds the value with its words as text; line ends within words become blanks. What is no encoded
 * word stays as it is. */
void tkt_encoded_decode(struct tkt_text *out, const char *value, const char *const *languages);

/* Bytes of the encoded word at `at`, 0 when there is none. */
size_t tkt_encoded_length(const char *at);
