#include "flow/receive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/program.h"
#include "base/time.h"
#include "desk/desk.h"
#include "flow/filter.h"
#include "flow/room.h"
#include "flow/session.h"
#include "mail/charset.h"
#include "mail/parse.h"
#include "store/db.h"
#include "json/field.h"

#include "base/banned.h"

#define BATCH_LETTERS 200              /* in one transaction */
#define BATCH_BYTES ((size_t)16 << 20) /* of mail in memory */
#define CACHE_MEGABYTES 16             /* of pages of the database, in bulk */

/* A letter that has been read and parsed, and what became of it. */
struct pending {
	struct tkt_letter letter;
	struct tkt_text bytes; /* what letter.bytes borrows, in bulk */
	char *name;            /* of its file below new/; NULL */
	struct tkt_mail *mail; /* NULL: it is no letter */
	char *verdict;         /* of a filter; NULL: it may pass */
	struct tkt_taken taken;
};

struct batch {
	const struct tkt_receiving *receiving;
	struct tkt_charsets *charsets;
	const char *maildir; /* NULL: an mbox */
	struct pending items[BATCH_LETTERS];
	size_t count, bytes;
	int64_t total;
};

static void pending_clear(struct pending *pending)
{
	tkt_text_clear(&pending->bytes);
	tkt_mail_free(pending->mail);
	tkt_taken_clear(&pending->taken);
	free(pending->name);
	free(pending->verdict);
	memset(pending, 0, sizeof(*pending));
}

static void batch_free(struct batch **batch)
{
	size_t i;

	for (i = 0; *batch && i < (*batch)->count; i++)
		pending_clear(&(*batch)->items[i]);
	if (*batch)
		tkt_charsets_free((*batch)->charsets);
	free(*batch);
}

/* mail stays NULL for input without one header field. */
static int parse(const struct tkt_receiving *receiving, const struct tkt_letter *letter,
    struct tkt_mail **mail, struct tkt_error *error)
{
	const char *const *languages = (const char *const *)receiving->session->desk->languages;

	if (!tkt_mail_parse(letter->bytes, letter->length, languages, letter->sender, mail, error))
		return 0;
	return error->kind == TKT_ERROR_DATA ? 0 : -1;
}

/* What the filters of the desk say of it, while no transaction is open. 0; 1: one failed, so the
 * letter waits where it lies, which is reported: the next ones may pass; -1. */
static int judge(const struct tkt_receiving *receiving, struct pending *pending, bool is_stored,
    struct tkt_error *error)
{
	struct tkt_session *session = receiving->session;

	if (tkt_filter_run(session, &pending->letter, &pending->verdict, error)) {
		if (!is_stored)
			return -1;
		if (pending->name)
			tkt_error_prefix(error, "%s", pending->name);
		tkt_command_report(session->command, error);
		return 1;
	}
	pending->letter.verdict = pending->verdict;
	return 0;
}

/* The time of the server that the desk trusts, which cannot be later than what we know ourselves.
 */
static int64_t trusted_time(const struct tkt_receiving *receiving, const struct tkt_mail *mail)
{
	int64_t now = tkt_command_now(receiving->session->command);
	int64_t time = mail ? tkt_mail_received_by(mail, receiving->session->desk->trusted_host)
			    : TKT_TIME_NONE;

	return time > now ? TKT_TIME_NONE : time;
}

/* When a letter was received that lay in a maildir, an mbox or on a server. */
static void set_time(const struct tkt_receiving *receiving, struct pending *item, bool is_stored)
{
	int64_t time = trusted_time(receiving, item->mail);

	if (time != TKT_TIME_NONE)
		item->letter.received_at = time;
	else if (is_stored && item->mail && item->mail->transport_at != TKT_TIME_NONE)
		item->letter.received_at = item->mail->transport_at;
}

static bool is_duplicate(const struct pending *item)
{
	return tkt_text_equal(tkt_object_text(item->taken.letter, "fate"), "duplicate");
}

/* 0; 1: the only one is known, and nothing of it is kept; -1. */
static int take_all(const struct tkt_receiving *receiving, struct pending *items, size_t count,
    struct tkt_error *error)
{
	tkt_autoptr(transaction) transaction = NULL;
	size_t i;

	if (tkt_room_check(receiving->session, error) ||
	    tkt_transaction_begin(receiving->session->db, &transaction, error))
		return -1;
	for (i = 0; i < count; i++) {
		struct pending *item = &items[i];

		item->letter.is_trial = receiving->dry_run;
		item->letter.without_intake =
		    receiving->without_intake || receiving->session->desk->intake_is_manual;
		item->letter.skip_known = receiving->skip_known && count == 1;
		if (tkt_take_in(receiving->session, &item->letter, item->mail, &item->taken, error))
			return -1;
	}
	if (items->letter.skip_known && is_duplicate(items))
		return 1;
	return receiving->dry_run ? 0 : tkt_transaction_commit(transaction, error);
}

