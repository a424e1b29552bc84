#include "mail/date.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/time.h"
#include "mail/fold.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EARLIEST 631152000 /* 1990-01-01: no mail of a desk is older */
#define LATEST 4102444800  /* 2100-01-01 */
#define LENGTH_LIMIT 400   /* bytes worth reading */
#define WORD_LIMIT 40

/* How a month begins; the longer one of two beginnings stands first. */
static const struct {
	const char *beginning;
	int month;
} months[] = {
	{ "jan", 1 },
	{ "feb", 2 },
	{ "mar", 3 },
	{ "apr", 4 },
	{ "may", 5 },
	{ "jun", 6 },
	{ "jul", 7 },
	{ "aug", 8 },
	{ "sep", 9 },
	{ "oct", 10 },
	{ "nov", 11 },
	{ "dec", 12 },
	{ "янв", 1 },
	{ "фев", 2 },
	{ "мар", 3 },
	{ "апр", 4 },
	{ "май", 5 },
	{ "мая", 5 },
	{ "июн", 6 },
	{ "июл", 7 },
	{ "авг", 8 },
	{ "сен", 9 },
	{ "окт", 10 },
	{ "ноя", 11 },
	{ "дек", 12 },
	{ "mär", 3 },
	{ "mrz", 3 },
	{ "mai", 5 },
	{ "okt", 10 },
	{ "dez", 12 },
	{ "janv", 1 },
	{ "fév", 2 },
	{ "fev", 2 },
	{ "avr", 4 },
	{ "juin", 6 },
	{ "juil", 7 },
	{ "août", 8 },
	{ "aou", 8 },
	{ "déc", 12 },
	{ "ene", 1 },
	{ "abr", 4 },
	{ "ago", 8 },
	{ "dic", 12 },
	{ "gen", 1 },
	{ "mag", 5 },
	{ "giu", 6 },
	{ "lug", 7 },
	{ "set", 9 },
	{ "ott", 10 },
};

/* Zones by name, in minutes (RFC 822, 5.1, and those of Europe and Russia). */
static const struct {
	const char *name;
	int minutes;
} zones[] = {
	{ "z", 0 },
	{ "ut", 0 },
	{ "utc", 0 },
	{ "gmt", 0 },
	{ "wet", 0 },
	{ "est", -300 },
	{ "edt", -240 },
	{ "cst", -360 },
	{ "cdt", -300 },
	{ "mst", -420 },
	{ "mdt", -360 },
	{ "pst", -480 },
	{ "pdt", -420 },
	{ "bst", 60 },
	{ "cet", 60 },
	{ "met", 60 },
	{ "mez", 60 },
	{ "west", 60 },
	{ "cest", 120 },
	{ "mest", 120 },
	{ "mesz", 120 },
	{ "eet", 120 },
	{ "eest", 180 },
	{ "msk", 180 },
	{ "msd", 240 },
	{ "jst", 540 },
	{ "kst", 540 },
	{ "hkt", 480 },
	{ "ist", 330 },
};

struct date {
	int numbers[3]; /* day, month, year, as far as they are numbers; in their order */
	int digits[3];  /* of each */
	int count;
	int month; /* by name; 0: none */
	int hour, minute, second;
	bool has_time;
	bool has_sign;  /* the zone's offset was read */
	int zone;       /* minutes */
	char separator; /* between the first two numbers */
};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Letters of any script. */
static bool is_letter(char byte)
{
	return ((byte | 32) >= 'a' && (byte | 32) <= 'z') || (unsigned char)byte >= 0x80;
}

static int read_number(const char **at, int *digits)
{
	int number = 0;

	for (*digits = 0; is_digit(**at); ++*at, ++*digits)
		if (number < 1000000)
			number = number * 10 + (**at - '0');
	return number;
}

/* '+0300', '+300', '+03:00', '+3', at the sign. What no zone on earth has is none. */
static void read_offset(struct date *date, const char **at)
{
	int sign = **at == '-' ? -1 : 1, digits, more, hours, minutes = 0;

	++*at;
	hours = read_number(at, &digits);
	if (digits == 0)
		return;
	if (**at == ':' && is_digit((*at)[1])) {
		++*at;
		minutes = read_number(at, &more);
	} else if (digits > 2) {
		minutes = hours % 100;
		hours /= 100;
	}
	if (hours > 14 || minutes > 59 || date->has_sign)
		return;
	date->zone = sign * (hours * 60 + minutes);
	date->has_sign = true;
}

/* 'HH:MM', 'HH:MM:SS', with dots too, behind the hour. */
static void read_time(struct date *date, const char **at, int hour)
{
	char separator = **at;
	int digits;

	date->hour = hour;
	++*at;
	date->minute = read_number(at, &digits);
	if (**at == separator && is_digit((*at)[1])) {
		++*at;
		date->second = read_number(at, &digits);
	}
	if ((**at == '.' || **at == ',') && is_digit((*at)[1])) { /* a fraction of a second */
		++*at;
		read_number(at, &digits);
	}
	date->has_time = true;
}

