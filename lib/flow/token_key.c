#include "flow/token_key.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "mail/token.h"

#include "base/banned.h"

#define FOLDER "keys"
#define KEY_MODE 0640 /* the desk's group reads it (DESIGN.md 6) */
#define FILE_BYTES 256

/* Two that make it at once: the first stays, and both read that one. */
static int make_key(const char *folder, const char *name, const char *path, struct tkt_error *error)
{
	unsigned char chance[TKT_TOKEN_KEY_SIZE];
	char digits[2 * TKT_TOKEN_KEY_SIZE + 2];

	if (tkt_folder_make(folder, error))
		return -1;
	if (getrandom(chance, sizeof(chance), 0) != sizeof(chance))
		return tkt_error_set(
		    error, TKT_ERROR_TEMPORARY, _("the system gives no random bytes"));
	tkt_hex(chance, sizeof(chance), digits);
	digits[2 * TKT_TOKEN_KEY_SIZE] = '\n';
	if (tkt_file_write_durable(
		folder, name, digits, 2 * TKT_TOKEN_KEY_SIZE + 1, KEY_MODE, error))
		return -1;
	if (chmod(path, KEY_MODE) && errno != EPERM) /* EPERM: another member's */
		return tkt_error_set_system(
		    error, errno, _("cannot set the permissions of '%s'"), path);
	return 0;
}

static int value_of(char digit)
{
	return digit >= '0' && digit <= '9' ? digit - '0'
	    : digit >= 'a' && digit <= 'f'  ? digit - 'a' + 10
					    : -1;
}

static int parse_key(
    const char *path, const char *digits, struct tkt_token_key *key, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < TKT_TOKEN_KEY_SIZE; i++) {
		int high = value_of(digits[2 * i]);
		int low = high < 0 ? -1 : value_of(digits[2 * i + 1]);

		if (low < 0)
			return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
			    _("'%s' is no key: 64 digits of it are wanted; remove it and a new one is made"),
			    path);
		key->bytes[i] = (unsigned char)(high << 4 | low);
	}
	return 0;
}

/* Reads keys/NAME into *kept, once. */
static int read_key(struct tkt_session *session, const char *name, struct tkt_token_key **kept,
    struct tkt_error *error)
{
	tkt_autofree char *folder = NULL, *path = NULL;
	tkt_autofree struct tkt_token_key *made = NULL;
	tkt_autotext digits;

	tkt_text_init(&digits, FILE_BYTES);
	if (*kept)
		return 0;
	folder = tkt_path_join(session->desk->path, FOLDER);
	path = folder ? tkt_path_join(folder, name) : NULL;
	made = calloc(1, sizeof(*made));
	if (!path || !made)
		return tkt_error_set_memory(error);
	if (access(path, F_OK) && errno == ENOENT && make_key(folder, name, path, error))
		return -1;
	if (tkt_file_read(path, &digits, error) || parse_key(path, digits.bytes, made, error))
		return -1;
	explicit_bzero(digits.bytes, digits.length);
	*kept = tkt_take(made);
	return 0;
}

int tkt_session_token_key(
    struct tkt_session *session, const struct tkt_token_key **key, struct tkt_error *error)
{
	if (read_key(session, "token", &session->token_key, error))
		return -1;
	*key = session->token_key;
	return 0;
}

int tkt_session_panel_key(
    struct tkt_session *session, const struct tkt_token_key **key, struct tkt_error *error)
{
	if (read_key(session, "panel", &session->panel_key, error))
		return -1;
	*key = session->panel_key;
	return 0;
}
