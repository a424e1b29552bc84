/* lib/desk/size.h: a number of bytes as people write it: '16M', '1G', '500k', '0'. */
#pragma once
#include <stdint.h>

struct tkt_error;

/* k, M, G and T are powers of 1024; at most 1000T. 0, or -1 with CONFIGURATION. */
int tkt_size_parse(const char *value, int64_t *bytes, struct tkt_error *error);
