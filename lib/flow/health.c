#include "flow/health.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/program.h"
#include "base/time.h"
#include "base/zone.h"
#include "calendar/calendar.h"
#include "desk/calendars.h"
#include "desk/desk.h"
#include "flow/arm.h"
#include "flow/policies.h"
#include "flow/room.h"
#include "flow/session.h"
#include "flow/sweep_file.h"
#include "store/letter.h"
#include "store/outgoing.h"
#include "store/policy.h"
#include "json/field.h"

#include "base/banned.h"

#define NEXT_YEAR_MONTH 11 /* from it on the holidays of the next year are missed */

const char *const tkt_problem_words[TKT_PROBLEM_COUNT] = {
	[TKT_PROBLEM_NOT_ARMED] = "not_armed",
	[TKT_PROBLEM_LATE_SWEEP] = "late_sweep",
	[TKT_PROBLEM_OLD_UNSENT] = "old_unsent",
	[TKT_PROBLEM_FAILED_MAIL] = "failed_mail",
	[TKT_PROBLEM_LARGE_WAL] = "large_wal",
	[TKT_PROBLEM_LOW_DISK] = "low_disk",
	[TKT_PROBLEM_MISSING_HOLIDAYS] = "missing_holidays",
};

void tkt_health_clear(struct tkt_health *health)
{
	free(health->policy);
	free(health->years);
	*health = (struct tkt_health){ 0 };
}

static int read_arming(
    struct tkt_session *session, struct tkt_health *health, struct tkt_error *error)
{
	health->is_armed = !tkt_arm_check(session, error);
	return health->is_armed || error->kind == TKT_ERROR_CONFIGURATION ? 0 : -1;
}

static int read_store(
    struct tkt_session *session, struct tkt_health *health, struct tkt_error *error)
{
	const struct tkt_desk *desk = session->desk;
	struct tkt_backlog backlog;
	const char *older;

	if (tkt_session_older_policy(session, &older, error))
		return -1;
	if (tkt_letter_last(session->db, &health->last_mail_at, error) ||
	    tkt_outgoing_backlog(session->db, &backlog, error) ||
	    (older ? tkt_text_keep(&health->policy, older, error)
		   : tkt_policy_name_of(session->db, desk->version, desk->policy_sha256,
			 &health->policy, error)) < 0)
		return -1;
	health->last_sent_at = backlog.sent_at;
	health->unsent = backlog.unsent;
	health->oldest_unsent_at = backlog.oldest_at;
	health->failed = backlog.failed;
	health->quarantined = tkt_letter_expired(session->db, "quarantined", INT64_MAX, error);
	return health->quarantined < 0 ? -1 : 0;
}

/* The size of a file of the desk; one that is not there has none. */
static int read_size(const char *folder, const char *name, int64_t *bytes, struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(folder, name);
	struct stat status = { 0 };

	if (!path)
		return tkt_error_set_memory(error);
	if (stat(path, &status) && errno != ENOENT)
		return tkt_error_set_system(error, errno, _("cannot look at '%s'"), path);
	*bytes = status.st_size;
	return 0;
}

static int read_files(const char *folder, struct tkt_health *health, struct tkt_error *error)
{
	if (read_size(folder, "tkt.db", &health->database_bytes, error) ||
	    read_size(folder, "tkt.db-wal", &health->wal_bytes, error) ||
	    tkt_sweep_last(folder, &health->last_sweep_at, error))
		return -1;
	return tkt_room_free(folder, &health->free_bytes, error);
}

/* Any instant of a year tells it, whatever the zone. */
static int64_t middle_of(int year)
{
	return tkt_days_from_date(year, 7, 1) * 86400;
}

static int read_years(
    struct tkt_session *session, int this_year, struct tkt_health *health, struct tkt_error *error)
{
	struct tkt_calendars *calendars;
	const char *const *names;
	size_t count = 0;

	if (tkt_session_calendars(session, &calendars, error))
		return -1;
	names = tkt_calendars_names(calendars);
	while (names[count])
		count++;
	health->years = calloc(2 * count + 1, sizeof(*health->years));
	if (!health->years)
		return tkt_error_set_memory(error);
	for (; *names; names++) {
		struct tkt_calendar *calendar;

		if (tkt_calendars_find(calendars, *names, &calendar, error))
			return -1;
		for (int year = this_year; year <= this_year + 1; year++)
			health->years[health->year_count++] = (struct tkt_known_year){
				.calendar = *names,
				.year = year,
				.is_known = !tkt_calendar_missing_year(
				    calendar, middle_of(year), middle_of(year), year),
			};
	}
	return 0;
}

static bool misses_holidays(const struct tkt_health *health, int last_year)
{
	size_t index;

	for (index = 0; index < health->year_count; index++)
		if (!health->years[index].is_known && health->years[index].year <= last_year)
			return true;
	return false;
}

