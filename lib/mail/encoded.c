#include "mail/encoded.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "mail/base64.h"
#include "mail/charset.h"

#include "base/banned.h"

#define BLANKS " \t\r\n"

struct word {
	char charset[40];
	char encoding; /* 'b' or 'q' */
	const char *text;
	size_t length;
	const char *end; /* behind '?=' */
};

/* '=D0' and no end of base64: who wrote B meant Q. */
static bool is_quoted(const char *text, size_t length)
{
	size_t codes = 0;

	for (size_t i = 0; i + 2 < length; i++)
		codes += text[i] == '=' && g_ascii_isxdigit(text[i + 1]) &&
		    g_ascii_isxdigit(text[i + 2]);
	return codes > 0;
}

/* Where the text of a word ends that has no '?=': it was cut at a length, or its end lost. */
static const char *cut_end(const char *text)
{
	const char *end = text + strcspn(text, BLANKS "?\"<>,;");

	return end > text && (!*end || strchr(BLANKS "?\"", *end)) ? end : NULL;
}

/* Reads '=?charset*language?B?text?=' at `at`; false when it is none. */
static bool read_word(const char *at, struct word *word)
{
	const char *charset = at + 2, *question, *end, *next;
	size_t length;

	if (strncmp(at, "=?", 2) != 0)
		return false;
	length = strcspn(charset, "?*" BLANKS);
	question = charset + strcspn(charset, "?" BLANKS);
	if (length == 0 || length >= sizeof word->charset || *question != '?' || !question[1] ||
	    question[2] != '?')
		return false;
	memcpy(word->charset, charset, length);
	word->charset[length] = 0;
	word->encoding = (char)(question[1] | 32);
	if (word->encoding != 'b' && word->encoding != 'q')
		return false;
	word->text = question + 3;
	next = strstr(word->text, "=?");
	/* Not farther than the next word, lest many of them take long. */
	end = next ? memmem(word->text, (size_t)(next + 3 - word->text), "?=", 2)
		   : strstr(word->text, "?=");
	if (end) {
		word->end = end + 2;
	} else if ((end = cut_end(word->text)) && (!next || end <= next)) {
		word->end = end + (*end == '?');
	} else {
		return false;
	}
	word->length = (size_t)(end - word->text);
	if (word->encoding == 'b' && is_quoted(word->text, word->length))
		word->encoding = 'q';
	return true;
}

size_t tkt_encoded_length(const char *at)
{
	struct word word;

	return read_word(at, &word) ? (size_t)(word.end - at) : 0;
}

static void decode_q(struct tkt_text *out, const struct word *word)
{
	for (size_t i = 0; i < word->length; i++) {
		char byte = word->text[i];

		bool coded = byte == '=' && i + 2 < word->length;
		int high = coded ? g_ascii_xdigit_value(word->text[i + 1]) : -1;
		int low = high >= 0 ? g_ascii_xdigit_value(word->text[i + 2]) : -1;

		if (low >= 0) {
			tkt_text_add_byte(out, (char)(high << 4 | low));
			i += 2;
		} else {
			tkt_text_add_byte(out, byte == '_' ? ' ' : byte);
		}
	}
}

/* Decodes the run of words at *value into UTF-8 and moves *value behind it. */
static void decode_run(
    struct tkt_text *out, const char **value, struct word *word, const char *const *languages)
{
	struct tkt_error error;
	bool more = true;

	while (more) {
		struct tkt_base64 state = { 0 };
		char charset[sizeof word->charset];
		tkt_autotext bytes;

		tkt_text_init(&bytes, TKT_TEXT_LIMIT);
		snprintf(charset, sizeof charset, "%s", word->charset);
		do {
			const char *next = word->end + strspn(word->end, BLANKS);
			size_t length = word->length;

			if (word->encoding == 'q')
				decode_q(&bytes, word);
			else
				tkt_base64_add(&bytes, &state, word->text, length);
			*value = word->end;
			more = read_word(next, word);
			/* A group of base64 may go on in the next word, if it fits there. */
			if (!more || word->encoding == 'q' ||
			    ((size_t)state.count + word->length) % 4 != 0)
				tkt_base64_end(&bytes, &state);
		} while (more && strcasecmp(charset, word->charset) == 0);
		tkt_charset_decode(out, bytes.bytes, bytes.length, charset, languages, &error);
	}
}

void tkt_encoded_decode(struct tkt_text *out, const char *value, const char *const *languages)
{
	while (*value) {
		const char *next = strstr(value + 1, "=?");
		size_t before = out->length;
		struct word word;

		if (read_word(value, &word)) {
			decode_run(out, &value, &word, languages);
			for (size_t i = before; i < out->length; i++)
				if (out->bytes[i] == '\r' || out->bytes[i] == '\n')
					out->bytes[i] = ' ';
		} else if (!next) {
			tkt_text_add(out, value);
			break;
		} else {
			tkt_text_add_bytes(out, value, (size_t)(next - value));
			value = next;
		}
	}
}
