/*
 * lib/flow/receive.h: letters from one place or many into the desk: read and parsed outside, taken
 * in inside a transaction, reported after its commit.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "flow/take_in.h"

struct tkt_error;
struct tkt_session;

/* Told of each letter once it is safe. `error` is for the report's own failure (standard output).
 */
typedef int tkt_receive_report(struct tkt_session *session, const struct tkt_letter *letter,
    const struct tkt_taken *taken, struct tkt_error *error);

struct tkt_receiving {
	struct tkt_session *session;
	tkt_receive_report *report;
	bool dry_run; /* nothing is kept, all is reported */
	/* They have lain elsewhere: received when their top Received line says. */
	bool is_stored;
	bool without_intake; /* as flow/take_in.h has it; desk.conf may say so too */
	bool skip_known;     /* one that was taken in before leaves no row, and is not reported */
};

#define TKT_LETTER_LIMIT ((size_t)256 << 20) /* bytes of a letter from outside */

/* One letter in a transaction of its own. 0; 1: it was skipped as known, or (is_stored) a filter
 * failed, which is reported on the command; or -1. After 1 and -1 nothing of it is stored. */
int tkt_receive_letter(const struct tkt_receiving *receiving, const struct tkt_letter *letter,
    struct tkt_error *error);

/* The same for a letter whose time of receipt and fate with the filters are known. */
int tkt_receive_known(const struct tkt_receiving *receiving, const struct tkt_letter *letter,
    struct tkt_error *error);

/*
 * All letters in `new` of a maildir, oldest name first; each is moved to `cur` and marked as seen
 * after its commit. Received when its top Received line says so, else at its file's time. What is
 * no plain file, cannot be read or waits for a filter is reported on the command and stays in
 * `new`. Returns how many, or -1.
 */
int64_t tkt_receive_maildir(
    const struct tkt_receiving *receiving, const char *path, struct tkt_error *error);

/* All letters of an mbox (mboxrd), which stays as it is; a second run finds duplicates, and takes
 * in those that waited for a filter, which is reported. Returns how many, or -1. */
int64_t tkt_receive_mbox(
    const struct tkt_receiving *receiving, const char *path, struct tkt_error *error);
