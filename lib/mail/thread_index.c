#include "mail/thread_index.h"

#include <nettle/base64.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#include "base/banned.h"

#define ROOT 22          /* bytes */
#define VALUE_MOST 10000 /* characters: an answer adds 7 */
#define FIRST_BYTE 1     /* reserved, always so */
#define GUID 6           /* where it begins */

/* A GUID of one byte over and over is nobody's. */
static bool is_root(const uint8_t *bytes, size_t length)
{
	if (length < ROOT || bytes[0] != FIRST_BYTE)
		return false;
	for (size_t i = GUID + 1; i < ROOT; i++)
		if (bytes[i] != bytes[GUID])
			return true;
	return false;
}

char *tkt_thread_index_root(const char *value)
{
	size_t size = value ? strlen(value) : 0, length = 0;
	tkt_autofree uint8_t *bytes = NULL;
	struct base64_decode_ctx context;
	char *root;

	if (size > VALUE_MOST)
		size = 0;
	bytes = malloc(BASE64_DECODE_LENGTH(size) + 1);
	root = calloc(1, BASE64_ENCODE_RAW_LENGTH(ROOT) + 1);
	if (!bytes || !root) {
		free(root);
		return NULL;
	}
	base64_decode_init(&context);
	/* Its end may be cut off: the root is what counts. */
	if (base64_decode_update(&context, &length, bytes, size, value ? value : "") &&
	    is_root(bytes, length))
		base64_encode_raw(root, ROOT, bytes);
	return root;
}