/* Is it longer ago, or never was? */
static bool is_older(int64_t time, int64_t at, int64_t seconds)
{
	return time == TKT_TIME_NONE || at - time > seconds;
}

static void judge(struct tkt_health *health, const struct tkt_desk *desk,
    const struct tkt_health_limits *limits, const struct tkt_civil *today)
{
	bool *problems = health->problems;

	problems[TKT_PROBLEM_NOT_ARMED] = !health->is_armed;
	problems[TKT_PROBLEM_LATE_SWEEP] =
	    desk->needs_sweep && is_older(health->last_sweep_at, health->at, limits->sweep_seconds);
	problems[TKT_PROBLEM_OLD_UNSENT] = health->unsent > 0 &&
	    is_older(health->oldest_unsent_at, health->at, limits->unsent_seconds);
	problems[TKT_PROBLEM_FAILED_MAIL] = health->failed > 0;
	problems[TKT_PROBLEM_LARGE_WAL] = health->wal_bytes > limits->wal_bytes;
	problems[TKT_PROBLEM_LOW_DISK] = health->free_bytes < limits->free_bytes;
	problems[TKT_PROBLEM_MISSING_HOLIDAYS] =
	    misses_holidays(health, today->year + (today->month >= NEXT_YEAR_MONTH));
}

int tkt_health_read(struct tkt_session *session, const struct tkt_health_limits *limits,
    struct tkt_health *health, struct tkt_error *error)
{
	const struct tkt_desk *desk = session->desk;
	tkt_autohealth made = { .at = tkt_command_now(session->command) };
	struct tkt_civil today;

	tkt_zone_civil(desk->zone, made.at, &today);
	if (read_arming(session, &made, error) || read_store(session, &made, error) ||
	    read_files(desk->path, &made, error) || read_years(session, today.year, &made, error))
		return -1;
	judge(&made, desk, limits, &today);
	*health = made;
	made = (struct tkt_health){ 0 };
	return 0;
}

static int set_time(json_t *object, const char *name, int64_t time, struct tkt_error *error)
{
	char text[TKT_TIME_SIZE];

	return time == TKT_TIME_NONE
	    ? 0
	    : tkt_object_set(object, name, json_string(tkt_time_format(time, text)), error);
}

static int set_missing(json_t *object, const struct tkt_health *health, struct tkt_error *error)
{
	json_auto_t *list = json_array();
	size_t index;

	for (index = 0; index < health->year_count; index++)
		if (!health->years[index].is_known &&
		    json_array_append_new(list,
			json_pack("{s:s, s:i}", "calendar", health->years[index].calendar, "year",
			    health->years[index].year)))
			return tkt_error_set_memory(error);
	return tkt_object_set(object, "missing_holidays", json_incref(list), error);
}

static int set_problems(json_t *object, const struct tkt_health *health, struct tkt_error *error)
{
	json_auto_t *list = json_array();
	size_t index;

	for (index = 0; index < TKT_PROBLEM_COUNT; index++)
		if (health->problems[index] &&
		    json_array_append_new(list, json_string(tkt_problem_words[index])))
			return tkt_error_set_memory(error);
	return tkt_object_set(object, "problems", json_incref(list), error);
}

static int set_number(json_t *object, const char *name, int64_t number, struct tkt_error *error)
{
	return tkt_object_set(object, name, json_integer(number), error);
}

int tkt_health_object(const struct tkt_health *health, json_t **object, struct tkt_error *error)
{
	json_auto_t *made = json_pack("{s:s}", "type", "status");

	if (!made)
		return tkt_error_set_memory(error);
	if (set_time(made, "at", health->at, error) ||
	    tkt_object_set(made, "policy", json_string(health->policy), error) ||
	    tkt_object_set(made, "is_armed", json_boolean(health->is_armed), error) ||
	    set_time(made, "last_mail_at", health->last_mail_at, error) ||
	    set_time(made, "last_sweep_at", health->last_sweep_at, error) ||
	    set_time(made, "last_sent_at", health->last_sent_at, error) ||
	    set_number(made, "unsent", health->unsent, error) ||
	    set_time(made, "oldest_unsent_at", health->oldest_unsent_at, error) ||
	    set_number(made, "failed", health->failed, error) ||
	    set_number(made, "quarantined", health->quarantined, error) ||
	    set_number(made, "database_bytes", health->database_bytes, error) ||
	    set_number(made, "wal_bytes", health->wal_bytes, error) ||
	    set_number(made, "free_bytes", health->free_bytes, error) ||
	    set_missing(made, health, error) || set_problems(made, health, error))
		return -1;
	*object = tkt_take(made);
	return 0;
}
