/*
 * lib/desk/scan.h: how desk.conf is written: options, lists, sections, includes. It knows no names;
 * who does is told of what stands there, in file order.
 *
 *	name = value   name = {value, value}   kind "title" { ... }   include("FILE")
 *
 * A value is a word, or a string in quotes that ends on its line and means what it shows: no
 *'${X}', no '\n'. A list may end in a comma. A brace closes in the file in which it was opened.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "desk/source.h"

struct tkt_error;
struct tkt_findings;
struct tkt_scan; /* opaque */

/* Lines are of the whole text, see source.h. Each returns 0, or -1 when memory is out: the scan
 * ends. */
struct tkt_scan_visitor {
	void *context;
	/* An option begins; `is_list`: its values stand in braces. */
	int (*option)(void *context, const char *name, bool is_list, int line);
	int (*value)(void *context, const char *text, int line); /* of the last option */
	int (*open)(void *context, const char *kind, const char *title, int line);
	int (*close)(void *context); /* the section that was opened last */
};

/*
 *   folder  the desk: includes are relative to it; '..' is refused, an absolute path is not
 *
 * The findings are borrowed for the scan's life. NULL when memory is out.
 */
struct tkt_scan *tkt_scan_new(const char *folder, struct tkt_findings *findings);
void tkt_scan_free(struct tkt_scan *scan);
TKT_AUTOPTR(scan)

/*
 * Scans the file `name` of the desk, or bytes that stand for it. `visitor`: NULL for none. 0, with
 * what is wrong among the findings. -1 with NO_INPUT, PERMISSION, IO or TEMPORARY when the file
 * cannot be read at all; an include that cannot is a finding.
 */
int tkt_scan_file(struct tkt_scan *scan, const char *name, const struct tkt_scan_visitor *visitor,
    struct tkt_error *error);
int tkt_scan_bytes(struct tkt_scan *scan, const char *name, const char *bytes, size_t length,
    const struct tkt_scan_visitor *visitor, struct tkt_error *error);

/* Was the text understood to its end? No when the scan stopped at a finding. */
bool tkt_scan_is_sound(const struct tkt_scan *scan);
/* The text of the policy (as read, comments and all, includes in their place: it can be scanned
 * again alone), and the files that it came from. */
const struct tkt_source *tkt_scan_source(const struct tkt_scan *scan);
