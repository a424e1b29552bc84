#include "desk/check.h"

#include "base/error.h"
#include "base/media_type.h"
#include "base/time.h"
#include "base/words.h"
#include "base/zone.h"
#include "calendar/hours.h"
#include "desk/level.h"
#include "desk/rate.h"
#include "desk/size.h"
#include "desk/source.h"
#include "desk/template.h"
#include "expression/expression.h"
#include "json/field.h"

#include "base/banned.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define TIMEOUT_LIMIT 3600
#define COUNT_LIMIT 1000000

/* What another floor says about a value is a fault of the configuration here. */
static int as_configuration(struct tkt_error *error)
{
	if (error->kind != TKT_ERROR_TEMPORARY)
		error->kind = TKT_ERROR_CONFIGURATION;
	return -1;
}

#define refuse(error, ...) tkt_error_set((error), TKT_ERROR_CONFIGURATION, __VA_ARGS__)

int tkt_check_any(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	if (!*value)
		return refuse(error, _("'%s' is empty"), setting->name);
	return 0;
}

int tkt_check_optional(
    const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	(void)setting, (void)value, (void)error;
	return 0;
}

int tkt_check_name(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	if (!*value)
		return refuse(error, _("'%s' is empty"), setting->name);
	if (value[strspn(value, LETTERS DIGITS "_-.")] || *value == '.')
		return refuse(
		    error, _("'%s' is no name: letters, digits, '_', '-' and '.'"), value);
	return 0;
}

int tkt_check_template(
    const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	(void)setting;
	if (tkt_template_is_name(value))
		return 0;
	return refuse(
	    error, _("'%s' is no name of a template: small letters, digits, '_' and '-'"), value);
}

int tkt_check_word(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	tkt_autotext words;
	size_t i;

	tkt_text_init(&words, sizeof(error->text));
	for (i = 0; setting->words[i]; i++) {
		if (tkt_text_equal(setting->words[i], value))
			return 0;
		tkt_text_format(&words, "%s%s", i ? ", " : "", setting->words[i]);
	}
	return refuse(
	    error, _("'%s' cannot be '%s': one of %s"), setting->name, value, words.bytes);
}

static const char *const yes[] = { "true", "yes", "on", NULL };
static const char *const no[] = { "false", "no", "off", NULL };

static bool is_among(const char *const *words, const char *value)
{
	for (; *words; words++)
		if (tkt_text_equal(*words, value))
			return true;
	return false;
}

int tkt_check_boolean(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	if (is_among(yes, value) || is_among(no, value))
		return 0;
	return refuse(error, _("'%s' cannot be '%s': true or false"), setting->name, value);
}

bool tkt_boolean_value(const char *value)
{
	return is_among(yes, value);
}

int tkt_check_prefix(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	size_t length = strlen(value);

	if (!strspn(value, LETTERS) || strspn(value, LETTERS DIGITS) != length || length > 10)
		return refuse(error,
		    _("'%s' cannot be '%s': a letter, then letters and digits, at most 10"),
		    setting->name, value);
	return 0;
}

int tkt_check_delimiter(
    const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	if (tkt_text_equal(value, "none") || (strlen(value) == 1 && strchr("+-=_.", *value)))
		return 0;
	return refuse(
	    error, _("'%s' cannot be '%s': one of + - = _ . or none"), setting->name, value);
}

int tkt_check_host(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	if (value[strspn(value, LETTERS DIGITS "-._")])
		return refuse(error, _("'%s' cannot be '%s': a host's name"), setting->name, value);
	return 0;
}

int tkt_check_address(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	static const char atom[] = LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~.";
	size_t local = strspn(value, atom), length = strlen(value);
	const char *domain = value + local + 1;

	(void)setting;
	if (!local || local > 64 || length > 254 || value[local] != '@' || !*domain ||
	    domain[strspn(domain, LETTERS DIGITS "-._")] || *domain == '.' || *domain == '-' ||
	    value[length - 1] == '.' || strstr(value, "..") || *value == '.' ||
	    value[local - 1] == '.')
		return refuse(error, _("'%s' is no mail address"), value);
	return 0;
}

int tkt_check_domain(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	tkt_autofree char *address = NULL;

	if (asprintf(&address, "a@%s", value) < 0) {
		address = NULL;
		return tkt_error_set_memory(error);
	}
	if (tkt_check_address(setting, address, error))
		return refuse(error, _("'%s' cannot be '%s': a mail domain"), setting->name, value);
	return 0;
}

