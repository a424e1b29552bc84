#include "mail/fetch.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "mail/connection.h"
#include "mail/fetch_driver.h"
#include "mail/sender.h"

#include "base/banned.h"

#define TIMEOUT_SECONDS 60
#define LOGIN_STEPS 5 /* greeting, capabilities, STARTTLS, two of the login: each its time */
#define BYTES_PER_SECOND 1000 /* the least that an answer must make, beside the timeout */

struct link {
	CURL *curl;
	int timeout_seconds;
	int64_t started;       /* milliseconds of the monotonic clock: when the last command left */
	uint64_t received;     /* since then */
	struct tkt_text heard; /* the server's last line while libcurl speaks with it */
	char trouble[CURL_ERROR_SIZE];
};

/* Until the socket is ready, or the answer takes too long. */
static int wait_for(const struct link *link, short events, struct tkt_error *error)
{
	int64_t grace = (int64_t)link->timeout_seconds * 1000;
	int64_t late = link->started + grace + (int64_t)(link->received * 1000 / BYTES_PER_SECOND) -
	    tkt_monotonic_milliseconds();
	struct pollfd wait = { .events = events };
	curl_socket_t socket = CURL_SOCKET_BAD;
	int ready = -1;

	curl_easy_getinfo(link->curl, CURLINFO_ACTIVESOCKET, &socket);
	wait.fd = socket;
	if (late > 0 && socket != CURL_SOCKET_BAD)
		ready = poll(&wait, 1, (int)(late < grace ? late : grace));
	if (ready > 0 || (ready < 0 && late > 0 && errno == EINTR))
		return 0;
	return tkt_error_set(error, TKT_ERROR_TEMPORARY, _("the server takes too long to answer"));
}

static int lost(const struct link *link, CURLcode code, struct tkt_error *error)
{
	return tkt_error_set(error, TKT_ERROR_TEMPORARY, _("the connection is lost: %s"),
	    link->trouble[0] ? link->trouble : curl_easy_strerror(code));
}

static int send_bytes(void *context, const char *bytes, size_t length, struct tkt_error *error)
{
	struct link *link = context;

	link->started = tkt_monotonic_milliseconds();
	link->received = 0;
	link->trouble[0] = '\0';
	while (length > 0) {
		size_t sent = 0;
		CURLcode code = curl_easy_send(link->curl, bytes, length, &sent);

		if (code == CURLE_AGAIN) {
			if (wait_for(link, POLLOUT, error))
				return -1;
		} else if (code) {
			return lost(link, code, error);
		}
		bytes += sent;
		length -= sent;
	}
	return 0;
}

static ssize_t receive_bytes(void *context, char *bytes, size_t size, struct tkt_error *error)
{
	struct link *link = context;
	size_t count = 0;
	CURLcode code;

	while ((code = curl_easy_recv(link->curl, bytes, size, &count)) == CURLE_AGAIN)
		if (wait_for(link, POLLIN, error))
			return -1;
	if (code)
		return lost(link, code, error);
	link->received += count;
	return (ssize_t)count;
}

/* While libcurl logs in: what is said last tells why that fails. */
static int hear(CURL *curl, curl_infotype type, char *line, size_t length, void *context)
{
	struct link *link = context;

	(void)curl;
	if (type != CURLINFO_HEADER_IN)
		return 0;
	tkt_text_reset(&link->heard);
	tkt_text_add_bytes(
	    &link->heard, line, length < link->heard.limit ? length : link->heard.limit);
	return 0;
}

/* RFC 5530, RFC 2449 and RFC 3206: the server is at fault, or somebody else is in the mailbox. */
static bool says_later(const char *line)
{
	static const char *const codes[] = { "[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]",
		"[IN-USE]", "[LOGIN-DELAY]", "[SYS/TEMP]" };
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcasestr(line, codes[i]))
			return true;
	return false;
}

static int set_failure(const struct link *link, CURLcode code, struct tkt_error *error)
{
	enum tkt_error_kind kind = tkt_connection_kind(code);
	tkt_autotext said;

	tkt_text_init(&said, 4 * TKT_FETCH_SAID);
	tkt_mail_add_quoted(&said, link->heard.bytes, link->heard.length);
	if (code == CURLE_LOGIN_DENIED)
		return tkt_error_set(error, says_later(said.bytes) ? TKT_ERROR_TEMPORARY : kind,
		    _("the server refuses the login: %s"), said.bytes);
	if (code == CURLE_USE_SSL_FAILED)
		return tkt_error_set(error, kind,
		    _("the server offers no TLS; 'tls = false' is for one on this machine"));
	return tkt_error_set(error, kind, _("cannot connect: %s"),
	    link->trouble[0] ? link->trouble : curl_easy_strerror(code));
}

