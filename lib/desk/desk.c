#include "desk/desk.h"

#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "desk/conf.h"
#include "desk/finding.h"
#include "desk/level.h"
#include "desk/mailbox.h"
#include "desk/reading.h"
#include "desk/scan.h"
#include "desk/section.h"
#include "desk/size.h"

#include "base/banned.h"

#define SENDMAIL "/usr/sbin/sendmail"
#define SENDMAIL_COMMAND SENDMAIL " -i"
#define MAILDIR "outbox"
#define STAFF_TOKEN "14d"
#define SWEEP_LIMIT "50"
#define MIN_FREE "16M"
#define WORK_AGE "1d"
#define BRAKE_LETTERS "300/1h"
#define BRAKE_ANSWERS "10/1h"

const char *const tkt_keep_fates[TKT_KEEP_COUNT] = { "bounce", "automatic", "duplicate",
	"quarantined", "refused" };

static bool boolean_of(const struct tkt_conf *conf, const char *name, bool otherwise)
{
	const struct tkt_conf_value *value = tkt_conf_get(conf, NULL, name);

	return value ? tkt_boolean_value(value->text) : otherwise;
}

static bool is_in(char *const *list, const char *text)
{
	for (; *list; list++)
		if (tkt_text_equal(*list, text))
			return true;
	return false;
}

/* The values of a list behind `first`, in lower case, each once. */
static int list_of(const struct tkt_conf *conf, const char *name, const char *first, char ***list,
    struct tkt_error *error)
{
	size_t i, count = 0;

	*list = calloc(conf->value_count + 2, sizeof(**list));
	if (!*list)
		return tkt_error_set_memory(error);
	if (first && tkt_text_keep(&(*list)[count++], first, error))
		return -1;
	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];
		tkt_autofree char *text = NULL;

		if (value->section != conf->root || !tkt_text_equal(value->setting->name, name))
			continue;
		if (tkt_text_keep(&text, value->text, error))
			return -1;
		tkt_ascii_lower(text);
		if (!is_in(*list, text))
			(*list)[count++] = tkt_take(text);
	}
	return 0;
}

/* The desk's address when it names none. */
static int default_address(char **address, struct tkt_error *error)
{
	char host[256] = "";

	if (gethostname(host, sizeof(host) - 1) || !*host)
		snprintf(host, sizeof(host), "localhost");
	if (asprintf(address, "support@%s", host) < 0) {
		*address = NULL;
		return tkt_error_set_memory(error);
	}
	return 0;
}

static int fill_addresses(
    const struct tkt_conf *conf, struct tkt_desk *desk, struct tkt_error *error)
{
	const char *given = tkt_conf_text(conf, NULL, "address", NULL);

	if (given ? tkt_text_keep(&desk->address, given, error)
		  : default_address(&desk->address, error))
		return -1;
	tkt_ascii_lower(desk->address);
	return list_of(conf, "addresses", desk->address, &desk->addresses, error);
}

static int fill_zone(const struct tkt_conf *conf, struct tkt_desk *desk, struct tkt_error *error)
{
	char first[TKT_ZONE_SIZE], second[TKT_ZONE_SIZE];

	tkt_zone_split(tkt_conf_text(conf, NULL, "timezone", "UTC"), first, second);
	if (tkt_text_keep(&desk->timezone, first, error))
		return -1;
	return tkt_zone_new(first, &desk->zone, error);
}

/* A path that may be below the desk becomes absolute. */
static int keep_path(
    const struct tkt_desk *desk, char **to, const char *path, struct tkt_error *error)
{
	if (*path == '/')
		return tkt_text_keep(to, path, error);
	*to = tkt_path_join(desk->path, path);
	return *to ? 0 : tkt_error_set_memory(error);
}

static int fill_maildir(const char *path, struct tkt_desk *desk, struct tkt_error *error)
{
	desk->transport.kind = TKT_TRANSPORT_MAILDIR;
	return keep_path(desk, &desk->transport.path, path, error);
}

