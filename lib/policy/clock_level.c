#include "policy/clock.h"

#include "base/error.h"
#include "desk/calendars.h"
#include "json/field.h"

#include "base/banned.h"

int tkt_level_make(const struct tkt_sla *sla, struct tkt_calendars *calendars, const char *channel,
    struct tkt_level *level, struct tkt_error *error)
{
	struct tkt_level made = { .sla = sla };
	const char *name = tkt_calendars_of_channel(calendars, channel);

	if (!name)
		name = sla->calendar;
	if (name && tkt_calendars_find(calendars, name, &made.calendar, error)) {
		if (error->kind != TKT_ERROR_NOT_FOUND) /* it is there, and says its own line */
			return -1;
		error->kind = TKT_ERROR_CONFIGURATION; /* the policy named it, no user did */
		return tkt_error_prefix(error, "%s", sla->rule);
	}
	*level = made;
	return 0;
}

int tkt_level_choose(const struct tkt_policy *policy, struct tkt_calendars *calendars,
    const json_t *ticket, struct tkt_level *level, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < policy->sla_count; i++) {
		const struct tkt_sla *sla = &policy->slas[i];
		int matches = tkt_match_ticket(&sla->match, ticket, error);

		if (matches < 0)
			return tkt_error_prefix(error, "%s", sla->rule);
		if (matches)
			return tkt_level_make(
			    sla, calendars, tkt_object_text(ticket, "channel"), level, error);
	}
	*level = (struct tkt_level){ 0 };
	return 0;
}
