#include "mail/panel_token.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <stdio.h>
#include <string.h>

#include "base/base32.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/token.h"

#include "base/banned.h"

#define MAC_BYTES 20
#define MAC_LETTERS 32
#define DIGITS_MOST 18
#define DIGITS "0123456789"
#define NONCE_LETTERS "abcdefghijklmnopqrstuvwxyz" DIGITS

/* The letters behind 'EXPIRES-NONCE-'. */
static void sign(const struct tkt_token_key *key, const char *name, const char *address,
    char letters[MAC_LETTERS + 1])
{
	struct hmac_sha256_ctx context;
	uint8_t mac[MAC_BYTES];

	hmac_sha256_set_key(&context, sizeof(key->bytes), key->bytes);
	hmac_sha256_update(&context, strlen(name), (const uint8_t *)name);
	hmac_sha256_update(&context, 1, (const uint8_t *)"-");
	hmac_sha256_update(&context, strlen(address), (const uint8_t *)address);
	hmac_sha256_digest(&context, sizeof(mac), mac);
	tkt_base32(mac, sizeof(mac), letters);
}

void tkt_panel_token_make(const struct tkt_token_key *key, const char *address, int64_t expires_at,
    const char *nonce, char token[TKT_PANEL_TOKEN_SIZE])
{
	char letters[MAC_LETTERS + 1];
	size_t length;

	length =
	    (size_t)snprintf(token, TKT_PANEL_TOKEN_SIZE, "%jd-%s", (intmax_t)expires_at, nonce);
	sign(key, token, address, letters);
	snprintf(token + length, TKT_PANEL_TOKEN_SIZE - length, "-%s", letters);
}

/* Bytes of 'EXPIRES-NONCE' in a token, and when it expires; 0: it is none. */
static size_t name_length(const char *token, int64_t *expires_at)
{
	size_t digits = strspn(token, DIGITS), nonce;
	char text[DIGITS_MOST + 1];

	if (!digits || digits > DIGITS_MOST || token[digits] != '-')
		return 0;
	nonce = strspn(token + digits + 1, NONCE_LETTERS);
	if (!nonce || nonce > TKT_PANEL_NONCE_MOST || token[digits + 1 + nonce] != '-' ||
	    strlen(token) != digits + 1 + nonce + 1 + MAC_LETTERS)
		return 0;
	snprintf(text, sizeof(text), "%.*s", (int)digits, token);
	return tkt_number_parse(text, expires_at) ? 0 : digits + 1 + nonce;
}

enum tkt_panel_finding tkt_panel_token_judge(const struct tkt_token_key *key, const char *token,
    const char *address, int64_t now, char name[TKT_PANEL_TOKEN_SIZE])
{
	char given[TKT_PANEL_TOKEN_SIZE], letters[MAC_LETTERS + 1];
	int64_t expires_at;
	size_t length;

	if (strlen(token) >= sizeof(given))
		return TKT_PANEL_NO_TOKEN;
	snprintf(given, sizeof(given), "%s", token);
	tkt_ascii_lower(given);
	length = name_length(given, &expires_at);
	if (!length)
		return TKT_PANEL_NO_TOKEN;
	snprintf(name, TKT_PANEL_TOKEN_SIZE, "%.*s", (int)length, given);
	sign(key, name, address, letters);
	if (!memeql_sec(letters, given + length + 1, MAC_LETTERS))
		return TKT_PANEL_FORGED;
	return expires_at < now ? TKT_PANEL_EXPIRED : TKT_PANEL_GOOD;
}
