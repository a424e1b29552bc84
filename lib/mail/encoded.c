#include "mail/encoded.h"

#include <glib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "mail/charset.h"

#include "base/banned.h"

struct word {
	char charset[40];
	char encoding; /* 'b' or 'q' */
	const char *text;
	size_t length;
	const char *end; /* behind '?=' */
};

/* Reads '=?charset*language?B?text?=' at `at`; false when it is none. */
static bool read_word(const char *at, struct word *word)
{
	const char *charset = at + 2, *question, *end;
	size_t length;

	if (strncmp(at, "=?", 2) != 0)
		return false;
	length = strcspn(charset, "?* \t\r\n");
	question = charset + strcspn(charset, "? \t\r\n");
	if (length == 0 || length >= sizeof word->charset || *question != '?' || !question[1] ||
	    question[2] != '?')
		return false;
	memcpy(word->charset, charset, length);
	word->charset[length] = 0;
	word->encoding = (char)(question[1] | 32);
	word->text = question + 3;
	end = strstr(word->text, "?=");
	if (!end || (word->encoding != 'b' && word->encoding != 'q'))
		return false;
	word->length = (size_t)(end - word->text);
	word->end = end + 2;
	/* A '=?' within is the next word: this one was cut. */
	return !memmem(word->text, word->length, "=?", 2);
}

static int hex(char digit)
{
	return g_ascii_xdigit_value(digit);
}

static void decode_q(struct tkt_text *out, const struct word *word)
{
	for (size_t i = 0; i < word->length; i++) {
		char byte = word->text[i];

		if (byte == '=' && i + 2 < word->length && hex(word->text[i + 1]) >= 0 &&
		    hex(word->text[i + 2]) >= 0) {
			tkt_text_add_byte(
			    out, (char)(hex(word->text[i + 1]) * 16 + hex(word->text[i + 2])));
			i += 2;
		} else {
			tkt_text_add_byte(out, byte == '_' ? ' ' : byte);
		}
	}
}

/* A word without '=' at its end may go on in the next one: the state is the caller's. */
static void decode_b(struct tkt_text *out, const struct word *word, gint *state, guint *save)
{
	char *room = tkt_text_room(out, word->length + 4);

	if (!room)
		return;
	out->length += g_base64_decode_step(word->text, word->length, (guchar *)room, state, save);
	tkt_text_truncate(out, out->length);
	if (memchr(word->text, '=', word->length))
		*state = (gint)(*save = 0);
}

/* Decodes the run of words at *value into UTF-8 and moves *value behind it. */
static void decode_run(
    struct tkt_text *out, const char **value, struct word *word, const char *const *languages)
{
	struct tkt_error error;
	gint state = 0;
	guint save = 0;
	bool more = true;

	while (more) {
		char charset[sizeof word->charset];
		tkt_autotext bytes;

		tkt_text_init(&bytes, TKT_TEXT_LIMIT);
		snprintf(charset, sizeof charset, "%s", word->charset);
		do {
			const char *next = word->end + strspn(word->end, " \t\r\n");

			if (word->encoding == 'q')
				decode_q(&bytes, word);
			else
				decode_b(&bytes, word, &state, &save);
			*value = word->end;
			more = read_word(next, word);
		} while (more && strcasecmp(charset, word->charset) == 0);
		tkt_charset_decode(out, bytes.bytes, bytes.length, charset, languages, &error);
		state = 0;
		save = 0;
	}
}

void tkt_encoded_words(struct tkt_text *out, const char *value, const char *const *languages)
{
	while (*value) {
		const char *next = strstr(value + 1, "=?");
		struct word word;

		if (read_word(value, &word)) {
			tkt_autotext decoded;
			g_autofree char *encoded = NULL;

			tkt_text_init(&decoded, TKT_TEXT_LIMIT);
			decode_run(&decoded, &value, &word, languages);
			for (size_t i = 0; i < decoded.length; i++)
				if (decoded.bytes[i] == '\r' || decoded.bytes[i] == '\n')
					decoded.bytes[i] = ' ';
			encoded = g_base64_encode((guchar *)decoded.bytes, decoded.length);
			tkt_text_format(out, "=?utf-8?B?%s?=", encoded);
			if (*value && !strchr(" \t\r\n", *value)) /* RFC 2047, 5 wants a blank */
				tkt_text_add_byte(out, strchr("\",;<>)", *value) ? *value++ : ' ');
			continue;
		}
		if (!next) {
			tkt_text_add(out, value);
			break;
		}
		tkt_text_add_bytes(out, value, (size_t)(next - value));
		value = next;
	}
}
