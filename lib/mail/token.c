#include "mail/token.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <stdio.h>
#include <string.h>

#include "base/base32.h"
#include "base/text.h"
#include "base/utf8.h"

#include "base/banned.h"

#define MAC_BYTES 10 /* 80 bits: RFC 2104, 5 allows no less than half of what is made ... */
/* ... for a secret; a guess costs a letter here, and is seen */
#define MAC_LETTERS (TKT_TOKEN_MAC_SIZE - 1)
#define DIGITS_MOST 18

void tkt_token_sign(const struct tkt_token_key *key, const char *text, size_t length,
    char letters[TKT_TOKEN_MAC_SIZE])
{
	struct hmac_sha256_ctx context;
	uint8_t mac[MAC_BYTES];

	hmac_sha256_set_key(&context, sizeof(key->bytes), key->bytes);
	hmac_sha256_update(&context, length, (const uint8_t *)text);
	hmac_sha256_digest(&context, sizeof(mac), mac);
	tkt_base32(mac, sizeof(mac), letters);
}

void tkt_token_make(const struct tkt_token_key *key, enum tkt_token_purpose purpose, int64_t number,
    char token[TKT_TOKEN_SIZE])
{
	char letters[TKT_TOKEN_MAC_SIZE];
	int length = snprintf(token, TKT_TOKEN_SIZE, "%c%jd", purpose, (intmax_t)number);

	tkt_token_sign(key, token, (size_t)length, letters);
	snprintf(token + length, TKT_TOKEN_SIZE - (size_t)length, "-%s", letters);
}

/*
 * Bytes of a token of that purpose at the beginning of the part, by its looks, and *number, what it
 * speaks of; 0: there is none. It ends with the part or before a separator, which may be the '-'
 * that it has itself.
 */
static size_t token_length(enum tkt_token_purpose purpose, const char *part, const char *end,
    char separator, int64_t *number)
{
	size_t digits = part < end ? strspn(part + 1, "0123456789") : 0;
	size_t length = 1 + digits + 1 + MAC_LETTERS;
	char text[DIGITS_MOST + 1];

	if (!digits || digits > DIGITS_MOST || (part[0] | 0x20) != (char)purpose ||
	    length > (size_t)(end - part) || part[1 + digits] != '-' ||
	    (part + length < end && part[length] != separator))
		return 0;
	snprintf(text, sizeof(text), "%.*s", (int)digits, part + 1);
	return tkt_number_parse(text, number) || *number <= 0 ? 0 : length;
}

enum tkt_token_finding tkt_token_find(const struct tkt_token_key *key,
    enum tkt_token_purpose purpose, const char *address, char separator, int64_t *number)
{
	const char *end = strrchr(address, '@'), *at;
	enum tkt_token_finding finding = TKT_TOKEN_NONE;

	end = end ? end : address + strlen(address);
	for (at = strchr(address, separator); at && at < end; at = strchr(at + 1, separator)) {
		char token[TKT_TOKEN_SIZE], given[TKT_TOKEN_SIZE];
		int64_t meant;
		size_t length = token_length(purpose, at + 1, end, separator, &meant);

		if (!length || at == address)
			continue;
		snprintf(given, sizeof(given), "%.*s", (int)length, at + 1);
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
