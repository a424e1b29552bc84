#include "store/schema.h"

#include <string.h>

#include "base/text.h"
#include "base/words.h"
#include "store/columns.h"
#include "store/sqlite.h"
#include "json/field.h"

#include "base/banned.h"

#define BUSY_SECONDS 60

/*
 * A table whose columns are those of a field table. `first` opens it, `last` closes it; what the
 * two name is left out between them.
 */
struct table {
	const struct tkt_field_table *fields;
	int64_t since; /* the version that has it */
	const char *first, *last;
	const char *apart[8]; /* columns that `first` and `last` hold; ends with NULL */
};

static const struct table tables[] = {
	/* What the default list reads stands first, so that a scan decodes little. */
	{ &tkt_ticket_fields, 1,
	    "number INTEGER PRIMARY KEY, id TEXT NOT NULL, due_at INTEGER, status TEXT NOT NULL",
	    "", { "id", "due_at", "status", NULL } },
	/* The body last: what is read without it does not walk its overflow pages. */
	{ &tkt_message_fields, 1,
	    "number INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES ticket(number)",
	    ", body TEXT", { "number", "ticket", "body", NULL } },
	{ &tkt_letter_fields, 1, "number INTEGER PRIMARY KEY, key TEXT, fingerprint TEXT", "",
	    { "number", NULL } },
	/* due_at of a mail that is being sent is the end of its lease. */
	{ &tkt_outgoing_fields, 1, "number INTEGER PRIMARY KEY", "", { "number", NULL } },
	{ &tkt_customer_fields, 4, "id TEXT PRIMARY KEY NOT NULL", "", { "id", NULL } },
	{ &tkt_contact_fields, 4, "id TEXT PRIMARY KEY NOT NULL", "", { "id", NULL } },
	{ &tkt_agent_fields, 4, "id TEXT PRIMARY KEY NOT NULL", "", { "id", NULL } },
};
#define TABLE_COUNT (sizeof(tables) / sizeof(tables[0]))

/* As version 1 had them. An index is a page to log for every mail: few are worth it. */
static const char plain_tables[] =
    "CREATE TABLE ticket_tag(tag TEXT NOT NULL, ticket INTEGER NOT NULL REFERENCES ticket(number),"
    " PRIMARY KEY(tag, ticket)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE ticket_cc(address TEXT NOT NULL,"
    " ticket INTEGER NOT NULL REFERENCES ticket(number),"
    " PRIMARY KEY(address, ticket)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE ticket_field(name TEXT NOT NULL, value TEXT NOT NULL,"
    " ticket INTEGER NOT NULL REFERENCES ticket(number),"
    " PRIMARY KEY(name, value, ticket)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE clock(ticket INTEGER NOT NULL REFERENCES ticket(number), name TEXT NOT NULL,"
    " cycle INTEGER NOT NULL, target TEXT, state TEXT, started_at INTEGER, due_at INTEGER,"
    " remaining_seconds INTEGER, stopped_at INTEGER, breached_at INTEGER,"
    " PRIMARY KEY(ticket, name, cycle)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE question(ticket INTEGER NOT NULL REFERENCES ticket(number), key TEXT NOT NULL,"
    " text TEXT, asked_at INTEGER, answered_at INTEGER,"
    " PRIMARY KEY(ticket, key)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, at INTEGER, actor TEXT, uid INTEGER, tool TEXT,"
    " ticket TEXT, json TEXT NOT NULL) STRICT;"
    /* codec: 0 as it is, 1 zstd, 2 a file below blobs/ */
    "CREATE TABLE blob(sha256 BLOB NOT NULL UNIQUE, size INTEGER NOT NULL,"
    " codec INTEGER NOT NULL, bytes BLOB) STRICT;"
    "CREATE TABLE policy(name TEXT PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, stored_at INTEGER,"
    " text TEXT) STRICT, WITHOUT ROWID;"
    "CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE desk_value(name TEXT PRIMARY KEY, value TEXT) STRICT, WITHOUT ROWID;"
    "CREATE INDEX ticket_due ON ticket(ifnull(due_at, 9223372036854775807))"
    " WHERE status <> 'closed';"
    "CREATE UNIQUE INDEX ticket_key ON ticket(key) WHERE key IS NOT NULL AND status <> 'closed';"
    "CREATE INDEX question_open ON question(ticket) WHERE answered_at IS NULL;"
    "CREATE INDEX message_ticket ON message(ticket);"
    "CREATE INDEX message_message_id ON message(message_id) WHERE message_id IS NOT NULL;"
    "CREATE INDEX event_ticket ON event(ticket) WHERE ticket IS NOT NULL;"
    "CREATE INDEX letter_key ON letter(key) WHERE fate <> 'duplicate';"
    "CREATE INDEX outgoing_due ON outgoing(due_at) WHERE state <> 'sent';"
    "INSERT INTO counter VALUES ('event', 0), ('letter', 0), ('message', 0), ('outgoing', 0),"
    " ('ticket', 0)";

