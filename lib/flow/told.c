#include "flow/told.h"

#include <string.h>

#include "base/program.h"
#include "flow/notice.h"

#include "base/banned.h"

int tkt_apply_told(struct tkt_session *session, const json_t *change,
    const struct tkt_apply_manner *manner, struct tkt_applied *applied, struct tkt_text *complaints,
    struct tkt_error *error)
{
	if (tkt_apply_change(session, change, manner, applied, error))
		return -1;
	if (!applied->event || json_object_get(change, "action")) /* an action tells by itself */
		return 0;
	return tkt_notices_add(session, change, applied->ticket, complaints, error);
}

void tkt_complain(struct tkt_command *command, const struct tkt_text *complaints)
{
	const char *line;
	size_t length;

	for (line = complaints->bytes; *line; line += length + 1) {
		length = strcspn(line, "\n");
		tkt_command_warn(command, "%.*s", (int)length, line);
	}
}
