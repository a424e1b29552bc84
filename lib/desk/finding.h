/* lib/desk/finding.h: the findings of one reading of a desk, gathered and handed over in file
 * order.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "desk/desk.h"

struct tkt_error;
struct tkt_findings; /* opaque */

#define TKT_FINDING_LIMIT 1000 /* what is beyond is not kept: nobody reads it */

/* NULL when memory is out. */
struct tkt_findings *tkt_findings_new(void);
void tkt_findings_free(struct tkt_findings *findings);
TKT_AUTOPTR(findings)

/*
 *   order  where it stands: the line of the text with its includes; findings of the same order stay
 *          in the order in which they came. INT_MAX: behind them all
 *   file   copied
 */
void tkt_finding_add(struct tkt_findings *findings, int order, bool is_warning, const char *file,
    int line, const char *format, ...) __attribute__((format(printf, 6, 7)));

size_t tkt_findings_errors(const struct tkt_findings *findings);
/* 0, or -1 with TKT_ERROR_TEMPORARY when memory ran out while they were gathered. */
int tkt_findings_check(const struct tkt_findings *findings, struct tkt_error *error);
/* The first error (warnings left out) as TKT_ERROR_CONFIGURATION: "desk.conf:12: ...". -1 if there
 * is one or memory ran out, else 0. */
int tkt_findings_refuse(struct tkt_findings *findings, struct tkt_error *error);
void tkt_findings_each(struct tkt_findings *findings, tkt_finding_report *report, void *context);
