/* lib/flow/fetch.h: the letters of a mailbox on a server into the desk. */
#pragma once

struct tkt_error;
struct tkt_mailbox;
struct tkt_receiving;

/*
 * Takes in the letters that lie in a mailbox, each in a transaction of its own; the server is told
 * (flagged, deleted, moved) after its commit. Killed before that, the next run finds a duplicate.
 * One run at a time reads a mailbox: another one says so and leaves it. Received when its trusted
 * or top Received line says so, else when the server got it. With `after = "keep"` a letter that
 * the desk knows leaves no row in the ledger.
 *
 * What is wrong with the server is reported on the command, with the mailbox's name; -1 is what is
 * wrong with the desk or standard output, which is no better for the next mailbox.
 */
int tkt_receive_mailbox(const struct tkt_receiving *receiving, const struct tkt_mailbox *mailbox,
    struct tkt_error *error);
