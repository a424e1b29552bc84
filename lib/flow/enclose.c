#include "flow/enclose.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "base/words.h"
#include "flow/session.h"
#include "mail/content_type.h"
#include "store/blob.h"

#include "base/banned.h"

#define FILE_LIMIT ((size_t)64 << 20) /* bytes of one attachment */

void tkt_files_clear(struct tkt_files *files)
{
	size_t i;

	for (i = 0; i < files->count; i++) {
		free(files->items[i].name);
		free(files->items[i].content_type);
		tkt_text_clear(&files->items[i].bytes);
	}
	free(files->items);
	memset(files, 0, sizeof(*files));
}

/* The last part of a path, as valid UTF-8. */
static char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	tkt_autotext clean;

	tkt_text_init(&clean, 4096);
	tkt_utf8_repair(&clean, name, strlen(name));
	return tkt_text_take(&clean);
}

int tkt_files_read(
    const struct tkt_strings *paths, struct tkt_files *files, struct tkt_error *error)
{
	tkt_autoptr(judge) judge = tkt_judge_new(false);
	size_t i;

	files->items = calloc(paths->count + 1, sizeof(*files->items));
	if (!files->items || !judge)
		return tkt_error_set_memory(error);
	for (i = 0; i < paths->count; i++) {
		struct tkt_file *file = &files->items[i];

		tkt_text_init(&file->bytes, FILE_LIMIT);
		files->count++;
		if (tkt_file_read(paths->items[i], &file->bytes, error))
			return -1;
		file->name = file_name(paths->items[i]);
		file->content_type = tkt_content_type(judge, file->bytes.bytes, file->bytes.length);
		if (!file->name || !file->content_type)
			return tkt_error_set_memory(error);
	}
	return 0;
}

int tkt_files_enclose(struct tkt_session *session, const struct tkt_files *files, json_t *message,
    struct tkt_error *error)
{
	json_t *list = json_object_get(message, "attachments");
	char sha256[65];
	size_t i;

	if (!files->count)
		return 0;
	if (!list) {
		list = json_array();
		if (json_object_set_new(message, "attachments", list))
			return tkt_error_set_memory(error);
	}
	for (i = 0; i < files->count; i++) {
		const struct tkt_file *file = &files->items[i];

		if (files->named_only)
			tkt_sha256(file->bytes.bytes, file->bytes.length, sha256);
		else if (tkt_blob_write(
			     session->db, file->bytes.bytes, file->bytes.length, sha256, error))
			return -1;
		if (json_array_append_new(list,
			json_pack("{s:s,s:s,s:I,s:s}", "name", file->name, "content_type",
			    file->content_type, "size", (json_int_t)file->bytes.length, "sha256",
			    sha256)))
			return tkt_error_set_memory(error);
	}
	return 0;
}
