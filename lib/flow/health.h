/* lib/flow/health.h: is a desk alive: does mail come in and go out, is it swept, has it room. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct tkt_error;
struct tkt_session;

/* What is not well, in the order in which it is told. */
enum tkt_problem {
	TKT_PROBLEM_NOT_ARMED,
	TKT_PROBLEM_LATE_SWEEP,
	TKT_PROBLEM_OLD_UNSENT,
	TKT_PROBLEM_FAILED_MAIL,
	TKT_PROBLEM_LARGE_WAL,
	TKT_PROBLEM_LOW_DISK,
	TKT_PROBLEM_MISSING_HOLIDAYS,
	TKT_PROBLEM_COUNT
};
extern const char *const tkt_problem_words[TKT_PROBLEM_COUNT]; /* "not_armed" ... */

/* How much is too much. */
struct tkt_health_limits {
	int64_t sweep_seconds;  /* since the last sweep, on a desk with sla or timer sections */
	int64_t unsent_seconds; /* that a mail waits */
	int64_t wal_bytes;      /* of tkt.db-wal */
	int64_t free_bytes;     /* at least, where the desk is */
};

/* A calendar and a year: this one or the next. */
struct tkt_known_year {
	const char *calendar; /* borrowed from the session */
	int year;
	bool is_known; /* each of its holiday lists says something about it */
};

struct tkt_health {
	int64_t at;
	char *policy; /* that new tickets come under */
	bool is_armed;
	int64_t last_mail_at, last_sweep_at, last_sent_at; /* TKT_TIME_NONE: never */
	int64_t unsent, oldest_unsent_at, failed;          /* as struct tkt_backlog has them */
	int64_t quarantined; /* letters that wait for a person to release them */
	int64_t database_bytes, wal_bytes, free_bytes;
	struct tkt_known_year *years; /* by calendar, as desk.conf has them */
	size_t year_count;
	bool problems[TKT_PROBLEM_COUNT];
};
void tkt_health_clear(struct tkt_health *health);
#define tkt_autohealth __attribute__((cleanup(tkt_health_clear))) struct tkt_health

/*
 * Looks at the desk of a session that reads, at the command's time. Holidays of this year are
 * missed at any time, those of the next from 1 November on, by the desk's clock. 0, or -1.
 */
int tkt_health_read(struct tkt_session *session, const struct tkt_health_limits *limits,
    struct tkt_health *health, struct tkt_error *error);

/* It as an object of tkt_status_fields: 0 and a new one, or -1 with TEMPORARY. */
int tkt_health_object(const struct tkt_health *health, json_t **object, struct tkt_error *error);

/*
 * Adds it in the text format of Prometheus, version 0.0.4: gauges in base units, each with the
 * label `desk`, the folder. 0 or -1.
 */
int tkt_health_expose(const struct tkt_health *health, const char *folder, struct tkt_text *out,
    struct tkt_error *error);