int tkt_check_count(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	int64_t number;

	if (tkt_number_parse(value, &number) || number < 0 || number > COUNT_LIMIT)
		return refuse(error, _("'%s' cannot be '%s': a number up to %d"), setting->name,
		    value, COUNT_LIMIT);
	return 0;
}

int tkt_check_language(
    const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	size_t length = strlen(value);

	(void)setting;
	if (strspn(value, "abcdefghijklmnopqrstuvwxyz") != length || length < 2 || length > 3)
		return refuse(error, _("'%s' is no language: 'en', 'ru' ..."), value);
	return 0;
}

bool tkt_zone_split(const char *value, char first[TKT_ZONE_SIZE], char second[TKT_ZONE_SIZE])
{
	char rest[2];

	first[0] = second[0] = '\0';
	return sscanf(value, "%63s %63s %1s", first, second, rest) < 3;
}

int tkt_check_zone(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	tkt_autoptr(zone) zone = NULL;
	tkt_autoptr(zone) other = NULL;
	char first[TKT_ZONE_SIZE], second[TKT_ZONE_SIZE];

	if (!tkt_zone_split(value, first, second) || !*first)
		return refuse(error,
		    _("'%s' cannot be '%s': a name of the tz database, an offset, "
		      "or both"),
		    setting->name, value);
	if (tkt_zone_new(first, &zone, error) || (*second && tkt_zone_new(second, &other, error)))
		return as_configuration(error);
	return 0;
}

/* The seconds of a length of elapsed time. */
static int elapsed(const char *value, int64_t *seconds, struct tkt_error *error)
{
	struct tkt_length length;

	return tkt_length_parse(value, &length, error) ||
		tkt_length_seconds(&length, seconds, error)
	    ? as_configuration(error)
	    : 0;
}

int tkt_check_timeout(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	int64_t seconds;

	if (elapsed(value, &seconds, error))
		return -1;
	if (seconds > TIMEOUT_LIMIT)
		return refuse(
		    error, _("'%s' cannot be '%s': an hour at most"), setting->name, value);
	return 0;
}

int tkt_check_duration(
    const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	return tkt_check_timeout(setting, value, error) ? -1
							: tkt_check_keep(setting, value, error);
}

int tkt_check_rate(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	struct tkt_rate rate;

	(void)setting;
	return tkt_rate_parse(value, &rate, error);
}

int tkt_check_size(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	int64_t bytes;

	(void)setting;
	return tkt_size_parse(value, &bytes, error);
}

int tkt_check_keep(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	int64_t seconds;

	if (elapsed(value, &seconds, error))
		return -1;
	return seconds
	    ? 0
	    : refuse(error, _("'%s' cannot be '%s': 1s is the shortest"), setting->name, value);
}

int tkt_check_media_type(
    const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	(void)setting;
	if (tkt_media_type_is_pattern(value))
		return 0;
	return refuse(
	    error, _("'%s' is no media type: 'image/png', or 'image/*' for all of them"), value);
}

int64_t tkt_closed_seconds(const char *value)
{
	static const char after[] = "new after ";
	struct tkt_error ignored = { 0 };
	int64_t seconds;

	if (tkt_text_equal(value, "reopen"))
		return INT64_MAX;
	if (tkt_text_equal(value, "new"))
		return 0;
	if (strncmp(value, after, strlen(after)) ||
	    elapsed(value + strlen(after), &seconds, &ignored))
		return -1;
	return seconds;
}

int tkt_check_closed(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	if (tkt_closed_seconds(value) >= 0)
		return 0;
	return refuse(error,
	    _("'%s' cannot be '%s': reopen, new, or 'new after' and a length such as 14d"),
	    setting->name, value);
}

int tkt_check_length(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	struct tkt_length length;

	(void)setting;
	return tkt_length_parse(value, &length, error) ? as_configuration(error) : 0;
}

int tkt_check_expression_keep(
    const char *value, struct tkt_expression **expression, struct tkt_error *error)
{
	static const struct tkt_expression_scope scope = { 0 };

	if (tkt_expression_parse(value, &tkt_ticket_fields, &scope, expression, error))
		return as_configuration(error);
	return 0;
}

