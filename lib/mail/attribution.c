#include <ctype.h>
#include <string.h>

#include "mail/quote_line.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DATED_MOST 120 /* bytes of '02.03.2026 11:30, Anna:' */
#define SHORT_WORDS 5  /* of 'Anna Petrova of support wrote:' */
#define DATED_WORDS 7  /* of 'Anna schrieb am 02.03.2026 um 11:30 Uhr:' */

/* Folded, as the lines are; a part of the word where it is inflected. */
static const char *const verbs[] = { "wrote", "writes", "пише", "писал", "писав", "напісаў",
	"написа", "schrieb", "schreibt", "écrit", "escribi", "scritto", "escreveu", "schreef",
	"napisał", "pisze", "napsal", "písal", "napísal", "skrev", "kirjoitti", "írta", "yazdı",
	"έγραψε", "a scris", "napisao", "napisala", "je pisal", "ha escrit", "kirjutas", "rakstīja",
	"rašė", "menulis", "đã viết", "כתב", "كتب", "写道", "寫道", "のメール", "書きました",
	"のメッセージ", "작성", "쓴 글" };

/* How an attribution begins, before a blank: prepositions, days, and what some programs say. */
static const char *const openers[] = { "on", "at", "in article", "in message", "quoting", "am",
	"zitat von", "le", "el", "il", "op", "den", "em", "no dia", "w dniu", "dnia", "dne", "dňa",
	"la data de", "в", "на", "у", "в письме", "в сообщении", "вы писали", "цитирую", "monday,",
	"tuesday,", "wednesday,", "thursday,", "friday,", "saturday,", "sunday,", "mon,", "tue,",
	"wed,", "thu,", "fri,", "sat,", "sun,", "понедельник,", "вторник,", "среда,", "четверг,",
	"пятница,", "суббота,", "воскресенье,", "пн,", "вт,", "ср,", "чт,", "пт,", "сб,", "вс,",
	"пн.,", "вт.,", "ср.,", "чт.,", "пт.,", "сб.,", "вс.,", "нд,", "lun,", "mar,", "mié,",
	"jue,", "vie,", "sáb,", "dom,", "pon.,", "wt.,", "śr.,", "czw.,", "pt.,", "sob.,",
	"niedz.,", "po", "út", "st", "čt", "pá", "so", "ne", "ma", "ti", "ke", "to", "pe", "la",
	"su", "vào", "在", "pada" };

/* Before an address and nothing else: 'Quoting Anna <a@example.org>:' */
static const char *const quoting[] = { "quoting ", "zitat von ", "цитирую ", "citando " };

static bool has_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

static size_t digits_at(const char *text)
{
	return strspn(text, "0123456789");
}

/* 10:05, with an hour of one or two digits. */
static bool has_time(const char *text)
{
	for (; *text; text++) {
		size_t digits = digits_at(text);

		if (digits == 0)
			continue;
		if (digits <= 2 && text[digits] == ':' && digits_at(text + digits + 1) == 2)
			return true;
		text += digits - 1;
	}
	return false;
}

/* 2026, or 02.03.26 */
static bool has_year(const char *text)
{
	for (; *text; text++) {
		size_t digits = digits_at(text);

		if (digits == 0)
			continue;
		if (digits == 4 && (!strncmp(text, "19", 2) || !strncmp(text, "20", 2)))
			return true;
		if (digits <= 2 && strchr("./-", text[digits])) {
			const char *month = text + digits + 1;
			size_t length = digits_at(month);

			if (length > 0 && length <= 2 && month[length] == text[digits] &&
			    digits_at(month + length + 1) == 2)
				return true;
		}
		text += digits - 1;
	}
	return false;
}

static bool is_address_character(char byte)
{
	return isalnum((unsigned char)byte) || (byte && strchr("._-+=", byte)) ||
	    (unsigned char)byte >= 0x80;
}

static bool has_address(const char *text)
{
	for (const char *at = text; (at = strchr(at, '@')); at++)
		if (at > text && is_address_character(at[-1]) && is_address_character(at[1]))
			return true;
	return false;
}

/* What only a program says without an address: a day's short name, seconds, AM and PM. */
static bool has_program_signs(const char *text)
{
	static const char *const signs[] = { "mon,", "tue,", "wed,", "thu,", "fri,", "sat,", "sun,",
		"monday,", "tuesday,", "wednesday,", "thursday,", "friday,", "saturday,", "sunday,",
		" am,", " pm,", ", at ", "gmt", " +0" };

	return has_any(text, signs, COUNT(signs));
}

/* Bytes of the line without ':' (or what stands for it) and ornaments at its end; 0: no colon. */
static size_t before_colon(const struct tkt_quote_line *line)
{
	const char *text = line->text;
	size_t end = line->length, ornaments = 0;

	if (line->is_cut)
		return 0;
	while (end > 0 && strchr("-* ", text[end - 1])) {
		ornaments += text[end - 1] == '-';
		end--;
	}
	if (end > 0 && text[end - 1] == ':') {
		end--;
	} else if (end >= 3 && !memcmp(text + end - 3, "：", 3)) {
		end -= 3;
	} else if (ornaments < 2 || strncmp(text, "--", 2) != 0) {
		return 0; /* '---- On ... wrote ----' needs none */
	}
	while (end > 0 && text[end - 1] == ' ')
		end--;
	return end;
}

