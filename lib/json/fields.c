#include "json/field.h"

#include "base/words.h"

#include "base/banned.h"

/* One row a field is read as the table it is, so its columns stand under each other. */
/* clang-format off */
#define SET     TKT_FIELD_SETTABLE
#define DERIVED TKT_FIELD_DERIVED
#define CLOCK   TKT_FIELD_CLOCK
#define LOWER   TKT_FIELD_LOWER

static const char *const status_values[] = { "new", "open", "pending", "resolved", "closed", NULL };
static const char *const priority_values[] = { "low", "normal", "high", "critical", NULL };
static const char *const identity_values[] = { "none", "claimed", "authenticated", "verified",
	NULL };
static const char *const pending_values[] = { "customer", "third_party", "development", "other",
	NULL };
static const char *const waiting_values[] = { "us", "customer", "third_party", "development",
	"nobody", NULL };
static const char *const entitlement_values[] = { "valid", "expired", "early", "none", NULL };
static const char *const question_values[] = { "required", "asked", NULL };
static const char *const kind_values[] = { "public", "internal", NULL };
static const char *const direction_values[] = { "in", "out", NULL };
static const char *const fate_values[] = { "opened", "appended", "bounce", "automatic", "duplicate",
	"quarantined", "refused", NULL };
static const char *const state_values[] = { "queued", "sending", "sent", "failed", "cancelled",
	"bounced", NULL };
static const char *const protection_values[] = { "signed", "encrypted", NULL };
static const char *const mail_kind_values[] = { "person", "automatic", "generated", "list", "bounce",
	"receipt", NULL };
static const char *const piece_values[] = { "span", "day_off", "pause", "deadline", "waiting", NULL };
static const char *const day_values[] = { "week", "days", "holiday", "workday", "short", NULL };
static const char *const reason_values[] = { "week", "days", "holiday", "workday", "short", "us", "customer", "third_party", "development", NULL };
static const char *const ask_values[] = { "add", "between", "next", NULL };
static const char *const measure_values[] = { "open", "days", "elapsed", NULL };
static const char *const weekday_values[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun",
	NULL };

