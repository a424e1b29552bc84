/*
 * tests/unit/test_expression_sql.c: SQL and the evaluator answer alike. Random tickets, random
 * expressions of every field and operator. TKT_SEED=NUMBER tries others; the seed is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "expression/expression.h"
#include "store/db.h"
#include "store/message.h"
#include "store/ticket.h"
#include "store/where.h"
#include "json/work_order.h"

#include "base/banned.h"

#define NOW 1772442000 /* 2026-03-02T09:00:00Z */
#define TICKETS 250
#define EXPRESSIONS 10000

static char *tiers[] = { "paid", "b", NULL };
static const struct tkt_work_order work = { tiers, 3600 };
static const struct tkt_expression_scope scope = { .now = NOW, .work = &work };

static uint64_t seed = 20260302;

/* splitmix64 */
static uint64_t next_random(void)
{
	static uint64_t state, started_with;
	uint64_t mixed;

	if (started_with != seed)
		state = started_with = seed;
	mixed = state += 0x9e3779b97f4a7c15;
	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
	return mixed ^ mixed >> 31;
}

static size_t below(size_t count)
{
	return next_random() % count;
}

static bool once_in(size_t count)
{
	return below(count) == 0;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ANY(array) ((array)[below(COUNT(array))])

/* Few values, so that comparisons hit; some differ in case, script or length alone. */
static const char *const texts[] = { "a", "A", "ab", "сервер", "Сервер", "say \"hi\"", "О'Нил",
	"C:\\data", "two words", "100%", "ё", "and", "ticket.number", "1", "?1" };
static const char *const addresses[] = { "a@example.org", "b@example.org", "почта@example.net" };
static const char *const patterns[] = { "a", "^а|ё", "СЕРВЕР", "^[a-z]+$", "\\bhi\\b", "^.{2}$",
	"\\d", "example[.]net$", "'", "^second", "." };
static const char *const map_names[] = { "domain", "os.name", "ключ", "none" };
static const char *const clock_names[] = { "first_response", "next_response", "resolution",
	"none" };
static const char *const clock_states[] = { "running", "paused", "met", "missed" };
static const char *const targets[] = { "4wh", "3wd" };
static const char *const priorities[] = { "low", "normal", "high", "critical" };

/* An hour near now. */
static int64_t any_time(void)
{
	return NOW + ((int64_t)below(97) - 48) * 3600;
}

static void set(json_t *object, const char *name, json_t *value)
{
	struct tkt_error error;

	assert_int_equal(tkt_object_set(object, name, value, &error), 0);
}

static json_t *time_value(int64_t time)
{
	char text[TKT_TIME_SIZE];

	return json_string(tkt_time_format(time, text));
}

static json_t *any_list(const char *const *values, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		if (once_in(3))
			json_array_append_new(list, json_string(values[i]));
	return list;
}

static json_t *any_clocks(void)
{
	json_t *clocks = json_array();

	for (size_t i = 0; i + 1 < COUNT(clock_names); i++) {
		size_t cycles = below(4);

		for (size_t cycle = 1; cycle <= cycles; cycle++) {
			const char *state = ANY(clock_states);
			json_t *clock = json_pack("{s:s, s:i, s:s, s:s, s:o}", "name",
			    clock_names[i], "cycle", (int)cycle, "target", ANY(targets), "state",
			    state, "started_at", time_value(any_time()));

			if (strcmp(state, "paused") == 0)
				set(clock, "remaining_seconds", json_integer(60));
			else
				set(clock, "due_at", time_value(any_time()));
			if (strcmp(state, "met") == 0 || strcmp(state, "missed") == 0)
				set(clock, "stopped_at", time_value(any_time()));
			if (once_in(3))
				set(clock, "breached_at", time_value(any_time()));
			json_array_append_new(clocks, clock);
		}
	}
	return clocks;
}

static json_t *any_value(const struct tkt_field *field)
{
	size_t count = 0;

	switch (field->type) {
	case TKT_FIELD_INTEGER:
		return json_integer((json_int_t)below(4));
	case TKT_FIELD_TIME:
		return time_value(any_time());
	case TKT_FIELD_ADDRESS:
		return json_string(ANY(addresses));
	case TKT_FIELD_LIST:
		return field->flags & TKT_FIELD_LOWER ? any_list(addresses, COUNT(addresses))
						      : any_list(texts, COUNT(texts));
	default:
		while (field->values && field->values[count])
			count++;
		return json_string(count ? field->values[below(count)] : ANY(texts));
	}
}

/* A ticket as it is stored. */
static json_t *any_ticket(size_t number)
{
	json_t *ticket =
	    json_pack("{s:s, s:o}", "type", "ticket", "id", json_sprintf("SUP-%zu", number));

	for (size_t i = 0; i < tkt_ticket_fields.count; i++) {
		const struct tkt_field *field = &tkt_ticket_fields.fields[i];
		bool required = strcmp(field->name, "status") == 0;

		if (field->flags & TKT_FIELD_DERIVED || strcmp(field->name, "id") == 0 ||
		    field->type == TKT_FIELD_MAP || field->type == TKT_FIELD_JSON ||
		    (!required && once_in(3)))
			continue;
		set(ticket, field->name,
		    strcmp(field->name, "key") == 0 ? json_sprintf("key %zu", number)
						    : any_value(field));
	}
	for (size_t i = 0; i + 1 < COUNT(map_names); i++) {
		tkt_autofree char *name = NULL;

		assert_true(asprintf(&name, "fields.%s", map_names[i]) > 0);
		if (once_in(2))
			set(ticket, name, json_string(ANY(texts)));
	}
	/* Answered in the second of the letter. */
	if (once_in(3) && json_object_get(ticket, "last_in_at"))
		set(ticket, "last_out_at", json_incref(json_object_get(ticket, "last_in_at")));
	set(ticket, "clocks", any_clocks());
	return ticket;
}

/* Messages and questions, which the evaluator finds in the object. */
static void add_parts(struct tkt_db *db, json_t *ticket)
{
	static int message_number;
	const char *id = tkt_object_text(ticket, "id"), *description = NULL;
	size_t messages = below(4), questions = below(4), open = 0;
	struct tkt_error error;

	for (size_t i = 0; i < messages; i++) {
		const char *kind = once_in(2) ? "public" : "internal", *body = ANY(texts);
		json_auto_t *message = json_pack("{s:s, s:o, s:s, s:s, s:s, s:s,s:s}", "type",
		    "message", "id", json_sprintf("%d", ++message_number), "ticket", id, "kind",
		    kind, "direction", "in", "body", body, "body_new", body);

		if (tkt_message_write(db, message, &error))
			fail_msg("%s", error.text);
		if (!description && strcmp(kind, "public") == 0)
			description = body;
	}
	for (size_t i = 0; i < questions; i++) {
		json_auto_t *question = json_pack("{s:s, s:s, s:o, s:s}", "type", "question",
		    "ticket", id, "key", json_sprintf("key %zu", i), "text", "which?");

		if (once_in(2))
			set(question, "answered_at", time_value(NOW));
		else
			open++;
		if (tkt_question_write(db, question, &error))
			fail_msg("%s", error.text);
	}
	if (open || once_in(2))
		json_object_set_new(ticket, "questions", json_integer((json_int_t)open));
	if (description)
		json_object_set_new(ticket, "description", json_string(description));
}

static json_t *fill(struct tkt_db *db)
{
	tkt_autoptr(transaction) transaction = NULL;
	json_t *tickets = json_array();
	struct tkt_error error;

	assert_int_equal(tkt_transaction_begin(db, &transaction, &error), 0);
	for (size_t number = 1; number <= TICKETS; number++) {
		json_t *ticket = any_ticket(number);

		if (tkt_ticket_write(db, NULL, ticket, &error))
			fail_msg("%s", error.text);
		add_parts(db, ticket);
		json_array_append_new(tickets, ticket);
	}
	assert_int_equal(tkt_transaction_commit(transaction, &error), 0);
	return tickets;
}

/* Writes a value bare where that is possible, or in either quotes. */
static void write_value(struct tkt_text *out, const char *value)
{
	bool bare = *value && !strpbrk(value, " \t()\"'=!~<>,") && strcmp(value, "and") != 0;
	char quote = once_in(2) ? '"' : '\'';

	if (bare && !once_in(3)) {
		tkt_text_add(out, value);
		return;
	}
	tkt_text_add_byte(out, quote);
	for (; *value; value++) {
		if (*value == quote)
			tkt_text_add_byte(out, '\\');
		tkt_text_add_byte(out, *value);
	}
	tkt_text_add_byte(out, quote);
}

static void write_time(struct tkt_text *out)
{
	int64_t time = any_time();
	char text[TKT_TIME_SIZE];

	tkt_time_format(time, text);
	if (once_in(3)) {
		text[10] = '\0'; /* the date */
		tkt_text_add(out, text);
	} else if (once_in(2)) {
		tkt_text_add(out, text);
	} else {
		tkt_text_format(
		    out, "%c%lldh", time < NOW ? '-' : '+', llabs((long long)(time - NOW) / 3600));
	}
}

/* What a leaf may be about, with what is to be known of it. */
struct about {
	const struct tkt_field *field;
	char name[64];
	enum tkt_field_type type;
	const char *const *values;
	size_t value_count;
};

static void pick_part(struct about *about)
{
	const struct tkt_clock_field *part;
	size_t count = 0;

	while (tkt_clock_fields[count].name)
		count++;
	part = &tkt_clock_fields[below(count)];
	about->type = part->type;
	about->values = part->values ? clock_states : targets;
	about->value_count = part->values ? COUNT(clock_states) : COUNT(targets);
	snprintf(about->name, sizeof(about->name), "clock.%s.%s", ANY(clock_names), part->name);
}

static void pick_field(struct about *about)
{
	do
		about->field = &tkt_ticket_fields.fields[below(tkt_ticket_fields.count)];
	while (about->field->type == TKT_FIELD_JSON);
	about->type = about->field->type;
	about->values = about->field->values;
	about->value_count = 0;
	while (about->values && about->values[about->value_count])
		about->value_count++;
	snprintf(about->name, sizeof(about->name), "%s", about->field->name);
	if (about->field->flags & TKT_FIELD_CLOCK) {
		pick_part(about);
	} else if (about->type == TKT_FIELD_MAP && !once_in(6)) {
		snprintf(about->name, sizeof(about->name), "fields.%s", ANY(map_names));
	}
}

static bool is_text(enum tkt_field_type type)
{
	return type == TKT_FIELD_TEXT || type == TKT_FIELD_ADDRESS || type == TKT_FIELD_LIST ||
	    type == TKT_FIELD_MAP;
}

static void write_literal(struct tkt_text *out, const struct about *about)
{
	bool is_lower = about->type == TKT_FIELD_ADDRESS || about->field->flags & TKT_FIELD_LOWER;

	switch (about->type) {
	case TKT_FIELD_INTEGER:
		tkt_text_format(out, "%d", (int)below(5) - 1);
		break;
	case TKT_FIELD_TIME:
		write_time(out);
		break;
	case TKT_FIELD_LENGTH:
		tkt_text_format(out, "%zuh", below(49));
		break;
	case TKT_FIELD_PRIORITY:
		write_value(out, ANY(priorities));
		break;
	case TKT_FIELD_BOOLEAN:
		tkt_text_add(out, once_in(2) ? "true" : "false");
		break;
	default:
		if (about->value_count)
			write_value(out, about->values[below(about->value_count)]);
		else
			write_value(out, is_lower && !once_in(5) ? ANY(addresses) : ANY(texts));
	}
}

static void write_literal_or_empty(struct tkt_text *out, const struct about *about)
{
	if (about->type != TKT_FIELD_BOOLEAN && once_in(5))
		tkt_text_add(out, "''");
	else
		write_literal(out, about);
}

static void write_leaf(struct tkt_text *out)
{
	static const char *const signs[] = { "=", "!=", "in", "~", "!~", "<", "<=", ">", ">=" };
	struct about about;
	const char *sign;
	bool is_whole_map;

	pick_field(&about);
	is_whole_map = strcmp(about.name, "fields") == 0;
	tkt_text_add(out, about.name);
	if (once_in(7))
		return; /* has a value */
	if (is_whole_map) {
		tkt_text_add(out, once_in(2) ? " = ''" : " != ''");
		return;
	}
	if (is_text(about.type))
		sign = signs[below(5)];
	else if (about.type == TKT_FIELD_BOOLEAN)
		sign = signs[below(3)];
	else
		sign = once_in(3) ? signs[below(3)] : signs[5 + below(4)];
	tkt_text_format(out, " %s ", sign);
	if (strchr(sign, '~')) {
		write_value(out, ANY(patterns));
	} else if (strcmp(sign, "in") == 0) {
		for (size_t i = 1 + below(4); i > 0; i--) {
			write_literal_or_empty(out, &about);
			if (i > 1)
				tkt_text_add(out, once_in(2) ? "," : " , ");
		}
	} else if (strchr(sign, '=') && *sign != '<' && *sign != '>') {
		write_literal_or_empty(out, &about);
	} else {
		write_literal(out, &about);
	}
}

static void write_expression(struct tkt_text *out, unsigned depth)
{
	if (depth == 0 || once_in(3)) {
		write_leaf(out);
	} else if (once_in(3)) {
		tkt_text_add(out, "not (");
		write_expression(out, depth - 1);
		tkt_text_add(out, ")");
	} else {
		tkt_text_add(out, once_in(2) ? "(" : "not (");
		write_expression(out, depth - 1);
		tkt_text_add(out, once_in(2) ? " and " : " or ");
		write_expression(out, depth - 1);
		tkt_text_add(out, ")");
	}
}

/* How often each operator met each type: none may stay untried. */
static size_t tried[TKT_OPERATOR_IN + 1][TKT_FIELD_JSON + 1];

static void note(const struct tkt_expression *node)
{
	if (!node)
		return;
	if (node->kind == TKT_EXPRESSION_LEAF)
		tried[node->comparison][node->type]++;
	note(node->left);
	note(node->right);
}

static void query(struct tkt_db *db, const struct tkt_expression *expression, struct tkt_text *sql,
    bool found[TICKETS + 1])
{
	tkt_autobindings bindings = { 0 };
	tkt_autoptr(statement) statement = NULL;
	struct tkt_error error;
	bool declined = true;
	int row;

	tkt_text_add(sql, "SELECT number FROM ticket WHERE ");
	if (tkt_where_add(expression, &tkt_ticket_fields, sql, &bindings, &declined, &error) ||
	    tkt_db_prepare(db, sql->bytes, &statement, &error) ||
	    tkt_bindings_apply(&bindings, statement, &error))
		fail_msg("%s: %s", sql->bytes, error.text);
	assert_false(declined);
	while ((row = tkt_statement_step(statement, &error)) > 0)
		found[tkt_statement_integer(statement, 0)] = true;
	if (row < 0)
		fail_msg("%s: %s", sql->bytes, error.text);
}

/* Returns how many tickets match. */
static size_t compare(struct tkt_db *db, const json_t *tickets, const char *string)
{
	tkt_autoptr(expression) expression = NULL;
	bool found[TICKETS + 1] = { false };
	struct tkt_error error;
	tkt_autotext sql;
	size_t matches = 0;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	if (tkt_expression_parse(string, &tkt_ticket_fields, &scope, &expression, &error))
		fail_msg("%s", error.text);
	note(expression);
	query(db, expression, &sql, found);
	for (size_t number = 1; number <= TICKETS; number++) {
		const json_t *ticket = json_array_get(tickets, number - 1);
		int judged = tkt_expression_match(expression, ticket, &error);

		if (judged != (int)found[number]) {
			tkt_autofree char *text = json_dumps(ticket, 0);

			print_error("TKT_SEED=%llu\n%s\n%s\n%s\n", (unsigned long long)seed, string,
			    sql.bytes, text);
			fail_msg("SQL says %d, the evaluator %d", found[number], judged);
		}
		matches += judged == 1;
	}
	return matches;
}

static void test_alike(void **state)
{
	tkt_autoptr(db) db = NULL;
	json_auto_t *tickets = NULL;
	struct tkt_error error;
	size_t some = 0;

	(void)state;
	print_message("TKT_SEED=%llu\n", (unsigned long long)seed);
	if (tkt_db_open_memory(&db, &error))
		fail_msg("%s", error.text);
	tickets = fill(db);
	for (size_t i = 0; i < EXPRESSIONS; i++) {
		tkt_autotext string;
		size_t matches;

		tkt_text_init(&string, TKT_TEXT_LIMIT);
		write_expression(&string, (unsigned)below(5));
		matches = compare(db, tickets, string.bytes);
		some += matches > 0 && matches < TICKETS;
	}
	/* What matches all or none would hide a difference. */
	assert_true(some > EXPRESSIONS / 2);
	for (int comparison = TKT_OPERATOR_PRESENT; comparison <= TKT_OPERATOR_IN; comparison++) {
		bool is_order =
		    comparison >= TKT_OPERATOR_LESS && comparison <= TKT_OPERATOR_GREATER_EQUAL;
		bool is_pattern =
		    comparison == TKT_OPERATOR_MATCH || comparison == TKT_OPERATOR_NOT_MATCH;

		for (int type = TKT_FIELD_TEXT; type < TKT_FIELD_JSON; type++) {
			bool text = is_text((enum tkt_field_type)type);

			if ((is_order && (text || type == TKT_FIELD_BOOLEAN)) ||
			    (is_pattern && !text))
				continue;
			if (!tried[comparison][type])
				fail_msg("operator %d never met type %d", comparison, type);
		}
	}
}

/* The condition itself: indexed columns stand bare, nothing of the user's is in the text. */
static const struct {
	const struct tkt_field_table *table;
	const char *expression, *sql;
	size_t values;
	bool declined;
} conditions[] = {
	{ &tkt_ticket_fields, "status=open", "(ticket.status = ?1)", 1, false },
	{ &tkt_ticket_fields, "status!=open", "(ticket.status IS NOT ?1)", 1, false },
	{ &tkt_ticket_fields, "status=''", "(ticket.status IS NULL)", 0, false },
	{ &tkt_ticket_fields, "tier in paid,''", "((ticket.tier IN (?1) OR ticket.tier IS NULL))",
	    1, false },
	{ &tkt_ticket_fields, "not tier in a,b", "(NOT ifnull(ticket.tier IN (?1,?2), 0))", 2,
	    false },
	{ &tkt_ticket_fields, "due < +2h", "(ticket.due_at < ?1)", 1, false },
	{ &tkt_ticket_fields, "overdue", "(ticket.due_at < ?1)", 1, false },
	{ &tkt_ticket_fields, "age > 2d", "(ticket.created_at < ?1)", 1, false },
	{ &tkt_ticket_fields, "left >= 2d", "(ticket.due_at >= ?1)", 1, false },
	{ &tkt_ticket_fields, "rank < 2026-03-02",
	    "((ifnull(ticket.received_at, ticket.created_at) + CASE ticket.tier WHEN ?1 THEN ?2"
	    " WHEN ?3 THEN ?4 ELSE ?5 END) < ?6)",
	    6, false },
	{ &tkt_ticket_fields, "subject !~ '\\bx'", "(NOT tkt_match(?1, ticket.subject))", 1,
	    false },
	{ &tkt_ticket_fields, "clock.resolution.left < 1h",
	    "((SELECT CASE clock.state WHEN 'running' THEN clock.due_at - ?1 END FROM clock"
	    " WHERE clock.ticket = ticket.number AND clock.name = ?2"
	    " ORDER BY clock.cycle DESC LIMIT 1) < ?3)",
	    3, false },
	{ &tkt_ticket_fields, "tags=x",
	    "(ticket.number IN (SELECT ticket_tag.ticket FROM ticket_tag WHERE ticket_tag.tag = "
	    "?1))",
	    1, false },
	{ &tkt_ticket_fields, "fields.a!=x",
	    "(ticket.number NOT IN (SELECT ticket_field.ticket FROM ticket_field WHERE "
	    "ticket_field.name = ?1 AND ticket_field.value = ?2))",
	    2, false },
	{ &tkt_ticket_fields, "linked=x",
	    "(EXISTS (SELECT 1 FROM json_each(ticket.linked) WHERE json_each.value = ?1))", 1,
	    false },
	{ &tkt_ticket_fields, "not (tags or cc='' and not group=l1)",
	    "(ticket.tags IS NULL AND (ticket.cc IS NOT NULL OR ticket.group_name = ?1))", 1,
	    false },
	{ &tkt_event_fields, "set.status=open", "(1)", 0, true },
	{ &tkt_event_fields, "set.status!=open", "(1)", 0, true },
	{ &tkt_event_fields, "not (set.status=open or seq>5)",
	    "(1 AND NOT ifnull(event.seq > ?1, 0))", 1, true },
	{ &tkt_event_fields, "seq>5 and ticket=SUP-7", "(event.seq > ?1 AND event.ticket = ?2)", 2,
	    false },
};

static void test_conditions(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(conditions); i++) {
		tkt_autoptr(expression) expression = NULL;
		tkt_autobindings bindings = { 0 };
		bool declined = !conditions[i].declined;
		struct tkt_error error;
		tkt_autotext sql;

		tkt_text_init(&sql, TKT_TEXT_LIMIT);
		if (tkt_expression_parse(conditions[i].expression, conditions[i].table, &scope,
			&expression, &error) ||
		    tkt_where_add(
			expression, conditions[i].table, &sql, &bindings, &declined, &error))
			fail_msg("%s", error.text);
		assert_string_equal(sql.bytes, conditions[i].sql);
		assert_int_equal(bindings.count, conditions[i].values);
		assert_int_equal(declined, conditions[i].declined);
	}
}

