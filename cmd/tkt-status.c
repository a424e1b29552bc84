/* tkt-status: is a desk alive: for a person, for scripts, for Prometheus. */
#include "base/cleanup.h"
#include "base/program.h"
#include "base/time.h"
#include "base/utf8.h"
#include "desk/desk.h"
#include "flow/health.h"
#include "flow/session.h"
#include "json/cell.h"
#include "json/output.h"

#include "base/banned.h"

#define MEGABYTE ((int64_t)1 << 20)
#define TITLE_WIDTH 20

static struct {
	bool prometheus;
	const char *fields, *max_wal, *min_free;
	struct tkt_health_limits limits;
} wanted = {
	.limits = {
		.sweep_seconds = 15 * 60,
		.unsent_seconds = 60 * 60,
		.wal_bytes = 64 * MEGABYTE,
		.free_bytes = 100 * MEGABYTE,
	},
};

static const struct tkt_option options[] = {
	TKT_OPTION_LENGTH(0, "max-sweep", N_("LENGTH"), &wanted.limits.sweep_seconds,
	    N_("a sweep so long ago is a problem; 15m if not given")),
	TKT_OPTION_LENGTH(0, "max-unsent", N_("LENGTH"), &wanted.limits.unsent_seconds,
	    N_("a mail that waits so long is a problem; 1h if not given")),
	TKT_OPTION_TEXT(0, "max-wal", N_("SIZE"), &wanted.max_wal,
	    N_("a larger log of the database is a problem; 64M if not given")),
	TKT_OPTION_TEXT(0, "min-free", N_("SIZE"), &wanted.min_free,
	    N_("less free space is a problem; 100M if not given")),
	TKT_OPTION_TEXT(
	    'o', "output", N_("FIELDS"), &wanted.fields, N_("the columns to print: unsent,failed")),
	TKT_OPTION_FLAG(
	    'p', "prometheus", &wanted.prometheus, N_("write the text format of Prometheus")),
	TKT_OPTION_END,
};

/* '64M': bytes, or K, M or G of 1024. NULL leaves *bytes. */
static int read_size(const char *option, const char *text, int64_t *bytes, struct tkt_error *error)
{
	static const char units[] = "KMG";
	tkt_autofree char *digits = text ? strdup(text) : NULL;
	const char *unit = NULL;
	int64_t number;
	size_t length;

	if (!text)
		return 0;
	if (!digits)
		return tkt_error_set_memory(error);
	length = strlen(digits);
	if (length > 0)
		unit = strchr(units, digits[length - 1]);
	if (length > 0 && unit)
		digits[length - 1] = '\0';
	if (tkt_number_parse(digits, &number) || number < 0 ||
	    __builtin_mul_overflow(number, unit ? (int64_t)1024 << 10 * (unit - units) : 1, bytes))
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("%s: '%s' is not a size like 500K, 64M or 2G"), option, text);
	return 0;
}

/* '12.3M', for a person. */
static void add_size(struct tkt_text *out, int64_t bytes)
{
	if (bytes < MEGABYTE)
		tkt_text_format(out, "%.1fK", (double)bytes / 1024);
	else if (bytes < 1024 * MEGABYTE)
		tkt_text_format(out, "%.1fM", (double)bytes / MEGABYTE);
	else
		tkt_text_format(out, "%.1fG", (double)bytes / (1024 * MEGABYTE));
}

static int add_cell(struct tkt_text *out, enum tkt_field_type type, int64_t integer,
    const struct tkt_zone *zone, struct tkt_error *error)
{
	const struct tkt_cell cell = {
		.type = type,
		.value = { .kind = TKT_VALUE_INTEGER, .integer = integer },
	};

	return tkt_cell_human(out, &cell, zone, error);
}

/* A list for a person: a title and its value on each line. */
struct list {
	struct tkt_text *out;
	const struct tkt_health *health;
	const struct tkt_zone *zone;
};

static void add_title(const struct list *list, const char *title)
{
	size_t width = tkt_utf8_width(title, strlen(title));

	tkt_text_add(list->out, title);
	do
		tkt_text_add_byte(list->out, ' ');
	while (++width < TITLE_WIDTH);
}

static int add_time(
    const struct list *list, const char *title, int64_t time, struct tkt_error *error)
{
	struct tkt_text *out = list->out;
	tkt_autotext ago;

	tkt_text_init(&ago, TKT_TEXT_LIMIT);
	add_title(list, title);
	if (time == TKT_TIME_NONE) {
		tkt_text_format(out, "%s\n", _("never"));
		return 0;
	}
	if (add_cell(out, TKT_FIELD_TIME, time, list->zone, error) ||
	    add_cell(&ago, TKT_FIELD_LENGTH, list->health->at - time, NULL, error) ||
	    tkt_text_check(&ago, error))
		return -1;
	/* TRANSLATORS: behind a time; '3h 20m' */
	tkt_text_format(out, _(" (%s ago)"), ago.bytes);
	tkt_text_add_byte(out, '\n');
	return 0;
}

static int add_unsent(const struct list *list, struct tkt_error *error)
{
	const struct tkt_health *health = list->health;
	struct tkt_text *out = list->out;
	tkt_autotext age;

	tkt_text_init(&age, TKT_TEXT_LIMIT);
	add_title(list, _("Unsent mails"));
	tkt_text_format(out, "%lld", (long long)health->unsent);
	if (health->oldest_unsent_at != TKT_TIME_NONE) {
		if (add_cell(&age, TKT_FIELD_LENGTH, health->at - health->oldest_unsent_at, NULL,
			error) ||
		    tkt_text_check(&age, error))
			return -1;
		/* TRANSLATORS: of mails that wait; '3h 20m' */
		tkt_text_format(out, _(", the oldest for %s"), age.bytes);
	}
	tkt_text_add_byte(out, '\n');
	return 0;
}

