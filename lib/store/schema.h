/* lib/store/schema.h: the tables, their versions and the way from one to the next. */
#pragma once

#define TKT_SCHEMA_VERSION 1          /* user_version */
#define TKT_APPLICATION_ID 0x746b7431 /* 'tkt1' */

struct tkt_db;
struct tkt_error;

int tkt_schema_create(struct tkt_db *db, struct tkt_error *error); /* in an empty database */
/* Forward to TKT_SCHEMA_VERSION, each step in a transaction. For tkt-init --upgrade alone. Returns
 * the version it came from, or -1. */
int tkt_schema_upgrade(const char *folder, struct tkt_error *error);
