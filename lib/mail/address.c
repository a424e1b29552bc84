#include "mail/address.h"

#include <gmime/gmime.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/encoded.h"
#include "mail/header.h"

#include "base/banned.h"

#define ADDRESS_LIMIT 320 /* RFC 5321, 4.5.3.1: 64 + 1 + 255 */
#define NAME_LIMIT 1000   /* bytes of a name worth keeping */
#define BLANKS " \t\r\n"

/* One address on its way; texts as they stand in the field, but for quotes. */
struct mailbox {
	struct tkt_text phrase;  /* what stands outside brackets and comments */
	struct tkt_text route;   /* what stands in the brackets */
	struct tkt_text comment; /* the first one */
	bool has_route;
};

static void mailbox_init(struct mailbox *mailbox)
{
	tkt_text_init(&mailbox->phrase, TKT_TEXT_LIMIT);
	tkt_text_init(&mailbox->route, TKT_TEXT_LIMIT);
	tkt_text_init(&mailbox->comment, TKT_TEXT_LIMIT);
}

static void mailbox_clear(struct mailbox *mailbox)
{
	tkt_text_clear(&mailbox->phrase);
	tkt_text_clear(&mailbox->route);
	tkt_text_clear(&mailbox->comment);
}

static void mailbox_reset(struct mailbox *mailbox)
{
	tkt_text_reset(&mailbox->phrase);
	tkt_text_reset(&mailbox->route);
	tkt_text_reset(&mailbox->comment);
	mailbox->has_route = false;
}

static bool is_address(const char *address)
{
	size_t length = strlen(address);

	if (length == 0 || length > ADDRESS_LIMIT || address[0] == '@')
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)address[i] <= 32 || address[i] == 127 ||
		    strchr("<>,;\"()", address[i]))
			return false;
	return true;
}

/* The name: decoded, one line, no quotes around it, no runs of blanks. */
static char *make_name(const char *raw, const char *const *languages)
{
	tkt_autotext decoded, name;
	size_t start = 0, end;

	tkt_text_init(&decoded, TKT_TEXT_LIMIT);
	tkt_text_init(&name, TKT_TEXT_LIMIT);
	tkt_encoded_decode(&decoded, raw, languages);
	for (size_t i = 0; i < decoded.length; i++) {
		char byte = decoded.bytes[i];

		if (!strchr(BLANKS, byte))
			tkt_text_add_byte(&name, byte);
		else if (name.length > 0 && name.bytes[name.length - 1] != ' ')
			tkt_text_add_byte(&name, ' ');
	}
	end = name.length;
	while (end > 0 && name.bytes[end - 1] == ' ')
		end--;
	while (end > start + 1 && strchr("'\"", name.bytes[start]) &&
	    name.bytes[end - 1] == name.bytes[start] &&
	    !memchr(name.bytes + start + 1, name.bytes[start], end - start - 2)) {
		start++;
		end--;
	}
	tkt_text_truncate(&name, end);
	return tkt_header_line(name.length >= start ? name.bytes + start : "");
}

/* Is it of the common signs alone, so that GMime would make the same of it? */
static bool is_plain(const char *address)
{
	static const char signs[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._+@";
	size_t length = strspn(address, signs);

	return length > 0 && !address[length] && address[length - 1] != '.' &&
	    !strstr(address, "--");
}

/* The address itself: no blanks, no 'mailto:', no route before it, no dot behind it. */
static char *make_address(const char *raw)
{
	const char *colon = strrchr(raw, ':');
	tkt_autotext bare;
	InternetAddress *mailbox;
	char *email;

	tkt_text_init(&bare, TKT_TEXT_LIMIT);
	if (colon && (raw[strspn(raw, BLANKS)] == '@' || strcasestr(raw, "mailto:")))
		raw = colon + 1;
	for (; *raw; raw++)
		if (!strchr(BLANKS "<>\"", *raw))
			tkt_text_add_byte(&bare, *raw);
	if (bare.length > 0 && bare.bytes[bare.length - 1] == '.')
		tkt_text_truncate(&bare, bare.length - 1);
	/* '"anna@here"@there' is not anna@here, which GMime would make of it */
	if (strchr(bare.bytes, '@') != strrchr(bare.bytes, '@') || is_plain(bare.bytes)) {
		email = tkt_header_line(bare.bytes);
	} else {
		mailbox = internet_address_mailbox_new(NULL, bare.bytes);
		email = tkt_header_line(
		    internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(mailbox)));
		g_object_unref(mailbox);
	}
	if (email)
		tkt_ascii_lower(email);
	return email;
}

