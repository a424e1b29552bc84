/*
 * bare_mailin: what taking in a letter costs a program that does nothing else.
 *
 *   bare_mailin DATABASE < LETTER
 *
 * Loads GMime, parses the letter, and writes the rows that tkt-mailin writes for a first letter
 * that it acknowledges, in one transaction that is as durable: ticket, two messages, two events,
 * letter, outgoing mail, the letter and its attachments as packed blobs, counters. The texts of the
 * events are as long as ours. No desk.conf, no locale, no threading, no checks of any kind.
 */
#include <gmime/gmime.h>
#include <nettle/sha2.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#define LETTER_MOST ((size_t)16 << 20)

static const char acknowledgement[] =
    "Hello,\n\nyour letter has reached Support. Its number is TKT-100000.\n\nIf you want to add"
    " something, answer this letter and leave the number\nin the subject. There is no need to write"
    " again: a person will answer.\n\nThis is an automatic answer.\n\n-- \nSupport\n"
    "support@example.org\n";

enum { EVENT, LETTER, MESSAGE, OUTGOING, TICKET }; /* counters, as the table has them sorted */

static sqlite3 *db;
static int64_t counters[5];

static void die(const char *what)
{
	fprintf(stderr, "bare_mailin: %s: %s\n", what, db ? sqlite3_errmsg(db) : "");
	exit(1);
}

static void execute(const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL))
		die(sql);
}

static sqlite3_stmt *prepare(const char *sql)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL))
		die(sql);
	return statement;
}

/* Binds by letters: i a number, s a text or NULL, b a blob and its length; then runs. */
static void run(sqlite3_stmt *statement, const char *kinds, ...)
{
	va_list values;
	int at;

	va_start(values, kinds);
	for (at = 1; *kinds; at++, kinds++) {
		if (*kinds == 'i') {
			sqlite3_bind_int64(statement, at, va_arg(values, int64_t));
		} else if (*kinds == 's') {
			sqlite3_bind_text(
			    statement, at, va_arg(values, const char *), -1, SQLITE_STATIC);
		} else {
			const void *bytes = va_arg(values, const void *);

			sqlite3_bind_blob64(
			    statement, at, bytes, va_arg(values, size_t), SQLITE_STATIC);
		}
	}
	va_end(values);
	if (sqlite3_step(statement) != SQLITE_DONE)
		die(sqlite3_sql(statement));
	sqlite3_finalize(statement);
}

static void hash_of(
    const void *bytes, size_t length, unsigned char hash[SHA256_DIGEST_SIZE], char name[65])
{
	struct sha256_ctx context;
	int at;

	sha256_init(&context);
	sha256_update(&context, length, bytes);
	sha256_digest(&context, SHA256_DIGEST_SIZE, hash);
	for (at = 0; at < SHA256_DIGEST_SIZE; at++)
		snprintf(name + at * 2, 3, "%02x", hash[at]);
}

static void write_blob(const void *bytes, size_t length, char name[65])
{
	size_t bound = ZSTD_compressBound(length), packed;
	unsigned char hash[SHA256_DIGEST_SIZE];
	char *room = g_malloc(bound);

	hash_of(bytes, length, hash, name);
	packed = ZSTD_compress(room, bound, bytes, length, 3);
	run(prepare("INSERT INTO blob(sha256, size, codec, bytes) VALUES (?1, ?2, ?3, ?4)"), "biib",
	    hash, sizeof(hash), (int64_t)length, (int64_t)(packed < length),
	    packed < length ? room : bytes, packed < length ? packed : length);
	g_free(room);
}

/* What the letter says. */
struct parsed {
	const char *subject, *email, *name, *message_id;
	char *body;
	GString *attachments; /* JSON */
	int64_t sent_at;
};

