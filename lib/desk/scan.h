/*
 * lib/desk/scan.h: what stands before libConfuse: reads desk.conf with its includes into one text
 * that libConfuse cannot misread, and knows which line of which file each of its lines was.
 *
 * libConfuse 3.3 would let pass or misread in silence: a comment that is never closed, '${X}' and
 * '\b' in double quotes, '\\' in single quotes (one backslash), '+06:00' without quotes (the '+'
 * vanishes), a second 'name = ' (it wins), 'a|b' for an option of a section, includes relative to
 * the current folder, a line too many after each C comment.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "desk/source.h"

struct tkt_error;
struct tkt_findings;
struct tkt_scan; /* opaque */

#define TKT_SCAN_DEPTH 8 /* includes within includes */

/*
 *   folder  the desk: includes are relative to it; '..' is refused, an absolute path is not
 *
 * The findings are borrowed for the scan's life. NULL when memory is out.
 */
struct tkt_scan *tkt_scan_new(const char *folder, struct tkt_findings *findings);
void tkt_scan_free(struct tkt_scan *scan);
TKT_AUTOPTR(scan)

/*
 * Scans the file `name` of the desk, or bytes that stand for it. 0, with what is wrong among the
 * findings. -1 with NO_INPUT, PERMISSION,
 * IO or TEMPORARY when the file cannot be read at all; an include that cannot is a finding.
 */
int tkt_scan_file(struct tkt_scan *scan, const char *name, struct tkt_error *error);
int tkt_scan_bytes(struct tkt_scan *scan, const char *name, const char *bytes, size_t length,
    struct tkt_error *error);

/* May libConfuse read the text? No when the scan stopped at a finding. */
bool tkt_scan_is_sound(const struct tkt_scan *scan);
/* What it made: the text for libConfuse (comments are blank, includes in their place) and the text
 * of the policy (as read, comments and all: it can be scanned again alone). */
const struct tkt_source *tkt_scan_source(const struct tkt_scan *scan);
/* The line of the text for libConfuse on which the section opens that closes as the number'th (from
 * 0); 1 when there is none. */
int tkt_scan_section(const struct tkt_scan *scan, size_t number);
