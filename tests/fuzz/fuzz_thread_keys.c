/*
 * Any bytes as what ties a letter to a ticket: a subject, a Thread-Index, a list of Message-IDs.
 *
 * Seeds: values of these fields.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/header.h"
#include "mail/parse.h"
#include "mail/thread_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_subject(const char *subject)
{
	char *clean = tkt_subject_clean(subject, "SUP"), *again;

	require(clean != NULL);
	again = tkt_subject_clean(clean, "SUP");
	require(again && strlen(again) <= strlen(clean) && strlen(clean) <= strlen(subject));
	require(tkt_subject_ticket(subject, "SUP") >= 0);
	tkt_subject_kind(subject);
	free(clean);
	free(again);
}

static void check_ids(const char *bytes, size_t length)
{
	json_t *ids = json_array(), *id;
	size_t at;

	tkt_header_ids_of(bytes, length, ids);
	require(json_array_size(ids) <= 200);
	json_array_foreach(ids, at, id) {
		const char *text = json_string_value(id);

		require(
		    *text && !strpbrk(text, " \t\r\n<>") && tkt_utf8_is_valid(text, strlen(text)));
	}
	json_decref(ids);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = strndup((const char *)bytes, length), *copy = malloc(length ? length : 1),
	     *root;
	struct tkt_text line;

	require(text && copy);
	memcpy(copy, bytes, length); /* no NUL behind it: reading past the end is seen */
	tkt_text_init(&line, TKT_TEXT_LIMIT);
	tkt_utf8_repair(&line, text, strlen(text));
	check_subject(line.bytes);
	check_ids(copy, length);
	root = tkt_thread_index_root(text);
	require(root && (strlen(root) == 0 || strlen(root) == 32));
	tkt_text_clear(&line);
	free(root);
	free(copy);
	free(text);
	return 0;
}
