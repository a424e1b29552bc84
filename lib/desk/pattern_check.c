#include "desk/pattern_check.h"

#include "base/words.h"
#include "desk/conf.h"
#include "expression/expression.h"
#include "expression/runaway.h"

#include "base/banned.h"

struct place {
	const struct tkt_conf *conf;
	const struct tkt_conf_value *value;
};

static void judge(const struct place *place, const char *pattern)
{
	tkt_autotext part;

	tkt_text_init(&part, TKT_TEXT_LIMIT);
	if (tkt_pattern_runs_away(pattern, &part))
		tkt_conf_report(place->conf, place->value->line, true,
		    _("pattern '%s' backtracks badly at '%s': there are short texts on which it gives up"),
		    pattern, part.bytes);
}

static void judge_leaf(const struct tkt_expression *leaf, void *context)
{
	if (leaf->pattern)
		judge(context, leaf->literals[0].text);
}

void tkt_patterns_warn(const struct tkt_conf *conf)
{
	size_t i;

	for (i = 0; i < conf->value_count; i++) {
		struct place place = { conf, &conf->values[i] };

		if (place.value->setting->check == tkt_check_pattern)
			judge(&place, place.value->text);
		tkt_expression_each_leaf(place.value->expression, judge_leaf, &place);
	}
}