static const struct tkt_field ticket_fields[] = {
	/* name             type               column          since flags          values          title                width */
	{ "id",              TKT_FIELD_TEXT,     "id",              1, 0,               NULL,            N_("Ticket"),         10 },
	{ "rev",             TKT_FIELD_INTEGER,  "rev",             1, 0,               NULL,            N_("Revision"),        8 },
	{ "subject",         TKT_FIELD_TEXT,     "subject",         1, SET,             NULL,            N_("Subject"),         0 },
	{ "status",          TKT_FIELD_TEXT,     "status",          1, SET,             status_values,   N_("Status"),          8 },
	{ "queue",           TKT_FIELD_TEXT,     "queue",           1, SET,             NULL,            N_("Queue"),          12 },
	{ "priority",        TKT_FIELD_PRIORITY, "priority",        1, SET,             priority_values, N_("Priority"),        9 },
	{ "channel",         TKT_FIELD_TEXT,     "channel",         1, SET,             NULL,            N_("Channel"),         8 },
	{ "lang",            TKT_FIELD_TEXT,     "lang",            1, SET,             NULL,            N_("Language"),        8 },
	{ "category",        TKT_FIELD_TEXT,     "category",        1, SET,             NULL,            N_("Category"),       12 },
	{ "tier",            TKT_FIELD_TEXT,     "tier",            1, SET,             NULL,            N_("Tier"),           10 },
	{ "customer",        TKT_FIELD_TEXT,     "customer",        1, SET,             NULL,            N_("Customer"),       14 },
	{ "contract",        TKT_FIELD_TEXT,     "contract",        1, SET,             NULL,            N_("Contract"),       12 },
	{ "entitlement",     TKT_FIELD_TEXT,     "entitlement",     4, SET,             entitlement_values, N_("Entitlement"), 11 },
	{ "identity",        TKT_FIELD_TEXT,     "identity",        1, SET,             identity_values, N_("Identity"),       13 },
	{ "policy",          TKT_FIELD_TEXT,     "policy",          1, 0,               NULL,            N_("Policy"),         12 },
	{ "requester.email", TKT_FIELD_ADDRESS,  "requester_email", 1, SET,             NULL,            N_("Requester"),      24 },
	{ "requester.name",  TKT_FIELD_TEXT,     "requester_name",  1, SET,             NULL,            N_("Name"),           20 },
	{ "cc",              TKT_FIELD_LIST,     "cc",              1, SET | LOWER,     NULL,            N_("Copies to"),      24 },
	{ "assignee",        TKT_FIELD_TEXT,     "assignee",        1, SET,             NULL,            N_("Assignee"),       12 },
	{ "group",           TKT_FIELD_TEXT,     "group_name",      1, SET,             NULL,            N_("Group"),          10 },
	{ "pending_reason",  TKT_FIELD_TEXT,     "pending_reason",  1, SET,             pending_values,  N_("Pending reason"), 14 },
	{ "resolution",      TKT_FIELD_TEXT,     "resolution",      1, SET,             NULL,            N_("Resolution"),     14 },
	{ "key",             TKT_FIELD_TEXT,     "key",             1, 0,               NULL,            N_("Key"),            16 },
	{ "linked",          TKT_FIELD_LIST,     "linked",          1, SET,             NULL,            N_("Linked"),         16 },
	{ "merged_into",     TKT_FIELD_TEXT,     "merged_into",     3, SET,             NULL,            N_("Merged into"),    10 },
	{ "tags",            TKT_FIELD_LIST,     "tags",            1, SET,             NULL,            N_("Tags"),           16 },
	{ "fields",          TKT_FIELD_MAP,      "fields",          1, SET,             NULL,            N_("Fields"),         24 },
	{ "lacks",           TKT_FIELD_LIST,     "lacks",           4, SET,             NULL,            N_("Lacks"),          24 },
	{ "sent_at",         TKT_FIELD_TIME,     "sent_at",         1, 0,               NULL,            N_("Sent"),           16 },
	{ "received_at",     TKT_FIELD_TIME,     "received_at",     1, 0,               NULL,            N_("Received"),       16 },
	{ "created_at",      TKT_FIELD_TIME,     "created_at",      1, 0,               NULL,            N_("Created"),        16 },
	{ "updated_at",      TKT_FIELD_TIME,     "updated_at",      1, 0,               NULL,            N_("Updated"),        16 },
	{ "closed_at",       TKT_FIELD_TIME,     "closed_at",       1, 0,               NULL,            N_("Closed"),         16 },
	{ "last_in_at",      TKT_FIELD_TIME,     "last_in_at",      1, 0,               NULL,            N_("Last letter in"), 16 },
	{ "last_out_at",     TKT_FIELD_TIME,     "last_out_at",     1, 0,               NULL,            N_("Last answer"),    16 },
	{ "wake_at",         TKT_FIELD_TIME,     "wake_at",         1, SET,             NULL,            N_("Wakes"),          16 },
	{ "undelivered",     TKT_FIELD_TEXT,     "undelivered",     1, 0,               NULL,            N_("Undelivered"),    24 },
	{ "complete_at",     TKT_FIELD_TIME,     "complete_at",     4, 0,               NULL,            N_("Complete"),       16 },
	{ "clocks",          TKT_FIELD_JSON,     "clocks",          1, 0,               NULL,            N_("Clocks"),         24 },
	{ "timers",          TKT_FIELD_JSON,     "timers",          2, 0,               NULL,            N_("Timers"),         24 },
	{ "next_at",         TKT_FIELD_TIME,     "next_at",         2, 0,               NULL,            N_("Next look"),      16 },
	{ "due",             TKT_FIELD_TIME,     "due_at",          1, DERIVED,         NULL,            N_("Due"),            16 },
	{ "overdue",         TKT_FIELD_BOOLEAN,  NULL,              1, DERIVED,         NULL,            N_("Overdue"),         7 },
	{ "left",            TKT_FIELD_LENGTH,   NULL,              1, DERIVED,         NULL,            N_("Left"),            9 },
	{ "age",             TKT_FIELD_LENGTH,   NULL,              1, DERIVED,         NULL,            N_("Age"),             9 },
	{ "idle",            TKT_FIELD_LENGTH,   NULL,              1, DERIVED,         NULL,            N_("Idle"),            9 },
	{ "clock",           TKT_FIELD_TEXT,     NULL,              1, DERIVED | CLOCK, NULL,            N_("Clock"),          16 },
	{ "questions",       TKT_FIELD_INTEGER,  NULL,              1, DERIVED,         NULL,            N_("Questions"),       9 },
	{ "description",     TKT_FIELD_TEXT,     NULL,              1, DERIVED,         NULL,            N_("Description"),     0 },
	{ "waiting_for",     TKT_FIELD_TEXT,     NULL,              1, DERIVED,         waiting_values,  N_("Waiting for"),    12 },
	{ "rank",            TKT_FIELD_TIME,     NULL,              1, DERIVED,         NULL,            N_("Rank"),           16 },
};

