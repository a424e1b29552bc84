/* lib/store/blob.h: contents by SHA-256: compressed in the database up to 256 KB, else files below
 * blobs/. */
#pragma once
#include <stddef.h>

#include "base/text.h"

struct tkt_db;
struct tkt_error;

#define TKT_BLOB_INLINE ((size_t)256 << 10)

/* Stores contents under their name; twice is once. A large one is a synced file before it returns.
 * In a write transaction. */
int tkt_blob_write(
    struct tkt_db *db, const void *bytes, size_t length, char sha256[65], struct tkt_error *error);
/* Adds the contents to `out`. 1; 0 when they are not here (a replayed log); -1, with DATA when they
 * do not have their name. */
int tkt_blob_read(
    struct tkt_db *db, const char *sha256, struct tkt_text *out, struct tkt_error *error);
