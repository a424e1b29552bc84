#include "mail/content_type.h"

#include <magic.h>
#include <string.h>

#include "base/error.h"
#include "base/lazy.h"

#include "base/banned.h"

#define UNKNOWN_TYPE "application/octet-stream"
#define SAMPLE ((size_t)64 << 10)
#define NOT_WITHIN \
	(MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF)

char *tkt_content_type(const void *bytes, size_t length, bool is_strange)
{
	struct {
		__typeof__(magic_open) *open;
		__typeof__(magic_load) *load;
		__typeof__(magic_buffer) *judge;
		__typeof__(magic_close) *close;
	} library;
	const struct tkt_lazy_symbol symbols[] = {
		{ "magic_open", (void **)&library.open },
		{ "magic_load", (void **)&library.load },
		{ "magic_buffer", (void **)&library.judge },
		{ "magic_close", (void **)&library.close },
		{ NULL, NULL },
	};
	struct tkt_error error = { 0 };
	const char *type = NULL;
	magic_t magic;
	char *copy;

	if (is_strange && length > SAMPLE)
		length = SAMPLE;
	if ((is_strange && length == 0) || tkt_lazy_open("libmagic.so.1", symbols, &error))
		return strdup(UNKNOWN_TYPE);
	magic = library.open(MAGIC_MIME_TYPE | (is_strange ? NOT_WITHIN : 0));
	if (magic && !library.load(magic, NULL))
		type = library.judge(magic, bytes, length);
	copy = strdup(type && strchr(type, '/') ? type : UNKNOWN_TYPE);
	if (magic)
		library.close(magic);
	return copy;
}
