/*
 * lib/mail/parameter.h: parameters of Content-Type and Content-Disposition (RFC 2045, 5.1; RFC
 * 2231) as mailers really write them.
 *
 * GMime takes parts of a name that are out of order for its charset, prefers 'filename' to
 * 'filename*', and reads '\' as an escape in 'C:\Temp\a.pdf'. Encoded words (RFC 2047, 5 forbids
 * them here) and 8-bit text are read as well.
 */
#pragma once

/*
 * The parameter's value in UTF-8, to be freed; NULL when it is not there, or no memory.
 *
 *   value  of the field as it stands in the mail, perhaps folded; NULL is none
 *   name   in lower case
 */
char *tkt_parameter_read(const char *value, const char *name, const char *const *languages);
