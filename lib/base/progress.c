#include "base/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/terminal.h"
#include "base/time.h"

#include "base/banned.h"

#define PATIENCE_MILLISECONDS 2000 /* before anything is shown */
#define PAUSE_MILLISECONDS 200     /* between two counts */

void tkt_progress_show(struct tkt_progress *progress, const char *program, int64_t done)
{
	int64_t now = tkt_monotonic_milliseconds();

	if (!progress->begun)
		progress->begun = now;
	if (now - progress->begun < PATIENCE_MILLISECONDS ||
	    now - progress->shown < PAUSE_MILLISECONDS || !tkt_terminal_is(STDERR_FILENO))
		return;
	progress->shown = now;
	progress->on_line = true;
	dprintf(STDERR_FILENO, "\r%s: %lld\033[K", program, (long long)done);
}

void tkt_progress_clear(struct tkt_progress *progress)
{
	if (progress->on_line)
		dprintf(STDERR_FILENO, "\r\033[K");
	progress->on_line = false;
}
