/* lib/store/schema.h: the tables, their versions and the way from one to the next. */
#pragma once
#include <stdint.h>

#define TKT_SCHEMA_VERSION 4          /* user_version */
#define TKT_APPLICATION_ID 0x746b7431 /* 'tkt1' */

struct tkt_db;
struct tkt_error;

/* One step forward: what turns the version before it into this one, besides the columns that the
 * field tables have since then, which come by themselves. */
struct tkt_migration {
	int64_t version;
	const char *sql; /* NULL: columns alone */
};

int tkt_schema_create(struct tkt_db *db, struct tkt_error *error); /* in an empty database */
/* Forward to TKT_SCHEMA_VERSION, each step in a transaction. For tkt-init --upgrade alone. Returns
 * the version it came from, or -1. */
int tkt_schema_upgrade(const char *folder, struct tkt_error *error);
/* The same with steps of the caller's, in order and ended by version 0: for the upgrade and its
 * test. */
int tkt_schema_migrate(
    struct tkt_db *db, const struct tkt_migration *migrations, struct tkt_error *error);
