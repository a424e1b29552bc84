#include "desk/reading.h"

#include <errno.h>

#include "base/error.h"
#include "base/words.h"
#include "desk/conf.h"
#include "desk/finding.h"
#include "desk/mailbox.h"
#include "desk/policy.h"
#include "desk/scan.h"

#include "base/banned.h"

/* Each value alone is checked here. */
static int read_values(const char *path, const char *bytes, size_t length,
    struct tkt_reading **reading, struct tkt_error *error)
{
	tkt_autoptr(reading) made = calloc(1, sizeof(*made));

	if (!made)
		return tkt_error_set_memory(error);
	made->path = realpath(path, NULL);
	if (!made->path)
		return tkt_error_set_system(error, errno, _("cannot read the desk '%s'"), path);
	made->findings = tkt_findings_new();
	made->scan = made->findings ? tkt_scan_new(made->path, made->findings) : NULL;
	if (!made->scan)
		return tkt_error_set_memory(error);
	if (tkt_conf_new(
		made->scan, made->findings, "desk.conf", bytes, length, &made->conf, error))
		return -1;
	*reading = tkt_take(made);
	return 0;
}

int tkt_reading_new(const char *path, const char *bytes, size_t length,
    struct tkt_reading **reading, struct tkt_error *error)
{
	if (read_values(path, bytes, length, reading, error))
		return -1;
	tkt_policy_check((*reading)->conf);
	tkt_mailboxes_check((*reading)->conf);
	return 0;
}

int tkt_reading_stored(const char *path, const char *bytes, size_t length,
    struct tkt_reading **reading, struct tkt_error *error)
{
	tkt_autoptr(reading) made = NULL;

	if (read_values(path, bytes, length, &made, error) ||
	    tkt_findings_refuse(made->findings, error))
		return -1;
	*reading = tkt_take(made);
	return 0;
}

void tkt_reading_free(struct tkt_reading *reading)
{
	if (!reading)
		return;
	tkt_conf_free(reading->conf);
	tkt_scan_free(reading->scan);
	tkt_findings_free(reading->findings);
	free(reading->path);
	free(reading);
}
