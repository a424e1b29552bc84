#include "desk/finding.h"

#include <limits.h>
#include <stdarg.h>

#include "base/error.h"

#include "base/banned.h"

struct entry {
	int order;
	size_t number; /* as it came: qsort(3) is not stable */
	struct tkt_finding finding;
	char *file, *text; /* what the finding borrows */
};

struct tkt_findings {
	struct entry *entries;
	size_t count, allocated, errors;
	bool failed;
};

struct tkt_findings *tkt_findings_new(void)
{
	return calloc(1, sizeof(struct tkt_findings));
}

void tkt_findings_free(struct tkt_findings *findings)
{
	size_t i;

	if (!findings)
		return;
	for (i = 0; i < findings->count; i++) {
		free(findings->entries[i].file);
		free(findings->entries[i].text);
	}
	free(findings->entries);
	free(findings);
}

static bool make_room(struct tkt_findings *findings)
{
	size_t allocated = findings->allocated ? 2 * findings->allocated : 8;
	struct entry *entries;

	if (findings->count < findings->allocated)
		return true;
	entries = reallocarray(findings->entries, allocated, sizeof(*entries));
	if (!entries)
		return false;
	findings->entries = entries;
	findings->allocated = allocated;
	return true;
}

void tkt_finding_add(struct tkt_findings *findings, int order, bool is_warning, const char *file,
    int line, const char *format, ...)
{
	struct tkt_error error = { 0 };
	struct entry *entry;
	va_list arguments;

	findings->errors += !is_warning;
	if (findings->count >= TKT_FINDING_LIMIT)
		return;
	if (!make_room(findings)) {
		findings->failed = true;
		return;
	}
	entry = &findings->entries[findings->count];
	va_start(arguments, format);
	vsnprintf(error.text, sizeof(error.text), format, arguments);
	va_end(arguments);
	entry->file = strdup(file);
	entry->text = strdup(error.text);
	if (!entry->file || !entry->text) {
		free(entry->file);
		free(entry->text);
		findings->failed = true;
		return;
	}
	entry->order = order;
	entry->number = findings->count++;
	entry->finding = (struct tkt_finding){
		.is_warning = is_warning,
		.file = entry->file,
		.line = line,
		.text = entry->text,
	};
}

size_t tkt_findings_errors(const struct tkt_findings *findings)
{
	return findings->errors;
}

int tkt_findings_check(const struct tkt_findings *findings, struct tkt_error *error)
{
	return findings->failed ? tkt_error_set_memory(error) : 0;
}

static int compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

static void sort(struct tkt_findings *findings)
{
	if (findings->count)
		qsort(findings->entries, findings->count, sizeof(*findings->entries), compare);
}

int tkt_findings_refuse(struct tkt_findings *findings, struct tkt_error *error)
{
	size_t i;

	if (tkt_findings_check(findings, error))
		return -1;
	sort(findings);
	for (i = 0; i < findings->count; i++) {
		const struct tkt_finding *finding = &findings->entries[i].finding;

		if (!finding->is_warning)
			return tkt_error_set(error, TKT_ERROR_CONFIGURATION, "%s:%d: %s",
			    finding->file, finding->line, finding->text);
	}
	return 0;
}

void tkt_findings_each(struct tkt_findings *findings, tkt_finding_report *report, void *context)
{
	size_t i;

	sort(findings);
	for (i = 0; i < findings->count; i++)
		report(&findings->entries[i].finding, context);
}
