#include "flow/health.h"

#include <string.h>

#include "base/time.h"
#include "base/utf8.h"

#include "base/banned.h"

/* A metric with its two lines; who reads it wants them before the first sample. */
static void add_metric(struct tkt_text *out, const char *name, const char *help)
{
	tkt_text_format(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* ',name="value"' as the format wants it: backslashes, quotes and line ends escaped, UTF-8. */
static int add_label(
    struct tkt_text *out, const char *name, const char *value, struct tkt_error *error)
{
	tkt_autotext repaired;
	size_t index;

	tkt_text_init(&repaired, TKT_TEXT_LIMIT);
	tkt_utf8_repair(&repaired, value, strlen(value));
	if (tkt_text_check(&repaired, error))
		return -1;
	tkt_text_format(out, "%s=\"", name);
	for (index = 0; index < repaired.length; index++) {
		char byte = repaired.bytes[index];

		if (byte == '\n') {
			tkt_text_add(out, "\\n");
			continue;
		}
		if (byte == '\\' || byte == '"')
			tkt_text_add_byte(out, '\\');
		tkt_text_add_byte(out, byte);
	}
	tkt_text_add_byte(out, '"');
	return 0;
}

static void add_sample(
    struct tkt_text *out, const char *name, const struct tkt_text *labels, int64_t value)
{
	tkt_text_format(out, "%s{%s} %lld\n", name, labels->bytes, (long long)value);
}

/* One value without labels but the desk's; TKT_TIME_NONE: there is nothing to tell. */
static void add_value(struct tkt_text *out, const char *name, const char *help,
    const struct tkt_text *desk, int64_t value)
{
	if (value == TKT_TIME_NONE)
		return;
	add_metric(out, name, help);
	add_sample(out, name, desk, value);
}

static int add_years(struct tkt_text *out, const struct tkt_health *health,
    const struct tkt_text *desk, struct tkt_error *error)
{
	static const char name[] = "tkt_holidays_known";
	size_t index;

	if (health->year_count)
		add_metric(out, name,
		    "Whether the holiday lists of a calendar say something about a year.");
	for (index = 0; index < health->year_count; index++) {
		const struct tkt_known_year *year = &health->years[index];
		tkt_autotext labels;

		tkt_text_init(&labels, TKT_TEXT_LIMIT);
		tkt_text_format(&labels, "%s,", desk->bytes);
		if (add_label(&labels, "calendar", year->calendar, error))
			return -1;
		tkt_text_format(&labels, ",year=\"%d\"", year->year);
		if (tkt_text_check(&labels, error))
			return -1;
		add_sample(out, name, &labels, year->is_known);
	}
	return 0;
}

static int add_words(struct tkt_text *out, const struct tkt_health *health,
    const struct tkt_text *desk, struct tkt_error *error)
{
	tkt_autotext labels;
	size_t index;

	tkt_text_init(&labels, TKT_TEXT_LIMIT);
	tkt_text_format(&labels, "%s,", desk->bytes);
	if (add_label(&labels, "policy", health->policy, error) || tkt_text_check(&labels, error))
		return -1;
	add_metric(out, "tkt_policy_info", "The policy that new tickets come under.");
	add_sample(out, "tkt_policy_info", &labels, 1);
	add_metric(out, "tkt_problem", "Whether something is not well, by what it is.");
	for (index = 0; index < TKT_PROBLEM_COUNT; index++) {
		tkt_text_reset(&labels);
		tkt_text_format(
		    &labels, "%s,problem=\"%s\"", desk->bytes, tkt_problem_words[index]);
		if (tkt_text_check(&labels, error))
			return -1;
		add_sample(out, "tkt_problem", &labels, health->problems[index]);
	}
	return 0;
}

int tkt_health_expose(const struct tkt_health *health, const char *folder, struct tkt_text *out,
    struct tkt_error *error)
{
	tkt_autotext desk;

	tkt_text_init(&desk, TKT_TEXT_LIMIT);
	if (add_label(&desk, "desk", folder, error) || tkt_text_check(&desk, error))
		return -1;
	add_value(
	    out, "tkt_armed", "Whether the desk may send mail from here.", &desk, health->is_armed);
	add_value(out, "tkt_last_mail_timestamp_seconds", "When the last mail came in.", &desk,
	    health->last_mail_at);
	add_value(out, "tkt_last_sweep_timestamp_seconds", "When the desk was swept.", &desk,
	    health->last_sweep_at);
	add_value(out, "tkt_last_sent_timestamp_seconds", "When the last mail was sent.", &desk,
	    health->last_sent_at);
	add_value(
	    out, "tkt_unsent_mails", "Mails that wait or are being sent.", &desk, health->unsent);
	add_value(out, "tkt_oldest_unsent_timestamp_seconds",
	    "When the oldest mail that waits was made.", &desk, health->oldest_unsent_at);
	add_value(out, "tkt_failed_mails",
	    "Mails that were refused for good or came back and wait for a person.", &desk,
	    health->failed);
	add_value(out, "tkt_quarantined_letters", "Letters that are kept aside for a person.",
	    &desk, health->quarantined);
	add_value(out, "tkt_database_size_bytes", "Size of tkt.db.", &desk, health->database_bytes);
	add_value(out, "tkt_wal_size_bytes", "Size of tkt.db-wal.", &desk, health->wal_bytes);
	add_value(
	    out, "tkt_disk_free_bytes", "Free space where the desk is.", &desk, health->free_bytes);
	if (add_years(out, health, &desk, error) || add_words(out, health, &desk, error))
		return -1;
	return tkt_text_check(out, error);
}