/* A letter in a transaction of its own; what is pending holds its mail already. */
static int take_one(
    const struct tkt_receiving *receiving, struct pending *pending, struct tkt_error *error)
{
	int done = take_all(receiving, pending, 1, error);

	if (done)
		return done;
	return receiving->report(receiving->session, &pending->letter, &pending->taken, error);
}

int tkt_receive_letter(
    const struct tkt_receiving *receiving, const struct tkt_letter *letter, struct tkt_error *error)
{
	__attribute__((cleanup(pending_clear))) struct pending pending = { .letter = *letter };
	int waits;

	tkt_text_init(&pending.bytes, 0);
	if (parse(receiving, letter, &pending.mail, error))
		return -1;
	waits = judge(receiving, &pending, receiving->is_stored, error);
	if (waits)
		return waits;
	set_time(receiving, &pending, receiving->is_stored);
	return take_one(receiving, &pending, error);
}

int tkt_receive_known(
    const struct tkt_receiving *receiving, const struct tkt_letter *letter, struct tkt_error *error)
{
	__attribute__((cleanup(pending_clear))) struct pending pending = { .letter = *letter };

	tkt_text_init(&pending.bytes, 0);
	if (parse(receiving, letter, &pending.mail, error))
		return -1;
	return take_one(receiving, &pending, error);
}

/* After the commit: a crash before this only makes the letter a duplicate. */
static int mark_as_seen(
    const struct batch *batch, const struct pending *item, struct tkt_error *error)
{
	tkt_autofree char *from = NULL, *to = NULL;
	int code;

	if (!item->name || batch->receiving->dry_run)
		return 0;
	if (asprintf(&from, "%s/new/%s", batch->maildir, item->name) < 0 ||
	    asprintf(&to, "%s/cur/%s%s", batch->maildir, item->name,
		strstr(item->name, ":2,") ? "" : ":2,S") < 0)
		return tkt_error_set_memory(error);
	if (!rename(from, to))
		return 0;
	code = errno;
	if (code == ENOENT && access(from, F_OK)) /* another run has moved it */
		return 0;
	return tkt_error_set_system(error, code, _("cannot move '%s' to '%s'"), from, to);
}

static int finish_batch(struct batch *batch, struct tkt_error *error)
{
	size_t i;

	if (batch->count && take_all(batch->receiving, batch->items, batch->count, error))
		return -1;
	for (i = 0; i < batch->count; i++) {
		struct pending *item = &batch->items[i];

		if (mark_as_seen(batch, item, error) ||
		    batch->receiving->report(
			batch->receiving->session, &item->letter, &item->taken, error))
			return -1;
	}
	for (i = 0; i < batch->count; i++)
		pending_clear(&batch->items[i]);
	batch->total += (int64_t)batch->count;
	tkt_command_progress(batch->receiving->session->command, (int64_t)batch->count);
	batch->count = batch->bytes = 0;
	return 0;
}

/* Takes the text and the name over. `time` is when it was received if its header does not say. */
static int add_letter(
    struct batch *batch, struct tkt_text *bytes, char *name, int64_t time, struct tkt_error *error)
{
	struct pending *item = &batch->items[batch->count++];
	int waits;

	item->bytes = *bytes;
	item->name = name;
	tkt_text_init(bytes, bytes->limit);
	item->letter.bytes = item->bytes.bytes;
	item->letter.length = item->bytes.length;
	item->letter.received_at = time;
	if (parse(batch->receiving, &item->letter, &item->mail, error))
		return -1;
	waits = judge(batch->receiving, item, true, error);
	if (waits) {
		pending_clear(item);
		batch->count--;
		return waits < 0 ? -1 : 0;
	}
	set_time(batch->receiving, item, true);
	batch->bytes += item->bytes.length;
	if (batch->count < BATCH_LETTERS && batch->bytes < BATCH_BYTES)
		return 0;
	return finish_batch(batch, error);
}

static struct batch *batch_new(const struct tkt_receiving *receiving, const char *maildir)
{
	struct batch *batch = calloc(1, sizeof(*batch));

	if (batch) {
		batch->receiving = receiving;
		batch->maildir = maildir;
		batch->charsets = tkt_charsets_new();
	}
	return batch;
}

