#include "desk/settings.h"

#include "base/banned.h"

static const char *const anchors[] = { "sent", "received", "proven_receipt", NULL };
static const char *const instants[] = { "created", "received", "updated", "last_in", "last_out",
	NULL };
static const char *const day_kinds[] = { "holiday", "workday", "short", NULL };
static const char *const acceptances[] = { "all", "consult", "none", NULL };
static const char *const addresses[] = { "contract", "any", NULL };
static const char *const identities[] = { "none", "claimed", "authenticated", "verified", NULL };
/* The booleans stand for what was before the words were. */
static const char *const acknowledgements[] = { "first", "all", "none", "true", "yes", "on",
	"false", "no", "off", NULL };
static const char *const failures[] = { "defer", "pass", "quarantine", NULL };
static const char *const media_kinds[] = { "any", "application", "audio", "font", "image",
	"message", "model", "multipart", "text", "video", NULL };
static const char *const assignments[] = { "round_robin", "least_loaded", "none", NULL };
static const char *const preferences[] = { "named", "previous", "skill", "language", NULL };
static const char *const manners[] = { "auto", "manual", NULL };
static const char *const parts[] = { "subject", "description", "attachments", "recipients", NULL };
static const char *const strangers[] = { "new", "note", NULL };
static const char *const transports[] = { "maildir", "sendmail", "smtp", NULL };

/* clang-format off: a row an option, as the manual page lists them. */
const struct tkt_section_kind tkt_section_kinds[] = {
	{ "transport", "", { "transport", "transport", tkt_check_word, transports, false } },
	{ "filter", "", { "filter", "title", tkt_check_name, NULL, false } },
	{ "attachment", "", { "attachment", "attachment", tkt_check_word, media_kinds, false } },
	{ "calendar", "", { "calendar", "title", tkt_check_name, NULL, false } },
	{ "sla", "", { "sla", "title", tkt_check_name, NULL, false } },
	{ "pause", "sla", { "pause", "title", tkt_check_clock, NULL, false } },
	{ "escalate", "sla", { "escalate", "title", tkt_check_escalation, NULL, false } },
	{ "timer", "", { "timer", "title", tkt_check_name, NULL, false } },
	{ "step", "timer", { "step", "title", tkt_check_length, NULL, false } },
	{ "route", "", { "route", "title", tkt_check_name, NULL, false } },
	{ "team", "", { "team", "title", tkt_check_name, NULL, false } },
	{ "channel", "", { "channel", "title", tkt_check_name, NULL, false } },
	{ "recognise", "", { "recognise", "title", tkt_check_name, NULL, false } },
	{ "category", "", { "category", "title", tkt_check_name, NULL, false } },
	{ "flag", "", { "flag", "title", tkt_check_name, NULL, false } },
	{ "question", "", { "question", "title", tkt_check_name, NULL, false } },
	{ "entitlement", "", { "entitlement", "title", tkt_check_name, NULL, false } },
	{ "form", "", { "form", "title", tkt_check_name, NULL, false } },
	{ "action", "", { "action", "title", tkt_check_name, NULL, false } },
	{ "forbid", "", { "forbid", "title", tkt_check_name, NULL, false } },
	{ "fetch", "", { "fetch", "title", tkt_check_name, NULL, false } },
};

