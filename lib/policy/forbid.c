#include "policy/forbid.h"

#include "base/error.h"
#include "base/words.h"
#include "desk/level.h"
#include "json/field.h"

#include "base/banned.h"

int tkt_forbid_judge(const struct tkt_policy *policy, const json_t *before, const json_t *after,
    struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < policy->forbid_count; i++) {
		const struct tkt_forbid *forbid = &policy->forbids[i];
		int is = tkt_match_ticket(&forbid->match, after, error);
		int was = is > 0 && before ? tkt_match_ticket(&forbid->match, before, error) : 0;

		if (is < 0 || was < 0)
			return tkt_error_prefix(error, "%s", forbid->rule);
		if (is && !was)
			/* TRANSLATORS: a ticket, the title of a section, its place, its text */
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("ticket '%s' is not changed: '%s' forbids it (%s): %s"),
			    tkt_object_text(after, "id"), forbid->title, forbid->rule,
			    forbid->text);
	}
	return 0;
}