/* Without brackets the word with '@' is the address, and what stands around it the name; a single
 * word without '@' is a local part. */
static void split_phrase(struct mailbox *mailbox)
{
	struct tkt_text *phrase = &mailbox->phrase;
	char *at = strchr(phrase->bytes, '@'), *start = at, *end = at;
	tkt_autotext rest;

	tkt_text_init(&rest, TKT_TEXT_LIMIT);
	if (!at) {
		const char *word = phrase->bytes + strspn(phrase->bytes, BLANKS "\"'");
		size_t length = strcspn(word, BLANKS "\"'");

		if (word[length + strspn(word + length, BLANKS "\"'")] == 0 &&
		    !tkt_encoded_length(word)) {
			tkt_text_add_bytes(&mailbox->route, word, length);
			tkt_text_reset(phrase);
		}
		return;
	}
	while (start > phrase->bytes && strchr(BLANKS, start[-1])) /* 'anna @example.org' */
		start--;
	while (start > phrase->bytes && !strchr(BLANKS, start[-1]))
		start--;
	end += 1 + strspn(end + 1, BLANKS);
	end += strcspn(end, BLANKS);
	tkt_text_add_bytes(&mailbox->route, start, (size_t)(end - start));
	tkt_text_add_bytes(&rest, phrase->bytes, (size_t)(start - phrase->bytes));
	tkt_text_add(&rest, end);
	tkt_text_reset(phrase);
	tkt_text_add(phrase, rest.bytes);
}

/* Adds the mailbox if it has an address. false: it has none, and its phrase may be the beginning of
 * a name with a comma in it, unless it is the last one. */
static bool finish(
    struct mailbox *mailbox, bool last, const char *const *languages, json_t *addresses)
{
	bool full = strchr(mailbox->route.bytes, '@'), bare = strchr(mailbox->phrase.bytes, '@');
	tkt_autofree char *email = NULL, *name = NULL;
	json_t *object;

	if (!mailbox->has_route && !bare && !last)
		return false;
	if (!full && (bare || !mailbox->has_route)) {
		tkt_text_reset(&mailbox->route);
		split_phrase(mailbox);
	}
	email = make_address(mailbox->route.bytes);
	if (!email || !is_address(email))
		return false;
	if (mailbox->phrase.length <= NAME_LIMIT)
		name = make_name(mailbox->phrase.bytes, languages);
	if (name && *name && name[strlen(name) - 1] == ',') /* of one that had no address */
		*name = 0;
	if ((!name || !*name) && mailbox->comment.length <= NAME_LIMIT) {
		free(name);
		name = make_name(mailbox->comment.bytes, languages);
	}
	object = json_pack("{ss}", "email", email);
	if (name && *name && strcasecmp(name, email) != 0)
		json_object_set_new(object, "name", json_string(name));
	json_array_append_new(addresses, object);
	return true;
}

/* A quoted string at `at`: its text without the quotes, encoded words whole. Returns what follows;
 * one that is not closed ends before the address. A local part with blanks is no address to us. */
static const char *read_quoted(struct tkt_text *out, const char *at)
{
	const char *open = at, *angle;
	size_t begun = out->length, word;

	for (at++; *at; at++) {
		if (*at == '\\' && at[1]) {
			tkt_text_add_byte(out, *++at);
		} else if (*at == '"') {
			for (size_t i = begun; at[1] == '@' && i < out->length; i++)
				if (out->bytes[i] == ' ')
					out->bytes[i] = 127;
			return at + 1;
		} else if ((word = tkt_encoded_length(at))) {
			tkt_text_add_bytes(out, at, word);
			at += word - 1;
		} else {
			tkt_text_add_byte(out, *at);
		}
	}
	angle = strchr(open, '<');
	if (!angle)
		return at;
	tkt_text_truncate(out, begun);
	tkt_text_add_bytes(out, open + 1, (size_t)(angle - open - 1));
	return angle;
}

