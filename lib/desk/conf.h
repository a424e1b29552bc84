/*
 * lib/desk/conf.h: what desk.conf says: which sections and options there are, each value checked
 * alone and with its line. policy.c then checks what must agree, desk.c takes what it needs.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "desk/check.h"

struct tkt_error;
struct tkt_expression;
struct tkt_findings;
struct tkt_scan;

/* A section's handle: where its values are, with those of the sections within it. */
struct tkt_conf_range {
	size_t first, end; /* conf->values from `first` to before `end` */
};

struct tkt_conf_section {
	const struct tkt_conf_range *handle, *parent; /* of the root: conf->root */
	const char *kind;                             /* "sla" */
	char *title;                                  /* "extended" */
	int line;                                     /* of the whole text, where it opens */
};

struct tkt_conf_value {
	const struct tkt_conf_range *section; /* its handle */
	const struct tkt_setting *setting;
	char *text;
	int line;
	struct tkt_expression *expression; /* of tkt_check_expression: as it was checked, without a
					      scope; NULL: it is none, or wrong */
};

struct tkt_conf {
	const struct tkt_scan *scan;   /* borrowed */
	struct tkt_findings *findings; /* borrowed */
	bool is_complete;              /* nothing stopped the reading before the end */
	struct tkt_conf_range root[1];
	struct tkt_conf_section *sections;
	size_t section_count; /* in the order in which they close: those within others first */
	struct tkt_conf_value *values;
	size_t value_count; /* in file order */
};

/*
 *   name    of the file below the desk
 *   bytes   what stands for it, `length` of them; NULL: the file itself
 *
 * Scans it and keeps what it says. 0 and a new conf, with what is wrong among the findings (then
 * only a part of the values may be there), or -1 as tkt_scan_file().
 */
int tkt_conf_new(struct tkt_scan *scan, struct tkt_findings *findings, const char *name,
    const char *bytes, size_t length, struct tkt_conf **conf, struct tkt_error *error);
void tkt_conf_truncate(struct tkt_conf *conf, size_t count); /* keeps so many values */
void tkt_conf_free(struct tkt_conf *conf);
TKT_AUTOPTR(conf)

/* The value of an option, the first one of a list; NULL when it is not given. `section`: a handle;
 * NULL for the top. */
const struct tkt_conf_value *tkt_conf_get(
    const struct tkt_conf *conf, const struct tkt_conf_range *section, const char *name);
/* Its next value behind one of them; the first one behind NULL. NULL: there is none. */
const struct tkt_conf_value *tkt_conf_next(const struct tkt_conf *conf,
    const struct tkt_conf_range *section, const char *name, const struct tkt_conf_value *before);
bool tkt_conf_has(
    const struct tkt_conf *conf, const struct tkt_conf_section *section, const char *name);
bool tkt_conf_is_kind(const struct tkt_conf_section *section, const char *kind);
/* Its text, or `otherwise`. */
const char *tkt_conf_text(const struct tkt_conf *conf, const struct tkt_conf_range *section,
    const char *name, const char *otherwise);
/* The same as seconds of elapsed time, up to an hour. 0 or -1. */
int tkt_conf_seconds(const struct tkt_conf *conf, const struct tkt_conf_range *section,
    const char *name, const char *otherwise, int *seconds, struct tkt_error *error);
const struct tkt_conf_section *tkt_conf_section_find(
    const struct tkt_conf *conf, const char *kind, const char *title);
/* The title of the section with that handle; "" when there is none. */
const char *tkt_conf_section_title(
    const struct tkt_conf *conf, const struct tkt_conf_range *section);

/* A finding at a line of the whole text. */
void tkt_conf_report(const struct tkt_conf *conf, int line, bool is_warning, const char *format,
    ...) __attribute__((format(printf, 4, 5)));
