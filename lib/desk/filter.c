#include "desk/filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
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
	struct tkt_length length;
	int64_t seconds;

	filter->name = strdup(section->title);
	filter->command = strdup(tkt_conf_text(conf, section->handle, "command", ""));
	filter->on_failure =
	    failure_of(tkt_conf_text(conf, section->handle, "on_failure", "defer"));
	if (!filter->name || !filter->command)
		return tkt_error_set_memory(error);
	if (tkt_length_parse(
		tkt_conf_text(conf, section->handle, "timeout", "30s"), &length, error) ||
	    tkt_length_seconds(&length, &seconds, error))
		return -1;
	filter->timeout_seconds = (int)seconds; /* tkt_check_timeout has bounded it */
	return 0;
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
