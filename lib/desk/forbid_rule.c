#include "desk/forbid_rule.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/conf.h"
#include "desk/level.h"
#include "desk/section.h"
#include "desk/source.h"

#include "base/banned.h"

int tkt_forbid_add(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error)
{
	struct tkt_forbid *room =
	    tkt_source_grow((void **)&policy->forbids, policy->forbid_count, sizeof(*room));

	if (!room)
		return tkt_error_set_memory(error);
	*room = (struct tkt_forbid){ 0 };
	policy->forbid_count++;
	return tkt_text_keep(&room->title, section->title, error) ||
		tkt_section_rule(maker, section, &room->rule, error) ||
		tkt_section_match(maker, section->handle, &room->match, error) ||
		tkt_text_keep(
		    &room->text, tkt_conf_text(maker->conf, section->handle, "text", ""), error)
	    ? -1
	    : 0;
}

void tkt_forbids_free(struct tkt_forbid *forbids, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(forbids[i].title);
		free(forbids[i].rule);
		tkt_match_clear(&forbids[i].match);
		free(forbids[i].text);
	}
	free(forbids);
}

void tkt_forbid_section_check(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	if (!tkt_conf_get(conf, section->handle, "match") &&
	    !tkt_conf_get(conf, section->handle, "any"))
		tkt_conf_report(conf, section->line, false,
		    _("forbid '%s' has no 'match': no ticket could be changed"), section->title);
	if (!tkt_conf_get(conf, section->handle, "text"))
		tkt_conf_report(conf, section->line, false,
		    _("forbid '%s' needs a 'text': what to do instead"), section->title);
}
