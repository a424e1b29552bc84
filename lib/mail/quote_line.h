/* lib/mail/quote_line.h: what a line alone says: who wrote, a header line, a mark of a mailer. Only
 * for quote.c and its parts. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define TKT_QUOTE_LINE 600 /* bytes; what is longer is cut: no mailer has written it */

/* A line for comparing: folded, runs of blanks as one, without what cannot be seen. */
struct tkt_quote_line {
	char text[TKT_QUOTE_LINE + 1];
	size_t length; /* 0: blank */
	bool is_cut;
};

void tkt_quote_line_read(struct tkt_quote_line *line, const char *bytes, size_t length);
/* Adds another behind a blank. */
void tkt_quote_line_join(struct tkt_quote_line *line, const struct tkt_quote_line *more);

/* How surely a line, or several joined, says who wrote what follows. */
enum tkt_quote_attribution {
	TKT_QUOTE_NOBODY,
	TKT_QUOTE_PERHAPS, /* 'Anna wrote:': if quoted lines follow */
	TKT_QUOTE_DATED,   /* with a date and a time or an address */
	TKT_QUOTE_CERTAIN, /* as only a program writes it: what follows is quoted, marked or not */
};
enum tkt_quote_attribution tkt_quote_attribution(const struct tkt_quote_line *line);
/* May an attribution that is broken over lines begin so? */
bool tkt_quote_may_begin(const struct tkt_quote_line *line);

/* Labels of the header lines that a mailer puts above a mail it quotes without marks. */
enum {
	TKT_QUOTE_FROM = 1,
	TKT_QUOTE_DATE = 2,
	TKT_QUOTE_TO = 4,
	TKT_QUOTE_SUBJECT = 8,
	TKT_QUOTE_COPY = 16,
};
unsigned tkt_quote_label(const struct tkt_quote_line *line); /* 0: none */

bool tkt_quote_is_separator(const struct tkt_quote_line *line); /* '--- Original Message ---' */
bool tkt_quote_is_forward(const struct tkt_quote_line *line);   /* '--- Forwarded message ---' */
bool tkt_quote_is_rule(const struct tkt_quote_line *line);      /* '________' */
bool tkt_quote_is_device(const struct tkt_quote_line *line);    /* 'Sent from my iPhone' */
bool tkt_quote_is_list_footer(const struct tkt_quote_line *line);
bool tkt_quote_is_scanner(const struct tkt_quote_line *line); /* 'checked for viruses by ...' */
/* 'See my answers below': what stands below is no mere quote. */
bool tkt_quote_points_below(const struct tkt_quote_line *line);
