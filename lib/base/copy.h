/* lib/base/copy.h: files copied byte for byte, files named by what they hold, folders taken away.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"

struct tkt_error;

/* Makes a folder that belongs to its group, whatever the umask is; one that is there is fine. 0 or
 * -1. */
int tkt_folder_make(const char *path, struct tkt_error *error);

/* Is anything in it? No when it cannot be read. */
bool tkt_folder_has_files(const char *path);

/*
 * Makes the file `to`, which must not be there, of the bytes of the regular file `from`. Blocks are
 * shared where the file system can; nothing is synced. `mode` is set whatever the umask is. 0, or
 * -1: NO_INPUT when `from` is not there, PERMISSION, DATA when it is no plain file, TEMPORARY, IO.
 */
int tkt_file_copy(const char *from, const char *to, unsigned mode, struct tkt_error *error);

/* The name of a file's contents, and their size, as the disk has them: what is in memory of a
 * synced file is not asked. 0, or -1 as above. */
int tkt_file_sha256(
    const char *path, char sha256[TKT_SHA256_SIZE], int64_t *size, struct tkt_error *error);

/* Removes a folder with all that is in it, and follows no link out of it; one that is not there is
 * fine. 0 or -1. */
int tkt_folder_remove(const char *path, struct tkt_error *error);

/* All that was written to the file system of `path` is on its disk. 0 or -1. */
int tkt_file_system_sync(const char *path, struct tkt_error *error);