static const struct tkt_field message_fields[] = {
	{ "id",           TKT_FIELD_TEXT,    "number",          1, 0, NULL,             N_("Message"),              8 },
	{ "ticket",       TKT_FIELD_TEXT,    "ticket",          1, 0, NULL,             N_("Ticket"),              10 },
	{ "kind",         TKT_FIELD_TEXT,    "kind",            1, 0, kind_values,      N_("Kind"),                 8 },
	{ "direction",    TKT_FIELD_TEXT,    "direction",       1, 0, direction_values, N_("Direction"),            9 },
	{ "channel",      TKT_FIELD_TEXT,    "channel",         1, 0, NULL,             N_("Channel"),              8 },
	{ "author.email", TKT_FIELD_ADDRESS, "author_email",    1, 0, NULL,             N_("Author"),              24 },
	{ "author.name",  TKT_FIELD_TEXT,    "author_name",     1, 0, NULL,             N_("Name"),                20 },
	{ "to",           TKT_FIELD_JSON,    "to_list",         1, 0, NULL,             N_("To"),                  24 },
	{ "cc",           TKT_FIELD_JSON,    "cc_list",         1, 0, NULL,             N_("Copies to"),           24 },
	{ "recipient",    TKT_FIELD_ADDRESS, "recipient",       4, 0, NULL,             N_("Reached by"),          24 },
	{ "subject",      TKT_FIELD_TEXT,    "subject",         1, 0, NULL,             N_("Subject"),              0 },
	{ "body",         TKT_FIELD_TEXT,    "body",            1, 0, NULL,             N_("Text"),                 0 },
	{ "body_new",     TKT_FIELD_TEXT,    "body_new",        3, 0, NULL,             N_("New text"),             0 },
	{ "message_id",   TKT_FIELD_TEXT,    "message_id",      1, 0, NULL,             N_("Message-ID"),          24 },
	{ "in_reply_to",  TKT_FIELD_TEXT,    "in_reply_to",     1, 0, NULL,             N_("In reply to"),         24 },
	{ "references",   TKT_FIELD_JSON,    "references_list", 1, 0, NULL,             N_("References"),          24 },
	{ "thread_index", TKT_FIELD_TEXT,    "thread_index",    3, 0, NULL,             N_("Thread-Index"),        24 },
	{ "sent_at",      TKT_FIELD_TIME,    "sent_at",         1, 0, NULL,             N_("Sent"),                16 },
	{ "received_at",  TKT_FIELD_TIME,    "received_at",     1, 0, NULL,             N_("Received"),            16 },
	{ "hops",         TKT_FIELD_JSON,    "hops",            3, 0, NULL,             N_("Hops"),                24 },
	{ "auto",         TKT_FIELD_BOOLEAN, "auto",            1, 0, NULL,             N_("Automatic"),            9 },
	{ "bounce",       TKT_FIELD_BOOLEAN, "bounce",          1, 0, NULL,             N_("Bounce"),               7 },
	{ "reports",      TKT_FIELD_JSON,    "reports",         3, 0, NULL,             N_("Reports"),             24 },
	{ "protection",   TKT_FIELD_TEXT,    "protection",      3, 0, protection_values, N_("Protection"),         10 },
	{ "identity",     TKT_FIELD_TEXT,    "identity",        1, 0, identity_values,  N_("Identity"),            13 },
	{ "attachments",  TKT_FIELD_JSON,    "attachments",     1, 0, NULL,             N_("Attachments"),         24 },
	{ "raw_sha256",   TKT_FIELD_TEXT,    "raw_sha256",      1, 0, NULL,             N_("SHA-256 of the mail"), 64 },
	{ "body_sha256",  TKT_FIELD_TEXT,    "body_sha256",     1, 0, NULL,             N_("SHA-256 of the text"), 64 },
};

static const struct tkt_field question_fields[] = {
	{ "ticket",      TKT_FIELD_TEXT, "ticket",      1, 0, NULL, N_("Ticket"),   10 },
	{ "key",         TKT_FIELD_TEXT, "key",         1, 0, NULL, N_("Key"),      16 },
	{ "text",        TKT_FIELD_TEXT, "text",        1, 0, NULL, N_("Question"),  0 },
	{ "asked_at",    TKT_FIELD_TIME, "asked_at",    1, 0, NULL, N_("Asked"),    16 },
	{ "answered_at", TKT_FIELD_TIME, "answered_at", 1, 0, NULL, N_("Answered"), 16 },
	{ "answer",      TKT_FIELD_TEXT, "answer",      4, 0, NULL, N_("Answer"),   24 },
	{ "kind",        TKT_FIELD_TEXT, "kind",        4, 0, question_values, N_("Kind"), 8 },
};