static void repeat(struct tkt_text *out, const char *piece, size_t count)
{
	while (count--)
		tkt_text_add(out, piece);
}

/* Runs it over no tickets: SQLite must take it. Returns whether something was declined. */
static bool is_declined(struct tkt_db *db, const char *string)
{
	tkt_autoptr(expression) expression = NULL;
	tkt_autobindings bindings = { 0 };
	tkt_autoptr(statement) statement = NULL;
	struct tkt_error error;
	bool declined;
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT number FROM ticket WHERE ");
	if (tkt_expression_parse(string, &tkt_ticket_fields, &scope, &expression, &error) ||
	    tkt_where_add(expression, &tkt_ticket_fields, &sql, &bindings, &declined, &error) ||
	    tkt_db_prepare(db, sql.bytes, &statement, &error) ||
	    tkt_bindings_apply(&bindings, statement, &error) ||
	    tkt_statement_step(statement, &error) != 0)
		fail_msg("%s", error.text);
	return declined;
}

/* What the parser lets through and SQLite would refuse is declined. */
static void test_large(void **state)
{
	tkt_autoptr(db) db = NULL;
	struct tkt_error error;
	tkt_autotext string;

	(void)state;
	tkt_text_init(&string, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_db_open_memory(&db, &error), 0);
	repeat(&string, "fields.a=x and ", 499);
	tkt_text_add(&string, "rev in 1");
	assert_false(is_declined(db, string.bytes));
	repeat(&string, ",1", 28000);
	assert_false(is_declined(db, string.bytes));
	tkt_text_reset(&string);
	tkt_text_add(&string, "rev in 1");
	repeat(&string, ",1", 30001);
	assert_true(is_declined(db, string.bytes));
	for (size_t levels = 1; levels < 50; levels++) {
		tkt_text_reset(&string);
		repeat(&string, "fields.a=x and (tags=x or ", levels);
		tkt_text_add(&string, "clock.a.state in met,''");
		repeat(&string, ")", levels);
		assert_int_equal(is_declined(db, string.bytes), levels > 10);
	}
}

