/* Letters of an IMAP folder: RFC 3501, with UIDPLUS (RFC 4315) and MOVE (RFC 6851) where they are.
 */
#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "mail/connection.h"
#include "mail/fetch_driver.h"
#include "mail/imap_reply.h"

#include "base/banned.h"

#define FOLDER_BYTES 1000
#define COMMAND_BYTES 8000
#define SIZES_AT_ONCE 200 /* letters whose size is asked for in one command */

struct imap {
	struct tkt_dialogue *dialogue;
	const struct tkt_mailbox *mailbox;
	struct tkt_fetching *fetching;
	struct tkt_imap_reply reply;
	struct tkt_text target; /* of MOVE, as a quoted string */
	unsigned commands;
};

static void imap_clear(struct imap *imap)
{
	tkt_imap_reply_clear(&imap->reply);
	tkt_text_clear(&imap->target);
}

/* Says a command and hears its answer, which may bring so many bytes. 0, whatever it is, or -1. */
__attribute__((format(printf, 4, 5))) static int ask(
    struct imap *imap, size_t allowed, struct tkt_error *error, const char *format, ...)
{
	char tag[16], line[COMMAND_BYTES];
	va_list arguments;
	int length;

	length = snprintf(tag, sizeof(tag), "T%u", ++imap->commands);
	memcpy(line, tag, (size_t)length);
	line[length++] = ' ';
	va_start(arguments, format);
	vsnprintf(line + length, sizeof(line) - (size_t)length, format, arguments);
	va_end(arguments);
	if (tkt_dialogue_say(imap->dialogue, line, allowed, error))
		return -1;
	return tkt_imap_hear(imap->dialogue, tag, &imap->reply, error);
}

#define ASK(imap, error, ...) ask((imap), TKT_DIALOGUE_TALK, (error), __VA_ARGS__)

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

/* In modified UTF-7 (RFC 3501, 5.1.3), for which iconv needs a module: most names go without. */
static bool to_ascii(const char *name, char ascii[FOLDER_BYTES])
{
	char *in = (char *)name, *out = ascii;
	size_t left = strlen(name), room = FOLDER_BYTES - 1;
	iconv_t converter;
	bool good;

	if (left <= room && !name[strcspn(name, "&")] && is_printable(name)) {
		memcpy(ascii, name, left + 1);
		return true;
	}
	converter = iconv_open("UTF-7-IMAP", "UTF-8");
	if (converter == (iconv_t)-1)
		return false;
	good = iconv(converter, &in, &left, &out, &room) != (size_t)-1 &&
	    iconv(converter, NULL, NULL, &out, &room) != (size_t)-1;
	iconv_close(converter);
	*out = '\0';
	return good && is_printable(ascii);
}

/* The name of a folder as a quoted string. */
static int quote_folder(const char *name, struct tkt_text *quoted, struct tkt_error *error)
{
	char ascii[FOLDER_BYTES];
	size_t i;

	if (!to_ascii(name, ascii) || !*ascii)
		return tkt_error_set(
		    error, TKT_ERROR_CONFIGURATION, _("'%s' is no name of a folder"), name);
	tkt_text_add_byte(quoted, '"');
	for (i = 0; ascii[i]; i++) {
		if (strchr("\"\\", ascii[i]))
			tkt_text_add_byte(quoted, '\\');
		tkt_text_add_byte(quoted, ascii[i]);
	}
	tkt_text_add_byte(quoted, '"');
	return tkt_text_check(quoted, error);
}

/* The folder that the url names, INBOX by default. */
static int name_folder(const char *url, char **name, struct tkt_error *error)
{
	const char *path = strchr(strstr(url, "://") + strlen("://"), '/');
	char *decoded = path && path[1] ? curl_easy_unescape(NULL, path + 1, 0, NULL)
					: curl_easy_unescape(NULL, "INBOX", 0, NULL);

	*name = decoded ? strdup(decoded) : NULL;
	curl_free(decoded);
	return *name ? 0 : tkt_error_set_memory(error);
}

/* A flag that does not last would make each run fetch the same letters. */
static int check_flags(const struct imap *imap, const char *folder, struct tkt_error *error)
{
	const struct tkt_imap_reply *reply = &imap->reply;
	const char *flag = imap->mailbox->after == TKT_FETCH_FLAG ? "\\Seen" : "\\Deleted";

	if (imap->fetching->read_only)
		return 0;
	if (reply->is_read_only || (reply->has_flags && !strcasestr(reply->flags.bytes, flag)))
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("letters in '%s' cannot be flagged: it is read-only"), folder);
	return 0;
}