static const struct tkt_field event_fields[] = {
	{ "seq",       TKT_FIELD_INTEGER, "seq",    1, 0, NULL, N_("Number"),      8 },
	{ "at",        TKT_FIELD_TIME,    "at",     1, 0, NULL, N_("At"),         16 },
	{ "actor",     TKT_FIELD_TEXT,    "actor",  1, 0, NULL, N_("Actor"),      20 },
	{ "uid",       TKT_FIELD_INTEGER, "uid",    1, 0, NULL, N_("Uid"),         6 },
	{ "tool",      TKT_FIELD_TEXT,    "tool",   1, 0, NULL, N_("Tool"),       12 },
	{ "ticket",    TKT_FIELD_TEXT,    "ticket", 1, 0, NULL, N_("Ticket"),     10 },
	{ "customer",  TKT_FIELD_TEXT,    NULL,     4, 0, NULL, N_("Customer"),   14 },
	{ "contact",   TKT_FIELD_TEXT,    NULL,     4, 0, NULL, N_("Contact"),    24 },
	{ "agent",     TKT_FIELD_TEXT,    NULL,     4, 0, NULL, N_("Agent"),      12 },
	{ "rev",       TKT_FIELD_INTEGER, NULL,     1, 0, NULL, N_("Revision"),    8 },
	{ "now",       TKT_FIELD_BOOLEAN, NULL,     1, 0, NULL, N_("Time given"), 10 },
	{ "was",       TKT_FIELD_MAP,     NULL,     1, 0, NULL, N_("Was"),        24 },
	{ "set",       TKT_FIELD_MAP,     NULL,     1, 0, NULL, N_("Set"),         0 },
	{ "message",   TKT_FIELD_JSON,    NULL,     1, 0, NULL, N_("Message"),    24 },
	{ "questions", TKT_FIELD_JSON,    NULL,     1, 0, NULL, N_("Questions"),  24 },
	{ "step",      TKT_FIELD_JSON,    NULL,     1, 0, NULL, N_("Step"),       14 },
	{ "notify",    TKT_FIELD_JSON,    NULL,     1, 0, NULL, N_("Notified"),   24 },
	{ "team",      TKT_FIELD_TEXT,    NULL,     4, 0, NULL, N_("Team"),       12 },
	{ "action",    TKT_FIELD_TEXT,    NULL,     4, 0, NULL, N_("Action"),     16 },
	{ "policy",    TKT_FIELD_TEXT,    NULL,     1, 0, NULL, N_("Policy"),     12 },
	{ "why",       TKT_FIELD_TEXT,    NULL,     1, 0, NULL, N_("Reason"),     30 },
	{ "rule",      TKT_FIELD_TEXT,    NULL,     1, 0, NULL, N_("Rule"),       14 },
	{ "rules",     TKT_FIELD_JSON,    NULL,     4, 0, NULL, N_("Rules"),      24 },
	{ "outgoing",  TKT_FIELD_JSON,    NULL,     1, 0, NULL, N_("Outgoing"),   24 },
};

static const struct tkt_field letter_fields[] = {
	{ "number",      TKT_FIELD_INTEGER, "number",      1, 0, NULL,        N_("Letter"),               8 },
	{ "received_at", TKT_FIELD_TIME,    "received_at", 1, 0, NULL,        N_("Received"),            16 },
	{ "fate",        TKT_FIELD_TEXT,    "fate",        1, 0, fate_values, N_("Fate"),                11 },
	{ "reason",      TKT_FIELD_TEXT,    "reason",      1, 0, NULL,        N_("Reason"),               0 },
	{ "kind",        TKT_FIELD_TEXT,    "kind",        3, 0, mail_kind_values, N_("Kind"),            9 },
	{ "unanswered",  TKT_FIELD_TEXT,    "unanswered",  3, 0, NULL,        N_("Unanswered"),          24 },
	{ "sender",      TKT_FIELD_ADDRESS, "sender",      1, 0, NULL,        N_("Sender"),              24 },
	{ "recipient",   TKT_FIELD_ADDRESS, "recipient",   1, 0, NULL,        N_("Recipient"),           24 },
	{ "message_id",  TKT_FIELD_TEXT,    "message_id",  1, 0, NULL,        N_("Message-ID"),          24 },
	{ "ticket",      TKT_FIELD_TEXT,    "ticket",      1, 0, NULL,        N_("Ticket"),              10 },
	{ "message",     TKT_FIELD_TEXT,    "message",     1, 0, NULL,        N_("Message"),              8 },
	{ "raw_sha256",  TKT_FIELD_TEXT,    "raw_sha256",  1, 0, NULL,        N_("SHA-256 of the mail"), 64 },
	{ "size",        TKT_FIELD_INTEGER, "size",        1, 0, NULL,        N_("Size"),                10 },
	{ "dropped_at",  TKT_FIELD_TIME,    "dropped_at",  3, 0, NULL,        N_("Dropped"),             16 },
};

