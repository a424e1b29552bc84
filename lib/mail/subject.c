#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/fold.h"
#include "mail/parse.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TAG_MOST 40 /* bytes of '[announce]' */

/* What mailers put before the subject of an answer or a forwarded mail, before ':' or '[2]:';
 * folded. */
static const struct mark {
	const char *word;
	enum tkt_subject_kind kind;
} marks[] = {
	{ "re", TKT_SUBJECT_REPLY },
	{ "aw", TKT_SUBJECT_REPLY },
	{ "antw", TKT_SUBJECT_REPLY },
	{ "antwort", TKT_SUBJECT_REPLY },
	{ "sv", TKT_SUBJECT_REPLY },
	{ "odp", TKT_SUBJECT_REPLY },
	{ "res", TKT_SUBJECT_REPLY },
	{ "rif", TKT_SUBJECT_REPLY },
	{ "ynt", TKT_SUBJECT_REPLY },
	{ "отв", TKT_SUBJECT_REPLY },
	{ "ответ", TKT_SUBJECT_REPLY },
	{ "на", TKT_SUBJECT_REPLY },
	{ "回复", TKT_SUBJECT_REPLY },
	{ "答复", TKT_SUBJECT_REPLY },
	{ "回覆", TKT_SUBJECT_REPLY },
	{ "返信", TKT_SUBJECT_REPLY },
	{ "回信", TKT_SUBJECT_REPLY },
	{ "fw", TKT_SUBJECT_FORWARD },
	{ "fwd", TKT_SUBJECT_FORWARD },
	{ "wg", TKT_SUBJECT_FORWARD },
	{ "tr", TKT_SUBJECT_FORWARD },
	{ "rv", TKT_SUBJECT_FORWARD },
	{ "vb", TKT_SUBJECT_FORWARD },
	{ "vl", TKT_SUBJECT_FORWARD },
	{ "vs", TKT_SUBJECT_FORWARD }, /* an answer in Finnish: in doubt its text is content */
	{ "enc", TKT_SUBJECT_FORWARD },
	{ "pd", TKT_SUBJECT_FORWARD },
	{ "ilt", TKT_SUBJECT_FORWARD },
	{ "doorst", TKT_SUBJECT_FORWARD },
	{ "пер", TKT_SUBJECT_FORWARD },
	{ "пересл", TKT_SUBJECT_FORWARD },
	{ "转发", TKT_SUBJECT_FORWARD },
	{ "轉寄", TKT_SUBJECT_FORWARD },
	{ "轉發", TKT_SUBJECT_FORWARD },
	{ "転送", TKT_SUBJECT_FORWARD },
};

/* Letters that are too short to be taken away, and a subject in brackets; folded. */
static const struct mark kept_marks[] = {
	{ "[fwd:", TKT_SUBJECT_FORWARD },
	{ "i: ", TKT_SUBJECT_FORWARD },
	{ "r: ", TKT_SUBJECT_REPLY },
};

/* What filters on the way say of a mail, in brackets or between stars; folded. */
static const char *const filters[] = { "external", "ext", "extern", "externe", "externo", "esterno",
	"external email", "external e-mail", "external mail", "external sender", "external message",
	"caution: external", "spam", "possible spam", "probable spam", "suspected spam",
	"probably spam", "bulk", "junk", "внешнее", "внешний", "внешняя", "внешнее письмо",
	"внешняя почта", "внешний отправитель", "спам", "возможно спам", "возможный спам",
	"外部邮件", "外部" };

/* Is it a letter or a digit, so that a word goes on? Scripts that put no blanks between words, and
 * punctuation, end one. */
static bool is_word(uint32_t point)
{
	if (point < 0x80)
		return isalnum((int)point) || point == '_';
	return !(
	    (point >= 0xA0 && point <= 0xBF && point != 0xAA && point != 0xB5 && point != 0xBA) ||
	    (point >= 0x2000 && point <= 0x2BFF) || (point >= 0x3000 && point <= 0x9FFF) ||
	    (point >= 0xAC00 && point <= 0xD7AF) || (point >= 0xF900 && point <= 0xFAFF) ||
	    (point >= 0xFE10 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF0F) ||
	    (point >= 0xFF1A && point <= 0xFF20) || (point >= 0xFF3B && point <= 0xFF40) ||
	    (point >= 0xFF5B && point <= 0xFF65) || point >= 0x1F000);
}

