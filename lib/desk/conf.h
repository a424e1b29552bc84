/*
 * lib/desk/conf.h: desk.conf read by libConfuse: which sections and options there are, each value
 * checked alone and with its line. policy.c then checks what must agree, desk.c takes what it
 * needs.
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

struct tkt_conf_section {
	const void *handle, *parent; /* its tkt_conf_range; the root's handle is conf->root */
	const char *kind;            /* "sla" */
	const char *title;           /* "extended" */
	int line;                    /* of the text for libConfuse, where it opens */
};

/* Where the values of a section are, with those of the sections within it. */
struct tkt_conf_range {
	const void *section; /* libConfuse's */
	size_t first, end;   /* conf->values from `first` to before `end` */
};

struct tkt_conf_value {
	const void *section; /* its handle */
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
	void *root;                    /* cfg_t *: sections and titles live in it */
	struct tkt_conf_range *ranges; /* of the sections, in the order of libConfuse's */
	struct tkt_conf_section *sections;
	size_t section_count; /* in the order in which they close: those within others first */
	struct tkt_conf_value *values;
	size_t value_count; /* in file order */
};

/*
 * Reads what was scanned. 0 and a new conf, with what is wrong among the findings (then only a part
 * of the values may be there), or -1 with TEMPORARY. Not for two threads at once: libConfuse's
 * lexer has one state.
 */
int tkt_conf_new(const struct tkt_scan *scan, struct tkt_findings *findings, struct tkt_conf **conf,
    struct tkt_error *error);
void tkt_conf_free(struct tkt_conf *conf);
TKT_AUTOPTR(conf)

/* The value of an option, the first one of a list; NULL when it is not given. `section`: a handle;
 * NULL for the top. */
const struct tkt_conf_value *tkt_conf_get(
    const struct tkt_conf *conf, const void *section, const char *name);
/* Its next value behind one of them; the first one behind NULL. NULL: there is none. */
const struct tkt_conf_value *tkt_conf_next(const struct tkt_conf *conf, const void *section,
    const char *name, const struct tkt_conf_value *before);
/* Its text, or `otherwise`. */
const char *tkt_conf_text(
    const struct tkt_conf *conf, const void *section, const char *name, const char *otherwise);
/* The same as seconds of elapsed time, up to an hour. 0 or -1. */
int tkt_conf_seconds(const struct tkt_conf *conf, const void *section, const char *name,
    const char *otherwise, int *seconds, struct tkt_error *error);
const struct tkt_conf_section *tkt_conf_section_find(
    const struct tkt_conf *conf, const char *kind, const char *title);
/* The title of the section with that handle; "" when there is none. */
const char *tkt_conf_section_title(const struct tkt_conf *conf, const void *section);

/* A finding at a line of the text for libConfuse. */
void tkt_conf_report(const struct tkt_conf *conf, int line, bool is_warning, const char *format,
    ...) __attribute__((format(printf, 4, 5)));