/* The first text is the body; all other parts are attachments. */
static void see_part(GMimeObject *parent, GMimeObject *part, gpointer context)
{
	struct parsed *parsed = context;
	const char *name;
	GMimeStream *memory;
	GByteArray *bytes;
	char sha256[65];

	(void)parent;
	if (!GMIME_IS_PART(part))
		return;
	if (GMIME_IS_TEXT_PART(part) && !parsed->body) {
		parsed->body = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
		return;
	}
	memory = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), memory);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
	write_blob(bytes->data, bytes->len, sha256);
	name = g_mime_part_get_filename(GMIME_PART(part));
	g_string_append_printf(parsed->attachments,
	    "%c{\"name\":\"%s\",\"content_type\":\"%s\",\"size\":%u,\"sha256\":\"%s\"}",
	    parsed->attachments->len ? ',' : '[', name ? name : "part-2.html",
	    name ? "image/png" : "text/html", bytes->len, sha256);
	g_object_unref(memory);
}

static void parse_header(GMimeMessage *message, struct parsed *parsed)
{
	InternetAddress *from =
	    internet_address_list_get_address(g_mime_message_get_from(message), 0);
	GDateTime *date = g_mime_message_get_date(message);

	parsed->subject = g_mime_message_get_subject(message);
	parsed->message_id = g_mime_message_get_message_id(message);
	parsed->name = internet_address_get_name(from);
	parsed->email = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(from));
	parsed->sent_at = date ? g_date_time_to_unix(date) : 0;
}

static void read_counters(void)
{
	sqlite3_stmt *statement = prepare("SELECT value FROM counter ORDER BY name");
	int at;

	for (at = 0; at < 5 && sqlite3_step(statement) == SQLITE_ROW; at++)
		counters[at] = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
}

static void write_counters(void)
{
	sqlite3_stmt *statement =
	    prepare("UPDATE counter SET value = value + CASE WHEN name IN ('event', 'message')"
		    " THEN 2 ELSE 1 END");

	run(statement, "");
}

static void write_event(int64_t seq, const char *actor, const char *ticket, const char *format, ...)
{
	GString *json = g_string_new(NULL);
	va_list values;

	va_start(values, format);
	g_string_append_vprintf(json, format, values);
	va_end(values);
	run(prepare("INSERT INTO event(seq, at, actor, uid, tool, ticket, json)"
		    " VALUES (?1, ?2, ?3, ?4, 'tkt-mailin', ?5, ?6)"),
	    "iisiss", seq, (int64_t)time(NULL), actor, (int64_t)getuid(), ticket, json->str);
	g_string_free(json, TRUE);
}

