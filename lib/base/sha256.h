/* lib/base/sha256.h: the name of some contents: their SHA-256 in lower-case hex. */
#pragma once

#include <stddef.h>

#define TKT_SHA256_SIZE 65 /* 64 digits and a NUL */

void tkt_sha256(const void *bytes, size_t length, char hex[TKT_SHA256_SIZE]);

/* Bytes as lower-case hex; `hex` has room for two digits a byte and a NUL. */
void tkt_hex(const unsigned char *bytes, size_t length, char *hex);