/* Is 'HH.MM.SS' what stands there, and no date of numbers and dots? */
static bool is_dotted_time(const struct date *date, const char *at, int digits)
{
	return *at == '.' && is_digit(at[1]) && digits <= 2 && !date->has_time &&
	    (date->month ? date->count >= 2 : date->count >= 3);
}

static void take_number(struct date *date, const char **at)
{
	int digits, number = read_number(at, &digits);

	if (**at == ':' && is_digit((*at)[1]) && !date->has_time) {
		read_time(date, at, number);
	} else if (is_dotted_time(date, *at, digits)) {
		read_time(date, at, number);
	} else if (date->count < 3 && digits <= 4) {
		date->numbers[date->count] = number;
		date->digits[date->count] = digits;
		if (date->count == 0)
			date->separator = **at;
		date->count++;
	}
}

static void take_word(struct date *date, const char **at)
{
	char word[WORD_LIMIT];
	size_t length = 0;

	for (; is_letter(**at); ++*at)
		if (length < sizeof word - 1)
			word[length++] = **at;
	word[length] = 0;
	tkt_fold(word, length);
	if (date->has_time && (strcmp(word, "am") == 0 || strcmp(word, "pm") == 0)) {
		date->hour = date->hour % 12 + (word[0] == 'p' ? 12 : 0);
		return;
	}
	for (size_t i = 0; i < COUNT(zones) && date->has_time && !date->has_sign; i++)
		if (strcmp(word, zones[i].name) == 0)
			date->zone = zones[i].minutes;
	for (size_t i = 0; i < COUNT(months) && !date->month; i++) {
		const char *beginning = months[i].beginning;

		/* A weekday may begin as a month does: 'mar.', 'Mardi'. The month has a day before
		 * it, or no number at all yet and one behind it. */
		if (strncmp(word, beginning, strlen(beginning)) == 0) {
			const char *next = *at + strspn(*at, " .-/");

			if (date->count == 0 && !is_digit(*next))
				continue;
			date->month = months[i].month;
		}
	}
}

/* Comments, of any depth, say nothing but the zone of a time that has none: '(MSK)'. */
static void take_comment(struct date *date, const char **at)
{
	int depth = 0;

	for (; **at; ++*at) {
		depth += **at == '(';
		depth -= **at == ')';
		if (depth == 0) {
			++*at;
			return;
		}
		if (is_letter(**at) && depth == 1 && date->has_time && !date->has_sign &&
		    !date->zone) {
			take_word(date, at);
			--*at;
		}
	}
}

static void scan(struct date *date, const char *value)
{
	const char *end = value + strnlen(value, LENGTH_LIMIT);

	for (const char *at = value; at < end && *at;) {
		bool iso = at > value && *at == 'T' && is_digit(at[-1]) && is_digit(at[1]);
		/* In '12:00:00 02-03-2026' a hyphen is no sign. */
		bool sign = *at == '+' ||
		    (*at == '-' &&
			(at == value || !is_digit(at[-1]) || date->count + !!date->month >= 3));

		if (*at == '(')
			take_comment(date, &at);
		else if (date->has_time && sign && is_digit(at[1]))
			read_offset(date, &at);
		else if (is_digit(*at))
			take_number(date, &at);
		else if (is_letter(*at) && !iso)
			take_word(date, &at);
		else
			at++;
	}
}

/* RFC 5322, 4.3: two digits up to 49 are of this century, three count from 1900. */
static int full_year(int year, int digits)
{
	if (digits == 3 || (digits == 2 && year >= 50))
		return year + 1900;
	return digits <= 2 ? year + 2000 : year;
}

/* Which number is what; false when that cannot be told. */
static bool place(struct date *date, struct tkt_civil *civil)
{
	int *number = date->numbers, day = 0, year = 1;

	if (date->month) {
		if (date->count < 2)
			return false;
		day = date->digits[0] > 2 ? 1 : 0; /* '2026 Mar 02' */
		year = 1 - day;
		civil->month = date->month;
	} else if (date->count < 3) {
		return false;
	} else if (date->digits[0] == 4) { /* ISO 8601 */
		day = 2;
		year = 0;
		civil->month = number[1];
	} else {
		/* '3/2/2026' is American, '02.03.2026' is not. */
		day = date->separator == '/' && number[0] <= 12 ? 1 : 0;
		year = 2;
		civil->month = number[1 - day];
	}
	civil->day = number[day];
	civil->year = full_year(number[year], date->digits[year]);
	return true;
}

int64_t tkt_date_read(const char *value)
{
	struct date date = { .count = 0 };
	struct tkt_civil civil = { .hour = 0 };
	int64_t time;

	if (!value)
		return TKT_TIME_NONE;
	scan(&date, value);
	if (!place(&date, &civil) || !tkt_date_is_valid(civil.year, civil.month, civil.day) ||
	    date.hour > 23 || date.minute > 59 || date.second > 60)
		return TKT_TIME_NONE;
	civil.hour = date.hour;
	civil.minute = date.minute;
	civil.second = date.second;
	time = tkt_time_from_civil(&civil) - (int64_t)date.zone * 60;
	return time < EARLIEST || time >= LATEST ? TKT_TIME_NONE : time;
}
