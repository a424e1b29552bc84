#include "flow/tell_taken.h"

#include <syslog.h>

#include "base/program.h"
#include "flow/take_in.h"
#include "json/field.h"
#include "json/stream.h"

#include "base/banned.h"

static const char *text_or(const json_t *object, const char *name, const char *otherwise)
{
	const char *text = tkt_object_text(object, name);

	return text ? text : otherwise;
}

void tkt_taken_log(const struct tkt_taken *taken)
{
	const json_t *letter = taken->letter;

	syslog(LOG_INFO, "%s: from=<%s>, to=<%s>, message-id=<%s>, size=%lld, status=%s (%s)",
	    text_or(letter, "ticket", "-"), text_or(letter, "sender", ""),
	    text_or(letter, "recipient", ""), text_or(letter, "message_id", ""),
	    (long long)json_integer_value(json_object_get(letter, "size")),
	    text_or(letter, "fate", "?"), text_or(letter, "reason", "taken in"));
}

int tkt_taken_print(
    struct tkt_command *command, const struct tkt_taken *taken, struct tkt_error *error)
{
	if (command->quiet)
		return 0;
	if (taken->applied.ticket)
		tkt_object_write(&command->out,
		    taken->answer.ticket ? taken->answer.ticket : taken->applied.ticket);
	if (taken->applied.message)
		tkt_object_write(&command->out, taken->applied.message);
	return tkt_command_flush_full(command, error) < 0 ? -1 : 0;
}