static int open_folder(struct imap *imap, struct tkt_error *error)
{
	tkt_autofree char *folder = NULL;
	tkt_autotext quoted;

	tkt_text_init(&quoted, 2 * FOLDER_BYTES);
	if (name_folder(imap->mailbox->url, &folder, error) ||
	    quote_folder(folder, &quoted, error) ||
	    ASK(imap, error, "%s %s", imap->fetching->read_only ? "EXAMINE" : "SELECT",
		quoted.bytes))
		return -1;
	if (imap->reply.status != TKT_IMAP_OK)
		return tkt_fetch_refused(
		    TKT_ERROR_CONFIGURATION, "SELECT", &imap->reply.said, error);
	return check_flags(imap, folder, error);
}

/* Where letters are to be moved must be there before the first one is taken. */
static int check_target(struct imap *imap, struct tkt_error *error)
{
	const char *folder = imap->mailbox->folder;

	if (imap->mailbox->after != TKT_FETCH_MOVE)
		return 0;
	if (quote_folder(folder, &imap->target, error) ||
	    ASK(imap, error, "STATUS %s (MESSAGES)", imap->target.bytes))
		return -1;
	return imap->reply.status == TKT_IMAP_OK
	    ? 0
	    : tkt_fetch_refused(TKT_ERROR_CONFIGURATION, "STATUS", &imap->reply.said, error);
}

static int set_flag(struct imap *imap, uint32_t uid, const char *flag, struct tkt_error *error)
{
	if (ASK(imap, error, "UID STORE %u +FLAGS.SILENT (%s)", uid, flag))
		return -1;
	return imap->reply.status == TKT_IMAP_OK
	    ? 0
	    : tkt_fetch_refused(TKT_ERROR_UNAVAILABLE, "STORE", &imap->reply.said, error);
}

/* EXPUNGE takes all that is marked as deleted: without UIDPLUS only when nothing but this one is.
 */
static int expunge(struct imap *imap, uint32_t uid, struct tkt_error *error)
{
	const struct tkt_imap_reply *reply = &imap->reply;

	if (reply->has_uidplus) {
		if (ASK(imap, error, "UID EXPUNGE %u", uid))
			return -1;
	} else {
		if (ASK(imap, error, "UID SEARCH DELETED"))
			return -1;
		if (reply->status != TKT_IMAP_OK || reply->uid_count != 1 || reply->uids[0] != uid)
			return 0;
		if (ASK(imap, error, "EXPUNGE"))
			return -1;
	}
	return reply->status == TKT_IMAP_OK
	    ? 0
	    : tkt_fetch_refused(TKT_ERROR_UNAVAILABLE, "EXPUNGE", &imap->reply.said, error);
}

static int delete_letter(struct imap *imap, uint32_t uid, struct tkt_error *error)
{
	return set_flag(imap, uid, "\\Deleted", error) || expunge(imap, uid, error) ? -1 : 0;
}

static int move_letter(struct imap *imap, uint32_t uid, struct tkt_error *error)
{
	const char *command = imap->reply.has_move ? "MOVE" : "COPY";

	if (ASK(imap, error, "UID %s %u %s", command, uid, imap->target.bytes))
		return -1;
	if (imap->reply.status != TKT_IMAP_OK)
		return tkt_fetch_refused(TKT_ERROR_UNAVAILABLE, command, &imap->reply.said, error);
	return imap->reply.has_move ? 0 : delete_letter(imap, uid, error);
}

/* Told to the server once the letter is safe. */
static int settle(struct imap *imap, uint32_t uid, struct tkt_error *error)
{
	if (imap->fetching->read_only)
		return 0;
	switch (imap->mailbox->after) {
	case TKT_FETCH_DELETE:
		return delete_letter(imap, uid, error);
	case TKT_FETCH_MOVE:
		return move_letter(imap, uid, error);
	default:
		return set_flag(imap, uid, "\\Seen", error);
	}
}

/* Reads one letter. 1; 0: it stays, which was said if it is there at all; -1. */
static int read_letter(struct imap *imap, struct tkt_imap_letter *letter, struct tkt_text *bytes,
    struct tkt_error *error)
{
	struct tkt_imap_reply *reply = &imap->reply;
	size_t allowed = 2 * imap->fetching->letter_limit + TKT_DIALOGUE_TALK;
	int done;

