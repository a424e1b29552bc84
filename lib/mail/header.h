/* lib/mail/header.h: values of header fields: text, ids, addresses. */
#pragma once
#include <gmime/gmime.h>
#include <jansson.h>
#include <stddef.h>

#include "base/text.h"

/* Every result is valid UTF-8 without controls that break lines; NULL values are read as "". */

/* One line from bytes that may be anything: repaired, blanks for line ends. NULL: no memory. */
char *tkt_header_line(const char *bytes);
/* The decoded text (RFC 2047) of the first field of that name, to be freed; NULL: no memory. */
char *tkt_header_text(GMimeObject *object, const char *name, const char *const *languages);
/*
 * Message-IDs (RFC 5322, 3.6.4), also as mailers damage them: folded or blank within, in two pairs
 * of brackets or half a one, without brackets where nothing but ids stands there, behind commas, as
 * encoded words. They come without brackets and blanks.
 */
/* The first one of a field, "" when there is none; NULL: no memory. */
char *tkt_header_id(GMimeObject *object, const char *name);
/* Adds all of all fields of that name to a JSON array, in their order: the first, and at most the
 * last 199. */
void tkt_header_ids(GMimeObject *object, const char *name, json_t *ids);
/* The same for a field's value. */
void tkt_header_ids_of(const char *value, size_t length, json_t *ids);
/* The same for any text: a line 'NAME: <id>' in a returned mail or in a report. */
void tkt_header_ids_in(const char *bytes, size_t length, const char *name, json_t *ids);
/* Adds the addresses of all fields of that name to a JSON array, as address.h says. */
void tkt_header_addresses(
    GMimeObject *object, const char *name, const char *const *languages, json_t *addresses);
/* The decoded text of a field of a raw mail, to be freed; NULL: no memory. */
char *tkt_header_text_in(
    const char *bytes, size_t length, const char *name, const char *const *languages);
