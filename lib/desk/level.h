/*
 * lib/desk/level.h: what desk.conf promises and when it acts by itself: `sla` and `timer` sections
 * as structs (desk.conf(5)); and the policy, all the sections that belong to the version that a
 * ticket came under.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/time.h"
#include "desk/action_rule.h"
#include "desk/forbid_rule.h"
#include "desk/intake_rule.h"
#include "desk/match.h"
#include "desk/route_rule.h"

struct tkt_conf;
struct tkt_error;
struct tkt_expression_scope;

/* The clocks that an sla may promise; in this order on the wire. */
enum tkt_clock_name {
	TKT_CLOCK_FIRST_RESPONSE,
	TKT_CLOCK_NEXT_RESPONSE,
	TKT_CLOCK_RESOLUTION,
	TKT_CLOCK_COUNT
};
extern const char *const tkt_clock_words[TKT_CLOCK_COUNT];
bool tkt_clock_is_known(const char *word); /* is it one of them? */

enum tkt_anchor { TKT_ANCHOR_SENT, TKT_ANCHOR_RECEIVED, TKT_ANCHOR_PROVEN_RECEIPT };

/* What an escalation or a timer does when its time has come. */
struct tkt_step {
	char *title;              /* as written: "75%", "first_response 75%", "5wd": its name */
	char *rule;               /* "desk.conf:41" */
	int percent;              /* of an escalation; may be more than 100 */
	int clock;                /* of an escalation: enum tkt_clock_name, or -1: every clock */
	struct tkt_length length; /* of a timer */
	char **notify;            /* each ended by NULL, never NULL themselves */
	char **set;               /* 'priority=high' */
	char **add;               /* 'tags=late' */
	char *reply;              /* name of a template; NULL */
};

struct tkt_pause {
	int clock; /* enum tkt_clock_name */
	struct tkt_match match;
};

struct tkt_sla {
	char *title;
	char *rule; /* "desk.conf:30" */
	struct tkt_match match;
	char *calendar; /* name; NULL */
	enum tkt_anchor anchor;
	bool has_target[TKT_CLOCK_COUNT];
	struct tkt_length targets[TKT_CLOCK_COUNT];
	char *target_texts[TKT_CLOCK_COUNT]; /* "4wh", as written; NULL */
	struct tkt_pause *pauses;
	size_t pause_count;
	struct tkt_step *escalations; /* in file order */
	size_t escalation_count;
};

struct tkt_timer {
	char *title;
	char *rule;
	struct tkt_match match;
	char *since; /* field of the instant it runs from: "last_out_at"; "created_at" by default */
	char *calendar;         /* name; NULL */
	struct tkt_step *steps; /* in file order */
	size_t step_count;
};

/* One version of the policy. */
struct tkt_policy {
	struct tkt_sla *slas; /* in file order: the first that matches counts */
	size_t sla_count;
	struct tkt_timer *timers;
	size_t timer_count;
	struct tkt_route *routes; /* in file order */
	size_t route_count;
	struct tkt_team *teams;
	size_t team_count;
	struct tkt_action *actions;
	size_t action_count;
	struct tkt_forbid *forbids;
	size_t forbid_count;
	struct tkt_intake_rules intake;
};
void tkt_policy_free(struct tkt_policy *policy);
TKT_AUTOPTR(policy)

/* Is anything of a policy in it: has a desk.conf such sections? */
bool tkt_policy_is_in(const struct tkt_conf *conf);
/* May it be in this text? Where the words of the sections do not stand, it need not be read. */
bool tkt_policy_may_be_in(const char *text);

/*
 * Reads the sections out of the text of a policy (desk.conf with its includes), as the store keeps
 * it for the tickets that came under it.
 *
 *   folder  of the desk
 *   scope   what the expressions depend on; its zone is borrowed for the call alone
 *
 * What the sections must agree on, such as calendars that exist, is not judged: it held when the
 * text was stored. 0 and a new policy, or -1 with CONFIGURATION or TEMPORARY.
 */
int tkt_policy_read(const char *folder, const char *text, size_t length,
    const struct tkt_expression_scope *scope, struct tkt_policy **policy, struct tkt_error *error);
/* The same out of a desk.conf that has been read: its rules name the files that were included. */
int tkt_policy_make(const struct tkt_conf *conf, const struct tkt_expression_scope *scope,
    struct tkt_policy **policy, struct tkt_error *error);