/* What brings a database from the version before, and what a new one has besides version 1; ended
 * by version 0. */
static const struct tkt_migration migrations[] = {
	{ 2,
	    "CREATE INDEX ticket_next ON ticket(next_at, number) WHERE next_at IS NOT NULL;"
	    "CREATE TABLE notice(number INTEGER PRIMARY KEY, address TEXT NOT NULL, ticket TEXT,"
	    " text TEXT, send_at INTEGER NOT NULL) STRICT;"
	    "CREATE INDEX notice_due ON notice(send_at)" },
	{ 3,
	    "CREATE INDEX outgoing_message_id ON outgoing(message_id);"
	    "CREATE INDEX letter_age ON letter(fate, received_at) WHERE dropped_at IS NULL"
	    " AND fate NOT IN ('opened', 'appended') AND (ticket IS NULL OR fate = 'duplicate');"
	    /* how often contents were stored; NULL: before that was counted */
	    "ALTER TABLE blob ADD COLUMN uses INTEGER;"
	    "CREATE INDEX message_thread ON message(thread_index) WHERE thread_index IS NOT NULL;"
	    /* how often something happened since the start of its window: brakes, rates */
	    "CREATE TABLE tally(key TEXT PRIMARY KEY, since INTEGER NOT NULL,"
	    " count INTEGER NOT NULL) STRICT, WITHOUT ROWID" },
	{ 4,
	    /* by which a letter finds its people; tickets by theirs */
	    "CREATE TABLE customer_domain(domain TEXT NOT NULL,"
	    " customer TEXT NOT NULL REFERENCES customer(id),"
	    " PRIMARY KEY(domain, customer)) STRICT, WITHOUT ROWID;"
	    "CREATE TABLE contract(number TEXT PRIMARY KEY,"
	    " customer TEXT NOT NULL REFERENCES customer(id), contact TEXT) STRICT, WITHOUT ROWID;"
	    "CREATE INDEX contract_contact ON contract(contact) WHERE contact IS NOT NULL;"
	    "CREATE TABLE contract_site(site TEXT NOT NULL, number TEXT NOT NULL,"
	    " PRIMARY KEY(site, number)) STRICT, WITHOUT ROWID;"
	    "CREATE TABLE contact_address(address TEXT NOT NULL,"
	    " contact TEXT NOT NULL REFERENCES contact(id),"
	    " PRIMARY KEY(address, contact)) STRICT, WITHOUT ROWID;"
	    "CREATE INDEX contact_replaced ON contact(replaced_by) WHERE replaced_by IS NOT NULL;"
	    "CREATE TABLE agent_address(address TEXT NOT NULL,"
	    " agent TEXT NOT NULL REFERENCES agent(id),"
	    " PRIMARY KEY(address, agent)) STRICT, WITHOUT ROWID;"
	    /* the event in which a team gave an agent its last ticket */
	    "CREATE TABLE turn(team TEXT NOT NULL, agent TEXT NOT NULL, seq INTEGER NOT NULL,"
	    " PRIMARY KEY(team, agent)) STRICT, WITHOUT ROWID;"
	    "CREATE INDEX ticket_assignee ON ticket(assignee)"
	    " WHERE assignee IS NOT NULL AND status NOT IN ('resolved', 'closed');"
	    "CREATE INDEX ticket_requester ON ticket(requester_email)"
	    " WHERE requester_email IS NOT NULL;"
	    "ALTER TABLE question ADD COLUMN answer TEXT;"
	    "ALTER TABLE question ADD COLUMN kind TEXT;"
	    /* the few letters that are not to be answered, for deciders that run later */
	    "CREATE INDEX letter_unanswered ON letter(message)"
	    " WHERE unanswered IS NOT NULL AND message IS NOT NULL" },
	{ 0, NULL },
};