/* '-', and what typographers and mailers make of it. */
static bool is_dash(uint32_t point)
{
	return point == '-' || (point >= 0x2010 && point <= 0x2015) || point == 0x2212 ||
	    point == 0xFE63 || point == 0xFF0D;
}

/* The character at `at`, and behind it; 0 at the end. */
static uint32_t point_at(const char *at, const char **behind)
{
	size_t length = 0;
	uint32_t point = *at ? tkt_utf8_next(at, strlen(at) < 4 ? strlen(at) : 4, &length) : 0;

	if (behind)
		*behind = at + length;
	return point;
}

/* May an id end before `at`? Not if it is part of a longer word, of a number, or of a host. */
static bool is_end(const char *at)
{
	const char *behind;
	uint32_t point = point_at(at, &behind);

	if (is_dash(point) || point == '.' || point == '@')
		return point != '@' && !is_word(point_at(behind, NULL));
	return !is_word(point);
}

/* Bytes of 'SUP-1042' at `at` with its number, or 0. In brackets blanks may stand in it. */
static size_t id_length(const char *at, const char *prefix, bool in_brackets, int64_t *number)
{
	size_t length = strlen(prefix), digits;
	const char *from = at, *behind;
	char text[20];

	if (length == 0 || strncasecmp(at, prefix, length) != 0)
		return 0;
	at += length;
	at += in_brackets ? strspn(at, " ") : 0;
	if (!is_dash(point_at(at, &behind)))
		return 0;
	at = behind;
	at += in_brackets || (at[0] == ' ' && at[1] != ' ') ? strspn(at, " ") : 0; /* refolded */
	digits = strspn(at, "0123456789");
	if (digits == 0 || digits > 18 || !is_end(at + digits))
		return 0;
	snprintf(text, sizeof text, "%.*s", (int)digits, at);
	if (tkt_number_parse(text, number) || *number == 0)
		return 0;
	return (size_t)(at - from) + digits;
}

int64_t tkt_subject_ticket(const char *subject, const char *prefix)
{
	int64_t number, first = 0;
	uint32_t before = 0;
	bool opened = false; /* by a bracket, perhaps with blanks behind it */

	for (const char *at = subject, *behind; *at; at = behind) {
		uint32_t point = point_at(at, &behind);
		bool begins =
		    !is_word(before) && !is_dash(before) && before != '.' && before != '@';

		if (begins && id_length(at, prefix, opened, &number)) {
			/* One in brackets is ours; one without may be a word of the sender's. */
			if (opened)
				return number;
			first = first ? first : number;
		}
		opened = point == '[' || (opened && point == ' ');
		before = point;
	}
	return first;
}

/* Bytes of '[SUP-1042]' at `at`, or 0. */
static size_t bracketed_length(const char *at, const char *prefix)
{
	size_t blanks, length;
	int64_t number;

	if (*at != '[')
		return 0;
	blanks = 1 + strspn(at + 1, " ");
	length = id_length(at + blanks, prefix, true, &number);
	if (length == 0)
		return 0;
	length += blanks;
	length += strspn(at + length, " ");
	return at[length] == ']' ? length + 1 : 0;
}

/* Bytes of 'Re:', 'RE[2]:', 'Fwd :' at `at` of a folded subject, or 0. */
static size_t mark_length(const char *at, enum tkt_subject_kind *kind)
{
	for (size_t i = 0; i < COUNT(marks); i++) {
		size_t length = strlen(marks[i].word);

		if (strncmp(at, marks[i].word, length) != 0)
			continue;
		*kind = marks[i].kind;
		length += strspn(at + length, ".^");
		if (at[length] == '[' || at[length] == '(') {
			size_t digits = strspn(at + length + 1, "0123456789");

			if (digits > 0 && at[length + 1 + digits] &&
			    strchr("])", at[length + 1 + digits]))
				length += digits + 2;
		} else {
			length += strspn(at + length, "0123456789");
		}
		length += strspn(at + length, " ");
		if (at[length] == ':')
			return length + 1;
		if (strncmp(at + length, "：", 3) == 0) /* the wide colon of Chinese mailers */
			return length + 3;
	}
	return 0;
}

/* Is what stands within the brackets a filter's word, perhaps with its score? */
static bool is_filter(const char *text, size_t length)
{
	while (length > 0 && strchr(" *", *text)) {
		text++;
		length--;
	}
	while (length > 0 && strchr(" *?!:.,;-_+0123456789/", text[length - 1]))
		length--;
	for (size_t i = 0; i < COUNT(filters); i++)
		if (strlen(filters[i]) == length && memcmp(text, filters[i], length) == 0)
			return true;
	return false;
}