static int fill_smtp(const struct tkt_conf *conf, const struct tkt_conf_range *section,
    struct tkt_desk *desk, struct tkt_error *error)
{
	struct tkt_transport *transport = &desk->transport;
	const char *user = tkt_conf_text(conf, section, "user", NULL);
	const char *ca_file = tkt_conf_text(conf, section, "ca_file", NULL);

	transport->kind = TKT_TRANSPORT_SMTP;
	transport->require_tls = tkt_boolean_value(tkt_conf_text(conf, section, "tls", "true"));
	if (user && tkt_text_keep(&transport->user, user, error))
		return -1;
	if (ca_file && keep_path(desk, &transport->ca_file, ca_file, error))
		return -1;
	return tkt_text_keep(&transport->url, tkt_conf_text(conf, section, "url", ""), error);
}

static int fill_transport(
    const struct tkt_conf *conf, struct tkt_desk *desk, struct tkt_error *error)
{
	const struct tkt_conf_section *section = tkt_conf_section_find(conf, "transport", NULL);
	static const struct tkt_conf_range none = { 0 };
	const struct tkt_conf_range *handle = section ? section->handle : &none;
	const char *kind = section   ? section->title
	    : access(SENDMAIL, X_OK) ? "maildir"
				     : "sendmail";

	if (tkt_conf_seconds(
		conf, handle, "timeout", "60s", &desk->transport.timeout_seconds, error) ||
	    tkt_rate_parse(
		tkt_conf_text(conf, handle, "rate", "none"), &desk->transport.rate, error))
		return -1;
	if (tkt_text_equal(kind, "maildir"))
		return fill_maildir(tkt_conf_text(conf, handle, "path", MAILDIR), desk, error);
	if (tkt_text_equal(kind, "smtp"))
		return fill_smtp(conf, handle, desk, error);
	desk->transport.kind = TKT_TRANSPORT_SENDMAIL;
	return tkt_text_keep(&desk->transport.command,
	    tkt_conf_text(conf, handle, "command", SENDMAIL_COMMAND), error);
}

/* Where the staff gets its mail, until there are agents who say it themselves. */
static int fill_staff(const struct tkt_conf *conf, struct tkt_desk *desk, struct tkt_error *error)
{
	const char *calendar = tkt_conf_text(conf, NULL, "notice_calendar", NULL);
	const struct tkt_section_maker maker = { .conf = conf };
	struct tkt_length length;

	if (tkt_text_keep(&desk->staff_domain,
		tkt_conf_text(conf, NULL, "staff_domain", strchr(desk->address, '@') + 1), error) ||
	    tkt_length_parse(
		tkt_conf_text(conf, NULL, "staff_token", STAFF_TOKEN), &length, error) ||
	    tkt_length_seconds(&length, &desk->staff_token_seconds, error) ||
	    tkt_section_texts(&maker, conf->root, "notify", &desk->notify, error))
		return -1;
	tkt_ascii_lower(desk->staff_domain);
	tkt_number_parse(tkt_conf_text(conf, NULL, "sweep_limit", SWEEP_LIMIT), &desk->sweep_limit);
	return calendar ? tkt_text_keep(&desk->notice_calendar, calendar, error) : 0;
}

/* What becomes of letters, and how many of them. */
static int fill_letters(const struct tkt_conf *conf, struct tkt_desk *desk, struct tkt_error *error)
{
	const char *acknowledge = tkt_conf_text(conf, NULL, "acknowledge", "first");

	desk->acknowledge_all = tkt_text_equal(acknowledge, "all");
	desk->acknowledge_first = desk->acknowledge_all || tkt_text_equal(acknowledge, "first") ||
	    tkt_boolean_value(acknowledge);
	desk->accept_lists = boolean_of(conf, "accept_lists", false);
	desk->accept_generated = boolean_of(conf, "accept_generated", true);
	desk->reopen_seconds =
	    tkt_closed_seconds(tkt_conf_text(conf, NULL, "reply_to_closed", "reopen"));
	desk->notes_strangers =
	    tkt_text_equal(tkt_conf_text(conf, NULL, "stranger", "new"), "note");
	return tkt_rate_parse(tkt_conf_text(conf, NULL, "brake_letters", BRAKE_LETTERS),
		   &desk->brake_letters, error) ||
		tkt_rate_parse(tkt_conf_text(conf, NULL, "brake_answers", BRAKE_ANSWERS),
		    &desk->brake_answers, error)
	    ? -1
	    : 0;
}

