#include "desk/filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "desk/conf.h"

#include "base/banned.h"

static enum tkt_filter_failure failure_of(const char *word)
{
	return tkt_text_equal(word, "pass")      ? TKT_FILTER_PASS
	    : tkt_text_equal(word, "quarantine") ? TKT_FILTER_QUARANTINE
						 : TKT_FILTER_DEFER;
}

static int read_one(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    struct tkt_filter *filter, struct tkt_error *error)
{
	filter->on_failure =
	    failure_of(tkt_conf_text(conf, section->handle, "on_failure", "defer"));
	if (tkt_text_keep(&filter->name, section->title, error) ||
	    tkt_text_keep(
		&filter->command, tkt_conf_text(conf, section->handle, "command", ""), error))
		return -1;
	return tkt_conf_seconds(
	    conf, section->handle, "timeout", "30s", &filter->timeout_seconds, error);
}

int tkt_filters_read(
    const struct tkt_conf *conf, struct tkt_filters *filters, struct tkt_error *error)
{
	size_t i;

	filters->items = calloc(conf->section_count + 1, sizeof(*filters->items));
	if (!filters->items)
		return tkt_error_set_memory(error);
	for (i = 0; i < conf->section_count; i++)
		if (tkt_text_equal(conf->sections[i].kind, "filter") &&
		    read_one(conf, &conf->sections[i], &filters->items[filters->count++], error))
			return -1;
	return 0;
}

void tkt_filters_clear(struct tkt_filters *filters)
{
	size_t i;

	for (i = 0; i < filters->count; i++) {
		free(filters->items[i].name);
		free(filters->items[i].command);
	}
	free(filters->items);
}
