#include "flow/attachment.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/program.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/utf8.h"
#include "flow/session.h"
#include "store/blob.h"
#include "json/field.h"

#include "base/banned.h"

#define NAME_BYTES 200
#define NAMES_MOST 10000 /* tried before giving up */

const char *tkt_attachment_aside(const json_t *attachment)
{
	return tkt_object_text(attachment, "set_aside");
}

/* Adds the contents. 0, or -1 with DATA when they are not here. */
static int read_contents(struct tkt_session *session, const json_t *attachment,
    struct tkt_text *out, struct tkt_error *error)
{
	const char *sha256 = tkt_object_text(attachment, "sha256");
	const char *name = tkt_object_text(attachment, "name");
	int found = sha256 ? tkt_blob_read(session->db, sha256, out, error) : 0;

	if (found)
		return found < 0 ? -1 : 0;
	return tkt_error_set(error, TKT_ERROR_DATA,
	    _("the contents of attachment '%s' are not here"), name ? name : "");
}

static bool is_printable(const struct tkt_text *text)
{
	size_t i;

	for (i = 0; i < text->length; i++)
		if ((unsigned char)text->bytes[i] < ' ' && !strchr("\t\n\r\f\033", text->bytes[i]))
			return false;
	return tkt_utf8_is_valid(text->bytes, text->length);
}

static int read_safely(struct tkt_session *session, const json_t *attachment, struct tkt_text *out,
    struct tkt_error *error)
{
	tkt_autotext contents;

	tkt_text_init(&contents, TKT_TEXT_LIMIT);
	if (read_contents(session, attachment, &contents, error))
		return -1;
	if (!is_printable(&contents))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("attachment '%s' is no text for a terminal: send it to a file, or --save it"),
		    tkt_object_text(attachment, "name"));
	tkt_utf8_terminal(out, contents.bytes, contents.length, TKT_UTF8_LINES);
	return tkt_text_check(out, error);
}

int tkt_attachment_print(struct tkt_session *session, const json_t *attachment, size_t number,
    bool with_aside, struct tkt_error *error)
{
	const char *why = with_aside ? NULL : tkt_attachment_aside(attachment);
	struct tkt_text *out = &session->command->out;

	if (why)
		return tkt_error_set(error, TKT_ERROR_PERMISSION,
		    _("attachment %zu is set aside: %s; --aside writes it all the same"), number,
		    why);
	if (tkt_terminal_is(STDOUT_FILENO))
		return read_safely(session, attachment, out, error);
	return read_contents(session, attachment, out, error);
}

static bool is_bad(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == '/' || point == '\\' ||
	    point == 0x061c || (point >= 0x200b && point <= 0x200f) ||
	    (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) ||
	    point == 0xfeff;
}

/* Where the name's last part begins: '.png', '.tar.gz' counts from '.gz'; the end when it has
 * none. */
static size_t suffix_at(const char *name, size_t length)
{
	size_t at = length;

	while (at > 1 && length - at < 16)
		if (name[--at] == '.')
			return at;
	return length;
}

/* Too long a name loses its middle. */
static void shorten(struct tkt_text *name)
{
	size_t suffix = suffix_at(name->bytes, name->length);
	size_t keep = NAME_BYTES - (name->length - suffix);
	tkt_autotext end;

	tkt_text_init(&end, NAME_BYTES);
	if (name->length <= NAME_BYTES)
		return;
	tkt_text_add_bytes(&end, name->bytes + suffix, name->length - suffix);
	while (keep && ((unsigned char)name->bytes[keep] & 0xc0) == 0x80)
		keep--;
	tkt_text_truncate(name, keep);
	tkt_text_add_bytes(name, end.bytes, end.length);
}

static void add_name(struct tkt_text *out, const json_t *attachment, size_t number)
{
	const char *given = tkt_object_text(attachment, "name");
	size_t length = given ? strlen(given) : 0, at = 0;
	tkt_autotext name;

	tkt_text_init(&name, TKT_TEXT_LIMIT);
	while (at < length) {
		size_t start = at;
		uint32_t point = tkt_utf8_next(given, length, &at);

		if (!name.length && (point == '.' || point == '-' || point == ' '))
			continue;
		if (is_bad(point))
			tkt_text_add_byte(&name, '_');
		else
			tkt_text_add_bytes(&name, given + start, at - start);
	}
	shorten(&name);
	if (name.length)
		tkt_text_add_bytes(out, name.bytes, name.length);
	else
		tkt_text_format(out, "attachment-%zu", number);
}

/* The file, open for writing, under the first name that is free; -1 with errno set. */
static int create_free(int folder, const char *name, struct tkt_text *chosen)
{
	size_t length = strlen(name), suffix = suffix_at(name, length);
	int file, count;

	for (count = 1; count <= NAMES_MOST; count++) {
		tkt_text_reset(chosen);
		tkt_text_add_bytes(chosen, name, suffix);
		if (count > 1)
			tkt_text_format(chosen, "-%d", count);
		tkt_text_add_bytes(chosen, name + suffix, length - suffix);
		file = openat(folder, chosen->bytes,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
		if (file >= 0 || errno != EEXIST)
			return file;
	}
	return -1;
}

int tkt_attachment_save(struct tkt_session *session, const json_t *attachment, size_t number,
    int folder, struct tkt_text *chosen, struct tkt_error *error)
{
	tkt_autotext contents, name;
	int file, result;

	tkt_text_init(&contents, TKT_TEXT_LIMIT);
	tkt_text_init(&name, TKT_TEXT_LIMIT);
	add_name(&name, attachment, number);
	if (tkt_text_check(&name, error) || read_contents(session, attachment, &contents, error))
		return -1;
	file = create_free(folder, name.bytes, chosen);
	if (file < 0)
		return tkt_error_set_system(error, errno, _("cannot write '%s'"), name.bytes);
	result = tkt_file_write_all(file, chosen->bytes, contents.bytes, contents.length, error);
	if (close(file) && !result)
		result = tkt_error_set_system(error, errno, _("cannot write '%s'"), chosen->bytes);
	if (result)
		unlinkat(folder, chosen->bytes, 0);
	return result;
}
