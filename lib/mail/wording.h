/*
 * lib/mail/wording.h: what machines write into subjects and texts, in the languages they do it in.
 *
 * None of this proves a machine: a person may quote any of it. kind.c counts it together with what
 * the header says.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum tkt_wording {
	TKT_WORDS_BOUNCE_SUBJECT,  /* anywhere in the subject */
	TKT_WORDS_BOUNCE_TEXT,     /* a whole phrase of a mail server's notice */
	TKT_WORDS_FAILURE_TEXT,    /* a word of it, which a person may use as well */
	TKT_WORDS_DELAY_TEXT,      /* not yet delivered; it is still tried */
	TKT_WORDS_FINAL_TEXT,      /* it is not tried any more */
	TKT_WORDS_DELIVERED_TEXT,  /* it has arrived */
	TKT_WORDS_ANSWER_SUBJECT,  /* how the subject of an automatic answer begins */
	TKT_WORDS_ABSENCE_SUBJECT, /* likewise, but persons begin so too */
	TKT_WORDS_ABSENCE_TEXT,
	TKT_WORDS_RECEIPT_SUBJECT, /* how the subject of a receipt begins */
	TKT_WORDS_RECEIPT_TEXT,
	TKT_WORDS_GREETING, /* how a person's text begins */
	TKT_WORDS_COPY,     /* in the line above the returned mail, between dashes */
	TKT_WORDS_LABEL,    /* in a line whose address is a recipient's */
	TKT_WORDS_OTHER,    /* in a line whose address is someone else's */
	TKT_WORDINGS,
};

/*
 * Text for comparing: lower case, one blank for any run of them (line ends too), plain apostrophes.
 * Quoted lines ('>' and not '>>>', which is the dialogue of a server) are left out. `text` is
 * UTF-8. To be freed; NULL: no memory.
 */
char *tkt_wording_fold(const char *text, size_t length);

/* Is one of the phrases in the folded text (anywhere, or, of those that begin, at its start)? */
bool tkt_wording_has(enum tkt_wording which, const char *folded);

/* The phrases themselves, ended by NULL. */
const char *const *tkt_wording_phrases(enum tkt_wording which);