/* Connects and logs in. */
static int connect_link(struct link *link, struct tkt_error *error)
{
	CURLcode code = CURLE_OK;

#define SET(option, value) code = code ? code : curl_easy_setopt(link->curl, option, value)
	SET(CURLOPT_CONNECT_ONLY, 1L);
	SET(CURLOPT_TIMEOUT, (long)LOGIN_STEPS * link->timeout_seconds);
	SET(CURLOPT_DEBUGFUNCTION, hear);
	SET(CURLOPT_DEBUGDATA, link);
	SET(CURLOPT_VERBOSE, 1L);
	SET(CURLOPT_ERRORBUFFER, link->trouble);
#undef SET
	if (code)
		return tkt_error_set_memory(error);
	code = curl_easy_perform(link->curl);
	return code ? set_failure(link, code, error) : 0;
}

static void clear_link(struct link *link)
{
	tkt_connection_free(link->curl);
	tkt_text_clear(&link->heard);
}

/* The url without its folder, which is none of libcurl's business. */
static char *url_of_server(const char *url)
{
	const char *host = strstr(url, "://");

	host = host ? host + strlen("://") : url;
	return strndup(url, (size_t)(host - url) + strcspn(host, "/"));
}

int tkt_fetch(const struct tkt_desk *desk, const struct tkt_mailbox *mailbox,
    struct tkt_fetching *fetching, struct tkt_error *error)
{
	__attribute__((cleanup(clear_link))) struct link link = { .curl = NULL };
	tkt_autofree struct tkt_dialogue *dialogue = calloc(1, sizeof(*dialogue));
	tkt_autofree char *url = url_of_server(mailbox->url);
	tkt_autofree char *key = NULL;
	struct tkt_server server = {
		.protocols = mailbox->is_pop3 ? "pop3,pop3s" : "imap,imaps",
		.example = mailbox->is_pop3 ? "pop3s://mail.example.org"
					    : "imaps://mail.example.org/INBOX",
		.user = mailbox->user,
		.ca_file = mailbox->ca_file,
		.require_tls = mailbox->require_tls,
	};

	link.timeout_seconds =
	    mailbox->timeout_seconds > 0 ? mailbox->timeout_seconds : TIMEOUT_SECONDS;
	tkt_text_init(&link.heard, TKT_FETCH_SAID);
	if (!dialogue || !url || asprintf(&key, "keys/fetch-%s", mailbox->name) < 0) {
		key = NULL;
		return tkt_error_set_memory(error);
	}
	server.url = url;
	server.key = key;
	server.timeout_seconds = link.timeout_seconds;
	if (tkt_connection_new(desk, &server, &link.curl, error) || connect_link(&link, error))
		return -1;
	tkt_dialogue_init(dialogue, &(struct tkt_wire){ send_bytes, receive_bytes, &link },
	    mailbox->is_pop3 ? "POP3" : "IMAP");
	return (mailbox->is_pop3 ? tkt_fetch_by_pop3 : tkt_fetch_by_imap)(
	    dialogue, mailbox, fetching, error);
}

void tkt_fetch_leave_large(const struct tkt_fetching *fetching, uint64_t size)
{
	struct tkt_error reason = { 0 };

	tkt_error_set(&reason, TKT_ERROR_DATA,
	    _("a letter of %llu bytes stays on the server: %llu are the most"),
	    (unsigned long long)size, (unsigned long long)fetching->letter_limit);
	fetching->leave(&reason, fetching->context);
}

void tkt_fetch_leave_refused(const struct tkt_fetching *fetching, const struct tkt_text *said)
{
	struct tkt_error reason = { 0 };
	tkt_autotext quoted;

	tkt_text_init(&quoted, 4 * TKT_FETCH_SAID);
	tkt_mail_add_quoted(&quoted, said->bytes, said->length);
	tkt_error_set(&reason, TKT_ERROR_UNAVAILABLE, _("the server does not give a letter: %s"),
	    quoted.bytes);
	fetching->leave(&reason, fetching->context);
}

int tkt_fetch_refused(enum tkt_error_kind kind, const char *command, const struct tkt_text *said,
    struct tkt_error *error)
{
	tkt_autotext quoted;

	tkt_text_init(&quoted, 4 * TKT_FETCH_SAID);
	tkt_mail_add_quoted(&quoted, said->bytes, said->length);
	return tkt_error_set(error, kind, _("the server refuses %s: %s"), command, quoted.bytes);
}
