/* lib/store/blob.h: contents by SHA-256: compressed in the database up to 256 KB, else files below
 * blobs/. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* Contents as the database knows them. */
struct tkt_blob {
	char sha256[65];
	bool is_file;    /* below blobs/, which is not looked at */
	bool is_damaged; /* in the database, and not what its name says */
};
typedef int tkt_blob_visit(const struct tkt_blob *blob, void *context, struct tkt_error *error);
/* Hands over all contents, in batches: no read transaction is open meanwhile. 0, or -1: what
 * `visit` says. */
int tkt_blob_each(struct tkt_db *db, tkt_blob_visit *visit, void *context, struct tkt_error *error);
/* Does it know them? 1, 0, -1. */
int tkt_blob_is_known(struct tkt_db *db, const char *sha256, struct tkt_error *error);
/* Takes back one tkt_blob_write() of them: the last one takes contents and file away; those that
 * were stored before uses were counted stay. In a write transaction, which keeps others from
 * storing them meanwhile. 0 or -1. */
int tkt_blob_drop(struct tkt_db *db, const char *sha256, struct tkt_error *error);
/* Forgets the row of a file. In a database that nobody else has open. 0 or -1. */
int tkt_blob_forget(struct tkt_db *db, const char *sha256, struct tkt_error *error);
