#include "mail/authentication.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/comment.h"
#include "mail/parse.h"
#include "mail/received.h"

#include "base/banned.h"

#define FIELDS_MOST 100
#define WORD_MOST 1000                       /* a mail address has 254 bytes, a domain 253 */
#define NAME_END " \t\r\n()<>@,;:\\\"/[]?=." /* RFC 2045, 5.1, and the dot of a property */
#define TOKEN_END " \t\r\n()<>@,;:\\\"/[]?="
/* Signatures in base64 stand there without quotes, so all but what must end it is let through. */
#define VALUE_END " \t\r\n();\""

/* What a field says, read up to `at`. */
struct reading {
	const char *at;
	const char *domain; /* of From */
	char method[64], result[64];
	/* Of the method at hand; "" when it was not said. */
	char header_from[WORD_MOST], header_d[WORD_MOST], header_i[WORD_MOST], mail_from[WORD_MOST];
	bool is_proven, is_denied;
	bool is_broken; /* a quote does not end */
};

/* A word as it grows; one that is too long becomes empty: cut, it could be another's name. */
struct word {
	char *bytes;
	size_t size, length;
};

static void add_byte(struct word *word, char byte)
{
	if (word->length < word->size)
		word->bytes[word->length++] = byte;
}

/* What stands between quotes (RFC 5322, 3.2.4), without them. */
static void read_quoted(struct reading *reading, struct word *word)
{
	const char *at;

	for (at = reading->at + 1; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1])
			at++;
		add_byte(word, *at);
	}
	reading->is_broken |= !*at;
	reading->at = at + (*at == '"');
}

/* The next word, in lower case: up to one of `end`, and what is quoted where that counts. False:
 * there is none. */
static bool read_word(
    struct reading *reading, const char *end, bool quotes, char *bytes, size_t size)
{
	struct word word = { .bytes = bytes, .size = size };
	const char *start = reading->at = tkt_comment_skip_all(reading->at);

	while (*reading->at) {
		if (quotes && *reading->at == '"')
			read_quoted(reading, &word);
		else if (strchr(end, *reading->at))
			break;
		else
			add_byte(&word, *reading->at++);
	}
	bytes[word.length < size ? word.length : 0] = '\0';
	tkt_ascii_lower(bytes);
	return reading->at > start;
}

/* Is this the next sign? Then it is behind us. */
static bool take(struct reading *reading, char sign)
{
	const char *at = tkt_comment_skip_all(reading->at);

	if (*at != sign)
		return false;
	reading->at = at + 1;
	return true;
}

/* 'a.example.org' below 'example.org', not below 'org'. */
static bool is_below(const char *inner, const char *outer)
{
	size_t inner_length = strlen(inner), outer_length = strlen(outer);

	return strchr(outer, '.') && inner_length > outer_length + 1 &&
	    inner[inner_length - outer_length - 1] == '.' &&
	    !strcmp(inner + inner_length - outer_length, outer);
}

static bool is_aligned(const char *domain, const char *signer)
{
	return *signer &&
	    (!strcmp(domain, signer) || is_below(domain, signer) || is_below(signer, domain));
}

/* Behind the last '@', if there is one; the dot of the root goes. */
static const char *domain_of(char *address)
{
	char *at = strrchr(address, '@'), *domain = at ? at + 1 : address;
	size_t length = strlen(domain);

	if (length && domain[length - 1] == '.')
		domain[length - 1] = '\0';
	return domain;
}

/* The method at hand has been read. */
static void judge_method(struct reading *reading)
{
	bool passes = !strcmp(reading->result, "pass");

	if (!strcmp(reading->method, "dmarc")) {
		if (passes && !strcmp(domain_of(reading->header_from), reading->domain))
			reading->is_proven = true;
		else if (!strcmp(reading->result, "fail"))
			reading->is_denied = true;
	} else if (passes && !strcmp(reading->method, "dkim")) {
		/* RFC 8601, 2.7.1: either names the signing domain. */
		char *signer = *reading->header_d ? reading->header_d : reading->header_i;

		reading->is_proven |= is_aligned(reading->domain, domain_of(signer));
	} else if (passes && !strcmp(reading->method, "spf")) {
		reading->is_proven |= is_aligned(reading->domain, domain_of(reading->mail_from));
	}
}

/* Where the value of a property is kept; NULL: it says nothing here, or has been said before. */
static char *place_of(struct reading *reading, const char *type, const char *property)
{
	const struct {
		const char *type, *property;
		char *place;
	} known[] = {
		{ "header", "from", reading->header_from },
		{ "header", "d", reading->header_d },
		{ "header", "i", reading->header_i },
		{ "smtp", "mailfrom", reading->mail_from },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].type, type) && !strcmp(known[i].property, property))
			return *known[i].place ? NULL : known[i].place;
	return NULL;
}