/* Bytes of '[tag]', '{tag}' or '***tag***' at `at` of a folded subject, or 0. */
static size_t tag_length(const char *at, bool *filter)
{
	const char *open = strchr("[{*", *at), *close;
	size_t begin = 1, end;

	if (!*at || !open)
		return 0;
	if (*at == '*')
		begin = strspn(at, "*");
	close = strchr(at + begin, *at == '[' ? ']' : *at == '{' ? '}' : '*');
	end = close ? (size_t)(close - at) : 0;
	if (end <= begin || end > TAG_MOST)
		return 0;
	*filter = is_filter(at + begin, end - begin);
	return end + (*at == '*' ? strspn(close, "*") : 1);
}

/* What stands at `at` before the subject proper. */
struct leading {
	size_t skip; /* bytes to leave out */
	size_t keep; /* or bytes of a list's tag, which stays */
	enum tkt_subject_kind kind;
};

static struct leading leading_at(const char *at, const char *folded, const char *prefix)
{
	struct leading leading = { .kind = TKT_SUBJECT_PLAIN };
	bool filter = false;

	leading.skip = *at == ' ' ? 1 : bracketed_length(at, prefix);
	if (!leading.skip)
		leading.skip = mark_length(folded, &leading.kind);
	if (leading.skip)
		return leading;
	leading.keep = tag_length(folded, &filter);
	if (filter) {
		leading.skip = leading.keep;
		leading.keep = 0;
	} else if (*at != '[') {
		leading.keep = 0;
	}
	return leading;
}

enum tkt_subject_kind tkt_subject_kind(const char *subject)
{
	enum tkt_subject_kind kind = TKT_SUBJECT_PLAIN;
	tkt_autofree char *folded = strdup(subject);

	if (!folded)
		return kind;
	tkt_fold(folded, strlen(folded));
	for (size_t i = 0; i < COUNT(kept_marks); i++)
		if (!strncmp(folded, kept_marks[i].word, strlen(kept_marks[i].word)))
			kind = kept_marks[i].kind;
	for (size_t at = 0; kind == TKT_SUBJECT_PLAIN;) {
		/* Any prefix will do: a tag with an id is passed like that of a list. */
		struct leading leading = leading_at(subject + at, folded + at, "");

		if (leading.skip + leading.keep == 0)
			break;
		if (leading.skip)
			kind = leading.kind;
		at += leading.skip + leading.keep;
	}
	return kind;
}

/* Removes '(fwd)' and blanks from the end. */
static void trim_end(struct tkt_text *clean)
{
	size_t before;

	do {
		before = clean->length;
		while (clean->length > 0 && clean->bytes[clean->length - 1] == ' ')
			tkt_text_truncate(clean, clean->length - 1);
		if (clean->length >= 5 &&
		    strcasecmp(clean->bytes + clean->length - 5, "(fwd)") == 0)
			tkt_text_truncate(clean, clean->length - 5);
	} while (clean->length < before);
}

/* Adds the rest without ids of ours in brackets, and with one blank where one stood. */
static void add_rest(struct tkt_text *clean, const char *subject, const char *prefix)
{
	while (*subject) {
		size_t skip = bracketed_length(subject, prefix);

		if (!skip) {
			tkt_text_add_byte(clean, *subject++);
			continue;
		}
		subject += skip;
		if (*subject == ' ' && clean->length > 0 && clean->bytes[clean->length - 1] == ' ')
			subject++;
	}
}

char *tkt_subject_clean(const char *subject, const char *prefix)
{
	tkt_autofree char *folded = strdup(subject);
	tkt_autotext clean;
	size_t at = 0;

	tkt_text_init(&clean, TKT_TEXT_LIMIT);
	if (!folded)
		return NULL;
	tkt_fold(folded, strlen(folded));
	for (;;) {
		struct leading leading = leading_at(subject + at, folded + at, prefix);

		if (leading.skip + leading.keep == 0)
			break;
		tkt_text_add_bytes(&clean, subject + at, leading.keep);
		at += leading.skip + leading.keep;
		if (leading.keep && subject[at] == ' ')
			tkt_text_add_byte(&clean, ' ');
	}
	add_rest(&clean, subject + at, prefix);
	trim_end(&clean);
	return tkt_text_take(&clean);
}