/* What a leaf is to sorting and to columns. */
static void test_values(void **state)
{
	static const struct {
		const char *name, *value;
	} rows[] = {
		{ "subject", "Сервер" },
		{ "due", "1772445600" },
		{ "left", "3600" },
		{ "age", "7200" },
		{ "idle", NULL },
		{ "overdue", "0" },
		{ "questions", "1" },
		{ "description", "new text" },
		{ "waiting_for", "us" },
		{ "rank", "1772442000" },
		{ "priority", "3" },
		{ "fields.os.name", "BSD" },
		{ "fields.none", NULL },
		{ "clock.resolution.due", "1772445600" },
		{ "clock.resolution.state", "running" },
		{ "clock.resolution.left", "3600" },
		{ "clock.resolution.target", "4wh" },
		{ "clock.resolution.breached", NULL },
		{ "clock.first_response.due", "1772442000" },
		{ "clock.first_response.left", NULL },
		{ "clock.none.state", NULL },
	};
	json_auto_t *ticket = json_loads(
	    "{\"type\":\"ticket\",\"id\":\"SUP-1\",\"status\":\"open\",\"subject\":\"Сервер\","
	    "\"priority\":\"high\",\"fields\":{\"os.name\":\"BSD\"},"
	    "\"created_at\":\"2026-03-02T07:00:00Z\",\"clocks\":[{\"name\":\"resolution\","
	    "\"cycle\":1,\"state\":\"met\",\"breached_at\":\"2026-03-02T08:00:00Z\"},"
	    "{\"name\":\"first_response\",\"cycle\":1,\"state\":\"met\","
	    "\"due_at\":\"2026-03-02T09:00:00Z\"},"
	    "{\"name\":\"resolution\",\"cycle\":2,\"state\":\"running\",\"target\":\"4wh\","
	    "\"due_at\":\"2026-03-02T10:00:00Z\"}]}",
	    0, NULL);
	json_auto_t *message = json_loads(
	    "{\"type\":\"message\",\"id\":\"1\",\"ticket\":\"SUP-1\",\"kind\":\"public\","
	    "\"direction\":\"in\",\"body\":\"new text\\n> old\",\"body_new\":\"new text\"}",
	    0, NULL);
	json_auto_t *question = json_loads("{\"type\":\"question\",\"ticket\":\"SUP-1\","
					   "\"key\":\"browser\",\"text\":\"which?\"}",
	    0, NULL);
	tkt_autoptr(db) db = NULL;
	tkt_autoptr(transaction) transaction = NULL;
	struct tkt_error error;

	(void)state;
	if (tkt_db_open_memory(&db, &error) || tkt_transaction_begin(db, &transaction, &error) ||
	    tkt_ticket_write(db, NULL, ticket, &error) || tkt_message_write(db, message, &error) ||
	    tkt_question_write(db, question, &error))
		fail_msg("%s", error.text);
	for (size_t i = 0; i < COUNT(rows); i++) {
		tkt_autoptr(statement) statement = NULL;
		tkt_autobindings bindings = { 0 };
		tkt_autofree char *part = NULL;
		const struct tkt_field *field;
		const char *key;
		size_t key_length;
		tkt_autotext sql;

		tkt_text_init(&sql, TKT_TEXT_LIMIT);
		field = tkt_field_find(&tkt_ticket_fields, rows[i].name, &key, &key_length);
		assert_non_null(field);
		part = key ? strndup(key, key_length) : NULL;
		tkt_text_add(&sql, "SELECT CAST(");
		assert_int_equal(
		    tkt_where_value(field, part,
			field->flags & TKT_FIELD_CLOCK ? tkt_clock_field_find(key) : NULL, NOW,
			&work, &sql, &bindings, &error),
		    1);
		tkt_text_add(&sql, " AS TEXT) FROM ticket");
		if (tkt_db_prepare(db, sql.bytes, &statement, &error) ||
		    tkt_bindings_apply(&bindings, statement, &error) ||
		    tkt_statement_step(statement, &error) != 1)
			fail_msg("%s: %s", sql.bytes, error.text);
		if (!tkt_text_equal(tkt_statement_text(statement, 0), rows[i].value))
			fail_msg("%s: %s", rows[i].name, tkt_statement_text(statement, 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_values),
	};
	const char *wanted = getenv("TKT_SEED");

	if (wanted)
		seed = strtoull(wanted, NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
