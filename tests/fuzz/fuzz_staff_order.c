/*
 * Any bytes as what an agent's answer brings: orders at the beginning of its text, and a token in
 * the address that it came to.
 *
 * Seeds: answers that begin with orders.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/when.h"
#include "mail/staff_token.h"
#include "policy/staff_order.h"
#include "json/change.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Lines of the text that begin with '!', as far as they are read. */
static size_t count_orders(const char *text, const char *end)
{
	size_t count = 0;

	for (; text < end; text = tkt_next_line(text, end)) {
		text += strspn(text, " \t\r\n");
		count += *text == '!';
	}
	return count;
}

static void check_orders(const char *text)
{
	json_t *agents = json_pack("[{s:s,s:b},{s:s,s:b}]", "id", "ivanova", "is_active", true,
		   "id", "petrov", "is_active", false),
	       *change = NULL;
	const struct tkt_present present = { 0 };
	tkt_autoorders orders = { 0 };
	struct tkt_error error = { 0 };
	const char *at = text;

	tkt_staff_orders_init(&orders);
	require(!tkt_change_new(NULL, NULL, &change, &error));
	require(!tkt_staff_orders_read(&at, agents, "ivanova", change, &present, &orders, &error));
	require(at >= text && at <= text + strlen(text));
	require(orders.count == count_orders(text, at));
	require(at[strspn(at, " \t\r\n")] != '!');
	require(tkt_utf8_is_valid(orders.told.bytes, orders.told.length));
	require((orders.count > 0) == (orders.told.length > 0));
	if (!orders.is_refused)
		require(!tkt_change_check(change, &error) || error.kind == TKT_ERROR_DATA);
	json_decref(change);
	json_decref(agents);
}

static void check_token(const char *text)
{
	static const struct tkt_token_key key;
	struct tkt_staff_token token;

	if (!tkt_staff_token_read(text, '+', &token))
		return;
	require(token.number > 0 && token.expires_at > 0 && strlen(token.text) >= 20);
	require(!tkt_staff_token_is(&key, "ivanova", &token));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = strndup((const char *)bytes, length);
	struct tkt_text clean;

	require(text);
	tkt_text_init(&clean, TKT_TEXT_LIMIT);
	tkt_utf8_repair_lines(&clean, text, strlen(text));
	check_orders(clean.bytes);
	check_token(text);
	tkt_text_clear(&clean);
	free(text);
	return 0;
}
