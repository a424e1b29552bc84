#include "mail/token.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

#include "base/banned.h"

#define MAC_BYTES 10   /* 80 bits: RFC 2104, 5 allows no less than half of what is made ... */
#define MAC_LETTERS 16 /* ... for a secret; a guess costs a letter here, and is seen */
#define DIGITS_MOST 18

/* RFC 4648, 6: in lower case. */
static void write_base32(const uint8_t bytes[MAC_BYTES], char letters[MAC_LETTERS + 1])
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
	size_t i;

	for (i = 0; i < MAC_LETTERS; i++) {
		size_t bit = 5 * i, byte = bit / 8, shift = bit % 8;
		unsigned pair =
		    (unsigned)bytes[byte] << 8 | (byte + 1 < MAC_BYTES ? bytes[byte + 1] : 0);

		letters[i] = alphabet[pair >> (11 - shift) & 31];
	}
	letters[MAC_LETTERS] = '\0';
}

void tkt_token_make(const struct tkt_token_key *key, enum tkt_token_purpose purpose, int64_t number,
    char token[TKT_TOKEN_SIZE])
{
	char letters[MAC_LETTERS + 1];
	struct hmac_sha256_ctx context;
	uint8_t mac[MAC_BYTES];
	int length = snprintf(token, TKT_TOKEN_SIZE, "%c%jd", purpose, (intmax_t)number);

	hmac_sha256_set_key(&context, sizeof(key->bytes), key->bytes);
	hmac_sha256_update(&context, (size_t)length, (const uint8_t *)token);
	hmac_sha256_digest(&context, sizeof(mac), mac);
	write_base32(mac, letters);
	snprintf(token + length, TKT_TOKEN_SIZE - (size_t)length, "-%s", letters);
}

/* Is the part a token of that purpose, by its looks? Then *number is what it speaks of. */
static bool looks_like_one(
    enum tkt_token_purpose purpose, const char *part, size_t length, int64_t *number)
{
	size_t digits = length > 1 ? strspn(part + 1, "0123456789") : 0;
	char text[DIGITS_MOST + 1];

	if (!digits || digits > DIGITS_MOST || (part[0] | 0x20) != (char)purpose ||
	    length != 1 + digits + 1 + MAC_LETTERS || part[1 + digits] != '-')
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)digits, part + 1);
	return !tkt_number_parse(text, number) && *number > 0;
}

enum tkt_token_finding tkt_token_find(const struct tkt_token_key *key,
    enum tkt_token_purpose purpose, const char *address, char separator, int64_t *number)
{
	const char *end = strrchr(address, '@'), *part = address, *next;
	enum tkt_token_finding finding = TKT_TOKEN_NONE;

	for (end = end ? end : address + strlen(address); part < end; part = next + 1) {
		char token[TKT_TOKEN_SIZE], given[TKT_TOKEN_SIZE];
		size_t length;
		int64_t meant;

		next = memchr(part, separator, (size_t)(end - part));
		if (!next)
			next = end;
		length = (size_t)(next - part);
		if (part == address || !looks_like_one(purpose, part, length, &meant))
			continue;
		snprintf(given, sizeof(given), "%.*s", (int)length, part);
		tkt_ascii_lower(given);
		tkt_token_make(key, purpose, meant, token);
		finding = TKT_TOKEN_FORGED;
		if (strlen(token) == length && memeql_sec(token, given, length)) {
			*number = meant;
			return TKT_TOKEN_GOOD;
		}
	}
	return finding;
}
