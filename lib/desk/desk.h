/* lib/desk/desk.h: desk.conf as structs. Sections that later parts act on are checked here already.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "desk/attachment_rule.h"
#include "desk/filter.h"
#include "desk/rate.h"
#include "json/work_order.h"

struct tkt_error;
struct tkt_reading;
struct tkt_zone;

enum tkt_transport_kind { TKT_TRANSPORT_MAILDIR, TKT_TRANSPORT_SENDMAIL, TKT_TRANSPORT_SMTP };

struct tkt_transport {
	enum tkt_transport_kind kind;
	char *path;    /* MAILDIR: absolute */
	char *command; /* SENDMAIL: split at blanks, no shell; '-f SENDER -- RCPT...' follows */
	char *url;     /* SMTP: smtp://host[:port], smtps://... */
	char *user;    /* SMTP: the login; its password is the file keys/smtp */
	char *ca_file; /* SMTP: whose certificates count, absolute; NULL: the system's */
	bool require_tls;
	int timeout_seconds;
	struct tkt_rate rate; /* how many mails are handed over in a window */
};

/* What becomes of a letter on its server once it is safe here. */
enum tkt_fetch_after { TKT_FETCH_FLAG, TKT_FETCH_DELETE, TKT_FETCH_MOVE, TKT_FETCH_KEEP };

/* A mailbox on a server, whose letters tkt-fetch takes in. */
struct tkt_mailbox {
	char *name; /* of its section; keys/fetch-NAME holds the password */
	char *url;  /* imap://host[:port][/folder], imaps://..., pop3://host[:port], pop3s://... */
	bool is_pop3;
	char *user;
	enum tkt_fetch_after after; /* FLAG and MOVE are IMAP's, KEEP is POP3's */
	char *folder;               /* of MOVE; NULL */
	char *recipient;            /* of the envelope; NULL: what the header says */
	char *ca_file;              /* as a transport's */
	bool require_tls;
	int timeout_seconds;
	int64_t limit; /* letters in one run; 0: no limit */
};

/* The fates of letters whose contents may be dropped by age: no ticket has them. */
#define TKT_KEEP_COUNT 5
extern const char *const tkt_keep_fates[TKT_KEEP_COUNT];

struct tkt_desk {
	char *path; /* of the folder, absolute */
	char *name;
	char *address;            /* the desk's own, lower case: From of its mail */
	char **addresses;         /* all of its own, `address` first, ended by NULL */
	char recipient_delimiter; /* between an address and its extension; 0: it has none */
	char *ticket_prefix;
	char **languages; /* "ru", "en", the first is the default; ended by NULL */
	char *timezone;
	struct tkt_zone *zone;
	char *version;   /* "" when absent */
	char *effective; /* "2026-04-01": the day, by `zone`, from which the policy counts; "": at
			    once */
	struct tkt_work_order work; /* `rank`: work_tiers, work_age */
	char *queue;                /* where new tickets wait: "support" by default */
	bool acknowledge_first;     /* the first letter of a ticket is answered at once */
	bool acknowledge_all;       /* and so is each later one */
	/* For so long an answer opens a closed ticket again; then it is a new one. */
	int64_t reopen_seconds;
	bool notes_strangers;          /* who names a ticket that is not his is noted on it */
	struct tkt_rate brake_letters; /* of one sender; what comes beyond is quarantined */
	struct tkt_rate brake_answers; /* automatic ones to one address from one of ours */
	char *trusted_host; /* names in Received and Authentication-Results that count; "" none */
	bool accept_lists, accept_generated;
	struct tkt_attachment_rules attachments; /* what of a letter is taken */
	struct tkt_filters filters;
	int64_t min_free_bytes; /* with less, letters wait outside */
	/* For how long the contents of such letters are kept, in the order of tkt_keep_fates; 0:
	 * for ever */
	int64_t keep_seconds[TKT_KEEP_COUNT];
	int busy_timeout_seconds; /* how long a writer waits for another */
	bool html;                /* customers get HTML beside the text */
	char *staff_domain;       /* of agents' and groups' addresses, lower case */
	char *notice_calendar;    /* notices to staff wait until it is open; NULL: they never do */
	char **notify; /* who is told of each letter that joins a ticket; ended by NULL */
	int64_t staff_token_seconds; /* for how long an agent may answer what he was told */
	int64_t sweep_limit;         /* a sweep that would mail more customers asks first */
	bool intake_is_manual;       /* tkt-intake and tkt-route are run by others */
	bool has_levels;             /* it has sla or timer sections */
	bool needs_sweep; /* these, or a section that tells the staff: a sweep mails it */
	bool has_policy;  /* it has sections of a policy, these or others */
	struct tkt_transport transport;
	struct tkt_mailbox *mailboxes; /* in file order; NULL: none */
	size_t mailbox_count;
	char *policy_text; /* desk.conf with its includes, as read */
	char policy_sha256[65];
	struct tkt_reading *reading; /* what it was made of, for tkt_policy_make() and
					tkt_calendars_make(); NULL: it has none of their sections */
};

/* What tkt-lint says: an error or a warning, with its place. */
struct tkt_finding {
	bool is_warning;
	const char *file; /* relative to the desk */
	int line;
	const char *text;
};
/* What a desk's database knows that desk.conf is judged by. */
struct tkt_remembered {
	const char *policy;   /* the text that it keeps under the present version; NULL */
	const json_t *agents; /* an array; NULL: not known */
	const json_t *tiers;  /* of its customers: an array of texts; NULL: not known */
};
typedef void tkt_finding_report(const struct tkt_finding *finding, void *context);

/*
 * Reads desk.conf below `path`. 0 and a new desk; -1 with NO_INPUT (no such folder or file),
 * PERMISSION, or CONFIGURATION: "desk.conf:12: ..." for the first finding that is no warning.
 */
int tkt_desk_read(const char *path, struct tkt_desk **desk, struct tkt_error *error);
void tkt_desk_free(struct tkt_desk *desk);
TKT_AUTOPTR(desk)

/*
 * Hands every finding to `report`, in file order: what tkt_desk_read() refuses; errors in the
 * desk's templates (an unknown variable, no subject) and in holiday files, and those that are
 * nowhere; and warnings: a template missing in a language, zones that disagree at `now`, years
 * without holidays, this one and the next ...
 *
 *   remembered  what the desk's database knows; NULL: it has none
 *
 * Returns how many errors there were, or -1 when the desk cannot be read at all.
 */
int tkt_desk_lint(const char *path, const char *datadir, int64_t now,
    const struct tkt_remembered *remembered, tkt_finding_report *report, void *context,
    struct tkt_error *error);

/* Is it one of its own? */
bool tkt_desk_is_address(const struct tkt_desk *desk, const char *address);
/* The same, or one of them with an extension. */
bool tkt_desk_has_address(const struct tkt_desk *desk, const char *address);
/* The address in lower case; one of its own without the extension. A new text. 0, or -1 TEMPORARY.
 */
int tkt_desk_base_address(
    const struct tkt_desk *desk, const char *address, char **base, struct tkt_error *error);
/* The desk's language for a text, by its script: Cyrillic letters against Latin; the first by
 * default. */
const char *tkt_desk_language(const struct tkt_desk *desk, const char *text, size_t length);
