/* lib/policy/staff_order.h: what an agent orders by the first lines of an answer: '!assign me',
 * '!status resolved', '!note'. Pure. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct tkt_error;
struct tkt_present;

/* `= { 0 }`, then tkt_staff_orders_init(). */
struct tkt_staff_orders {
	size_t count;
	bool is_note;         /* the text is for colleagues alone */
	bool is_refused;      /* one of them means nothing */
	struct tkt_text told; /* each as it was written, with why it was refused: a line each */
};
void tkt_staff_orders_init(struct tkt_staff_orders *orders);
void tkt_staff_orders_clear(struct tkt_staff_orders *orders);
#define tkt_autoorders __attribute__((cleanup(tkt_staff_orders_clear))) struct tkt_staff_orders

/*
 * Reads the lines at the beginning of *text that start with '!', among blank ones; *text moves
 * behind them. What they mean is added to the change; one that means nothing is told.
 *
 *   agents  of the desk, as policy/agent.h has them
 *   login   the agent who writes: 'me'
 *   present  what a time that is set counts from
 *
 * 0, or -1 with TEMPORARY.
 */
int tkt_staff_orders_read(const char **text, const json_t *agents, const char *login,
    json_t *change, const struct tkt_present *present, struct tkt_staff_orders *orders,
    struct tkt_error *error);
