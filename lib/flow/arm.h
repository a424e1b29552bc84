/* lib/flow/arm.h: a desk sends only where it was armed: host, real path and inode; a copy must not.
 */
#pragma once

struct tkt_db;
struct tkt_error;
struct tkt_session;

/* 0 when it is armed for this place, or -1 with CONFIGURATION: "this desk is a copy ...; run
 * tkt-init --arm". */
int tkt_arm_check(struct tkt_session *session, struct tkt_error *error);

/*
 * Arms it for this place, in a write transaction. A desk that was armed elsewhere skips the next
 * 1,000 numbers of tickets, messages, letters and outgoing mails: the original may have given them
 * out since. 0; 1: it was armed elsewhere, which may send the same mails; or -1.
 */
int tkt_arm(struct tkt_session *session, struct tkt_error *error);

/*
 * The database of a copy is armed nowhere from now on, whoever gives it a place: host, path and
 * inode of a desk that is restored may well be those of the one that was lost. 0 or -1.
 */
int tkt_arm_forget(struct tkt_db *copy, struct tkt_error *error);
