#include "desk/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/utf8.h"
#include "base/words.h"

#include "base/banned.h"

int tkt_source_init(struct tkt_source *source, const char *folder)
{
	*source = (struct tkt_source){ .folder = strdup(folder), .line = 1 };
	tkt_text_init(&source->policy, TKT_SOURCE_LIMIT);
	return source->folder ? 0 : -1;
}

void tkt_source_clear(struct tkt_source *source)
{
	size_t i;

	for (i = 0; i < source->file_count; i++)
		free(source->files[i]);
	free(source->folder);
	free(source->files);
	free(source->segments);
	tkt_text_clear(&source->policy);
}

void *tkt_source_grow(void **array, size_t count, size_t size)
{
	void *grown = *array;

	if (!(count & (count - 1))) { /* 0 and powers of two: it is full */
		grown = reallocarray(*array, count ? 2 * count : 1, size);
		if (!grown)
			return NULL;
		*array = grown;
	}
	return (char *)grown + count * size;
}

int tkt_source_open(struct tkt_source *source, const char *name, size_t *file)
{
	char **last = tkt_source_grow((void **)&source->files, source->file_count, sizeof(*last));

	if (!last)
		return -1;
	*last = strdup(name);
	if (!*last)
		return -1;
	*file = source->file_count++;
	return tkt_source_continue(source, *file, 1);
}

int tkt_source_continue(struct tkt_source *source, size_t file, int file_line)
{
	struct tkt_segment *segment =
	    tkt_source_grow((void **)&source->segments, source->segment_count, sizeof(*segment));

	if (!segment)
		return -1;
	*segment = (struct tkt_segment){ source->line, file, file_line };
	source->segment_count++;
	return 0;
}

struct tkt_place tkt_source_place(const struct tkt_source *source, int line)
{
	struct tkt_place place = { "desk.conf", line };
	size_t i;

	for (i = source->segment_count; i-- > 0;) {
		const struct tkt_segment *segment = &source->segments[i];

		if (segment->line > line)
			continue;
		place.file = source->files[segment->file];
		place.line = segment->file_line + line - segment->line;
		break;
	}
	return place;
}

bool tkt_source_may_read(const char *path)
{
	const char *at;

	for (at = path; *at; at += strcspn(at, "/"), at += strspn(at, "/"))
		if (!strncmp(at, "..", 2) && (at[2] == '/' || !at[2]))
			return false;
	return *path;
}

int tkt_source_read(const struct tkt_source *source, const char *name, struct tkt_text *text,
    struct tkt_error *error)
{
	tkt_autofree char *path =
	    name[0] == '/' ? strdup(name) : tkt_path_join(source->folder, name);
	struct stat status;
	int file, result;

	if (!path)
		return tkt_error_set_memory(error);
	file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file < 0)
		return tkt_error_set_system(error, errno, _("cannot read '%s'"), path);
	if (fstat(file, &status))
		result = tkt_error_set_system(error, errno, _("cannot read '%s'"), path);
	else if (!S_ISREG(status.st_mode))
		result = tkt_error_set(error, TKT_ERROR_CONFIGURATION, _("'%s' is no file"), path);
	else
		result = tkt_file_read_all(file, path, text, error);
	close(file);
	return result;
}

int tkt_source_check(const char *bytes, size_t length, int *line, struct tkt_error *error)
{
	size_t start = 0, at;

	for (*line = 1, at = 0; at < length; at++) {
		unsigned char byte = (unsigned char)bytes[at];

		if ((byte < ' ' && !memchr("\t\r\n", byte, 3)) || byte == 127)
			return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
			    _("a control character (0x%02x)"), byte);
		if (byte != '\n' && at + 1 < length)
			continue;
		if (!tkt_utf8_is_valid(bytes + start, at + 1 - start))
			return tkt_error_set(
			    error, TKT_ERROR_CONFIGURATION, _("the text is not UTF-8"));
		start = at + 1;
		(*line)++;
	}
	return 0;
}