/* How much room there must be, and for how long what no ticket has is kept. */
static int fill_room(const struct tkt_conf *conf, struct tkt_desk *desk, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < TKT_KEEP_COUNT; i++) {
		struct tkt_length length;
		const char *value;
		char name[32];

		snprintf(name, sizeof(name), "keep_%s", tkt_keep_fates[i]);
		value = tkt_conf_text(conf, NULL, name, NULL);
		if (value &&
		    (tkt_length_parse(value, &length, error) ||
			tkt_length_seconds(&length, &desk->keep_seconds[i], error)))
			return -1;
	}
	return tkt_size_parse(
	    tkt_conf_text(conf, NULL, "min_free", MIN_FREE), &desk->min_free_bytes, error);
}

static int fill_policy(const struct tkt_text *text, struct tkt_desk *desk, struct tkt_error *error)
{
	tkt_sha256(text->bytes, text->length, desk->policy_sha256);
	return tkt_text_keep(&desk->policy_text, text->bytes, error);
}

static int fill_work(const struct tkt_conf *conf, struct tkt_desk *desk, struct tkt_error *error)
{
	const struct tkt_section_maker maker = { .conf = conf };
	struct tkt_length length;

	return tkt_section_texts(&maker, NULL, "work_tiers", &desk->work.tiers, error) ||
		tkt_length_parse(tkt_conf_text(conf, NULL, "work_age", WORK_AGE), &length, error) ||
		tkt_length_seconds(&length, &desk->work.age_seconds, error)
	    ? -1
	    : 0;
}

/* Does any section tell somebody? */
static bool tells_staff(const struct tkt_conf *conf)
{
	size_t i;

	for (i = 0; i < conf->value_count; i++)
		if (tkt_text_equal(conf->values[i].setting->name, "notify"))
			return true;
	return false;
}

static int fill(const struct tkt_reading *reading, struct tkt_desk *desk, struct tkt_error *error)
{
	const struct tkt_conf *conf = reading->conf;
	const char *delimiter = tkt_conf_text(conf, NULL, "recipient_delimiter", "none");

	if (tkt_text_keep(&desk->path, reading->path, error) ||
	    tkt_text_keep(&desk->name, tkt_conf_text(conf, NULL, "name", "Support"), error) ||
	    tkt_text_keep(
		&desk->ticket_prefix, tkt_conf_text(conf, NULL, "ticket_prefix", "TKT"), error) ||
	    tkt_text_keep(&desk->version, tkt_conf_text(conf, NULL, "version", ""), error) ||
	    tkt_text_keep(&desk->effective, tkt_conf_text(conf, NULL, "effective", ""), error) ||
	    tkt_text_keep(&desk->queue, tkt_conf_text(conf, NULL, "queue", "support"), error) ||
	    tkt_text_keep(
		&desk->trusted_host, tkt_conf_text(conf, NULL, "trusted_host", ""), error) ||
	    fill_addresses(conf, desk, error) || fill_letters(conf, desk, error) ||
	    fill_room(conf, desk, error) || tkt_filters_read(conf, &desk->filters, error) ||
	    tkt_attachment_rules_read(conf, &desk->attachments, error) ||
	    fill_staff(conf, desk, error) || fill_work(conf, desk, error) ||
	    list_of(conf, "languages", tkt_conf_get(conf, NULL, "languages") ? NULL : "en",
		&desk->languages, error) ||
	    fill_zone(conf, desk, error) ||
	    tkt_conf_seconds(
		conf, NULL, "busy_timeout", "30s", &desk->busy_timeout_seconds, error) ||
	    fill_transport(conf, desk, error) ||
	    tkt_mailboxes_make(conf, desk->path, &desk->mailboxes, &desk->mailbox_count, error) ||
	    fill_policy(&tkt_scan_source(reading->scan)->policy, desk, error))
		return -1;
	desk->html = boolean_of(conf, "html", false);
	if (!tkt_text_equal(delimiter, "none"))
		desk->recipient_delimiter = *delimiter;
	desk->intake_is_manual =
	    tkt_text_equal(tkt_conf_text(conf, NULL, "intake", "auto"), "manual");
	desk->has_policy = tkt_policy_is_in(conf);
	desk->has_levels =
	    tkt_conf_section_find(conf, "sla", NULL) || tkt_conf_section_find(conf, "timer", NULL);
	desk->needs_sweep = desk->has_levels || tells_staff(conf);
	return 0;
}

