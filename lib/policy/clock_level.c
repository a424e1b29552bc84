#include "policy/clock.h"

#include "base/error.h"
#include "desk/calendars.h"
#include "json/field.h"

#include "base/banned.h"

int tkt_level_choose(const struct tkt_policy *policy, struct tkt_calendars *calendars,
    const json_t *ticket, struct tkt_level *level, struct tkt_error *error)
{
	struct tkt_level chosen = { 0 };
	const char *name;
	int matches = 0;
	size_t i;

	for (i = 0; i < policy->sla_count && !matches; i++) {
		chosen.sla = &policy->slas[i];
		matches = tkt_match_ticket(&chosen.sla->match, ticket, error);
		if (matches < 0)
			return tkt_error_prefix(error, "%s", chosen.sla->rule);
	}
	if (!matches) {
		*level = (struct tkt_level){ 0 };
		return 0;
	}
	name = tkt_calendars_of_channel(calendars, tkt_object_text(ticket, "channel"));
	if (!name)
		name = chosen.sla->calendar;
	if (name && tkt_calendars_find(calendars, name, &chosen.calendar, error)) {
		if (error->kind == TKT_ERROR_NOT_FOUND)
			error->kind = TKT_ERROR_CONFIGURATION;
		return tkt_error_prefix(error, "%s", chosen.sla->rule);
	}
	*level = chosen;
	return 0;
}
