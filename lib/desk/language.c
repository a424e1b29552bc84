#include "base/utf8.h"
#include "desk/desk.h"

#include "base/banned.h"

/* ISO 639 codes of what is written in Cyrillic; anything else counts as Latin here. */
static const char *const cyrillic[] = { "be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg",
	"uk" };

static bool is_cyrillic(const char *language)
{
	size_t i;

	for (i = 0; i < sizeof(cyrillic) / sizeof(*cyrillic); i++)
		if (tkt_text_equal(cyrillic[i], language))
			return true;
	return false;
}

static const char *first_of(const struct tkt_desk *desk, bool wants_cyrillic)
{
	char *const *language;

	for (language = desk->languages; *language; language++)
		if (is_cyrillic(*language) == wants_cyrillic)
			return *language;
	return desk->languages[0];
}

const char *tkt_desk_language(const struct tkt_desk *desk, const char *text, size_t length)
{
	size_t in_cyrillic = 0, in_latin = 0, at = 0;

	while (at < length) {
		unsigned char byte = (unsigned char)text[at];
		uint32_t point;

		if (byte < 0x80) {
			in_latin += (byte | 32) >= 'a' && (byte | 32) <= 'z';
			at++;
			continue;
		}
		point = tkt_utf8_next(text, length, &at);
		in_cyrillic += point >= 0x400 && point <= 0x52f;
		in_latin += point >= 0xc0 && point <= 0x24f && point != 0xd7 && point != 0xf7;
	}
	if (!in_cyrillic && !in_latin)
		return desk->languages[0];
	/* A letter in Russian often carries logs and addresses in Latin, hardly ever the reverse.
	 */
	return first_of(desk, in_cyrillic * 3 >= in_latin);
}
