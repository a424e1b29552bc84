/*
 * lib/desk/calendars.h: the calendars of desk.conf with their holiday lists, and which channel has
 * which. Facts, not policy: always those of the desk as it is now.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/text.h"

struct tkt_calendar;
struct tkt_calendars; /* opaque */
struct tkt_conf;
struct tkt_conf_section;
struct tkt_error;
struct tkt_reading;

/*
 * Reads them out of the text of desk.conf; holiday lists are looked for in calendars/ of the desk,
 * then of `datadir`, and read when a calendar is first asked for. 0, or -1 with CONFIGURATION.
 */
int tkt_calendars_read(const char *folder, const char *datadir, const char *text, size_t length,
    struct tkt_calendars **calendars, struct tkt_error *error);
/* The same out of a desk.conf that has been read, is sound, and outlives them: it knows which files
 * were included. */
int tkt_calendars_make(const struct tkt_reading *reading, const char *datadir,
    struct tkt_calendars **calendars, struct tkt_error *error);
void tkt_calendars_free(struct tkt_calendars *calendars);
TKT_AUTOPTR(calendars)

/*
 * Takes the calendars of a policy that was: one that desk.conf does not name any more is looked for
 * among them, for the tickets that came under it.
 */
void tkt_calendars_add_older(struct tkt_calendars *calendars, struct tkt_calendars *older);
/* One by its name, borrowed. 0, or -1 with NOT_FOUND ("there is no calendar 'ofice'; did you mean
 * 'office'?") or what tkt_holiday_file_read() says, with the calendar's line. */
int tkt_calendars_find(struct tkt_calendars *calendars, const char *name,
    struct tkt_calendar **calendar, struct tkt_error *error);
/* The calendar that a channel's section names; NULL: it names none. */
const char *tkt_calendars_of_channel(const struct tkt_calendars *calendars, const char *channel);
/* The names, in file order, ended by NULL. */
const char *const *tkt_calendars_names(const struct tkt_calendars *calendars);
/*
 * Adds the SHA-256, in hex, of all that a reckoning depends on: the calendar sections, their
 * holiday lists and the channels' calendars. Another one means that open clocks are to be
 * recomputed. 0, -1.
 */
int tkt_calendars_digest(
    struct tkt_calendars *calendars, struct tkt_text *digest, struct tkt_error *error);
/*
 * Adds a line 'path inode size seconds.nanoseconds' for desk.conf, each of its includes and each
 * holiday file, and 'path -' for each place before it where one would count; paths are below the
 * desk or absolute. 0, -1. An idle sweep asks tkt_files_are_same() and parses nothing.
 */
int tkt_calendars_files(
    struct tkt_calendars *calendars, struct tkt_text *files, struct tkt_error *error);
/* Do these lines still say what is on the disk? No also for lines that nobody wrote. */
bool tkt_files_are_same(const char *folder, const char *files);

/* One section's calendar, without its holiday lists. 0, or -1 with CONFIGURATION. */
int tkt_calendar_make(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    struct tkt_calendar **calendar, struct tkt_error *error);
