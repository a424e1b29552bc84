/* lib/desk/source.h: the text of a desk with its includes, and which line of which file each line
 * was.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct tkt_error;

#define TKT_SOURCE_LIMIT ((size_t)1 << 20) /* bytes of desk.conf with all its includes */

struct tkt_place {
	const char *file; /* relative to the desk, or absolute as the include was; borrowed */
	int line;         /* from 1 */
};

/* From `line` of the whole text on, lines are those of `file` from `file_line` on. */
struct tkt_segment {
	int line;
	size_t file;
	int file_line;
};

struct tkt_source {
	char *folder;
	struct tkt_text policy; /* what was read, includes in place of their lines */
	int line;               /* of the whole text, the one being read, from 1 */
	char **files;
	size_t file_count;
	struct tkt_segment *segments;
	size_t segment_count;
};

/* 0, or -1 when memory is out. */
int tkt_source_init(struct tkt_source *source, const char *folder);
void tkt_source_clear(struct tkt_source *source);

/* Room for one more behind `count` elements of an array that grows by this call alone; NULL when
 * memory is out. */
void *tkt_source_grow(void **array, size_t count, size_t size);

/* A new file begins at line 1; *file is its number. 0, or -1 when memory is out. */
int tkt_source_open(struct tkt_source *source, const char *name, size_t *file);
/* The line being read is `file_line` of `file`, and so on. 0, or -1 when memory is out. */
int tkt_source_continue(struct tkt_source *source, size_t file, int file_line);
struct tkt_place tkt_source_place(const struct tkt_source *source, int line);

/* A path below the folder, or an absolute one; no empty one, no '..'. */
bool tkt_source_may_read(const char *path);
/* Reads a regular file below the folder, or at an absolute path; a fifo would make us wait. 0, or
 * -1 with NO_INPUT, PERMISSION, DATA (too large), CONFIGURATION (no file) or IO. */
int tkt_source_read(const struct tkt_source *source, const char *name, struct tkt_text *text,
    struct tkt_error *error);
/* Bytes that no editor shows may mean something else to a person than to us: 0, or -1 with
 * CONFIGURATION for a control character or what is not UTF-8, and its line. */
int tkt_source_check(const char *bytes, size_t length, int *line, struct tkt_error *error);
