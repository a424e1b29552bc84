/* The maildir convention: written in tmp/, synced, then linked into new/ under a unique name. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "mail/sender.h"

#include "base/banned.h"

struct maildir {
	int folder; /* open; the names below are relative to it */
	char *path;
	unsigned delivered; /* by this sender, for the unique name */
};

static void close_file(int *file)
{
	if (*file >= 0)
		close(*file);
}
#define autoclose __attribute__((cleanup(close_file)))

/* The mail is not to blame for a disk: it waits until someone has acted. */
static int fail(struct tkt_error *error, int code, const char *path)
{
	tkt_error_set_system(error, code, _("cannot deliver to the maildir '%s'"), path);
	if (error->kind == TKT_ERROR_PERMISSION || error->kind == TKT_ERROR_NO_INPUT)
		error->kind = TKT_ERROR_CONFIGURATION;
	else
		error->kind = TKT_ERROR_TEMPORARY;
	return -1;
}

static int sync_folder(int folder, const char *name)
{
	autoclose int file = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return file < 0 ? -1 : fsync(file);
}

static int make_folders(struct maildir *maildir, struct tkt_error *error)
{
	static const char *const names[] = { "tmp", "new", "cur" };
	bool made = mkdir(maildir->path, 0770) == 0;
	size_t i;

	if (!made && errno != EEXIST)
		return fail(error, errno, maildir->path);
	maildir->folder = open(maildir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (maildir->folder < 0)
		return fail(error, errno, maildir->path);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!mkdirat(maildir->folder, names[i], 0770))
			made = true;
		else if (errno != EEXIST)
			return fail(error, errno, maildir->path);
	}
	if (made && (fsync(maildir->folder) || sync_folder(maildir->folder, "..")))
		return fail(error, errno, maildir->path);
	return 0;
}

static int open_maildir(struct tkt_sender *sender, struct tkt_error *error)
{
	const char *path = sender->desk->transport.path;
	struct maildir *maildir = calloc(1, sizeof(*maildir));

	if (!maildir)
		return tkt_error_set_memory(error);
	maildir->folder = -1;
	sender->state = maildir;
	if (tkt_text_is_empty(path))
		return tkt_error_set(
		    error, TKT_ERROR_CONFIGURATION, _("the maildir transport needs a 'path'"));
	maildir->path = path[0] == '/' ? strdup(path) : tkt_path_join(sender->desk->path, path);
	if (!maildir->path)
		return tkt_error_set_memory(error);
	return make_folders(maildir, error);
}

static void close_maildir(struct tkt_sender *sender)
{
	struct maildir *maildir = sender->state;

	if (!maildir)
		return;
	close_file(&maildir->folder);
	free(maildir->path);
	free(maildir);
}

/* 'tmp/SECONDS.RrandomPpidQcount.host'; 0, or -1 with errno when there is no randomness. */
static int add_unique_name(struct tkt_text *name, struct maildir *maildir)
{
	char host[256] = "localhost";
	uint64_t random;
	const char *at;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -1;
	gethostname(host, sizeof(host) - 1);
	tkt_text_format(name, "tmp/%" PRId64 ".R%016" PRIx64 "P%ldQ%u.", tkt_time_system(), random,
	    (long)getpid(), ++maildir->delivered);
	for (at = host; *at; at++) {
		if (*at == '/' || *at == ':') /* both mean something in a maildir */
			tkt_text_format(name, "\\%03o", (unsigned)*at);
		else
			tkt_text_add_byte(name, *at);
	}
	return 0;
}

/* The envelope in a delivery agent's fields, so that the mail can be sent on from the maildir. */
static void add_mail(struct tkt_text *text, const struct tkt_dispatch *letter)
{
	size_t i;

	tkt_text_format(text, "Return-Path: <%s>\n", letter->from);
	for (i = 0; letter->recipients[i]; i++)
		tkt_text_format(text, "Delivered-To: %s\n", letter->recipients[i]);
	tkt_mail_add_unix(text, letter->bytes, letter->length);
}

static int fill_file(const struct maildir *maildir, int file, const char *name,
    const struct tkt_text *text, struct tkt_error *error)
{
	if (tkt_file_write_all(file, name, text->bytes, text->length, error)) {
		error->kind = TKT_ERROR_TEMPORARY;
		close(file);
		return -1;
	}
	if (fsync(file)) {
		fail(error, errno, maildir->path);
		close(file);
		return -1;
	}
	if (close(file)) /* a network file system may say only here that the disk is full */
		return fail(error, errno, maildir->path);
	return 0;
}

/* A link, not a rename, fails rather than replace a mail of the same name. */
static int publish(const struct maildir *maildir, const char *name, const char *delivered,
    struct tkt_delivery *delivery, struct tkt_error *error)
{
	if (linkat(maildir->folder, name, maildir->folder, delivered, 0))
		return fail(error, errno, maildir->path);
	if (sync_folder(maildir->folder, "new")) {
		fail(error, errno, maildir->path);
		delivery->unknown = unlinkat(maildir->folder, delivered, 0) != 0;
		return -1;
	}
	return 0;
}

static int send_to_maildir(struct tkt_sender *sender, const struct tkt_dispatch *letter,
    struct tkt_delivery *delivery, struct tkt_error *error)
{
	struct maildir *maildir = sender->state;
	tkt_autotext text, name, delivered;
	int file, status;

	tkt_text_init(&text, 2 * TKT_TEXT_LIMIT);
	tkt_text_init(&name, 4096);
	tkt_text_init(&delivered, 4096);
	add_mail(&text, letter);
	if (add_unique_name(&name, maildir))
		return fail(error, errno, maildir->path);
	tkt_text_format(&delivered, "new/%s", name.bytes + strlen("tmp/"));
	if (tkt_text_check(&text, error) || tkt_text_check(&name, error) ||
	    tkt_text_check(&delivered, error))
		return -1;
	file = openat(maildir->folder, name.bytes,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0660);
	if (file < 0)
		return fail(error, errno, maildir->path);
	status = fill_file(maildir, file, name.bytes, &text, error);
	if (!status)
		status = publish(maildir, name.bytes, delivered.bytes, delivery, error);
	unlinkat(maildir->folder, name.bytes, 0);
	return status;
}

const struct tkt_transport_driver tkt_transport_maildir = {
	.open = open_maildir,
	.send = send_to_maildir,
	.close = close_maildir,
};