/* 'header.d=example.org', or 'reason="..."', which says nothing here. */
static bool read_property(struct reading *reading)
{
	char type[64], property[64] = "", value[WORD_MOST], *place;

	if (!read_word(reading, NAME_END, false, type, sizeof(type)) ||
	    (take(reading, '.') &&
		!read_word(reading, NAME_END, false, property, sizeof(property))) ||
	    !take(reading, '='))
		return false;
	/* An empty value, as of the null sender, is one. */
	if (!read_word(reading, VALUE_END, true, value, sizeof(value)))
		value[0] = '\0';
	place = place_of(reading, type, property);
	if (place)
		memcpy(place, value, strlen(value) + 1);
	return true;
}

/* 'dkim=pass reason="good" header.d=example.org', up to its ';'. */
static bool read_method(struct reading *reading)
{
	char version[64];

	reading->header_from[0] = reading->header_d[0] = reading->header_i[0] =
	    reading->mail_from[0] = '\0';
	if (!read_word(reading, NAME_END, false, reading->method, sizeof(reading->method)) ||
	    (take(reading, '/') && !read_word(reading, NAME_END, false, version, sizeof(version))))
		return false;
	if (!take(reading, '='))
		return !strcmp(reading->method, "none"); /* nothing was examined */
	if (!read_word(reading, NAME_END, false, reading->result, sizeof(reading->result)))
		return false;
	for (;;) {
		reading->at = tkt_comment_skip_all(reading->at);
		if (!*reading->at || *reading->at == ';')
			return true;
		if (!read_property(reading))
			return false;
	}
}

/* The authserv-id and a version (RFC 8601, 2.2), of which there is one: 1. */
static bool is_by(struct reading *reading, const char *host)
{
	char id[WORD_MOST], version[64];

	if (!read_word(reading, TOKEN_END, true, id, sizeof(id)) || strcasecmp(id, host))
		return false;
	return !read_word(reading, TOKEN_END, false, version, sizeof(version)) ||
	    !strcmp(version, "1");
}

enum tkt_authentication_verdict tkt_authentication_judge(
    const char *value, const char *host, const char *domain)
{
	struct reading reading = { .at = value, .domain = domain };

	if (!*host || !*domain || !is_by(&reading, host))
		return TKT_AUTHENTICATION_SILENT;
	while (take(&reading, ';')) {
		if (!*tkt_comment_skip_all(reading.at))
			break; /* a ';' at the end, as some write it */
		if (!read_method(&reading))
			return TKT_AUTHENTICATION_SILENT;
		judge_method(&reading);
	}
	if (reading.is_broken || *tkt_comment_skip_all(reading.at))
		return TKT_AUTHENTICATION_SILENT;
	return reading.is_denied ? TKT_AUTHENTICATION_DENIED
	    : reading.is_proven  ? TKT_AUTHENTICATION_PROVEN
				 : TKT_AUTHENTICATION_SILENT;
}

bool tkt_mail_is_authenticated(const struct tkt_mail *mail, const char *host)
{
	const char *at = strrchr(mail->from, '@');
	bool proven = false;
	size_t i, hop;

	for (hop = 0; hop < mail->hop_count && strcasecmp(mail->hops[hop].by, host); hop++)
		;
	if (!*host || !at || hop == mail->hop_count || mail->has_more_authors || !mail->has_author)
		return false;
	for (i = 0; i < mail->authentication_count; i++) {
		const struct tkt_authentication *field = &mail->authentications[i];

		if (field->hops_above > hop)
			break;
		switch (tkt_authentication_judge(field->value, host, at + 1)) {
		case TKT_AUTHENTICATION_DENIED:
			return false;
		case TKT_AUTHENTICATION_PROVEN:
			proven = true;
			break;
		case TKT_AUTHENTICATION_SILENT:
			break;
		}
	}
	return proven;
}

int tkt_authentication_read(
    GMimeObject *object, struct tkt_authentication **fields, size_t *count, struct tkt_error *error)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(object);
	int header_count = g_mime_header_list_get_count(headers);
	struct tkt_authentication *made = NULL, *grown;
	size_t used = 0, hops = 0;

	for (int i = 0; i < header_count && used < FIELDS_MOST; i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
		const char *name = g_mime_header_get_name(header);
		const char *value = g_mime_header_get_raw_value(header);
		char *copy;

		if (!value)
			continue;
		hops += !strcasecmp(name, "Received");
		if (strcasecmp(name, "Authentication-Results") != 0)
			continue;
		grown = reallocarray(made, used + 1, sizeof(*made));
		copy = grown ? strdup(value) : NULL;
		made = grown ? grown : made;
		if (!copy) {
			tkt_authentication_free(made, used);
			return tkt_error_set_memory(error);
		}
		made[used++] = (struct tkt_authentication){ .value = copy, .hops_above = hops };
	}
	*fields = made;
	*count = used;
	return 0;
}

void tkt_authentication_free(struct tkt_authentication *fields, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free(fields[i].value);
	free(fields);
}
