/*
 * lib/desk/check.h: what the value of each option of desk.conf may be. A check returns 0, or -1
 * with TKT_ERROR_CONFIGURATION that names the value and what is wanted; the caller adds the place.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct tkt_error;
struct tkt_expression;
struct tkt_setting;

typedef int tkt_check(
    const struct tkt_setting *setting, const char *value, struct tkt_error *error);

/* An option, or the title of a section. */
struct tkt_setting {
	const char *section; /* "" at the top */
	const char *name;
	tkt_check *check;
	const char *const *words; /* of tkt_check_word, ended by NULL */
	bool is_list;
};

tkt_check tkt_check_any;        /* a text, not empty */
tkt_check tkt_check_optional;   /* a text */
tkt_check tkt_check_name;       /* letters, digits, '_', '-', '.' */
tkt_check tkt_check_template;   /* a name of templates/NAME.LANG */
tkt_check tkt_check_word;       /* one of setting->words */
tkt_check tkt_check_boolean;    /* true, false, yes, no, on, off */
tkt_check tkt_check_prefix;     /* of tickets: a letter, then letters and digits, up to 10 */
tkt_check tkt_check_address;    /* of mail, ASCII */
tkt_check tkt_check_delimiter;  /* a sign between address and extension, or none */
tkt_check tkt_check_host;       /* of trusted_host */
tkt_check tkt_check_domain;     /* behind the '@' of an address */
tkt_check tkt_check_count;      /* a number, 0 to a million */
tkt_check tkt_check_language;   /* "ru" */
tkt_check tkt_check_zone;       /* "Europe/Moscow", "+06:00", "+06:00 Asia/Yekaterinburg" */
tkt_check tkt_check_timeout;    /* elapsed, up to an hour */
tkt_check tkt_check_duration;   /* the same, and not none at all */
tkt_check tkt_check_rate;       /* "10/1h", "none" */
tkt_check tkt_check_size;       /* "16M", "1G" */
tkt_check tkt_check_keep;       /* a length of elapsed time, more than none: "30d" */
tkt_check tkt_check_media_type; /* "image/png", all of "image/" by a star */
tkt_check tkt_check_closed;     /* "reopen", "new", "new after 14d" */
tkt_check tkt_check_length;     /* any unit */
tkt_check tkt_check_expression; /* over a ticket */
tkt_check tkt_check_field;      /* a field of a ticket */
tkt_check tkt_check_assignment; /* "priority=high", "tags+=outage" */
tkt_check tkt_check_element;    /* "tags=outage": one more of a list */
tkt_check tkt_check_notify;     /* assignee, requester, group:NAME, agent:NAME, an address */
tkt_check tkt_check_member;     /* of a team: an agent, group:NAME */
tkt_check tkt_check_pattern;    /* a regular expression */
tkt_check tkt_check_wording;    /* "en: Which browser do you use?" */
tkt_check tkt_check_clock;      /* first_response, next_response, resolution */
tkt_check tkt_check_escalation; /* "75%", "first_response 100%" */
tkt_check tkt_check_path;       /* below the desk, or absolute */
tkt_check tkt_check_command;    /* an absolute path, and arguments */
tkt_check tkt_check_url;        /* smtp://HOST[:PORT], smtps://... */
tkt_check tkt_check_mailbox;    /* imaps://HOST[:PORT][/FOLDER], pop3s://HOST[:PORT] ... */
tkt_check tkt_check_after;      /* flag, delete, keep, "move FOLDER" */
tkt_check tkt_check_week;       /* "mon-fri 08:00-13:00 14:00-18:00", "always" */
tkt_check tkt_check_day;        /* "2026-12-31 09:00-13:00", "2027-01-09 closed" */
tkt_check tkt_check_hours;      /* "09:00-18:00" */
tkt_check tkt_check_date;       /* "2026-04-01" */

/* What tkt_check_expression does, and keeps what it read in *expression. */
int tkt_check_expression_keep(
    const char *value, struct tkt_expression **expression, struct tkt_error *error);
bool tkt_boolean_value(const char *value); /* of what tkt_check_boolean let pass */
/* For how long after its end a ticket is opened again by an answer, as tkt_check_closed has it:
 * INT64_MAX, always; 0, never; -1: the value is wrong. */
int64_t tkt_closed_seconds(const char *value);
/* The first word of "+06:00 Asia/Yekaterinburg" in `first`, the other in `second`, which is "" when
 * there is none. false: there are more, or they are too long. */
#define TKT_ZONE_SIZE 64
bool tkt_zone_split(const char *value, char first[TKT_ZONE_SIZE], char second[TKT_ZONE_SIZE]);