static bool begins_with_opener(const char *text)
{
	for (size_t i = 0; i < COUNT(openers); i++) {
		size_t length = strlen(openers[i]);

		if (!strncmp(text, openers[i], length) &&
		    (text[length] == ' ' || text[length] == 0 || !strcmp(openers[i], "在")))
			return true;
	}
	return false;
}

bool tkt_quote_may_begin(const struct tkt_quote_line *line)
{
	const char *text = line->text + strspn(line->text, "-* ");

	return isdigit((unsigned char)*text) || strchr(text, '<') ||
	    has_any(text, verbs, COUNT(verbs)) || begins_with_opener(text);
}

/* Where the last word begins. */
static const char *last_word(const char *text, size_t length)
{
	const char *blank = memrchr(text, ' ', length);

	return blank ? blank + 1 : text;
}

/* 'Anna wrote': a few words and no sentence. */
static bool is_short(const char *text, size_t length, size_t most)
{
	size_t words = 1;

	for (const char *at = text; at < text + length; at++) {
		if (strchr(",;!?", *at))
			return false;
		words += *at == ' ';
	}
	return words <= most;
}

/* Without a full date: 'Anna wrote:', 'On Monday, Anna wrote:', 'anna@example.org wrote:'. */
static bool is_plain(const struct tkt_quote_line *line, size_t length)
{
	const char *text = line->text;

	return has_any(last_word(text, length), verbs, COUNT(verbs)) &&
	    (is_short(text, length, SHORT_WORDS) || begins_with_opener(text));
}

/* 'Mon, 2 Mar 2026 10:00 Anna <a@example.org>:' needs no verb. */
static bool ends_with_address(const char *text, size_t length)
{
	return length > 0 && strchr(">)]", text[length - 1]) && has_address(text);
}

/* Not a sentence that happens to have a verb and a date in it: 'I wrote on 02.03.2026 that ...'. */
static bool is_shaped(const char *text, size_t length)
{
	text += strspn(text, "-* ");
	return isdigit((unsigned char)*text) || strchr(text, '<') || begins_with_opener(text) ||
	    is_short(text, length, DATED_WORDS) ||
	    has_any(last_word(text, length), verbs, COUNT(verbs));
}

/* What a line says up to its colon, `length` bytes. */
static enum tkt_quote_attribution judge(const struct tkt_quote_line *line, size_t length)
{
	const char *text = line->text;
	bool verb, year, time, address;

	if (length == 0 || strstr(text, "! ") || strstr(text, "? "))
		return TKT_QUOTE_NOBODY;
	verb = has_any(text, verbs, COUNT(verbs));
	address = has_address(text);
	for (size_t i = 0; i < COUNT(quoting); i++)
		if (address && !strncmp(text, quoting[i], strlen(quoting[i])))
			return TKT_QUOTE_PERHAPS;
	year = has_year(text);
	time = has_time(text);
	if (!is_shaped(text, length))
		return TKT_QUOTE_NOBODY;
	if ((verb || ends_with_address(text, length)) && year && (time || address)) {
		if (address && strchr(text, '<') ? time || verb : has_program_signs(text))
			return TKT_QUOTE_CERTAIN;
		return TKT_QUOTE_DATED;
	}
	if (year && time && length < DATED_MOST && isdigit((unsigned char)*text))
		return TKT_QUOTE_PERHAPS;
	if ((verb && (address || year || time)) || is_plain(line, length))
		return TKT_QUOTE_PERHAPS;
	return TKT_QUOTE_NOBODY;
}

/* Some telephones go on behind 'wrote:' on the same line. Nothing less than certain counts. */
static enum tkt_quote_attribution judge_beginning(const struct tkt_quote_line *line)
{
	static const char *const ends[] = { "> wrote: ", "> написал(а): ", "> schrieb: " };

	for (size_t i = 0; i < COUNT(ends); i++) {
		const char *end = strstr(line->text, ends[i]);
		struct tkt_quote_line beginning = *line;

		if (!end)
			continue;
		beginning.length = (size_t)(end - line->text) + strlen(ends[i]) - 1;
		beginning.text[beginning.length] = 0;
		beginning.is_cut = false;
		if (judge(&beginning, before_colon(&beginning)) == TKT_QUOTE_CERTAIN)
			return TKT_QUOTE_CERTAIN;
	}
	return TKT_QUOTE_NOBODY;
}

enum tkt_quote_attribution tkt_quote_attribution(const struct tkt_quote_line *line)
{
	enum tkt_quote_attribution sure = judge(line, before_colon(line));

	return sure ? sure : judge_beginning(line);
}