	*letter = (struct tkt_imap_letter){ .uid = letter->uid, .at = TKT_TIME_NONE };
	reply->letters = letter;
	reply->letter_count = 1;
	reply->body = bytes;
	done =
	    ask(imap, allowed, error, "UID FETCH %u (UID INTERNALDATE BODY.PEEK[])", letter->uid);
	reply->letter_count = 0;
	reply->body = NULL;
	if (done)
		return -1;
	if (letter->is_large) {
		tkt_fetch_leave_large(imap->fetching, letter->size);
		return 0;
	}
	if (letter->has_body && reply->status == TKT_IMAP_OK)
		return 1;
	if (letter->is_there || reply->status != TKT_IMAP_OK) /* else another one took it */
		tkt_fetch_leave_refused(imap->fetching, &reply->said);
	return 0;
}

static int take_letter(struct imap *imap, struct tkt_imap_letter *letter, struct tkt_error *error)
{
	struct tkt_fetching *fetching = imap->fetching;
	tkt_autotext bytes;
	int done;

	tkt_text_init(&bytes, fetching->letter_limit);
	if (!letter->is_there)
		return 0; /* another one took it */
	if (letter->size > fetching->letter_limit) {
		tkt_fetch_leave_large(fetching, letter->size);
		return 0;
	}
	done = read_letter(imap, letter, &bytes, error);
	if (done <= 0)
		return done;
	done = fetching->take(&(struct tkt_fetched){ bytes.bytes, bytes.length, letter->at },
	    fetching->context, error);
	return done <= 0 ? done : settle(imap, letter->uid, error);
}

/* Some letters, by their uids: their sizes first, so that none too large is sent. */
static int take_some(struct imap *imap, const uint32_t *uids, size_t count, struct tkt_error *error)
{
	struct tkt_imap_letter letters[SIZES_AT_ONCE] = { { 0 } };
	tkt_autotext set;
	int done;
	size_t i;

	tkt_text_init(&set, COMMAND_BYTES / 2);
	for (i = 0; i < count; i++) {
		letters[i].uid = uids[i];
		tkt_text_format(&set, "%s%u", i ? "," : "", uids[i]);
	}
	imap->reply.letters = letters;
	imap->reply.letter_count = count;
	done = ASK(imap, error, "UID FETCH %s (UID RFC822.SIZE)", set.bytes);
	imap->reply.letter_count = 0; /* what is told later is of no interest, and they are ours */
	if (done)
		return -1;
	if (imap->reply.status != TKT_IMAP_OK)
		return tkt_fetch_refused(TKT_ERROR_TEMPORARY, "FETCH", &imap->reply.said, error);
	for (i = 0; i < count && imap->fetching->left != 0; i++)
		if (take_letter(imap, &letters[i], error))
			return -1;
	return 0;
}

static int take_all(struct imap *imap, struct tkt_error *error)
{
	bool flags = imap->mailbox->after == TKT_FETCH_FLAG;
	tkt_autofree uint32_t *uids = NULL;
	size_t at, count;

	if (ASK(imap, error, "UID SEARCH %sUNDELETED", flags ? "UNSEEN " : ""))
		return -1;
	if (imap->reply.status != TKT_IMAP_OK)
		return tkt_fetch_refused(TKT_ERROR_TEMPORARY, "SEARCH", &imap->reply.said, error);
	uids = imap->reply.uids;
	count = imap->reply.uid_count;
	imap->reply.uids = NULL;
	imap->reply.uid_count = imap->reply.uid_room = 0;
	for (at = 0; at < count && imap->fetching->left != 0; at += SIZES_AT_ONCE) {
		size_t some = count - at < SIZES_AT_ONCE ? count - at : SIZES_AT_ONCE;

		if (take_some(imap, uids + at, some, error))
			return -1;
	}
	return 0;
}

int tkt_fetch_by_imap(struct tkt_dialogue *dialogue, const struct tkt_mailbox *mailbox,
    struct tkt_fetching *fetching, struct tkt_error *error)
{
	__attribute__((cleanup(imap_clear))) struct imap imap = { dialogue, mailbox, fetching,
		.commands = 0 };
	struct tkt_error ignored = { 0 };

	tkt_imap_reply_init(&imap.reply);
	tkt_text_init(&imap.target, 2 * FOLDER_BYTES);
	if (ASK(&imap, error, "CAPABILITY") || check_target(&imap, error) ||
	    open_folder(&imap, error) || take_all(&imap, error))
		return -1;
	ASK(&imap, &ignored, "LOGOUT");
	return 0;
}
