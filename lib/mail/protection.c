#include "mail/protection.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

#define OID_WITHIN 64 /* bytes in which CMS says what it holds */

static const struct {
	const char *type;
	enum tkt_protection protection;
} types[] = {
	{ "multipart/signed", TKT_SIGNED },
	{ "multipart/encrypted", TKT_ENCRYPTED },
	{ "application/pgp-encrypted", TKT_ENCRYPTED },
	{ "application/x-microsoft-rpmsg-message", TKT_ENCRYPTED },
};

/* What CMS (RFC 5652, 4) says that it holds: pkcs-7 2 is signed data. */
static bool holds_signed_data(const char *bytes, size_t size)
{
	static const char oid[] = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";

	return memmem(bytes, size < OID_WITHIN ? size : OID_WITHIN, oid, sizeof oid - 1);
}

static bool has_ending(const char *name, const char *ending)
{
	size_t length = strlen(name), more = strlen(ending);

	return length >= more && strcasecmp(name + length - more, ending) == 0;
}

enum tkt_protection tkt_protection_of_part(
    const char *type, const char *smime_type, const char *name, const char *bytes, size_t size)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(type, types[i].type) == 0)
			return types[i].protection;
	if (strcmp(type, "application/pkcs7-mime") != 0 &&
	    strcmp(type, "application/x-pkcs7-mime") != 0 && (!name || !has_ending(name, ".p7m")))
		return TKT_UNPROTECTED;
	if (smime_type)
		return strncasecmp(smime_type, "signed", 6) == 0 ? TKT_SIGNED
		    : strncasecmp(smime_type, "cert", 4) == 0    ? TKT_UNPROTECTED
								 : TKT_ENCRYPTED;
	return holds_signed_data(bytes, size) ? TKT_SIGNED : TKT_ENCRYPTED;
}

/* Does a line of the text begin so? */
static bool has_line(const char *text, size_t length, const char *line)
{
	size_t size = strlen(line);

	for (const char *at = text, *found; (found = memmem(at, length, line, size));) {
		if (found == text || found[-1] == '\n')
			return true;
		length -= (size_t)(found + 1 - at);
		at = found + 1;
	}
	return false;
}

enum tkt_protection tkt_protection_of_text(const char *text, size_t length)
{
	if (has_line(text, length, "-----BEGIN PGP MESSAGE-----") &&
	    has_line(text, length, "-----END PGP MESSAGE-----"))
		return TKT_ENCRYPTED;
	if (has_line(text, length, "-----BEGIN PGP SIGNED MESSAGE-----") &&
	    has_line(text, length, "-----END PGP SIGNATURE-----"))
		return TKT_SIGNED;
	return TKT_UNPROTECTED;
}

const char *tkt_protection_word(enum tkt_protection protection)
{
	static const char *const words[] = { NULL, "signed", "encrypted" };

	return words[protection];
}
