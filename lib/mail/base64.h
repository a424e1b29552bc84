/*
 * lib/mail/base64.h: base64 and quoted-printable (RFC 2045, 6.7 and 6.8) as mails really have
 * them: GMime ends base64 at the first '=', loses the last bytes when padding is missing, and
 * takes blanks behind a soft line break for text.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct tkt_text;

/* Bits that wait for the next call; begin with zeros. */
struct tkt_base64 {
	unsigned bits;
	int count; /* of characters that are in `bits`, 0 to 3 */
};

/* Adds the bytes; what is not of the alphabet is passed over, '=' ends a group. */
void tkt_base64_add(
    struct tkt_text *out, struct tkt_base64 *state, const char *text, size_t length);
/* Adds the bytes of a last group that has no padding. */
void tkt_base64_end(struct tkt_text *out, struct tkt_base64 *state);

/* A whole body: what a list put behind it is left out; text that is no base64 stays as it is. */
void tkt_base64_body(struct tkt_text *out, const char *text, size_t length);

/* A whole body; a '=' that begins no code stands for itself.
 *
 *   keep_blanks  at line ends; RFC 2045 drops them, format=flowed needs them */
void tkt_quoted_printable_body(
    struct tkt_text *out, const char *text, size_t length, bool keep_blanks);
