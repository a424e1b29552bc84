/* A copy of the database is one moment of it, whatever is committed while its pages are copied. */
#include "store_support.h"

#include <sys/random.h>
#include <sys/stat.h>

#include "store/backup.h"
#include "store/blob.h"

#define BLOBS 20
#define BLOB_SIZE ((size_t)250 << 10) /* some 5 MB, so several steps */
#define TELL_MOST 100

struct writer {
	struct tkt_db *db;
	int told;
};

static void write_blob(struct tkt_db *db)
{
	static char bytes[BLOB_SIZE];
	struct tkt_transaction *transaction = NULL;
	struct tkt_error error = { 0 };
	char sha256[65];

	assert_int_equal(getrandom(bytes, 64, 0), 64);
	for (size_t i = 64; i < sizeof(bytes); i++)
		bytes[i] = (char)(bytes[i - 64] * 31 + bytes[i - 63] + (char)i);
	succeed(tkt_transaction_begin(db, &transaction, &error), &error);
	succeed(tkt_blob_write(db, bytes, sizeof(bytes), sha256, &error), &error);
	succeed(tkt_transaction_commit(transaction, &error), &error);
	tkt_transaction_free(transaction);
}

static void commit_more(void *context)
{
	struct writer *writer = context;

	assert_true(++writer->told < TELL_MOST); /* else it never ends */
	write_blob(writer->db);
}

static void test_moment(void **state)
{
	char *desk = new_folder(), *into = new_folder();
	struct writer writer = { 0 };
	struct tkt_holdings before, after, now;
	struct tkt_db *source = NULL, *copy = NULL;
	struct tkt_error error = { 0 };
	char path[200];
	struct stat status;

	(void)state;
	succeed(tkt_db_open(desk, TKT_DB_CREATE, 5, &writer.db, &error), &error);
	for (int i = 0; i < BLOBS; i++)
		write_blob(writer.db);
	succeed(tkt_backup_source(desk, &source, &error), &error);
	succeed(
	    tkt_backup_copy(source, into, commit_more, &writer, &before, &copy, &error), &error);
	succeed(tkt_backup_close(copy, &error), &error);
	assert_true(writer.told > 2);
	assert_int_equal(before.contents, BLOBS);
	succeed(tkt_backup_count(source, &now, &error), &error);
	assert_int_equal(now.contents, BLOBS + writer.told);

	copy = NULL;
	succeed(tkt_backup_open(into, &copy, &error), &error);
	succeed(tkt_backup_count(copy, &after, &error), &error);
	assert_memory_equal(&after, &before, sizeof(after));
	tkt_db_free(copy);
	snprintf(path, sizeof(path), "%s/tkt.db-wal", into);
	assert_int_equal(stat(path, &status), -1);
	tkt_db_free(source);
	tkt_db_free(writer.db);
	remove_folder(desk);
	remove_folder(into);
}

/* What means something in a URI may stand in a name. */
static void test_name(void **state)
{
	char *desk = new_folder(), *above = new_folder(), into[200];
	struct writer writer = { 0 };
	struct tkt_holdings holdings;
	struct tkt_db *copy = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	snprintf(into, sizeof(into), "%s/a?b#c%%41", above);
	assert_int_equal(mkdir(into, 0700), 0);
	succeed(tkt_db_open(desk, TKT_DB_CREATE, 5, &writer.db, &error), &error);
	succeed(tkt_backup_copy(writer.db, into, commit_more, &writer, &holdings, &copy, &error),
	    &error);
	succeed(tkt_backup_close(copy, &error), &error);
	copy = NULL;
	succeed(tkt_backup_open(into, &copy, &error), &error);
	tkt_db_free(copy);
	tkt_db_free(writer.db);
	remove_folder(desk);
	remove_folder(above);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moment),
		cmocka_unit_test(test_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
