#include "json/field.h"

#include "base/words.h"

#include "base/banned.h"

/* As in fields.c. */
/* clang-format off */
#define SET   TKT_FIELD_SETTABLE
#define LOWER TKT_FIELD_LOWER

static const char *const entitlement_values[] = { "valid", "expired", "early", "none", NULL };
static const char *const found_values[] = { "contact", "contract", "domain", NULL };

static const struct tkt_field customer_fields[] = {
	/* name         type               column         since flags        values title               width */
	{ "id",         TKT_FIELD_TEXT,    "id",          4, 0,              NULL, N_("Customer"),      14 },
	{ "name",       TKT_FIELD_TEXT,    "name",        4, SET,            NULL, N_("Name"),           0 },
	{ "tier",       TKT_FIELD_TEXT,    "tier",        4, SET,            NULL, N_("Tier"),          10 },
	{ "domains",    TKT_FIELD_LIST,    "domains",     4, SET,            NULL, N_("Domains"),       24 },
	{ "lang",       TKT_FIELD_TEXT,    "lang",        4, SET,            NULL, N_("Language"),       8 },
	{ "fields",     TKT_FIELD_MAP,     "fields",      4, SET,            NULL, N_("Fields"),        24 },
	{ "contracts",  TKT_FIELD_JSON,    "contracts",   4, SET,            NULL, N_("Contracts"),     24 },
};

static const struct tkt_field contact_fields[] = {
	{ "id",          TKT_FIELD_TEXT,    "id",          4, 0,             NULL, N_("Contact"),       24 },
	{ "name",        TKT_FIELD_TEXT,    "name",        4, SET,           NULL, N_("Name"),           0 },
	{ "customer",    TKT_FIELD_TEXT,    "customer",    4, SET,           NULL, N_("Customer"),      14 },
	{ "lang",        TKT_FIELD_TEXT,    "lang",        4, SET,           NULL, N_("Language"),       8 },
	{ "addresses",   TKT_FIELD_LIST,    "addresses",   4, SET | LOWER,   NULL, N_("Addresses"),     32 },
	{ "from",        TKT_FIELD_TEXT,    "from_date",   4, SET,           NULL, N_("From"),          10 },
	{ "until",       TKT_FIELD_TEXT,    "until_date",  4, SET,           NULL, N_("Until"),         10 },
	{ "replaced_by", TKT_FIELD_TEXT,    "replaced_by", 4, SET,           NULL, N_("Replaced by"),   24 },
	{ "fields",      TKT_FIELD_MAP,     "fields",      4, SET,           NULL, N_("Fields"),        24 },
};

static const struct tkt_field agent_fields[] = {
	{ "id",        TKT_FIELD_TEXT,    "id",          4, 0,               NULL, N_("Agent"),         12 },
	{ "name",      TKT_FIELD_TEXT,    "name",        4, SET,             NULL, N_("Name"),           0 },
	{ "email",     TKT_FIELD_ADDRESS, "email",       4, SET,             NULL, N_("Address"),       24 },
	{ "addresses", TKT_FIELD_LIST,    "addresses",   4, SET | LOWER,     NULL, N_("Addresses"),     32 },
	{ "groups",    TKT_FIELD_LIST,    "groups_list", 4, SET,             NULL, N_("Groups"),        16 },
	{ "skills",    TKT_FIELD_LIST,    "skills",      4, SET,             NULL, N_("Skills"),        16 },
	{ "languages", TKT_FIELD_LIST,    "languages",   4, SET,             NULL, N_("Languages"),      9 },
	{ "deputy",    TKT_FIELD_TEXT,    "deputy",      4, SET,             NULL, N_("Deputy"),        12 },
	{ "absences",  TKT_FIELD_JSON,    "absences",    4, SET,             NULL, N_("Absences"),      24 },
	{ "is_active", TKT_FIELD_BOOLEAN, "is_active",   4, SET,             NULL, N_("Active"),         8 },
};

static const struct tkt_field identity_fields[] = {
	{ "address",     TKT_FIELD_ADDRESS, NULL, 4, 0, NULL,               N_("Address"),     24 },
	{ "at",          TKT_FIELD_TIME,    NULL, 4, 0, NULL,               N_("At"),          16 },
	{ "found_by",    TKT_FIELD_TEXT,    NULL, 4, 0, found_values,       N_("Found by"),    11 },
	{ "contact",     TKT_FIELD_TEXT,    NULL, 4, 0, NULL,               N_("Contact"),     24 },
	{ "name",        TKT_FIELD_TEXT,    NULL, 4, 0, NULL,               N_("Name"),        20 },
	{ "lang",        TKT_FIELD_TEXT,    NULL, 4, 0, NULL,               N_("Language"),     8 },
	{ "customer",    TKT_FIELD_TEXT,    NULL, 4, 0, NULL,               N_("Customer"),    14 },
	{ "contract",    TKT_FIELD_TEXT,    NULL, 4, 0, NULL,               N_("Contract"),    12 },
	{ "plan",        TKT_FIELD_TEXT,    NULL, 4, 0, NULL,               N_("Plan"),        10 },
	{ "tier",        TKT_FIELD_TEXT,    NULL, 4, 0, NULL,               N_("Tier"),        10 },
	{ "entitlement", TKT_FIELD_TEXT,    NULL, 4, 0, entitlement_values, N_("Entitlement"), 11 },
	{ "is_contract_address", TKT_FIELD_BOOLEAN, NULL, 4, 0, NULL,       N_("Contract's address"), 18 },
	{ "replaced_by", TKT_FIELD_TEXT,    NULL, 4, 0, NULL,               N_("Replaced by"), 24 },
	{ "agent",       TKT_FIELD_TEXT,    NULL, 4, 0, NULL,               N_("Agent"),       12 },
	{ "why",         TKT_FIELD_LIST,    NULL, 4, 0, NULL,               N_("Reason"),       0 },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct tkt_field_table tkt_customer_fields = {
	.type = "customer",
	.table = "customer",
	.fields = customer_fields,
	.count = COUNT(customer_fields),
	.shown = "id,tier,domains,lang,name",
};
const struct tkt_field_table tkt_contact_fields = {
	.type = "contact",
	.table = "contact",
	.fields = contact_fields,
	.count = COUNT(contact_fields),
	.shown = "id,customer,lang,until,replaced_by,name",
};
const struct tkt_field_table tkt_agent_fields = {
	.type = "agent",
	.table = "agent",
	.fields = agent_fields,
	.count = COUNT(agent_fields),
	.shown = "id,email,groups,skills,languages,is_active,name",
};
const struct tkt_field_table tkt_identity_fields = {
	.type = "identity",
	.fields = identity_fields,
	.count = COUNT(identity_fields),
	.shown = "address,customer,contract,tier,entitlement,why",
};