int tkt_reading_desk(struct tkt_reading *reading, struct tkt_desk **desk, struct tkt_error *error)
{
	tkt_autoptr(desk) made = NULL;

	if (tkt_findings_refuse(reading->findings, error))
		return -1;
	made = calloc(1, sizeof(*made));
	if (!made)
		return tkt_error_set_memory(error);
	if (fill(reading, made, error))
		return -1;
	*desk = tkt_take(made);
	return 0;
}

int tkt_desk_read(const char *path, struct tkt_desk **desk, struct tkt_error *error)
{
	tkt_autoptr(reading) reading = NULL;

	if (tkt_reading_new(path, NULL, 0, &reading, error) ||
	    tkt_reading_desk(reading, desk, error))
		return -1;
	if ((*desk)->has_policy || tkt_conf_section_find(reading->conf, "calendar", NULL))
		(*desk)->reading = tkt_take(reading);
	return 0;
}

void tkt_desk_free(struct tkt_desk *desk)
{
	if (!desk)
		return;
	free(desk->path);
	free(desk->name);
	free(desk->address);
	tkt_texts_free(desk->addresses);
	free(desk->ticket_prefix);
	tkt_texts_free(desk->languages);
	free(desk->timezone);
	tkt_zone_free(desk->zone);
	free(desk->version);
	free(desk->effective);
	free(desk->queue);
	tkt_texts_free(desk->work.tiers);
	free(desk->trusted_host);
	free(desk->transport.path);
	free(desk->transport.command);
	free(desk->transport.url);
	free(desk->transport.user);
	free(desk->transport.ca_file);
	tkt_mailboxes_free(desk->mailboxes, desk->mailbox_count);
	tkt_filters_clear(&desk->filters);
	tkt_attachment_rules_clear(&desk->attachments);
	tkt_texts_free(desk->notify);
	free(desk->staff_domain);
	free(desk->notice_calendar);
	free(desk->policy_text);
	tkt_reading_free(desk->reading);
	free(desk);
}

bool tkt_desk_is_address(const struct tkt_desk *desk, const char *address)
{
	char *const *own;

	for (own = desk->addresses; address && *own; own++)
		if (!strcasecmp(*own, address))
			return true;
	return false;
}

/* Is it an own address with an extension? */
static bool extends(const struct tkt_desk *desk, const char *own, const char *address)
{
	const char *domain = strrchr(address, '@'), *own_domain = strrchr(own, '@');
	size_t local = (size_t)(own_domain - own);

	return desk->recipient_delimiter && domain && !strncasecmp(own, address, local) &&
	    address[local] == desk->recipient_delimiter && !strcasecmp(own_domain, domain);
}

bool tkt_desk_has_address(const struct tkt_desk *desk, const char *address)
{
	char *const *own;

	for (own = desk->addresses; address && *own; own++)
		if (extends(desk, *own, address))
			return true;
	return tkt_desk_is_address(desk, address);
}

int tkt_desk_base_address(
    const struct tkt_desk *desk, const char *address, char **base, struct tkt_error *error)
{
	char *const *own = desk->addresses;

	while (*own && !extends(desk, *own, address))
		own++;
	if (tkt_text_keep(base, *own ? *own : address, error))
		return -1;
	tkt_ascii_lower(*base);
	return 0;
}