static int is_letter(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* A pipe would be waited for, and a link may lead to what is no mail. */
static int read_file(
    const char *path, const struct stat *status, struct tkt_text *bytes, struct tkt_error *error)
{
	if (!S_ISREG(status->st_mode))
		return tkt_error_set(
		    error, TKT_ERROR_TEMPORARY, _("'%s' is no file, so it is no letter"), path);
	return tkt_file_read(path, bytes, error);
}

static int add_file(struct batch *batch, const char *name, struct tkt_error *error)
{
	tkt_autofree char *path = NULL, *copy = NULL;
	struct tkt_error file_error = { 0 };
	struct stat status = { 0 };
	tkt_autotext bytes;

	tkt_text_init(&bytes, TKT_TEXT_LIMIT);
	if (asprintf(&path, "%s/new/%s", batch->maildir, name) < 0 || !(copy = strdup(name)))
		return tkt_error_set_memory(error);
	if (lstat(path, &status) && errno == ENOENT)
		return 0; /* another one has taken it */
	if (read_file(path, &status, &bytes, &file_error)) {
		if (lstat(path, &status) && errno == ENOENT)
			return 0; /* and this was taken meanwhile */
		tkt_command_report(batch->receiving->session->command, &file_error);
		return 0; /* one that cannot be read keeps none of the others back */
	}
	return add_letter(batch, &bytes, tkt_take(copy), status.st_mtime, error);
}

static void free_names(struct dirent **names, int count)
{
	while (count-- > 0)
		free(names[count]);
	free(names);
}

int64_t tkt_receive_maildir(
    const struct tkt_receiving *receiving, const char *path, struct tkt_error *error)
{
	__attribute__((cleanup(batch_free))) struct batch *batch = batch_new(receiving, path);
	tkt_autofree char *new = tkt_path_join(path, "new");
	struct dirent **names = NULL;
	int count, i, done = 0;

	if (!batch || !new)
		return tkt_error_set_memory(error);
	if (tkt_db_expect_many(receiving->session->db, CACHE_MEGABYTES, error))
		return -1;
	count = scandir(new, &names, is_letter, alphasort);
	if (count < 0)
		return tkt_error_set_system(error, errno, _("cannot read the maildir '%s'"), path);
	for (i = 0; i < count && !done; i++)
		done = add_file(batch, names[i]->d_name, error);
	free_names(names, count);
	if (done || finish_batch(batch, error))
		return -1;
	return batch->total;
}

/* 'From ' at the start of a line behind a blank one, or of the file. */
static bool is_separator(const char *line, size_t length, bool after_blank)
{
	return after_blank && length >= 5 && !memcmp(line, "From ", 5);
}

/* mboxrd: '>From ', '>>From ' lose one '>'. */
static void add_line(struct tkt_text *bytes, const char *line, size_t length)
{
	size_t quotes = 0;

	while (quotes < length && line[quotes] == '>')
		quotes++;
	if (quotes && length - quotes >= 5 && !memcmp(line + quotes, "From ", 5)) {
		line++;
		length--;
	}
	tkt_text_add_bytes(bytes, line, length);
}

/* The line before the next separator belongs to the mbox, not to the letter. */
static void drop_blank_line(struct tkt_text *bytes)
{
	size_t length = bytes->length;
	const char *end = bytes->bytes + length;

	if (length >= 4 && !memcmp(end - 3, "\n\r\n", 3))
		tkt_text_truncate(bytes, length - 2);
	else if (length >= 2 && !memcmp(end - 2, "\n\n", 2))
		tkt_text_truncate(bytes, length - 1);
}

static int read_mbox(struct batch *batch, FILE *file, struct tkt_error *error)
{
	int64_t now = tkt_command_now(batch->receiving->session->command);
	tkt_autofree char *line = NULL;
	bool after_blank = true, inside = false;
	size_t allocated = 0;
	tkt_autotext bytes;
	ssize_t length;

	tkt_text_init(&bytes, TKT_TEXT_LIMIT);
	while ((length = getline(&line, &allocated, file)) > 0) {
		bool separates = is_separator(line, (size_t)length, after_blank);

		if (separates && inside) {
			drop_blank_line(&bytes);
			if (add_letter(batch, &bytes, NULL, now, error))
				return -1;
		}
		inside = inside || separates;
		if (inside && !separates)
			add_line(&bytes, line, (size_t)length);
		after_blank = length == 1 || (length == 2 && line[0] == '\r');
		if (tkt_text_check(&bytes, error))
			return -1;
	}
	drop_blank_line(&bytes);
	return inside ? add_letter(batch, &bytes, NULL, now, error) : 0;
}

int64_t tkt_receive_mbox(
    const struct tkt_receiving *receiving, const char *path, struct tkt_error *error)
{
	__attribute__((cleanup(batch_free))) struct batch *batch = batch_new(receiving, NULL);
	FILE *file = fopen(path, "re");
	int done;

	if (!file)
		return tkt_error_set_system(error, errno, _("cannot read '%s'"), path);
	if (!batch) {
		fclose(file);
		return tkt_error_set_memory(error);
	}
	done = tkt_db_expect_many(receiving->session->db, CACHE_MEGABYTES, error) ||
	    read_mbox(batch, file, error);
	if (!done && ferror(file))
		done = tkt_error_set_system(error, errno, _("cannot read '%s'"), path);
	fclose(file);
	if (done || finish_batch(batch, error))
		return -1;
	return batch->total;
}
