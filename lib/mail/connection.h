/*
 * lib/mail/connection.h: what all connections by libcurl share: the url, TLS with the server's
 * certificate checked, the login and its password, bounds in time.
 */
#pragma once
#include <curl/curl.h>
#include <stdbool.h>

#include "base/error.h"

struct tkt_desk;

struct tkt_server {
	const char *url;       /* "smtp://mail.example.org:587": no user, no password in it */
	const char *protocols; /* that the url may name, and libcurl may speak: "smtp,smtps" */
	const char *example;   /* of a url, for whoever must write one */
	const char *user;      /* the login; NULL: none */
	const char *key;       /* file of the desk with its password: "keys/smtp" */
	const char *ca_file;   /* whose certificates count, in PEM; NULL: the system's */
	bool require_tls;
	int timeout_seconds; /* for each step: no bound on the whole, a large mail takes long */
};

/*
 * A handle that is set up for a server and connected to nothing. With a login, TLS is required
 * whatever `require_tls` says, unless the server is this machine: so no password travels in clear,
 * even if someone on the way hides STARTTLS. The file of the password may be read by its owner and
 * its group alone; its first line counts.
 *
 * 0, or -1 with CONFIGURATION or TEMPORARY.
 */
int tkt_connection_new(const struct tkt_desk *desk, const struct tkt_server *server, CURL **curl,
    struct tkt_error *error);
void tkt_connection_free(CURL *curl); /* NULL is taken */

/* What a failure of libcurl means where the server has not said: CONFIGURATION when somebody must
 * act (no TLS, a certificate that is not good, a login that is refused), else TEMPORARY. */
enum tkt_error_kind tkt_connection_kind(CURLcode code);
