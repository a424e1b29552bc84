#include "base/base32.h"

#include <assert.h>

#include "base/banned.h"

void tkt_base32(const unsigned char *bytes, size_t length, char *letters)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
	size_t i, count = length / 5 * 8;

	assert(length % 5 == 0);
	for (i = 0; i < count; i++) {
		size_t bit = 5 * i, byte = bit / 8, shift = bit % 8;
		unsigned pair =
		    (unsigned)bytes[byte] << 8 | (byte + 1 < length ? bytes[byte + 1] : 0);

		letters[i] = alphabet[pair >> (11 - shift) & 31];
	}
	letters[count] = '\0';
}