int tkt_check_expression(
    const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	tkt_autoptr(expression) expression = NULL;

	(void)setting;
	return tkt_check_expression_keep(value, &expression, error);
}

int tkt_check_field(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	const char *key;
	size_t key_length;

	(void)setting;
	if (!tkt_field_require(&tkt_ticket_fields, value, &key, &key_length, error))
		return as_configuration(error);
	return 0;
}

int tkt_check_notify(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	static const char *const people[] = { "assignee", "requester", NULL };
	const char *name = strchr(value, ':');

	if (is_among(people, value))
		return 0;
	if (!strncmp(value, "group:", 6) || !strncmp(value, "agent:", 6))
		return tkt_check_name(setting, name + 1, error);
	if (!tkt_check_address(setting, value, error))
		return 0;
	return refuse(error,
	    _("'%s' cannot be told: assignee, requester, group:NAME, agent:NAME or an address"),
	    value);
}

int tkt_check_clock(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	(void)setting;
	if (tkt_clock_is_known(value))
		return 0;
	return refuse(
	    error, _("'%s' is no clock: first_response, next_response or resolution"), value);
}

int tkt_check_escalation(
    const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	tkt_autofree char *copy = strdup(value);
	char *percent, *clock = NULL, *end;
	int64_t number;

	if (!copy)
		return tkt_error_set_memory(error);
	percent = strchr(copy, ' ');
	if (percent) {
		*percent++ = '\0';
		clock = copy;
	} else {
		percent = copy;
	}
	if (clock && tkt_check_clock(setting, clock, error))
		return -1;
	end = strchr(percent, '%');
	if (end && !end[1])
		*end = '\0';
	else
		end = NULL;
	if (!end || tkt_number_parse(percent, &number) || number < 0 || number > 1000)
		return refuse(error,
		    _("'%s' is no step: '75%%' for every clock, or 'first_response 75%%'"), value);
	return 0;
}

/* Behind the host, and the port, of a url with one of two schemes; NULL: it is none. */
static const char *behind_host(const char *value, const char *plain, const char *secure)
{
	const char *host = !strncmp(value, plain, strlen(plain)) ? value + strlen(plain)
	    : !strncmp(value, secure, strlen(secure))            ? value + strlen(secure)
								 : "";
	size_t length = strspn(host, LETTERS DIGITS "-._[]:");

	return length ? host + length : NULL;
}

int tkt_check_url(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	const char *rest = behind_host(value, "smtp://", "smtps://");

	if (!rest || *rest)
		return refuse(error, _("'%s' cannot be '%s': smtp://HOST[:PORT] or smtps://..."),
		    setting->name, value);
	return 0;
}

int tkt_check_mailbox(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	const char *folder = behind_host(value, "imap://", "imaps://");
	const char *rest = folder ? folder : behind_host(value, "pop3://", "pop3s://");

	if (!rest || (*rest && (!folder || *folder != '/' || folder[strcspn(folder, "?#;")])))
		return refuse(error,
		    _("'%s' cannot be '%s': imaps://HOST[:PORT][/FOLDER], pop3s://HOST[:PORT], "
		      "or imap:// and pop3:// with STARTTLS"),
		    setting->name, value);
	return 0;
}

int tkt_check_after(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	static const char *const words[] = { "flag", "delete", "keep", NULL };

	if (is_among(words, value) || (!strncmp(value, "move ", 5) && value[5]))
		return 0;
	return refuse(error, _("'%s' cannot be '%s': flag, delete, keep or 'move FOLDER'"),
	    setting->name, value);
}

int tkt_check_path(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	if (!tkt_source_may_read(value))
		return refuse(error,
		    _("'%s' cannot be '%s': a path below the desk or an absolute one"),
		    setting->name, value);
	return 0;
}

int tkt_check_command(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	if (*value != '/')
		return refuse(error,
		    _("'%s' cannot be '%s': the absolute path of a program, then its arguments"),
		    setting->name, value);
	return 0;
}

int tkt_check_week(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	struct tkt_hours hours;
	unsigned days;

	(void)setting;
	return tkt_hours_parse_week(value, &days, &hours, error);
}

int tkt_check_day(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	struct tkt_hours hours;
	int64_t day;

	(void)setting;
	return tkt_hours_parse_day(value, &day, &hours, error);
}

int tkt_check_hours(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	struct tkt_hours hours;

	(void)setting;
	return tkt_hours_parse(value, &hours, error);
}
