#include "mail/charset_name.h"

#include <iconv.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* By their letters and digits in lower case: names that iconv lacks or that have a superset. */
static const struct {
	const char *key, *better;
} better_names[] = {
	{ "iso88591", "WINDOWS-1252" },
	{ "latin1", "WINDOWS-1252" },
	{ "88591", "WINDOWS-1252" },
	{ "ansi", "WINDOWS-1252" },
	{ "macroman", "MACINTOSH" },
	{ "xmacroman", "MACINTOSH" },
	{ "iso88599", "WINDOWS-1254" },
	{ "latin5", "WINDOWS-1254" },
	{ "iso88598i", "ISO-8859-8" },
	{ "iso88598e", "ISO-8859-8" },
	{ "iso885911", "CP874" },
	{ "tis620", "CP874" },
	{ "windows874", "CP874" },
	{ "gb2312", "GB18030" },
	{ "gb231280", "GB18030" },
	{ "csgb2312", "GB18030" },
	{ "chinesegb2312", "GB18030" },
	{ "gbk", "GB18030" },
	{ "xgbk", "GB18030" },
	{ "cp936", "GB18030" },
	{ "euccn", "GB18030" },
	{ "big5", "BIG5-HKSCS" },
	{ "xxbig5", "BIG5-HKSCS" },
	{ "cnbig5", "BIG5-HKSCS" },
	{ "ksc56011987", "CP949" },
	{ "ksc5601", "CP949" },
	{ "euckr", "CP949" },
	{ "korean", "CP949" },
	{ "xwindows949", "CP949" },
	{ "shiftjis", "CP932" },
	{ "sjis", "CP932" },
	{ "xsjis", "CP932" },
	{ "mskanji", "CP932" },
	{ "windows31j", "CP932" },
	{ "eucjp", "EUC-JP-MS" },
	{ "xeucjp", "EUC-JP-MS" },
	{ "iso2022jp", "ISO-2022-JP" },
	{ "iso2022jpms", "ISO-2022-JP" },
	{ "cp50220", "ISO-2022-JP" },
	{ "cp50221", "ISO-2022-JP" },
	{ "hzgb2312", "HZ-GB-2312" },
	{ "hz", "HZ-GB-2312" },
	{ "xmaccyrillic", "MAC-CYRILLIC" },
	{ "maccyrillic", "MAC-CYRILLIC" },
	{ "koi8", "KOI8-R" },
	{ "koi", "KOI8-R" },
	{ "koi8ru", "KOI8-U" },
	{ "cp20866", "KOI8-R" },
	{ "dos866", "IBM866" },
	{ "cp866", "IBM866" },
	{ "utf8", "UTF-8" },
	{ "utf8mb4", "UTF-8" },
	{ "unicode11utf8", "UTF-8" },
	{ "cp65001", "UTF-8" },
	{ "unicode11utf7", "UTF-7" },
	{ "unicode", "UTF-16" },
	{ "ucs2", "UTF-16" },
	{ "iso10646ucs2", "UTF-16" },
};

/* Names that say nothing about bytes above 127. */
static const char *const empty_keys[] = { "usascii", "ascii", "ansix341968", "unknown8bit",
	"xunknown", "unknown", "8bit", "default", "none", "binary", "xuserdefined", "userdefined",
	"foocharset", "xbinary" };

/* Beginnings that more may follow: 'windows-1251http-equiv...'. */
static const struct {
	const char *beginning;
	size_t digits;
	const char *format;
} families[] = {
	{ "windows125", 1, "WINDOWS-125%.*s" },
	{ "cp125", 1, "WINDOWS-125%.*s" },
	{ "xcp125", 1, "WINDOWS-125%.*s" },
	{ "win125", 1, "WINDOWS-125%.*s" },
	{ "125", 1, "WINDOWS-125%.*s" },
	{ "koi8r", 0, "KOI8-R%.*s" },
	{ "koi8u", 0, "KOI8-U%.*s" },
	{ "utf8", 0, "UTF-8%.*s" },
};

/* What iconv may be asked for as it stands: it makes file names of what it is given. */
static bool is_known(const char *name)
{
	size_t length = strlen(name);
	iconv_t handle;

	if (length == 0 || length >= TKT_CHARSET_NAME_SIZE ||
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:.+") !=
		length)
		return false;
	handle = iconv_open("UTF-8", name);
	if (handle == (iconv_t)-1)
		return false;
	iconv_close(handle);
	return true;
}

/* Letters and digits alone, in lower case, up to what a parameter or a tag left behind. */
static void make_key(const char *declared, char key[static TKT_CHARSET_NAME_SIZE])
{
	size_t length = 0;

	declared += strspn(declared, " \t\r\n'\"=");
	for (; *declared && !strchr(" \t\r\n;,<>'\"", *declared); declared++) {
		char byte = *declared;

		if (byte >= 'A' && byte <= 'Z')
			byte |= 32;
		if (((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')) &&
		    length < TKT_CHARSET_NAME_SIZE - 1)
			key[length++] = byte;
	}
	key[length] = 0;
}

static bool find_family(const char *key, char name[static TKT_CHARSET_NAME_SIZE])
{
	for (size_t i = 0; i < COUNT(families); i++) {
		size_t length = strlen(families[i].beginning);

		if (strncmp(key, families[i].beginning, length) != 0)
			continue;
		snprintf(name, TKT_CHARSET_NAME_SIZE, families[i].format, (int)families[i].digits,
		    key + length);
		return is_known(name);
	}
	return false;
}

/* 'iso88592windowslatin' and 'iso88591' have their number behind 'iso8859'. */
static bool find_iso_8859(const char *key, char name[static TKT_CHARSET_NAME_SIZE])
{
	size_t digits;

	if (strncmp(key, "iso8859", 7) != 0)
		return false;
	key += 7;
	digits = strspn(key, "0123456789");
	if (digits == 1 && *key == '1')
		snprintf(name, TKT_CHARSET_NAME_SIZE, "WINDOWS-1252");
	else
		snprintf(name, TKT_CHARSET_NAME_SIZE, "ISO-8859-%.*s", (int)digits, key);
	return digits > 0 && is_known(name);
}

bool tkt_charset_name(const char *declared, char name[static TKT_CHARSET_NAME_SIZE])
{
	char key[TKT_CHARSET_NAME_SIZE];

	if (!declared)
		return false;
	make_key(declared, key);
	for (size_t i = 0; i < COUNT(empty_keys); i++)
		if (strcmp(key, empty_keys[i]) == 0)
			return false;
	for (size_t i = 0; i < COUNT(better_names); i++)
		if (strcmp(key, better_names[i].key) == 0) {
			snprintf(name, TKT_CHARSET_NAME_SIZE, "%s", better_names[i].better);
			return true;
		}
	if (is_known(declared)) {
		snprintf(name, TKT_CHARSET_NAME_SIZE, "%s", declared);
		return true;
	}
	return find_family(key, name) || find_iso_8859(key, name) ||
	    (is_known(key) && snprintf(name, TKT_CHARSET_NAME_SIZE, "%s", key) > 0);
}

bool tkt_charset_is_multibyte(const char *name)
{
	static const char *const names[] = { "GB", "BIG5", "EUC", "SHIFT", "CP93", "CP94", "UHC",
		"ISO-2022", "HZ", "UTF", "UCS", "SJIS", "JOHAB", "CP1361" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (strncasecmp(name, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}