static void add_bytes(const struct list *list, const char *title, int64_t bytes)
{
	add_title(list, title);
	add_size(list->out, bytes);
	tkt_text_add_byte(list->out, '\n');
}

/* 'office 2027, shop 2027' */
static void add_missing(struct tkt_text *out, const struct tkt_health *health)
{
	const char *comma = "";
	size_t index;

	for (index = 0; index < health->year_count; index++) {
		const struct tkt_known_year *year = &health->years[index];

		if (year->is_known)
			continue;
		tkt_text_add(out, comma);
		tkt_utf8_terminal(out, year->calendar, strlen(year->calendar), TKT_UTF8_ONE_LINE);
		tkt_text_format(out, " %d", year->year);
		comma = ", ";
	}
}

static bool misses_holidays(const struct tkt_health *health)
{
	size_t index = 0;

	while (index < health->year_count && health->years[index].is_known)
		index++;
	return index < health->year_count;
}

static void add_problems(const struct list *list)
{
	static const char *const texts[TKT_PROBLEM_COUNT] = {
		[TKT_PROBLEM_NOT_ARMED] =
		    N_("the desk may send no mail from here; see tkt-init --arm"),
		[TKT_PROBLEM_LATE_SWEEP] =
		    N_("nothing has swept the desk in time; see tkt-sla --sweep"),
		[TKT_PROBLEM_OLD_UNSENT] =
		    N_("a mail has waited for too long; see tkt-mailout --list"),
		[TKT_PROBLEM_FAILED_MAIL] = N_("mail was refused for good; see tkt-mailout --list"),
		[TKT_PROBLEM_LARGE_WAL] =
		    N_("the log of the database is large; something keeps it open"),
		[TKT_PROBLEM_LOW_DISK] = N_("the disk is nearly full"),
		[TKT_PROBLEM_MISSING_HOLIDAYS] =
		    N_("a calendar knows no holidays of a year; see desk.conf(5)"),
	};
	const char *before = "\n";
	size_t index;

	for (index = 0; index < TKT_PROBLEM_COUNT; index++) {
		if (!list->health->problems[index])
			continue;
		tkt_text_add(list->out, before);
		add_title(list, tkt_problem_words[index]);
		tkt_text_format(list->out, "%s\n", _(texts[index]));
		before = "";
	}
}

static int add_list(const struct list *list, struct tkt_error *error)
{
	const struct tkt_health *health = list->health;
	struct tkt_text *out = list->out;

	add_title(list, _("Armed"));
	tkt_text_format(out, "%s\n", health->is_armed ? _("yes") : _("no"));
	add_title(list, _("Policy"));
	tkt_utf8_terminal(out, health->policy, strlen(health->policy), TKT_UTF8_ONE_LINE);
	tkt_text_add_byte(out, '\n');
	if (add_time(list, _("Last mail in"), health->last_mail_at, error) ||
	    add_time(list, _("Last sweep"), health->last_sweep_at, error) ||
	    add_time(list, _("Last mail out"), health->last_sent_at, error) ||
	    add_unsent(list, error))
		return -1;
	add_title(list, _("Failed mails"));
	tkt_text_format(out, "%lld\n", (long long)health->failed);
	add_title(list, _("Quarantined letters"));
	tkt_text_format(out, "%lld\n", (long long)health->quarantined);
	add_bytes(list, _("Database"), health->database_bytes);
	add_bytes(list, _("Database log"), health->wal_bytes);
	add_bytes(list, _("Free space"), health->free_bytes);
	if (misses_holidays(health)) {
		add_title(list, _("Missing holidays"));
		add_missing(out, health);
		tkt_text_add_byte(out, '\n');
	}
	add_problems(list);
	return tkt_text_check(out, error);
}

static int print(
    struct tkt_session *session, const struct tkt_health *health, struct tkt_error *error)
{
	struct tkt_command *command = session->command;
	const struct list list = { &command->out, health, session->desk->zone };
	tkt_autoptr(output) output = NULL;
	json_auto_t *object = NULL;

	if (wanted.prometheus)
		return command->quiet
		    ? 0
		    : tkt_health_expose(health, session->desk->path, &command->out, error);
	if (command->format == TKT_FORMAT_TABLE && !wanted.fields)
		return command->quiet ? 0 : add_list(&list, error);
	if (tkt_output_new(command, &tkt_status_fields, wanted.fields, &output, error) ||
	    tkt_health_object(health, &object, error))
		return -1;
	tkt_output_set_zone(output, session->desk->zone);
	return tkt_output_object(output, object, error);
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;
	tkt_autohealth health = { 0 };
	size_t index;

	if (wanted.prometheus && wanted.fields)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("give either --prometheus or --output"));
	if (read_size("--max-wal", wanted.max_wal, &wanted.limits.wal_bytes, error) ||
	    read_size("--min-free", wanted.min_free, &wanted.limits.free_bytes, error) ||
	    tkt_session_open(command, TKT_DB_READ, &session, error) ||
	    tkt_health_read(session, &wanted.limits, &health, error) ||
	    print(session, &health, error))
		return -1;
	for (index = 0; index < TKT_PROBLEM_COUNT; index++)
		if (health.problems[index])
			return tkt_error_set(error, TKT_ERROR_NO, _("not all is well"));
	return 0;
}

const struct tkt_program tkt_program = {
	.name = "tkt-status",
	.synopsis = "[-p | -o FIELDS] [--max-sweep LENGTH] [--max-unsent LENGTH]"
		    " [--max-wal SIZE] [--min-free SIZE]",
	.summary = N_("Say whether a desk is alive."),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.run = run,
};