const struct tkt_setting tkt_settings[] = {
	{ "", "name", tkt_check_any, NULL, false },
	{ "", "address", tkt_check_address, NULL, false },
	{ "", "addresses", tkt_check_address, NULL, true },
	{ "", "ticket_prefix", tkt_check_prefix, NULL, false },
	{ "", "languages", tkt_check_language, NULL, true },
	{ "", "timezone", tkt_check_zone, NULL, false },
	{ "", "version", tkt_check_optional, NULL, false },
	{ "", "effective", tkt_check_date, NULL, false },
	{ "", "queue", tkt_check_name, NULL, false },
	{ "", "html", tkt_check_boolean, NULL, false },
	{ "", "recipient_delimiter", tkt_check_delimiter, NULL, false },
	{ "", "acknowledge", tkt_check_word, acknowledgements, false },
	{ "", "reply_to_closed", tkt_check_closed, NULL, false },
	{ "", "stranger", tkt_check_word, strangers, false },
	{ "", "brake_letters", tkt_check_rate, NULL, false },
	{ "", "brake_answers", tkt_check_rate, NULL, false },
	{ "", "trusted_host", tkt_check_host, NULL, false },
	{ "", "accept_lists", tkt_check_boolean, NULL, false },
	{ "", "accept_generated", tkt_check_boolean, NULL, false },
	{ "", "min_free", tkt_check_size, NULL, false },
	{ "", "keep_bounce", tkt_check_keep, NULL, false },
	{ "", "keep_automatic", tkt_check_keep, NULL, false },
	{ "", "keep_duplicate", tkt_check_keep, NULL, false },
	{ "", "keep_quarantined", tkt_check_keep, NULL, false },
	{ "", "keep_refused", tkt_check_keep, NULL, false },
	{ "", "busy_timeout", tkt_check_timeout, NULL, false },
	{ "", "staff_domain", tkt_check_domain, NULL, false },
	{ "", "notice_calendar", tkt_check_name, NULL, false },
	{ "", "notify", tkt_check_notify, NULL, true },
	{ "", "staff_token", tkt_check_keep, NULL, false },
	{ "", "sweep_limit", tkt_check_count, NULL, false },
	{ "", "work_tiers", tkt_check_any, NULL, true },
	{ "", "work_age", tkt_check_keep, NULL, false },
	{ "", "intake", tkt_check_word, manners, false },

	{ "transport", "path", tkt_check_path, NULL, false },
	{ "transport", "command", tkt_check_command, NULL, false },
	{ "transport", "url", tkt_check_url, NULL, false },
	{ "transport", "user", tkt_check_any, NULL, false },
	{ "transport", "tls", tkt_check_boolean, NULL, false },
	{ "transport", "ca_file", tkt_check_path, NULL, false },
	{ "transport", "timeout", tkt_check_timeout, NULL, false },
	{ "transport", "rate", tkt_check_rate, NULL, false },

	{ "filter", "command", tkt_check_command, NULL, false },
	{ "filter", "timeout", tkt_check_duration, NULL, false },
	{ "filter", "on_failure", tkt_check_word, failures, false },

	{ "attachment", "allow", tkt_check_media_type, NULL, true },
	{ "attachment", "deny", tkt_check_media_type, NULL, true },
	{ "attachment", "names", tkt_check_any, NULL, true },
	{ "attachment", "size", tkt_check_size, NULL, false },
	{ "attachment", "count", tkt_check_count, NULL, false },

	{ "calendar", "timezone", tkt_check_zone, NULL, false },
	{ "calendar", "week", tkt_check_week, NULL, true },
	{ "calendar", "holidays", tkt_check_name, NULL, true },
	{ "calendar", "kinds", tkt_check_word, day_kinds, true },
	{ "calendar", "worked", tkt_check_hours, NULL, false },
	{ "calendar", "days", tkt_check_day, NULL, true },

	{ "sla", "match", tkt_check_expression, NULL, true },
	{ "sla", "any", tkt_check_expression, NULL, true },
	{ "sla", "calendar", tkt_check_name, NULL, false },
	{ "sla", "anchor", tkt_check_word, anchors, false },
	{ "sla", "first_response", tkt_check_length, NULL, false },
	{ "sla", "next_response", tkt_check_length, NULL, false },
	{ "sla", "resolution", tkt_check_length, NULL, false },
	{ "pause", "match", tkt_check_expression, NULL, true },
	{ "pause", "any", tkt_check_expression, NULL, true },
	{ "escalate", "notify", tkt_check_notify, NULL, true },
	{ "escalate", "set", tkt_check_assignment, NULL, true },
	{ "escalate", "add", tkt_check_element, NULL, true },
	{ "escalate", "reply", tkt_check_template, NULL, false },

	{ "timer", "match", tkt_check_expression, NULL, true },
	{ "timer", "any", tkt_check_expression, NULL, true },
	{ "timer", "since", tkt_check_word, instants, false },
	{ "timer", "calendar", tkt_check_name, NULL, false },
	{ "step", "reply", tkt_check_template, NULL, false },
	{ "step", "notify", tkt_check_notify, NULL, true },
	{ "step", "set", tkt_check_assignment, NULL, true },
	{ "step", "add", tkt_check_element, NULL, true },

	{ "route", "match", tkt_check_expression, NULL, true },
	{ "route", "any", tkt_check_expression, NULL, true },
	{ "route", "set", tkt_check_assignment, NULL, true },
	{ "route", "add", tkt_check_element, NULL, true },
	{ "route", "notify", tkt_check_notify, NULL, true },
	{ "route", "team", tkt_check_name, NULL, false },
	{ "route", "stop", tkt_check_boolean, NULL, false },

	{ "team", "members", tkt_check_member, NULL, true },
	{ "team", "assign", tkt_check_word, assignments, false },
	{ "team", "prefer", tkt_check_word, preferences, true },
	{ "team", "skill", tkt_check_field, NULL, false },

	{ "channel", "accept", tkt_check_word, acceptances, false },
	{ "channel", "identity", tkt_check_word, identities, false },
	{ "channel", "calendar", tkt_check_name, NULL, false },
	{ "channel", "match", tkt_check_expression, NULL, true },
	{ "channel", "any", tkt_check_expression, NULL, true },
	{ "channel", "outside", tkt_check_word, acceptances, false },
	{ "channel", "reply", tkt_check_template, NULL, false },
	{ "channel", "set", tkt_check_assignment, NULL, true },
	{ "channel", "add", tkt_check_element, NULL, true },
	{ "channel", "acknowledge", tkt_check_word, acknowledgements, false },

	{ "recognise", "pattern", tkt_check_pattern, NULL, false },
	{ "recognise", "in", tkt_check_word, parts, true },

	{ "category", "match", tkt_check_expression, NULL, true },
	{ "category", "any", tkt_check_expression, NULL, true },
	{ "category", "set", tkt_check_assignment, NULL, true },
	{ "category", "add", tkt_check_element, NULL, true },

	{ "flag", "match", tkt_check_expression, NULL, true },
	{ "flag", "any", tkt_check_expression, NULL, true },

	{ "question", "text", tkt_check_wording, NULL, true },
	{ "question", "match", tkt_check_expression, NULL, true },
	{ "question", "any", tkt_check_expression, NULL, true },
	{ "question", "pattern", tkt_check_pattern, NULL, false },

	{ "form", "match", tkt_check_expression, NULL, true },
	{ "form", "any", tkt_check_expression, NULL, true },
	{ "form", "require", tkt_check_field, NULL, true },
	{ "form", "ask", tkt_check_field, NULL, true },
	{ "form", "set", tkt_check_assignment, NULL, true },
	{ "form", "add", tkt_check_element, NULL, true },

	{ "entitlement", "match", tkt_check_expression, NULL, true },
	{ "entitlement", "any", tkt_check_expression, NULL, true },
	{ "entitlement", "reply", tkt_check_template, NULL, false },
	{ "entitlement", "set", tkt_check_assignment, NULL, true },
	{ "entitlement", "add", tkt_check_element, NULL, true },

	{ "action", "needs", tkt_check_word, identities, false },
	{ "action", "channels", tkt_check_name, NULL, true },
	{ "action", "address", tkt_check_word, addresses, false },
	{ "action", "match", tkt_check_expression, NULL, true },
	{ "action", "any", tkt_check_expression, NULL, true },
	{ "action", "reason", tkt_check_boolean, NULL, false },
	{ "action", "set", tkt_check_assignment, NULL, true },
	{ "action", "add", tkt_check_element, NULL, true },
	{ "action", "notify", tkt_check_notify, NULL, true },
	{ "action", "reply", tkt_check_template, NULL, false },

	{ "forbid", "match", tkt_check_expression, NULL, true },
	{ "forbid", "any", tkt_check_expression, NULL, true },
	{ "forbid", "text", tkt_check_any, NULL, false },

	{ "fetch", "url", tkt_check_mailbox, NULL, false },
	{ "fetch", "user", tkt_check_any, NULL, false },
	{ "fetch", "after", tkt_check_after, NULL, false },
	{ "fetch", "recipient", tkt_check_address, NULL, false },
	{ "fetch", "tls", tkt_check_boolean, NULL, false },
	{ "fetch", "ca_file", tkt_check_path, NULL, false },
	{ "fetch", "limit", tkt_check_count, NULL, false },
	{ "fetch", "timeout", tkt_check_timeout, NULL, false },
};
/* clang-format on */

const size_t tkt_section_kind_count = sizeof(tkt_section_kinds) / sizeof(*tkt_section_kinds);
const size_t tkt_setting_count = sizeof(tkt_settings) / sizeof(*tkt_settings);
