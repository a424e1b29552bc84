#include "store_support.h"

#include <sys/stat.h>

#include "base/sha256.h"
#include "store/blob.h"

static char *folder;

static int setup(void **state)
{
	struct tkt_error error = { 0 };

	folder = new_folder();
	succeed(tkt_db_open(folder, TKT_DB_CREATE, 5, (struct tkt_db **)state, &error), &error);
	return 0;
}

static int teardown(void **state)
{
	tkt_db_free(*state);
	remove_folder(folder);
	return 0;
}

static void write_blob(struct tkt_db *db, const void *bytes, size_t length, char sha256[65])
{
	struct tkt_error error = { 0 };

	succeed(tkt_blob_write(db, bytes, length, sha256, &error), &error);
}

static void assert_blob(struct tkt_db *db, const char *sha256, const void *bytes, size_t length)
{
	struct tkt_error error = { 0 };
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_text_add(&text, "before");
	assert_int_equal(tkt_blob_read(db, sha256, &text, &error), 1);
	assert_int_equal(text.length, length + 6);
	assert_memory_equal(text.bytes + 6, bytes, length);
}

/* FIPS 180-2, appendix B.1 */
static void test_name(void **state)
{
	char sha256[65];

	(void)state;
	tkt_sha256("abc", 3, sha256);
	assert_string_equal(
	    sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_inline(void **state)
{
	char sha256[65], text[5000];

	memset(text, 'x', sizeof(text));
	write_blob(*state, text, sizeof(text), sha256);
	write_blob(*state, text, sizeof(text), sha256);
	assert_blob(*state, sha256, text, sizeof(text));
	assert_rows(*state, "SELECT size, codec, length(bytes) < 100 FROM blob", 3, "5000|1|1");
	write_blob(*state, "short", 5, sha256);
	assert_blob(*state, sha256, "short", 5);
	write_blob(*state, "", 0, sha256);
	assert_blob(*state, sha256, "", 0);
	assert_rows(*state, "SELECT size, codec FROM blob", 2, "5000|1 5|0 0|0");
}

/* The largest that is inline, and one byte more. */
static void test_border(void **state)
{
	tkt_autofree char *bytes = calloc(1, TKT_BLOB_INLINE + 1);
	mode_t before = umask(0077);
	struct stat status;
	char sha256[65], path[256];

	write_blob(*state, bytes, TKT_BLOB_INLINE, sha256);
	assert_blob(*state, sha256, bytes, TKT_BLOB_INLINE);
	write_blob(*state, bytes, TKT_BLOB_INLINE + 1, sha256);
	assert_blob(*state, sha256, bytes, TKT_BLOB_INLINE + 1);
	assert_rows(
	    *state, "SELECT size, codec, bytes IS NULL FROM blob", 3, "262144|1|0 262145|2|1");
	snprintf(path, sizeof(path), "%s/blobs/%.2s/%s", folder, sha256, sha256);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0660);
	snprintf(path, sizeof(path), "%s/blobs/%.2s", folder, sha256);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 02770);
	umask(before);
}

static void test_lost_file(void **state)
{
	tkt_autofree char *bytes = calloc(1, 300000);
	struct tkt_error error = { 0 };
	char sha256[65], path[256];
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	write_blob(*state, bytes, 300000, sha256);
	snprintf(path, sizeof(path), "%s/blobs/%.2s/%s", folder, sha256, sha256);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(tkt_blob_read(*state, sha256, &text, &error), 0);
	write_blob(*state, bytes, 300000, sha256); /* comes back */
	assert_blob(*state, sha256, bytes, 300000);
}

static void test_unknown(void **state)
{
	static const char *const wrong[] = { "", "abc", "../../../../etc/passwd",
		"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD" };
	struct tkt_error error = { 0 };
	tkt_autotext text;
	size_t index;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	assert_int_equal(
	    tkt_blob_read(*state,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", &text, &error),
	    0);
	for (index = 0; index < sizeof(wrong) / sizeof(wrong[0]); index++) {
		assert_int_equal(tkt_blob_read(*state, wrong[index], &text, &error), -1);
		assert_int_equal(error.kind, TKT_ERROR_DATA);
	}
}

static void assert_damaged(struct tkt_db *db, const char *sql, const char *sha256)
{
	struct tkt_error error = { 0 };
	tkt_autotext text;

	execute(db, sql);
	tkt_text_init(&text, 1 << 20);
	assert_int_equal(tkt_blob_read(db, sha256, &text, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_int_equal(text.length, 0);
}

static void test_damaged(void **state)
{
	char sha256[65], text[5000];

	memset(text, 'x', sizeof(text));
	write_blob(*state, text, sizeof(text), sha256);
	assert_damaged(*state, "UPDATE blob SET size = size - 1", sha256);
	assert_damaged(*state, "UPDATE blob SET size = 1000000000", sha256);
	assert_damaged(*state, "UPDATE blob SET size = -1", sha256);
	assert_damaged(*state, "UPDATE blob SET size = 5000, bytes = x'00'", sha256);
	assert_damaged(*state, "UPDATE blob SET bytes = NULL", sha256);
	assert_damaged(*state, "UPDATE blob SET codec = 0, bytes = x'00'", sha256);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test_setup_teardown(test_inline, setup, teardown),
		cmocka_unit_test_setup_teardown(test_border, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lost_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
