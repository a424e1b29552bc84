/* The order of work over any arrivals: total, stable, by tier and arrival, and nothing starves. */
#include "store_support.h"

#include "base/time.h"
#include "expression/expression.h"
#include "store/ticket.h"
#include "json/work_order.h"

#define NOW INT64_C(1772442000) /* 2026-03-02T09:00:00Z */
#define TICKETS 300
#define AGE 3600

static char *tiers[] = { "dealer", "paid", NULL };
static const struct tkt_work_order work = { tiers, AGE };
static const char *const known[] = { "dealer", "paid", "trial", NULL };

/* One ticket, by its number from 1. */
static struct arrival {
	int64_t at;
	const char *tier;
} arrivals[TICKETS + 1];

/* Many at the same second, some an age apart, and not in the order of their numbers. */
static void arrive(struct tkt_db *db, unsigned seed)
{
	int number;

	for (number = 1; number <= TICKETS; number++) {
		struct tkt_error error = { 0 };
		json_auto_t *ticket = NULL;
		char time[TKT_TIME_SIZE];

		arrivals[number].at = NOW + rand_r(&seed) % (6 * AGE) / 60 * 60;
		arrivals[number].tier = known[(unsigned)rand_r(&seed) % 4];
		tkt_time_format(arrivals[number].at, time);
		ticket = json_pack("{s:o,s:s,s:s,s:s*}", "id", json_sprintf("T-%d", number),
		    "status", "new", "received_at", time, "tier", arrivals[number].tier);
		succeed(tkt_ticket_write(db, NULL, ticket, &error), &error);
	}
}

struct order {
	int numbers[TICKETS];
	int64_t ranks[TICKETS];
	size_t count;
};

static int take(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	const struct tkt_field *rank;
	struct order *order = context;
	const char *key;
	size_t length;

	(void)error;
	rank = tkt_field_find(&tkt_ticket_fields, "rank", &key, &length);
	order->ranks[order->count] = row[tkt_field_index(&tkt_ticket_fields, rank)].integer;
	order->numbers[order->count++] = (int)strtol(row[0].text + 2, NULL, 10);
	return 0;
}

static void list(struct tkt_db *db, struct order *order)
{
	const struct tkt_field *columns[2];
	struct tkt_ticket_query query = {
		.now = NOW, .work = &work, .columns = columns, .column_count = 2
	};
	struct tkt_error error = { 0 };
	struct tkt_sort *sorts = NULL;
	const char *key;
	size_t length;

	columns[0] = tkt_field_find(&tkt_ticket_fields, "id", &key, &length);
	columns[1] = tkt_field_find(&tkt_ticket_fields, "rank", &key, &length);
	succeed(tkt_sort_parse("rank", &sorts, &query.sort_count, &error), &error);
	query.sorts = sorts;
	order->count = 0;
	succeed((int)tkt_ticket_each(db, &query, take, NULL, order, &error), &error);
	tkt_sort_free(sorts, query.sort_count);
	assert_int_equal(order->count, TICKETS);
}

static void assert_ordered(const struct order *order)
{
	size_t i, later;

	for (i = 0; i < order->count; i++) {
		const struct arrival *mine = &arrivals[order->numbers[i]];
		int64_t most = (int64_t)tkt_work_place(&work, mine->tier) * AGE;

		assert_true(order->ranks[i] == mine->at + tkt_work_delay(&work, mine->tier));
		for (later = i + 1; later < order->count; later++) {
			const struct arrival *other = &arrivals[order->numbers[later]];

			/* what stands behind came no earlier than what it waits for, but for an age
			 * a place: nobody waits for what came more than that after him */
			assert_true(mine->at <=
			    other->at + (int64_t)tkt_work_place(&work, other->tier) * AGE);
			assert_true(other->at >= mine->at || other->at + 2 * AGE >= mine->at);
			if (tkt_text_equal(mine->tier, other->tier))
				assert_true(mine->at < other->at ||
				    (mine->at == other->at &&
					order->numbers[i] < order->numbers[later]));
			if (mine->at + most ==
			    other->at + tkt_work_delay(&work, other->tier)) /* ties by number */
				assert_true(order->numbers[i] < order->numbers[later]);
		}
	}
}

static void test_order(void **state)
{
	unsigned seed;

	(void)state;
	for (seed = 1; seed <= 5; seed++) {
		struct order first, again;
		void *db;

		open_database(&db);
		arrive(db, seed);
		list(db, &first);
		list(db, &again);
		assert_ordered(&first);
		assert_memory_equal(first.numbers, again.numbers, sizeof(first.numbers));
		close_database(&db);
	}
}

/* In memory as in SQL; without tiers, and in a policy that is read without a desk, by arrival. */
static void test_rank_of_an_object(void **state)
{
	static const struct {
		const char *ticket, *expression;
		bool with_work;
		int expected;
	} rows[] = {
		{ "{\"received_at\":\"2026-03-02T09:00:00Z\",\"tier\":\"dealer\"}",
		    "rank = 2026-03-02T09:00:00Z", true, 1 },
		{ "{\"received_at\":\"2026-03-02T09:00:00Z\",\"tier\":\"paid\"}",
		    "rank = 2026-03-02T10:00:00Z", true, 1 },
		{ "{\"received_at\":\"2026-03-02T09:00:00Z\",\"tier\":\"trial\"}",
		    "rank = 2026-03-02T11:00:00Z", true, 1 },
		{ "{\"created_at\":\"2026-03-02T09:00:00Z\"}", "rank = 2026-03-02T11:00:00Z", true,
		    1 },
		{ "{\"received_at\":\"2026-03-02T09:00:00Z\",\"tier\":\"trial\"}",
		    "rank = 2026-03-02T09:00:00Z", false, 1 },
		{ "{\"tier\":\"paid\"}", "rank", true, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct tkt_expression_scope scope = { .now = NOW,
			.work = rows[i].with_work ? &work : NULL };
		tkt_autoptr(expression) expression = NULL;
		json_auto_t *ticket = object(rows[i].ticket);
		struct tkt_error error = { 0 };

		succeed(tkt_expression_parse(
			    rows[i].expression, &tkt_ticket_fields, &scope, &expression, &error),
		    &error);
		assert_int_equal(
		    tkt_expression_match(expression, ticket, &error), rows[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_rank_of_an_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
