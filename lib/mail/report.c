#include "mail/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#include "base/banned.h"

static void clear_report(struct tkt_report *report)
{
	free(report->recipient);
	free(report->action);
	free(report->status);
	free(report->diagnostic);
}

int tkt_reports_add(struct tkt_reports *reports, const char *recipient, const char *action,
    const char *status, const char *diagnostic, struct tkt_error *error)
{
	struct tkt_report *grown,
	    report = {
		    .recipient = strdup(recipient ? recipient : ""),
		    .action = strdup(action ? action : ""),
		    .status = strdup(status ? status : ""),
		    .diagnostic = strdup(diagnostic ? diagnostic : ""),
	    };

	if (reports->count == TKT_REPORTS_LIMIT) {
		clear_report(&report);
		return 0;
	}
	grown = reallocarray(reports->items, reports->count + 1, sizeof *grown);
	if (grown)
		reports->items = grown;
	if (!grown || !report.recipient || !report.action || !report.status || !report.diagnostic) {
		clear_report(&report);
		return tkt_error_set_memory(error);
	}
	reports->items[reports->count++] = report;
	return 0;
}

struct tkt_report *tkt_reports_find(const struct tkt_reports *reports, const char *recipient)
{
	for (size_t i = 0; i < reports->count; i++)
		if (strcmp(reports->items[i].recipient, recipient) == 0)
			return &reports->items[i];
	return NULL;
}

int tkt_report_set(char **member, const char *value, struct tkt_error *error)
{
	char *copy = strdup(value);

	if (!copy)
		return tkt_error_set_memory(error);
	free(*member);
	*member = copy;
	return 0;
}

void tkt_reports_clear(struct tkt_reports *reports)
{
	for (size_t i = 0; i < reports->count; i++)
		clear_report(&reports->items[i]);
	free(reports->items);
	*reports = (struct tkt_reports){ .items = NULL };
}
