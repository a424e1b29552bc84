/* lib/desk/mailbox.h: the `fetch` sections of desk.conf: mailboxes on servers, for tkt-fetch. */
#pragma once
#include <stddef.h>

struct tkt_conf;
struct tkt_error;
struct tkt_mailbox;

/* What the options of a section must agree on, as findings of the conf. */
void tkt_mailboxes_check(const struct tkt_conf *conf);

/*
 * The sections in file order, as desk.h has them.
 *
 *   folder  of the desk, which relative paths are below
 *
 * 0 and a new array, NULL when there are none, or -1.
 */
int tkt_mailboxes_make(const struct tkt_conf *conf, const char *folder,
    struct tkt_mailbox **mailboxes, size_t *count, struct tkt_error *error);
void tkt_mailboxes_free(struct tkt_mailbox *mailboxes, size_t count);
