/*
 * lib/mail/encoded.h: encoded words (RFC 2047) of a header value, made good before GMime reads it.
 *
 * GMime loses all words of a run behind one that ends with '=', and reads an unknown charset as
 * another. Here each run of words becomes one word in UTF-8 and base64; characters that were split
 * between words are whole again, as mailers meant them.
 */
#pragma once
#include "base/text.h"

/* Adds the value; what is no encoded word stays as it is. */
void tkt_encoded_words(struct tkt_text *out, const char *value, const char *const *languages);