/* A comment, with others in it; only the first of a mailbox is kept. */
static const char *read_comment(struct mailbox *mailbox, const char *at)
{
	bool wanted = mailbox->comment.length == 0;
	int depth = 0;

	for (; *at; at++) {
		bool escaped = *at == '\\' && at[1];

		at += escaped;
		if (!escaped && *at == ')' && --depth == 0)
			return at + 1;
		if (wanted && (escaped || depth > 0))
			tkt_text_add_byte(&mailbox->comment, *at);
		depth += !escaped && *at == '(';
	}
	return at;
}

/* What stands in brackets, which may be doubled or not closed. */
static const char *read_route(struct mailbox *mailbox, const char *at)
{
	at += strspn(at, "<" BLANKS);
	if (mailbox->has_route && mailbox->route.length > 0) /* 'Anna <anna@here> <more>' */
		return at + strcspn(at, ">");
	mailbox->has_route = true;
	for (; *at && *at != '>'; at++) {
		bool route = mailbox->route.length > 0 && mailbox->route.bytes[0] == '@';

		if (strchr(",;", *at) && !route && strchr(mailbox->route.bytes, '@'))
			break; /* not closed: the next one begins */
		if (*at == '<')
			tkt_text_reset(&mailbox->route);
		else
			tkt_text_add_byte(&mailbox->route, *at);
	}
	return at + strspn(at, ">");
}

/* Does a group's name end at this ':'? */
static bool is_group(const struct mailbox *mailbox)
{
	const char *phrase = mailbox->phrase.bytes + strspn(mailbox->phrase.bytes, BLANKS);

	return !mailbox->has_route && !strchr(phrase, '@') && strcasecmp(phrase, "mailto") != 0;
}

static void read_list(
    const char *at, const char *const *languages, json_t *addresses, struct mailbox *mailbox)
{
	while (*at) {
		size_t word = tkt_encoded_length(at);

		if (word > 0) {
			tkt_text_add_bytes(&mailbox->phrase, at, word);
			at += word;
		} else if (*at == '"') {
			at = read_quoted(&mailbox->phrase, at);
		} else if (*at == '(') {
			at = read_comment(mailbox, at);
		} else if (*at == '<') {
			at = read_route(mailbox, at);
		} else if (*at == ':' && is_group(mailbox)) {
			mailbox_reset(mailbox);
			at++;
		} else if (*at == ',' || *at == ';') {
			bool done = finish(mailbox, *at == ';', languages, addresses) || *at == ';';

			if (done || mailbox->has_route || mailbox->phrase.length > NAME_LIMIT)
				mailbox_reset(mailbox);
			else
				tkt_text_add_byte(&mailbox->phrase, *at);
			at++;
		} else {
			if (*at != '>' && *at != '\\')
				tkt_text_add_byte(&mailbox->phrase, *at);
			at++;
		}
	}
	finish(mailbox, true, languages, addresses);
}

void tkt_address_read(const char *value, const char *const *languages, json_t *addresses)
{
	size_t before = json_array_size(addresses);
	struct mailbox mailbox = { .has_route = false };
	tkt_autotext decoded;

	tkt_text_init(&decoded, TKT_TEXT_LIMIT);
	mailbox_init(&mailbox);
	read_list(value, languages, addresses, &mailbox);
	if (json_array_size(addresses) == before && strstr(value, "=?")) {
		/* The address stands within an encoded word. */
		tkt_encoded_decode(&decoded, value, languages);
		mailbox_reset(&mailbox);
		if (strchr(decoded.bytes, '@'))
			read_list(decoded.bytes, languages, addresses, &mailbox);
	}
	mailbox_clear(&mailbox);
}
