/*
 * lib/flow/sums.h: the file SHA256SUMS of a backup, as sha256sum(1) of coreutils writes and checks
 * it: the name of each file's contents, and its path.
 */
#pragma once

struct tkt_error;
struct tkt_text;

#define TKT_SUMS_FILE "SHA256SUMS"

/* Adds the line of a file; `path` is relative to the backup. */
void tkt_sums_add(struct tkt_text *sums, const char *sha256, const char *path);

typedef int tkt_sum_visit(
    const char *sha256, const char *path, void *context, struct tkt_error *error);
/* Hands over each line of the file in `folder`. 0, or -1: NO_INPUT, DATA (a bad line: it may come
 * from elsewhere, so a path that leaves the folder is one), what `visit` says. */
int tkt_sums_each(const char *folder, tkt_sum_visit *visit, void *context, struct tkt_error *error);

/* What the folder holds is no backup any more, but a desk that works. 0 or -1. */
int tkt_sums_remove(const char *folder, struct tkt_error *error);
