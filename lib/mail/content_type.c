#include "mail/content_type.h"

#include <magic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/lazy.h"

#include "base/banned.h"

#define UNKNOWN_TYPE "application/octet-stream"
#define SAMPLE ((size_t)64 << 10)
#define ALL_SAMPLES ((size_t)8 << 20) /* 64 KB take 5 ms: beyond, a short look */
#define SHORT_SAMPLE ((size_t)1 << 10)
#define NOT_WITHIN \
	(MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF)

struct tkt_judge {
	struct {
		__typeof__(magic_open) *open;
		__typeof__(magic_load) *load;
		__typeof__(magic_buffer) *judge;
		__typeof__(magic_close) *close;
	} library;
	magic_t magic; /* NULL: not opened yet, or it cannot be */
	bool is_strange, is_opened;
	size_t judged; /* bytes of strange contents */
};

struct tkt_judge *tkt_judge_new(bool is_strange)
{
	struct tkt_judge *judge = calloc(1, sizeof(*judge));

	if (judge)
		judge->is_strange = is_strange;
	return judge;
}

void tkt_judge_free(struct tkt_judge *judge)
{
	if (judge && judge->magic)
		judge->library.close(judge->magic);
	free(judge);
}

static void open_magic(struct tkt_judge *judge)
{
	const struct tkt_lazy_symbol symbols[] = {
		{ "magic_open", (void **)&judge->library.open },
		{ "magic_load", (void **)&judge->library.load },
		{ "magic_buffer", (void **)&judge->library.judge },
		{ "magic_close", (void **)&judge->library.close },
		{ NULL, NULL },
	};
	struct tkt_error error = { 0 };

	judge->is_opened = true;
	if (tkt_lazy_open("libmagic.so.1", symbols, &error))
		return;
	judge->magic = judge->library.open(MAGIC_MIME_TYPE | (judge->is_strange ? NOT_WITHIN : 0));
	if (judge->magic && judge->library.load(judge->magic, NULL)) {
		judge->library.close(judge->magic);
		judge->magic = NULL;
	}
}

const char *tkt_judge_type(struct tkt_judge *judge, const void *bytes, size_t length)
{
	size_t sample = judge->judged < ALL_SAMPLES ? SAMPLE : SHORT_SAMPLE;
	const char *type = NULL;

	if (judge->is_strange && length > sample)
		length = sample;
	judge->judged += length;
	if (judge->is_strange && length == 0)
		return NULL;
	if (!judge->is_opened)
		open_magic(judge);
	if (judge->magic)
		type = judge->library.judge(judge->magic, bytes, length);
	return type && strchr(type, '/') ? type : NULL;
}

char *tkt_content_type(struct tkt_judge *judge, const void *bytes, size_t length)
{
	const char *type = tkt_judge_type(judge, bytes, length);

	return strdup(type ? type : UNKNOWN_TYPE);
}
