#include "mail/fold.h"

#include "base/banned.h"

/* The second byte of a capital behind 0xC3 (Latin-1) or 0xD0 (Cyrillic); both may change. */
static void fold_pair(unsigned char *pair)
{
	if (pair[0] == 0xC3 && pair[1] >= 0x80 && pair[1] <= 0x9E && pair[1] != 0x97) {
		pair[1] += 0x20;
	} else if (pair[0] == 0xD0 && pair[1] >= 0x90 && pair[1] <= 0x9F) { /* А-П */
		pair[1] += 0x20;
	} else if (pair[0] == 0xD0 && pair[1] >= 0xA0 && pair[1] <= 0xAF) { /* Р-Я */
		pair[0] = 0xD1;
		pair[1] -= 0x20;
	} else if (pair[0] == 0xD0 && pair[1] >= 0x80 && pair[1] <= 0x8F) { /* Ѐ-Џ */
		pair[0] = 0xD1;
		pair[1] += 0x10;
	}
}

void tkt_fold(char *text, size_t length)
{
	for (size_t at = 0; at < length; at++) {
		unsigned char byte = (unsigned char)text[at];

		if (byte >= 'A' && byte <= 'Z')
			text[at] = (char)(byte + ('a' - 'A'));
		else if ((byte == 0xC3 || byte == 0xD0) && at + 1 < length)
			fold_pair((unsigned char *)text + at++);
	}
}
