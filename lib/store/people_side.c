#include "store/people_side.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "store/db.h"
#include "json/field.h"

#include "base/banned.h"

/* Binds up to three texts, the others stay NULL, and runs it. */
static int run(struct tkt_db *db, const char *sql, const char *first, const char *second,
    const char *third, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, first, error) ||
	    (second && tkt_statement_bind_text(statement, 2, second, error)) ||
	    (third && tkt_statement_bind_text(statement, 3, third, error)))
		return -1;
	return tkt_statement_run(statement, error);
}

/* Runs it for each word: ?1 the word, ?2 whose it is. */
static int run_each(struct tkt_db *db, const char *sql, const json_t *words, const char *owner,
    struct tkt_error *error)
{
	const json_t *word;
	size_t at;

	json_array_foreach(words, at, word) {
		if (run(db, sql, json_string_value(word), owner, NULL, error))
			return -1;
	}
	return 0;
}

static bool differs(const json_t *before, const json_t *object, const char *member)
{
	const json_t *old = json_object_get(before, member), *new = json_object_get(object, member);

	return old != new && (!old || !new || !json_equal(old, new));
}

static int write_domains(
    struct tkt_db *db, const json_t *before, const json_t *object, struct tkt_error *error)
{
	const char *id = tkt_object_text(object, "id");

	if (!differs(before, object, "domains"))
		return 0;
	if (run_each(db, "DELETE FROM customer_domain WHERE domain = ?1 AND customer = ?2",
		json_object_get(before, "domains"), id, error))
		return -1;
	return run_each(db,
	    "INSERT OR IGNORE INTO customer_domain(domain, customer) VALUES (?1, ?2)",
	    json_object_get(object, "domains"), id, error);
}

/* Does another customer have a contract of this number? Then nobody could tell them apart. */
static int check_number(
    struct tkt_db *db, const char *number, const char *customer, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	int row;

	if (tkt_db_prepare(db, "SELECT customer FROM contract WHERE number = ?1 AND customer <> ?2",
		&statement, error) ||
	    tkt_statement_bind_text(statement, 1, number, error) ||
	    tkt_statement_bind_text(statement, 2, customer, error))
		return -1;
	row = tkt_statement_step(statement, error);
	if (row <= 0)
		return row;
	return tkt_error_set(error, TKT_ERROR_DATA,
	    _("contract '%s' of customer '%s' is of customer '%s' already"), number, customer,
	    tkt_statement_text(statement, 0));
}

static int write_contract(
    struct tkt_db *db, const char *customer, const json_t *contract, struct tkt_error *error)
{
	const char *number = tkt_object_text(contract, "number");

	if (check_number(db, number, customer, error) ||
	    run(db, "INSERT INTO contract(number, customer, contact) VALUES (?1, ?2, ?3)", number,
		customer, tkt_object_text(contract, "contact"), error))
		return -1;
	return run_each(db, "INSERT OR IGNORE INTO contract_site(site, number) VALUES (?1, ?2)",
	    json_object_get(contract, "sites"), number, error);
}

static int write_contracts(
    struct tkt_db *db, const json_t *before, const json_t *object, struct tkt_error *error)
{
	const char *id = tkt_object_text(object, "id");
	const json_t *contract;
	size_t at;

	if (!differs(before, object, "contracts"))
		return 0;
	json_array_foreach(json_object_get(before, "contracts"), at, contract) {
		const char *number = tkt_object_text(contract, "number");

		if (run_each(db, "DELETE FROM contract_site WHERE site = ?1 AND number = ?2",
			json_object_get(contract, "sites"), number, error) ||
		    run(db, "DELETE FROM contract WHERE number = ?1", number, NULL, NULL, error))
			return -1;
	}
	json_array_foreach(json_object_get(object, "contracts"), at, contract) {
		if (write_contract(db, id, contract, error))
			return -1;
	}
	return 0;
}

/* Notices go to an agent's `email`; letters come from there too. */
static int write_addresses(struct tkt_db *db, const struct tkt_field_table *table,
    const json_t *before, const json_t *object, struct tkt_error *error)
{
	bool is_agent = table == &tkt_agent_fields;
	const char *insert = is_agent
	    ? "INSERT OR IGNORE INTO agent_address(address, agent) VALUES (?1, ?2)"
	    : "INSERT OR IGNORE INTO contact_address(address, contact) VALUES (?1, ?2)";
	const char *delete = is_agent
	    ? "DELETE FROM agent_address WHERE address = ?1 AND agent = ?2"
	    : "DELETE FROM contact_address WHERE address = ?1 AND contact = ?2";
	const char *id = tkt_object_text(object, "id"), *email = tkt_object_text(object, "email"),
		   *old_email = tkt_object_text(before, "email");

	if (!differs(before, object, "addresses") && !differs(before, object, "email"))
		return 0;
	if (run_each(db, delete, json_object_get(before, "addresses"), id, error) ||
	    (old_email && run(db, delete, old_email, id, NULL, error)) ||
	    (email && run(db, insert, email, id, NULL, error)))
		return -1;
	return run_each(db, insert, json_object_get(object, "addresses"), id, error);
}

int tkt_people_side_write(struct tkt_db *db, const struct tkt_field_table *table,
    const json_t *before, const json_t *object, struct tkt_error *error)
{
	if (table != &tkt_customer_fields)
		return write_addresses(db, table, before, object, error);
	return write_domains(db, before, object, error) ||
		write_contracts(db, before, object, error)
	    ? -1
	    : 0;
}
