/* lib/flow/token_key.h: the secrets of a desk: keys/token, behind its signed addresses, and
 * keys/panel, which it shares with the site that its customers log in to. */
#pragma once

struct tkt_error;
struct tkt_session;
struct tkt_token_key;

/*
 * The key of the session's desk, read once; a desk without one gets a new one (a restored desk: old
 * tokens are strangers then, and letters thread by References). *key is borrowed from the session.
 * 0, or -1 with CONFIGURATION (the file is no key), PERMISSION or what the system says.
 */
int tkt_session_token_key(
    struct tkt_session *session, const struct tkt_token_key **key, struct tkt_error *error);
/* The same for keys/panel. */
int tkt_session_panel_key(
    struct tkt_session *session, const struct tkt_token_key **key, struct tkt_error *error);
