/* SMTP by libcurl: one easy handle, so that mails in a row share a connection. */
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "mail/connection.h"
#include "mail/sender.h"

#include "base/banned.h"

enum {
	REPLY_BYTES = 600, /* of a reply's text: what an error text shows */
	COMMAND_BYTES = 512,
	/* Replies that speak of the login, not of the mail (RFC 4954 6). */
	REPLY_CLOSING = 421,
	REPLY_LOGIN_NEEDED = 530,
	REPLY_MECHANISM_TOO_WEAK = 534,
	REPLY_LOGIN_REFUSED = 535,
	REPLY_ENCRYPTION_NEEDED = 538,
};

struct session {
	CURL *curl;
	char trouble[CURL_ERROR_SIZE];

	/* Of the mail under way: */
	const struct tkt_dispatch *letter;
	size_t sent;                 /* bytes of it that libcurl has taken */
	char command[COMMAND_BYTES]; /* the last one that is part of a mail: "RCPT TO:<...>"; "" */
	int code;                    /* of the last whole reply; 0: there was none */
	bool reply_ended;
	bool leaving;          /* QUIT has been said: what follows is no answer to the mail */
	struct tkt_text reply; /* the last one, its codes too */
};

static void hear_reply(struct session *session, const char *line, size_t length)
{
	size_t digits = 0;

	while (digits < length && digits < 3 && line[digits] >= '0' && line[digits] <= '9')
		digits++;
	if (digits < 3 || session->leaving)
		return;
	if (session->reply_ended)
		tkt_text_reset(&session->reply);
	session->reply_ended = length < 4 || line[3] != '-';
	if (session->reply_ended)
		session->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
	if (session->reply.length + length < REPLY_BYTES)
		tkt_text_add_bytes(&session->reply, line, length);
}

/* Only the commands of a mail are kept: others hold the login. */
static void see_command(struct session *session, const char *line, size_t length)
{
	size_t end = 0;

	session->leaving = length >= 4 && !strncasecmp(line, "QUIT", 4);
	if (length < 4 ||
	    (strncasecmp(line, "MAIL", 4) && strncasecmp(line, "RCPT", 4) &&
		strncasecmp(line, "DATA", 4)))
		return;
	while (end < length && end < COMMAND_BYTES - 1 && line[end] != '\r')
		end++;
	memcpy(session->command, line, end);
	session->command[end] = '\0';
}

/* The dialogue, which libcurl tells to its debug function alone. */
static int see_dialogue(CURL *curl, curl_infotype type, char *line, size_t length, void *context)
{
	(void)curl;
	if (type == CURLINFO_HEADER_IN)
		hear_reply(context, line, length);
	else if (type == CURLINFO_HEADER_OUT)
		see_command(context, line, length);
	return 0;
}

static size_t give_data(char *out, size_t size, size_t count, void *context)
{
	struct session *session = context;
	size_t left = session->letter->length - session->sent;
	size_t length = size * count < left ? size * count : left;

	memcpy(out, session->letter->bytes + session->sent, length);
	session->sent += length;
	return length;
}

static size_t drop_data(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	(void)context;
	return size * count;
}

/* What smtp wants beside what all connections have. */
static CURLcode set_options(struct session *session)
{
	CURL *curl = session->curl;
	CURLcode code = CURLE_OK;

#define SET(option, value) code = code ? code : curl_easy_setopt(curl, option, value)
	SET(CURLOPT_UPLOAD, 1L);
	SET(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 0L);
	SET(CURLOPT_READFUNCTION, give_data);
	SET(CURLOPT_READDATA, session);
	SET(CURLOPT_WRITEFUNCTION, drop_data);
	SET(CURLOPT_DEBUGFUNCTION, see_dialogue);
	SET(CURLOPT_DEBUGDATA, session);
	SET(CURLOPT_VERBOSE, 1L);
	SET(CURLOPT_ERRORBUFFER, session->trouble);
#undef SET
	return code;
}

static int open_session(struct tkt_sender *sender, struct tkt_error *error)
{
	const struct tkt_transport *transport = &sender->desk->transport;
	const struct tkt_server server = {
		.url = transport->url,
		.protocols = "smtp,smtps",
		.example = "smtp://mail.example.org:587",
		.user = transport->user,
		.key = "keys/smtp",
		.ca_file = transport->ca_file,
		.require_tls = transport->require_tls,
		.timeout_seconds = sender->timeout_seconds,
	};
	struct session *session = calloc(1, sizeof(*session));

	if (!session)
		return tkt_error_set_memory(error);
	tkt_text_init(&session->reply, REPLY_BYTES);
	sender->state = session;
	if (tkt_connection_new(sender->desk, &server, &session->curl, error))
		return -1;
	return set_options(session) ? tkt_error_set_memory(error) : 0;
}

static void close_session(struct tkt_sender *sender)
{
	struct session *session = sender->state;

	if (!session)
		return;
	tkt_connection_free(session->curl);
	tkt_text_clear(&session->reply);
	free(session);
}

static bool is_refused(const struct session *session)
{
	return session->code >= 400 && session->code < 600;
}