static void write_rows(const struct parsed *parsed, const char *bytes, size_t length)
{
	const char *attachments = parsed->attachments->len ? parsed->attachments->str : NULL;
	int64_t now = time(NULL), ticket = counters[TICKET] + 1, message = counters[MESSAGE] + 1;
	char id[32], number[32], to[512], answer_id[64], raw[65], body[65];
	unsigned char hash[SHA256_DIGEST_SIZE];

	write_blob(bytes, length, raw);
	hash_of(parsed->body, strlen(parsed->body), hash, body);
	snprintf(id, sizeof(id), "TKT-%jd", (intmax_t)ticket);
	snprintf(number, sizeof(number), "%jd", (intmax_t)message);
	snprintf(to, sizeof(to), "[{\"email\":\"%s\"}]", parsed->email);
	snprintf(answer_id, sizeof(answer_id), "%s.%015jx@example.org", id, (intmax_t)message);
	run(prepare(
		"INSERT INTO ticket(number, id, status, rev, subject, queue, priority, channel,"
		" lang, identity, policy, requester_email, requester_name, sent_at,"
		" received_at, created_at, updated_at, last_in_at) VALUES (?1, ?2, 'new', 2, ?3,"
		" 'support', 1, 'mail', 'en', 'claimed', '+dfc1602c9abf', ?4, ?5, ?6, ?7, ?7,"
		" ?7, ?7)"),
	    "issssii", ticket, id, parsed->subject, parsed->email, parsed->name, parsed->sent_at,
	    now);
	run(prepare("INSERT INTO message(number, ticket, kind, direction, channel, author_email,"
		    " author_name, to_list, subject, message_id, sent_at, received_at, auto,"
		    " bounce, identity, attachments, raw_sha256, body_sha256, body) VALUES (?1, ?2,"
		    " 'public', 'in', 'mail', ?3, ?4, '[{\"email\":\"support@example.org\"}]', ?5,"
		    " ?6, ?7, ?8, 0, 0, 'claimed', ?9, ?10, ?11, ?12)"),
	    "iissssiissss", message, ticket, parsed->email, parsed->name, parsed->subject,
	    parsed->message_id, parsed->sent_at, now, attachments, raw, body, parsed->body);
	write_event(counters[EVENT] + 1, "contact:unknown", id,
	    "{\"type\":\"event\",\"seq\":%jd,\"at\":\"2026-11-22T18:06:55Z\",\"actor\":\"contact:%s\","
	    "\"uid\":0,\"tool\":\"tkt-mailin\",\"ticket\":\"%s\",\"rev\":1,\"now\":false,\"set\":{"
	    "\"id\":\"%s\",\"rev\":1,\"subject\":\"%s\",\"status\":\"new\",\"queue\":\"support\","
	    "\"priority\":\"normal\",\"channel\":\"mail\",\"lang\":\"en\",\"identity\":\"claimed\","
	    "\"policy\":\"+dfc1602c9abf\",\"requester.email\":\"%s\",\"requester.name\":\"%s\","
	    "\"sent_at\":\"2026-03-02T06:05:00Z\",\"received_at\":\"2026-11-22T18:06:55Z\","
	    "\"created_at\":\"2026-11-22T18:06:55Z\",\"updated_at\":\"2026-11-22T18:06:55Z\","
	    "\"last_in_at\":\"2026-11-22T18:06:55Z\"},\"message\":{\"type\":\"message\",\"id\":\"%s\","
	    "\"ticket\":\"%s\",\"kind\":\"public\",\"direction\":\"in\",\"channel\":\"mail\",\"author\":"
	    "{\"email\":\"%s\",\"name\":\"%s\"},\"to\":[{\"email\":\"support@example.org\"}],"
	    "\"subject\":\"%s\",\"message_id\":\"%s\",\"sent_at\":\"2026-03-02T06:05:00Z\","
	    "\"received_at\":\"2026-11-22T18:06:55Z\",\"auto\":false,\"bounce\":false,\"identity\":"
	    "\"claimed\",\"attachments\":%s,\"raw_sha256\":\"%s\",\"body_sha256\":\"%s\"},\"policy\":"
	    "\"+dfc1602c9abf\",\"why\":\"a new letter\"}",
	    (intmax_t)counters[EVENT] + 1, parsed->email, id, id, parsed->subject, parsed->email,
	    parsed->name, number, id, parsed->email, parsed->name, parsed->subject,
	    parsed->message_id, attachments ? attachments : "[]", raw, body);
	hash_of(acknowledgement, strlen(acknowledgement), hash, body);
	run(prepare(
		"INSERT INTO message(number, ticket, kind, direction, channel, author_email,"
		" author_name, to_list, subject, message_id, in_reply_to, references_list,"
		" received_at, auto, bounce, body_sha256, body) VALUES (?1, ?2, 'public', 'out',"
		" 'mail', 'support@example.org', 'Support', ?3, ?4, ?5, ?6, json_array(?6), ?7,"
		" 1, 0, ?8, ?9)"),
	    "iissssiss", message + 1, ticket, to, "[TKT-100000] We have received your request",
	    answer_id, parsed->message_id, now, body, acknowledgement);
	run(prepare("INSERT INTO outgoing(number, ticket, message, state, recipients, subject,"
		    " message_id, attempts, due_at, created_at) VALUES (?1, ?2, ?3, 'queued',"
		    " json_array(?4), ?5, ?6, 0, ?7, ?7)"),
	    "isssssi", counters[OUTGOING] + 1, id, number, parsed->email,
	    "[TKT-100000] We have received your request", answer_id, now);
	write_event(counters[EVENT] + 2, "tool:tkt-mailin", id,
	    "{\"type\":\"event\",\"seq\":%jd,\"at\":\"2026-11-22T18:06:55Z\",\"actor\":"
	    "\"tool:tkt-mailin\",\"uid\":0,\"tool\":\"tkt-mailin\",\"ticket\":\"%s\",\"rev\":2,\"now\":"
	    "false,\"was\":{\"rev\":1},\"set\":{\"rev\":2},\"message\":{\"type\":\"message\",\"id\":"
	    "\"%jd\",\"ticket\":\"%s\",\"kind\":\"public\",\"direction\":\"out\",\"channel\":\"mail\","
	    "\"author\":{\"email\":\"support@example.org\",\"name\":\"Support\"},\"to\":%s,\"subject\":"
	    "\"[%s] We have received your request\",\"message_id\":\"%s\",\"in_reply_to\":\"%s\","
	    "\"references\":[\"%s\"],\"received_at\":\"2026-11-22T18:06:55Z\",\"auto\":true,"
	    "\"bounce\":false,\"body_sha256\":\"%s\"},\"outgoing\":[{\"type\":\"outgoing\",\"number\":"
	    "%jd,\"ticket\":\"%s\",\"message\":\"2\",\"state\":\"queued\",\"recipients\":[\"%s\"],"
	    "\"sender\":\"\",\"subject\":\"[%s] We have received your request\",\"message_id\":\"%s\","
	    "\"attempts\":0,\"due_at\":\"2026-11-22T18:06:55Z\",\"created_at\":"
	    "\"2026-11-22T18:06:55Z\"}],\"policy\":\"+dfc1602c9abf\",\"why\":\"acknowledgement\"}",
	    (intmax_t)counters[EVENT] + 2, id, (intmax_t)message + 1, id, to, id, answer_id,
	    parsed->message_id, parsed->message_id, body, (intmax_t)counters[OUTGOING] + 1, id,
	    parsed->email, id, answer_id);
	run(prepare("INSERT INTO letter(number, key, fingerprint, received_at, fate, sender,"
		    " message_id, ticket, message, raw_sha256, size) VALUES (?1, ?2, ?3, ?4,"
		    " 'opened', ?5, ?2, ?6, ?7, ?3, ?8)"),
	    "ississsi", counters[LETTER] + 1, parsed->message_id, raw, now, parsed->email, id,
	    number, (int64_t)length);
	write_counters();
}

int main(int argc, char **argv)
{
	char *bytes = malloc(LETTER_MOST);
	struct parsed parsed = { 0 };
	GMimeMessage *message;
	GMimeStream *stream;
	GMimeParser *parser;
	size_t length;

	if (argc != 2 || !bytes)
		return 64;
	length = fread(bytes, 1, LETTER_MOST, stdin);
	g_mime_init();
	stream = g_mime_stream_mem_new_with_buffer(bytes, length);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	if (!message)
		die("no letter");
	parse_header(message, &parsed);
	parsed.attachments = g_string_new(NULL);
	if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
		die("open");
	sqlite3_busy_timeout(db, 30000);
	execute("PRAGMA synchronous=FULL; PRAGMA foreign_keys=1; BEGIN IMMEDIATE");
	read_counters();
	g_mime_message_foreach(message, see_part, &parsed);
	if (parsed.attachments->len)
		g_string_append_c(parsed.attachments, ']');
	write_rows(&parsed, bytes, length);
	execute("COMMIT");
	sqlite3_close(db);
	return 0;
}
