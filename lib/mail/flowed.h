/* lib/mail/flowed.h: text to format=flowed (RFC 3676, DelSp=no). */
#pragma once
#include <stddef.h>

struct tkt_text;

/*
 * Adds the text (UTF-8; LF, CR LF or CR ends a line) with LF line ends, the last line too:
 *
 * - Lines wider than 76 columns are broken behind blanks, which stay: joined again, they are the
 *   line that was. A word wider than that is not broken.
 * - Blanks at the end of a line are dropped, since they would join it to the next one; the
 *   signature's line '-- ' is kept, behind '>' too.
 * - Lines that begin with a blank or 'From ' are stuffed with a blank; leading '>' are quotes,
 *   and each line of a broken quote repeats them.
 */
void tkt_flowed_add(struct tkt_text *out, const char *text, size_t length);