/*
 * What a failure means. A reply to MAIL, RCPT, DATA or the data is about this mail; one before is
 * about the connection. When all data have gone out and no reply came, nobody knows.
 */
static enum tkt_error_kind kind_of_failure(const struct session *session, CURLcode code)
{
	bool refused = is_refused(session);

	if (session->code == REPLY_LOGIN_NEEDED || session->code == REPLY_MECHANISM_TOO_WEAK ||
	    session->code == REPLY_LOGIN_REFUSED || session->code == REPLY_ENCRYPTION_NEEDED)
		return TKT_ERROR_CONFIGURATION;
	if (refused && session->command[0])
		return session->code < 500 ? TKT_ERROR_TEMPORARY : TKT_ERROR_UNAVAILABLE;
	if (refused && session->code < 500)
		return TKT_ERROR_TEMPORARY;
	return tkt_connection_kind(code);
}

/* The server has not said why. What libcurl says of a broken connection tells nothing. */
static int set_trouble(
    struct session *session, CURLcode code, enum tkt_error_kind kind, struct tkt_error *error)
{
	const char *url = NULL;

	curl_easy_getinfo(session->curl, CURLINFO_EFFECTIVE_URL, &url);
	url = url ? url : "smtp";
	switch (code) {
	case CURLE_USE_SSL_FAILED:
		return tkt_error_set(error, kind,
		    _("cannot send by %s: the server offers no TLS; 'tls = false' sends without"),
		    url);
	case CURLE_OPERATION_TIMEDOUT:
		return tkt_error_set(
		    error, kind, _("cannot send by %s: no answer within the timeout"), url);
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
		return tkt_error_set(
		    error, kind, _("cannot send by %s: the server broke the connection off"), url);
	default:
		return tkt_error_set(error, kind, _("cannot send by %s: %s"), url,
		    session->trouble[0] ? session->trouble : curl_easy_strerror(code));
	}
}

static int set_failure(struct session *session, CURLcode code, struct tkt_error *error)
{
	enum tkt_error_kind kind = kind_of_failure(session, code);
	tkt_autotext reply;

	tkt_text_init(&reply, 4 * REPLY_BYTES);
	if (session->code < 400 ||
	    (code == CURLE_USE_SSL_FAILED && kind == TKT_ERROR_CONFIGURATION))
		return set_trouble(session, code, kind, error);
	tkt_mail_add_quoted(&reply, session->reply.bytes, session->reply.length);
	if (!strncasecmp(session->command, "RCPT TO:<", 9))
		return tkt_error_set(error, kind,
		    _("the mail server refuses the recipient '%.*s': %s"),
		    (int)strcspn(session->command + 9, ">"), session->command + 9, reply.bytes);
	return tkt_error_set(error, kind, _("the mail server refuses the mail: %s"), reply.bytes);
}

static CURLcode perform(struct session *session)
{
	session->sent = 0;
	session->command[0] = '\0';
	session->code = 0;
	session->reply_ended = true;
	session->leaving = false;
	session->trouble[0] = '\0';
	tkt_text_reset(&session->reply);
	return curl_easy_perform(session->curl);
}

/* A kept connection that the server has given up, which shows at the first command only. */
static bool is_stale(const struct session *session)
{
	long made = 1;

	curl_easy_getinfo(session->curl, CURLINFO_NUM_CONNECTS, &made);
	return made == 0 && session->sent == 0 &&
	    (session->code == 0 || session->code == REPLY_CLOSING);
}

static struct curl_slist *new_recipients(const struct tkt_dispatch *letter)
{
	struct curl_slist *list = NULL;
	size_t i;

	for (i = 0; letter->recipients[i]; i++) {
		struct curl_slist *longer = curl_slist_append(list, letter->recipients[i]);

		if (!longer) {
			curl_slist_free_all(list);
			return NULL;
		}
		list = longer;
	}
	return list;
}

static int send_by_smtp(struct tkt_sender *sender, const struct tkt_dispatch *letter,
    struct tkt_delivery *delivery, struct tkt_error *error)
{
	struct session *session = sender->state;
	struct curl_slist *recipients = new_recipients(letter);
	CURLcode code = CURLE_OUT_OF_MEMORY;
	int status = 0;

	if (!recipients)
		return tkt_error_set_memory(error);
	session->letter = letter;
	if (!curl_easy_setopt(session->curl, CURLOPT_MAIL_FROM, letter->from) &&
	    !curl_easy_setopt(session->curl, CURLOPT_MAIL_RCPT, recipients) &&
	    !curl_easy_setopt(
		session->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)letter->length)) {
		code = perform(session);
		if (code && is_stale(session)) {
			curl_easy_setopt(session->curl, CURLOPT_FRESH_CONNECT, 1L);
			code = perform(session);
			curl_easy_setopt(session->curl, CURLOPT_FRESH_CONNECT, 0L);
		}
	}
	if (code) {
		delivery->unknown = session->sent == letter->length && !is_refused(session);
		status = set_failure(session, code, error);
	}
	curl_easy_setopt(session->curl, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(recipients);
	session->letter = NULL;
	return status;
}

const struct tkt_transport_driver tkt_transport_smtp = {
	.open = open_session,
	.send = send_by_smtp,
	.close = close_session,
};