static const struct tkt_field outgoing_fields[] = {
	{ "number",     TKT_FIELD_INTEGER, "number",     1, 0,     NULL,         N_("Number"),      8 },
	{ "ticket",     TKT_FIELD_TEXT,    "ticket",     1, 0,     NULL,         N_("Ticket"),     10 },
	{ "message",    TKT_FIELD_TEXT,    "message",    1, 0,     NULL,         N_("Message"),     8 },
	{ "state",      TKT_FIELD_TEXT,    "state",      1, 0,     state_values, N_("State"),       9 },
	{ "recipients", TKT_FIELD_LIST,    "recipients", 1, LOWER, NULL,         N_("Recipients"), 24 },
	{ "sender",     TKT_FIELD_ADDRESS, "sender",     1, 0,     NULL,         N_("Sender"),     24 },
	{ "subject",    TKT_FIELD_TEXT,    "subject",    1, 0,     NULL,         N_("Subject"),     0 },
	{ "message_id", TKT_FIELD_TEXT,    "message_id", 1, 0,     NULL,         N_("Message-ID"), 24 },
	{ "body",       TKT_FIELD_TEXT,    "body",       2, 0,     NULL,         N_("Text"),        0 },
	{ "attempts",   TKT_FIELD_INTEGER, "attempts",   1, 0,     NULL,         N_("Attempts"),    8 },
	{ "unknowns",   TKT_FIELD_INTEGER, "unknowns",   1, 0,     NULL,         N_("Unknown"),     8 },
	{ "due_at",     TKT_FIELD_TIME,    "due_at",     1, 0,     NULL,         N_("Due"),        16 },
	{ "created_at", TKT_FIELD_TIME,    "created_at", 1, 0,     NULL,         N_("Created"),    16 },
	{ "sent_at",    TKT_FIELD_TIME,    "sent_at",    1, 0,     NULL,         N_("Sent"),       16 },
	{ "status",     TKT_FIELD_TEXT,    "status",     3, 0,     NULL,         N_("Status code"), 11 },
	{ "error",      TKT_FIELD_TEXT,    "error",      1, 0,     NULL,         N_("Error"),      24 },
};

/* What working time answers is in no table of the store. */
static const struct tkt_field explanation_fields[] = {
	{ "ticket",   TKT_FIELD_TEXT,    NULL, 1, 0, NULL,          N_("Ticket"),   10 },
	{ "clock",    TKT_FIELD_TEXT,    NULL, 1, 0, NULL,          N_("Clock"),    16 },
	{ "cycle",    TKT_FIELD_INTEGER, NULL, 1, 0, NULL,          N_("Cycle"),     6 },
	{ "calendar", TKT_FIELD_TEXT,    NULL, 1, 0, NULL,          N_("Calendar"), 12 },
	{ "kind",     TKT_FIELD_TEXT,    NULL, 1, 0, piece_values,  N_("Kind"),      8 },
	{ "date",     TKT_FIELD_TEXT,    NULL, 1, 0, NULL,          N_("Date"),     10 },
	{ "start_at", TKT_FIELD_TIME,    NULL, 1, 0, NULL,          N_("Start"),    16 },
	{ "end_at",   TKT_FIELD_TIME,    NULL, 1, 0, NULL,          N_("End"),      16 },
	{ "seconds",  TKT_FIELD_INTEGER, NULL, 1, 0, NULL,          N_("Seconds"),   8 },
	{ "reason",   TKT_FIELD_TEXT,    NULL, 1, 0, reason_values, N_("Reason"),    8 },
	{ "note",     TKT_FIELD_TEXT,    NULL, 1, 0, NULL,          N_("Note"),      0 },
};

