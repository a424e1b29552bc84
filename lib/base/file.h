/* lib/base/file.h: whole files in and out, within bounds, and safely down on the disk. */
#pragma once
#include <stddef.h>

struct tkt_error;
struct tkt_text;

/* Reads all of an open file, or of the file at `path` ('-' is standard input), behind what `text`
 * holds. The text's limit bounds it. 0, or -1 with NO_INPUT, PERMISSION, DATA (too large) or IO. */
int tkt_file_read_all(int file, const char *name, struct tkt_text *text, struct tkt_error *error);
int tkt_file_read(const char *path, struct tkt_text *text, struct tkt_error *error);

/* Writes all bytes, over short writes and EINTR. 0, or -1 with IO or TEMPORARY. */
int tkt_file_write_all(
    int file, const char *name, const void *bytes, size_t length, struct tkt_error *error);

/*
 * A new file that is on the disk, with its name, before the call returns: written to a temporary
 * name in the same folder, synced, renamed, the folder synced. An existing file stays as it was
 * and counts as success (contents are named by their hash). mode as for open(2).
 */
int tkt_file_write_durable(const char *folder, const char *name, const void *bytes, size_t length,
    unsigned mode, struct tkt_error *error);

/* 'a/b' from its parts, to be freed; NULL when memory is out. */
char *tkt_path_join(const char *folder, const char *name);