static bool stands_apart(const struct table *table, const char *column)
{
	size_t index;

	for (index = 0; table->apart[index]; index++)
		if (strcmp(table->apart[index], column) == 0)
			return true;
	return false;
}

static void add_column(struct tkt_text *sql, const struct tkt_field *field)
{
	tkt_text_format(
	    sql, "%s %s", field->column, tkt_field_is_integer(field) ? "INTEGER" : "TEXT");
}

static void add_table(struct tkt_text *sql, const struct table *table)
{
	size_t index;

	tkt_text_format(sql, "CREATE TABLE %s(%s", table->fields->table, table->first);
	for (index = 0; index < table->fields->count; index++) {
		const struct tkt_field *field = &table->fields->fields[index];

		if (!tkt_field_is_stored(field) || stands_apart(table, field->column))
			continue;
		tkt_text_add(sql, ", ");
		add_column(sql, field);
	}
	tkt_text_format(sql, "%s) STRICT;", table->last);
}

int tkt_schema_create(struct tkt_db *db, struct tkt_error *error)
{
	const struct tkt_migration *migration;
	tkt_autotext sql;
	size_t index;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "BEGIN;");
	for (index = 0; index < TABLE_COUNT; index++)
		add_table(&sql, &tables[index]);
	tkt_text_add(&sql, plain_tables);
	for (migration = migrations; migration->version; migration++)
		if (migration->sql)
			tkt_text_format(&sql, ";%s", migration->sql);
	tkt_text_format(&sql, ";PRAGMA application_id=%d;PRAGMA user_version=%d;COMMIT",
	    TKT_APPLICATION_ID, TKT_SCHEMA_VERSION);
	if (tkt_text_check(&sql, error))
		return -1;
	return tkt_db_execute(db, sql.bytes, error);
}

/* What a version has of a table that the one before it had not: all of it, or columns. */
static void add_since(struct tkt_text *sql, const struct table *table, int64_t version)
{
	size_t index;

	if (table->since == version)
		add_table(sql, table);
	for (index = 0; index < table->fields->count && table->since < version; index++) {
		const struct tkt_field *field = &table->fields->fields[index];

		if (!tkt_field_is_stored(field) || field->since != version)
			continue;
		tkt_text_format(sql, "ALTER TABLE %s ADD COLUMN ", table->fields->table);
		add_column(sql, field);
		tkt_text_add(sql, ";");
	}
}

static int migrate(
    struct tkt_db *db, const struct tkt_migration *migration, struct tkt_error *error)
{
	tkt_autoptr(transaction) transaction = NULL;
	tkt_autotext sql;
	size_t index;
	int64_t now;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	for (index = 0; index < TABLE_COUNT; index++)
		add_since(&sql, &tables[index], migration->version);
	if (migration->sql)
		tkt_text_format(&sql, "%s;", migration->sql);
	tkt_text_format(&sql, "PRAGMA user_version=%lld", (long long)migration->version);
	if (tkt_text_check(&sql, error) || tkt_transaction_begin(db, &transaction, error) ||
	    tkt_db_pragma(db, "PRAGMA user_version", &now, error))
		return -1;
	if (now >= migration->version) /* another upgrade was faster */
		return 0;
	if (tkt_db_execute(db, sql.bytes, error))
		return -1;
	return tkt_transaction_commit(transaction, error);
}

int tkt_schema_migrate(
    struct tkt_db *db, const struct tkt_migration *steps, struct tkt_error *error)
{
	int64_t from;

	if (tkt_db_pragma(db, "PRAGMA user_version", &from, error))
		return -1;
	for (; steps->version; steps++)
		if (steps->version > from && migrate(db, steps, error))
			return -1;
	return (int)from;
}

int tkt_schema_upgrade(const char *folder, struct tkt_error *error)
{
	tkt_autoptr(db) db = NULL;
	int from;

	if (tkt_db_open_any(folder, TKT_DB_WRITE, BUSY_SECONDS, &db, error))
		return -1;
	from = tkt_schema_migrate(db, migrations, error);
	if (from > TKT_SCHEMA_VERSION)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("the desk '%s' is of a newer version of tkt than this program"), folder);
	return from;
}
