#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "mail/parse.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What mailers put before the subject of an answer or a forwarded mail, before ':' or '[2]:'. */
static const char *const marks[] = { "re", "fw", "fwd", "aw", "wg", "sv", "vs", "rv", "tr", "antw",
	"odp", "отв", "Отв", "ОТВ", "ответ", "Ответ", "пер", "Пер", "ПЕР", "回复", "答复", "转发" };

static bool is_word(const char *at)
{
	return isalnum((unsigned char)*at) || (unsigned char)*at >= 0x80;
}

/* Bytes of 'SUP-1042' at `at` with its number, or 0. */
static size_t id_length(const char *at, const char *prefix, int64_t *number)
{
	size_t length = strlen(prefix), digits;
	char text[20];

	if (length == 0 || strncasecmp(at, prefix, length) != 0 || at[length] != '-')
		return 0;
	digits = strspn(at + length + 1, "0123456789");
	if (digits == 0 || digits > 18 || is_word(at + length + 1 + digits))
		return 0;
	snprintf(text, sizeof text, "%.*s", (int)digits, at + length + 1);
	if (tkt_number_parse(text, number) || *number == 0)
		return 0;
	return length + 1 + digits;
}

int64_t tkt_subject_ticket(const char *subject, const char *prefix)
{
	int64_t number, first = 0;

	for (const char *at = subject; *at; at++) {
		if (at > subject && (is_word(at - 1) || at[-1] == '-'))
			continue;
		if (!id_length(at, prefix, &number))
			continue;
		/* One in brackets is ours; one without may be a word of the sender's. */
		if (at > subject && at[-1] == '[')
			return number;
		first = first ? first : number;
	}
	return first;
}

/* Bytes of '[SUP-1042]' at `at`, or 0. */
static size_t bracketed_length(const char *at, const char *prefix)
{
	size_t length;
	int64_t number;

	if (*at != '[')
		return 0;
	length = id_length(at + 1, prefix, &number);
	return length > 0 && at[length + 1] == ']' ? length + 2 : 0;
}

/* Bytes of 'Re:', 'RE[2]:', 'Fwd :' at `at`, or 0. */
static size_t mark_length(const char *at)
{
	for (size_t i = 0; i < COUNT(marks); i++) {
		size_t length = strlen(marks[i]);

		if (strncasecmp(at, marks[i], length) != 0)
			continue;
		if (at[length] == '[' || at[length] == '(') {
			size_t digits = strspn(at + length + 1, "0123456789");

			if (digits > 0 && strchr("])", at[length + 1 + digits]))
				length += digits + (at[length + 1 + digits] ? 2 : 1);
		}
		length += strspn(at + length, " ");
		if (at[length] == ':')
			return length + 1;
		if (strncmp(at + length, "：", 3) == 0) /* the wide colon of Chinese mailers */
			return length + 3;
	}
	return 0;
}

char *tkt_subject_clean(const char *subject, const char *prefix)
{
	bool leading = true;
	tkt_autotext clean;

	tkt_text_init(&clean, TKT_TEXT_LIMIT);
	while (*subject) {
		size_t skip = bracketed_length(subject, prefix);

		if (!skip && leading)
			skip = *subject == ' ' ? 1 : mark_length(subject);
		if (skip) {
			subject += skip;
			if (!leading && *subject == ' ' && clean.length > 0 &&
			    clean.bytes[clean.length - 1] == ' ')
				subject++;
			continue;
		}
		leading = false;
		tkt_text_add_byte(&clean, *subject++);
	}
	while (clean.length > 0 && clean.bytes[clean.length - 1] == ' ')
		tkt_text_truncate(&clean, clean.length - 1);
	return tkt_text_take(&clean);
}