static const struct tkt_field difference_fields[] = {
	{ "ticket",   TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Ticket"),   10 },
	{ "clock",    TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Clock"),    16 },
	{ "cycle",    TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Cycle"),     6 },
	{ "name",     TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Member"),   17 },
	{ "stored",   TKT_FIELD_JSON,    NULL, 1, 0, NULL, N_("Stored"),   24 },
	{ "reckoned", TKT_FIELD_JSON,    NULL, 1, 0, NULL, N_("Reckoned"), 24 },
};

static const struct tkt_field reckoning_fields[] = {
	{ "calendar",       TKT_FIELD_TEXT,    NULL, 1, 0, NULL,           N_("Calendar"),      12 },
	{ "op",             TKT_FIELD_TEXT,    NULL, 1, 0, ask_values,     N_("Operation"),      9 },
	{ "measure",        TKT_FIELD_TEXT,    NULL, 1, 0, measure_values, N_("Measure"),        8 },
	{ "start",          TKT_FIELD_TIME,    NULL, 1, 0, NULL,           N_("Start"),         16 },
	{ "end",            TKT_FIELD_TIME,    NULL, 1, 0, NULL,           N_("End"),           16 },
	{ "length",         TKT_FIELD_TEXT,    NULL, 1, 0, NULL,           N_("Length"),         8 },
	{ "result",         TKT_FIELD_TIME,    NULL, 1, 0, NULL,           N_("Result"),        16 },
	{ "result_seconds", TKT_FIELD_INTEGER, NULL, 1, 0, NULL,           N_("Seconds"),       10 },
	{ "missing_years",  TKT_FIELD_JSON,    NULL, 1, 0, NULL,           N_("Missing years"), 13 },
};

static const struct tkt_field calendar_day_fields[] = {
	{ "calendar",   TKT_FIELD_TEXT,    NULL, 1, 0, NULL,           N_("Calendar"),     12 },
	{ "date",       TKT_FIELD_TEXT,    NULL, 1, 0, NULL,           N_("Date"),         10 },
	{ "weekday",    TKT_FIELD_TEXT,    NULL, 1, 0, weekday_values, N_("Weekday"),      11 },
	{ "is_working", TKT_FIELD_BOOLEAN, NULL, 1, 0, NULL,           N_("Working day"),  12 },
	{ "hours",      TKT_FIELD_TEXT,    NULL, 1, 0, NULL,           N_("Hours"),        24 },
	{ "seconds",    TKT_FIELD_INTEGER, NULL, 1, 0, NULL,           N_("Seconds"),       8 },
	{ "reason",     TKT_FIELD_TEXT,    NULL, 1, 0, day_values,     N_("Reason"),        8 },
	{ "note",       TKT_FIELD_TEXT,    NULL, 1, 0, NULL,           N_("Note"),          0 },
	{ "is_missing", TKT_FIELD_BOOLEAN, NULL, 1, 0, NULL,           N_("Year missing"), 12 },
};

static const struct tkt_field status_fields[] = {
	{ "at",               TKT_FIELD_TIME,    NULL, 1, 0, NULL, N_("At"),               16 },
	{ "policy",           TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Policy"),           12 },
	{ "is_armed",         TKT_FIELD_BOOLEAN, NULL, 1, 0, NULL, N_("Armed"),             5 },
	{ "last_mail_at",     TKT_FIELD_TIME,    NULL, 1, 0, NULL, N_("Last mail in"),     16 },
	{ "last_sweep_at",    TKT_FIELD_TIME,    NULL, 1, 0, NULL, N_("Last sweep"),       16 },
	{ "last_sent_at",     TKT_FIELD_TIME,    NULL, 1, 0, NULL, N_("Last mail out"),    16 },
	{ "unsent",           TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Unsent mails"),     12 },
	{ "oldest_unsent_at", TKT_FIELD_TIME,    NULL, 1, 0, NULL, N_("Oldest unsent"),    16 },
	{ "failed",           TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Failed mails"),     12 },
	{ "quarantined",      TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Quarantined letters"), 19 },
	{ "database_bytes",   TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Database"),         12 },
	{ "wal_bytes",        TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Database log"),     10 },
	{ "free_bytes",       TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Free space"),       14 },
	{ "missing_holidays", TKT_FIELD_JSON,    NULL, 1, 0, NULL, N_("Missing holidays"), 24 },
	{ "problems",         TKT_FIELD_LIST,    NULL, 1, 0, NULL, N_("Problems"),          0 },
};

static const struct tkt_field backup_fields[] = {
	{ "path",     TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Folder"),    0 },
	{ "at",       TKT_FIELD_TIME,    NULL, 1, 0, NULL, N_("At"),       16 },
	{ "has_keys", TKT_FIELD_BOOLEAN, NULL, 1, 0, NULL, N_("Keys"),      4 },
	{ "tickets",  TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Tickets"),   9 },
	{ "messages", TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Messages"),  9 },
	{ "letters",  TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Letters"),   9 },
	{ "events",   TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Events"),    9 },
	{ "unsent",   TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Unsent mails"), 12 },
	{ "contents", TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Contents"),  9 },
	{ "files",    TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Files"),     9 },
	{ "bytes",    TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Bytes"),    14 },
	{ "damaged",  TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Damaged"),   8 },
};

static const char *const row_values[] = { "route", "team", "agent", NULL };
static const char *const result_values[] = { "matches", "differs", "failed", "unreached", "chooses",
	"kept", "nobody", "chosen", "lost", "deputy", "absent", "inactive", "unknown", NULL };

static const struct tkt_field routing_fields[] = {
	{ "ticket", TKT_FIELD_TEXT, NULL, 1, 0, NULL,          N_("Ticket"), 10 },
	{ "kind",   TKT_FIELD_TEXT, NULL, 1, 0, row_values,    N_("Kind"),    8 },
	{ "name",   TKT_FIELD_TEXT, NULL, 1, 0, NULL,          N_("Name"),   20 },
	{ "rule",   TKT_FIELD_TEXT, NULL, 1, 0, NULL,          N_("Rule"),   14 },
	{ "result", TKT_FIELD_TEXT, NULL, 1, 0, result_values, N_("Result"), 16 },
	{ "why",    TKT_FIELD_TEXT, NULL, 1, 0, NULL,          N_("Reason"),  0 },
};

static const struct tkt_field blame_fields[] = {
	{ "ticket", TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Ticket"), 10 },
	{ "field",  TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Field"),  16 },
	{ "value",  TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Value"),  20 },
	{ "seq",    TKT_FIELD_INTEGER, NULL, 1, 0, NULL, N_("Number"),  8 },
	{ "at",     TKT_FIELD_TIME,    NULL, 1, 0, NULL, N_("At"),     16 },
	{ "actor",  TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Actor"),  20 },
	{ "tool",   TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Tool"),   12 },
	{ "policy", TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Policy"), 12 },
	{ "rule",   TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Rule"),   14 },
	{ "why",    TKT_FIELD_TEXT,    NULL, 1, 0, NULL, N_("Reason"),  0 },
};

static const char *const clock_values[] = { "running", "paused", "met", "missed", NULL };

const struct tkt_clock_field tkt_clock_fields[] = {
	/* name       type              member         values        running */
	{ "due",      TKT_FIELD_TIME,   "due_at",      NULL,         false },
	{ "left",     TKT_FIELD_LENGTH, "due_at",      NULL,         true },
	{ "state",    TKT_FIELD_TEXT,   "state",       clock_values, false },
	{ "target",   TKT_FIELD_TEXT,   "target",      NULL,         false },
	{ "started",  TKT_FIELD_TIME,   "started_at",  NULL,         false },
	{ "stopped",  TKT_FIELD_TIME,   "stopped_at",  NULL,         false },
	{ "breached", TKT_FIELD_TIME,   "breached_at", NULL,         false },
	{ NULL,       TKT_FIELD_TEXT,   NULL,          NULL,         false },
};

static const char *const judgement_values[] = { "yes", "no", "failed", NULL };

static const struct tkt_field judgement_fields[] = {
	{ "ticket",  TKT_FIELD_TEXT, NULL, 1, 0, NULL,             N_("Ticket"),  10 },
	{ "message", TKT_FIELD_TEXT, NULL, 1, 0, NULL,             N_("Message"),  8 },
	{ "section", TKT_FIELD_TEXT, NULL, 1, 0, NULL,             N_("Section"), 11 },
	{ "name",    TKT_FIELD_TEXT, NULL, 1, 0, NULL,             N_("Name"),    16 },
	{ "rule",    TKT_FIELD_TEXT, NULL, 1, 0, NULL,             N_("Rule"),    14 },
	{ "result",  TKT_FIELD_TEXT, NULL, 1, 0, judgement_values, N_("Result"),   8 },
	{ "note",    TKT_FIELD_TEXT, NULL, 1, 0, NULL,             N_("Note"),     0 },
};

static const struct tkt_field change_fields[] = {
	{ "ticket",    TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Ticket"),    10 },
	{ "was",       TKT_FIELD_JSON, NULL, 1, 0, NULL, N_("Was"),       24 },
	{ "set",       TKT_FIELD_JSON, NULL, 1, 0, NULL, N_("Set"),        0 },
	{ "add",       TKT_FIELD_JSON, NULL, 1, 0, NULL, N_("Added"),     24 },
	{ "remove",    TKT_FIELD_JSON, NULL, 1, 0, NULL, N_("Taken out"), 24 },
	{ "message",   TKT_FIELD_JSON, NULL, 1, 0, NULL, N_("Message"),   24 },
	{ "questions", TKT_FIELD_JSON, NULL, 1, 0, NULL, N_("Questions"), 24 },
	{ "step",      TKT_FIELD_JSON, NULL, 1, 0, NULL, N_("Step"),      14 },
	{ "notify",    TKT_FIELD_JSON, NULL, 1, 0, NULL, N_("Notified"),  24 },
	{ "team",      TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Team"),      12 },
	{ "action",    TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Action"),    16 },
	{ "why",       TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Reason"),    36 },
	{ "rule",      TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Rule"),      14 },
	{ "rules",     TKT_FIELD_JSON, NULL, 1, 0, NULL, N_("Rules"),     24 },
	{ "actor",     TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Actor"),     14 },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct tkt_field_table tkt_ticket_fields = {
	.type = "ticket",
	.table = "ticket",
	.fields = ticket_fields,
	.count = COUNT(ticket_fields),
	.shown = "id,status,priority,left,assignee,requester.email,due,updated_at,subject",
};
const struct tkt_field_table tkt_message_fields = {
	.type = "message",
	.table = "message",
	.fields = message_fields,
	.count = COUNT(message_fields),
	.shown = "id,ticket,kind,direction,author.email,received_at,body",
};
const struct tkt_field_table tkt_question_fields = {
	.type = "question",
	.table = "question",
	.fields = question_fields,
	.count = COUNT(question_fields),
	.shown = "ticket,key,asked_at,answered_at,text",
};
const struct tkt_field_table tkt_event_fields = {
	.type = "event",
	.table = "event",
	.fields = event_fields,
	.count = COUNT(event_fields),
	.shown = "seq,at,actor,tool,ticket,why,set",
};
const struct tkt_field_table tkt_letter_fields = {
	.type = "letter",
	.table = "letter",
	.fields = letter_fields,
	.count = COUNT(letter_fields),
	.shown = "number,received_at,fate,sender,ticket,reason",
};
const struct tkt_field_table tkt_outgoing_fields = {
	.type = "outgoing",
	.table = "outgoing",
	.fields = outgoing_fields,
	.count = COUNT(outgoing_fields),
	.shown = "number,ticket,state,attempts,due_at,recipients,subject",
};
const struct tkt_field_table tkt_explanation_fields = {
	.type = "explanation",
	.fields = explanation_fields,
	.count = COUNT(explanation_fields),
	.shown = "kind,date,start_at,end_at,seconds,reason,note",
};
const struct tkt_field_table tkt_difference_fields = {
	.type = "difference",
	.fields = difference_fields,
	.count = COUNT(difference_fields),
	.shown = "ticket,clock,cycle,name,stored,reckoned",
};
const struct tkt_field_table tkt_reckoning_fields = {
	.type = "reckoning",
	.fields = reckoning_fields,
	.count = COUNT(reckoning_fields),
	.shown = "calendar,op,start,end,length,result,result_seconds",
};
const struct tkt_field_table tkt_calendar_day_fields = {
	.type = "calendar_day",
	.fields = calendar_day_fields,
	.count = COUNT(calendar_day_fields),
	.shown = "date,weekday,hours,reason,note",
};
const struct tkt_field_table tkt_status_fields = {
	.type = "status",
	.fields = status_fields,
	.count = COUNT(status_fields),
	.shown = "at,is_armed,last_mail_at,last_sweep_at,last_sent_at,unsent,failed,problems",
};
const struct tkt_field_table tkt_backup_fields = {
	.type = "backup",
	.fields = backup_fields,
	.count = COUNT(backup_fields),
	.shown = "at,tickets,messages,unsent,files,bytes,damaged,path",
};
const struct tkt_field_table tkt_routing_fields = {
	.type = "routing",
	.fields = routing_fields,
	.count = COUNT(routing_fields),
	.shown = "ticket,kind,name,result,rule,why",
};
const struct tkt_field_table tkt_judgement_fields = {
	.type = "judgement",
	.fields = judgement_fields,
	.count = COUNT(judgement_fields),
	.shown = "ticket,section,name,rule,result,note",
};
const struct tkt_field_table tkt_blame_fields = {
	.type = "blame",
	.fields = blame_fields,
	.count = COUNT(blame_fields),
	.shown = "field,value,at,actor,rule,why",
};
const struct tkt_field_table tkt_change_fields = {
	.type = "change",
	.fields = change_fields,
	.count = COUNT(change_fields),
	.shown = "ticket,why,rule,notify,set",
};
