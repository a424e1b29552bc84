/*
 * Any bytes as NDJSON: the reader ends, each line is an object or a clear error, and a change among
 * them is checked and tried on a ticket.
 *
 * Seeds: what tkt-list and tkt-log print.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "json/change.h"
#include "json/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void try_change(json_t *object, const json_t *ticket)
{
	struct tkt_error error = { 0 };
	json_auto_t *after = NULL;

	if (!tkt_change_check(object, &error) && tkt_change_preview(object, ticket, &after, &error))
		abort();
}

static void fuzz(int file, const json_t *ticket)
{
	tkt_autoptr(stream) stream = NULL;
	struct tkt_error error = { 0 };
	struct tkt_line line;
	int got;

	if (tkt_stream_new(file, "stdin", &stream, &error))
		abort();
	while ((got = tkt_stream_next(stream, &line, &error)) != 0) {
		if (got == -1 || (got == -2 && error.kind != TKT_ERROR_DATA))
			abort();
		if (got > 0) {
			try_change(line.object, ticket);
			json_decref(line.object);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	json_auto_t *ticket = json_pack("{s:s,s:s,s:i}", "type", "ticket", "id", "SUP-1", "rev", 1);
	int file = memfd_create("lines", MFD_CLOEXEC);

	if (!ticket || file < 0 || write(file, bytes, length) != (ssize_t)length ||
	    lseek(file, 0, SEEK_SET))
		abort();
	fuzz(file, ticket);
	close(file);
	return 0;
}
