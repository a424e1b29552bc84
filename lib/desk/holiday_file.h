/*
 * lib/desk/holiday_file.h: where the holiday lists of a desk are: calendars/NAME.tsv, then
 * NAME.ics, in the desk, then in the datadir; and how a file now is.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct tkt_error;
struct tkt_holidays;
struct tkt_text;

/*
 * Adds the bytes of the list `name` to `contents` and its path, as errors show it, to `shown`
 * (NULL: not wanted): "calendars/ru.tsv" of the desk, an absolute path elsewhere. 1; 0: there is
 * none; or -1 with PERMISSION, DATA (too large), IO ...
 */
int tkt_holiday_file_contents(const char *folder, const char *datadir, const char *name,
    struct tkt_text *shown, struct tkt_text *contents, struct tkt_error *error);
/* Reads it. 0, or -1: "there is neither 'calendars/ru.tsv' nor 'calendars/ru.ics'",
 * "calendars/ru.tsv:12: ..." */
int tkt_holiday_file_read(const char *folder, const char *datadir, const char *name,
    struct tkt_holidays **holidays, struct tkt_error *error);

/* Adds the line of tkt_calendars_files() for a file, a path below the folder or an absolute one. 1,
 * 0 (it is not there), -1. */
int tkt_file_status_add(
    const char *folder, const char *path, struct tkt_text *files, struct tkt_error *error);
/* The lines for all places where the list is looked for, up to the one where it is. 0, -1. */
int tkt_holiday_file_status(const char *folder, const char *datadir, const char *name,
    struct tkt_text *files, struct tkt_error *error);
