/*
 * lib/mail/boundary.h: the boundary that the parts of a mail really have, when its header states
 * none, another one, or a type that has no parts.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct tkt_scan;
struct tkt_text;

/* Adds a Content-Type field, with its line end, that the mail should have had. false: the one it
 * has is right, or none can be found; nothing was added. */
bool tkt_boundary_mend(
    struct tkt_text *field, const char *bytes, size_t length, const struct tkt_scan *scan);
