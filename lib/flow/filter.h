/* lib/flow/filter.h: a letter judged by the programs that desk.conf names: viruses, spam. */
#pragma once

struct tkt_error;
struct tkt_letter;
struct tkt_session;

/*
 * Runs the filters in their order, each with the letter as its input, until one objects; outside a
 * transaction. Exit status 0 lets the letter pass, 1 (as clamdscan, spamc -c and bogofilter's kin
 * have it) quarantines it; anything else is a failure of the filter, for which desk.conf says what
 * happens. *verdict: why it is to be kept aside, to be freed ("filter 'virus': Eicar FOUND"); NULL:
 * it may pass. 0, or -1 with TEMPORARY when the letter must wait.
 */
int tkt_filter_run(struct tkt_session *session, const struct tkt_letter *letter, char **verdict,
    struct tkt_error *error);
