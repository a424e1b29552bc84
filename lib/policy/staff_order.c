#include "policy/staff_order.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"
#include "policy/agent.h"
#include "json/change.h"

#include "base/banned.h"

#define TOLD_MOST 200 /* bytes of a line that is told */
#define BLANKS " \t\r"

/* One line while it is read. */
struct order {
	const json_t *agents;
	const char *login;
	json_t *change;
	const struct tkt_present *present;
	struct tkt_staff_orders *orders;
	const char *name, *value; /* 'status', 'resolved'; without blanks around them */
};

void tkt_staff_orders_init(struct tkt_staff_orders *orders)
{
	tkt_text_init(&orders->told, TKT_TEXT_LIMIT);
}

void tkt_staff_orders_clear(struct tkt_staff_orders *orders)
{
	tkt_text_clear(&orders->told);
}

static int require_value(const struct order *order, struct tkt_error *error)
{
	return *order->value
	    ? 0
	    : tkt_error_set(error, TKT_ERROR_USAGE, _("'!%s' needs a word behind it"), order->name);
}

static int do_note(const struct order *order, struct tkt_error *error)
{
	if (*order->value)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'!note' stands alone on its line; the note follows below"));
	order->orders->is_note = true;
	return 0;
}

/* '!set fields.domain=example.org', as tkt-set has it. */
static int do_set(const struct order *order, struct tkt_error *error)
{
	return require_value(order, error) ||
		tkt_change_assign_at(order->change, NULL, order->value, order->present, error)
	    ? -1
	    : 0;
}

/* '!status resolved': the field of that name. */
static int do_field(const struct order *order, struct tkt_error *error)
{
	return require_value(order, error) ||
		tkt_change_set_text(order->change, NULL, order->name, order->value, error)
	    ? -1
	    : 0;
}

static int do_assign(const struct order *order, struct tkt_error *error)
{
	const char *login = strcmp(order->value, "me") ? order->value : order->login;

	if (require_value(order, error))
		return -1;
	if (!strcmp(login, "nobody"))
		return tkt_change_set_text(order->change, NULL, "assignee", NULL, error);
	switch (tkt_agent_presence(order->agents, login, "")) {
	case TKT_AGENT_UNKNOWN:
		return tkt_error_set(error, TKT_ERROR_DATA, _("there is no agent '%s'"), login);
	case TKT_AGENT_INACTIVE:
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("agent '%s' does not work here any more"), login);
	case TKT_AGENT_ABSENT:
	case TKT_AGENT_PRESENT:
		break;
	}
	return tkt_change_set_text(order->change, NULL, "assignee", login, error);
}

/* '!tag outage vip', '!untag outage' */
static int do_tags(const struct order *order, struct tkt_error *error)
{
	bool adds = !strcmp(order->name, "tag");
	const char *at = order->value;

	if (require_value(order, error))
		return -1;
	while (*at) {
		size_t length = strcspn(at, BLANKS ",");
		tkt_autofree char *tag = strndup(at, length);

		if (!tag)
			return tkt_error_set_memory(error);
		if (*tag &&
		    (adds ? tkt_change_add(order->change, "tags", tag, error)
			  : tkt_change_remove(order->change, "tags", tag, error)))
			return -1;
		at += length + strspn(at + length, BLANKS ",");
	}
	return 0;
}

/* '!action change_service', '!why asked by telephone' */
static int do_member(const struct order *order, struct tkt_error *error)
{
	if (require_value(order, error))
		return -1;
	return tkt_change_put(order->change, order->name, json_string(order->value), error);
}

static const struct {
	const char *name;
	int (*execute)(const struct order *order, struct tkt_error *error);
} commands[] = {
	{ "note", do_note },
	{ "assign", do_assign },
	{ "status", do_field },
	{ "resolution", do_field },
	{ "pending_reason", do_field },
	{ "priority", do_field },
	{ "queue", do_field },
	{ "group", do_field },
	{ "category", do_field },
	{ "tag", do_tags },
	{ "untag", do_tags },
	{ "set", do_set },
	{ "action", do_member },
	{ "why", do_member },
};

static int execute(const struct order *order, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i].name, order->name))
			return commands[i].execute(order, error);
	return tkt_error_set(error, TKT_ERROR_USAGE, _("there is no command '!%s'"), order->name);
}

/* The line behind its '!', without blanks at its end. */
static int read_line(struct order *order, const char *line, size_t length, struct tkt_error *error)
{
	struct tkt_text *told = &order->orders->told;
	tkt_autofree char *name = strndup(line, length);
	struct tkt_error refusal = { 0 };
	size_t word;

	if (!name)
		return tkt_error_set_memory(error);
	tkt_text_add_byte(told, '!');
	tkt_text_add_bytes(told, line, length > TOLD_MOST ? tkt_utf8_cut(line, TOLD_MOST) : length);
	word = strcspn(name, BLANKS);
	order->value = name + word + strspn(name + word, BLANKS);
	name[word] = '\0';
	tkt_ascii_lower(name);
	order->name = name;
	order->orders->count++;
	if (execute(order, &refusal)) {
		if (refusal.kind == TKT_ERROR_TEMPORARY) {
			*error = refusal;
			return -1;
		}
		order->orders->is_refused = true;
		tkt_text_format(told, "\n    %s", refusal.text);
	}
	tkt_text_add_byte(told, '\n');
	return tkt_text_check(told, error);
}

int tkt_staff_orders_read(const char **text, const json_t *agents, const char *login,
    json_t *change, const struct tkt_present *present, struct tkt_staff_orders *orders,
    struct tkt_error *error)
{
	struct order order = { agents, login, change, present, orders, NULL, NULL };
	const char *at = *text;

	for (;;) {
		const char *start = at + strspn(at, BLANKS "\n");
		size_t length = strcspn(start, "\n");

		if (*start != '!')
			return 0;
		at = start + length;
		while (length > 1 && strchr(BLANKS, start[length - 1]))
			length--;
		if (read_line(&order, start + 1, length - 1, error))
			return -1;
		at += *at == '\n';
		*text = at;
	}
}
