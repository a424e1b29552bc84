#include "mail/connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/desk.h"

#include "base/banned.h"

#define PASSWORD_BYTES 4096
#define OPEN_TO_OTHERS (S_IWGRP | S_IRWXO)

/* Is the host of a url, as libcurl writes it, this machine? */
static bool is_this_machine(const char *host)
{
	struct in_addr address;

	if (tkt_text_equal(host, "localhost") || tkt_text_equal(host, "[::1]"))
		return true;
	return inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

/* Is it one of the words of "smtp,smtps"? */
static bool is_among(const char *word, const char *list)
{
	size_t length = strlen(word);

	for (; *list; list += strcspn(list, ","), list += *list == ',')
		if (strcspn(list, ",") == length && !strncmp(list, word, length))
			return true;
	return false;
}

/* 0 and whether the server is this machine. */
static int check_url(const struct tkt_server *server, bool *is_local, struct tkt_error *error)
{
	CURLU *parsed = curl_url();
	char *scheme = NULL, *host = NULL;
	bool good;

	if (!parsed)
		return tkt_error_set_memory(error);
	good = server->url &&
	    !curl_url_set(parsed, CURLUPART_URL, server->url, CURLU_DISALLOW_USER) &&
	    !curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) &&
	    !curl_url_get(parsed, CURLUPART_HOST, &host, 0) && is_among(scheme, server->protocols);
	if (good)
		*is_local = is_this_machine(host);
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(parsed);
	if (!good)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is no 'url' of a mail server such as %s"),
		    server->url ? server->url : "", server->example);
	return 0;
}

static int read_open_key(
    int file, const char *path, struct tkt_text *password, struct tkt_error *error)
{
	struct stat status;

	if (fstat(file, &status))
		return tkt_error_set_system(error, errno, _("cannot look at '%s'"), path);
	if (status.st_mode & OPEN_TO_OTHERS)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' holds a password and is open to others: chmod 640 it"), path);
	return tkt_file_read_all(file, path, password, error);
}

static int read_password(const struct tkt_desk *desk, const char *key, struct tkt_text *password,
    struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(desk->path, key);
	int file, done;

	if (!path)
		return tkt_error_set_memory(error);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0) {
		done = tkt_error_set_system(error, errno, _("cannot open '%s'"), path);
	} else {
		done = read_open_key(file, path, password, error);
		close(file);
	}
	if (!done)
		tkt_text_truncate(password, strcspn(password->bytes, "\r\n"));
	else if (error->kind != TKT_ERROR_TEMPORARY)
		error->kind = TKT_ERROR_CONFIGURATION;
	return done;
}

static int set_login(const struct tkt_desk *desk, const struct tkt_server *server, CURL *curl,
    struct tkt_error *error)
{
	tkt_autotext password;
	CURLcode code;

	tkt_text_init(&password, PASSWORD_BYTES);
	if (read_password(desk, server->key, &password, error))
		return -1;
	code = curl_easy_setopt(curl, CURLOPT_USERNAME, server->user);
	if (!code)
		code = curl_easy_setopt(curl, CURLOPT_PASSWORD, password.bytes);
	explicit_bzero(password.bytes, password.length);
	return code ? tkt_error_set_memory(error) : 0;
}

static CURLcode set_options(const struct tkt_server *server, bool must_encrypt, CURL *curl)
{
	long seconds = server->timeout_seconds;
	CURLcode code = CURLE_OK;

#define SET(option, value) code = code ? code : curl_easy_setopt(curl, option, value)
	SET(CURLOPT_URL, server->url);
	SET(CURLOPT_PROTOCOLS_STR, server->protocols);
	SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	SET(CURLOPT_PROXY, ""); /* whatever the environment says */
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_USE_SSL, (long)(must_encrypt ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	if (server->ca_file) {
		SET(CURLOPT_CAINFO, server->ca_file);
		SET(CURLOPT_CAPATH, NULL); /* no other is trusted */
	}
	SET(CURLOPT_CONNECTTIMEOUT, seconds);
	SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
	SET(CURLOPT_LOW_SPEED_TIME, seconds);
	SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
#undef SET
	return code;
}

static int set_up(const struct tkt_desk *desk, const struct tkt_server *server, CURL *curl,
    struct tkt_error *error)
{
	bool has_login = !tkt_text_is_empty(server->user), is_local = false;
	CURLcode code;

	if (check_url(server, &is_local, error))
		return -1;
	code = set_options(server, server->require_tls || (has_login && !is_local), curl);
	if (code)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("libcurl cannot be used here: %s"), curl_easy_strerror(code));
	return has_login ? set_login(desk, server, curl, error) : 0;
}

int tkt_connection_new(const struct tkt_desk *desk, const struct tkt_server *server, CURL **curl,
    struct tkt_error *error)
{
	CURL *made;

	if (curl_global_init(CURL_GLOBAL_DEFAULT)) /* counts its callers */
		return tkt_error_set_memory(error);
	made = curl_easy_init();
	if (!made) {
		curl_global_cleanup();
		return tkt_error_set_memory(error);
	}
	if (set_up(desk, server, made, error)) {
		tkt_connection_free(made);
		return -1;
	}
	*curl = made;
	return 0;
}

void tkt_connection_free(CURL *curl)
{
	if (!curl)
		return;
	curl_easy_cleanup(curl);
	curl_global_cleanup();
}

enum tkt_error_kind tkt_connection_kind(CURLcode code)
{
	switch (code) {
	case CURLE_LOGIN_DENIED:
	case CURLE_USE_SSL_FAILED:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_NOT_BUILT_IN:
		return TKT_ERROR_CONFIGURATION;
	default:
		return TKT_ERROR_TEMPORARY;
	}
}
