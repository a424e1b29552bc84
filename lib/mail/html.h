/*
 * lib/mail/html.h: HTML to text that a person can read: paragraphs and lists as lines, cells of a
 * table between tabs, quotes with '> ', a link's address behind its text; no scripts and styles.
 *
 * By libxml2's SAX parser, without a tree and without recursion (its tree loses text below depth
 * 257). What is nested deeper than TKT_HTML_DEPTH, or all of it when libxml2 is not there, goes
 * through a plain remover of tags: no text is lost.
 */
#pragma once
#include <stddef.h>

#include "base/text.h"

struct tkt_error;

#define TKT_HTML_DEPTH 256

/* Adds the text of `html` (valid UTF-8, any line ends), at most the limit of `out`: what is more is
 * cut, and out->failed set. 0, or -1 with TKT_ERROR_TEMPORARY when memory is out. */
int tkt_html_to_text(
    struct tkt_text *out, const char *html, size_t length, struct tkt_error *error);

/* The charset a page states in its first bytes (<meta charset=...>), in `name`; "" for none. */
void tkt_html_charset(const char *html, size_t length, char name[static 40]);
