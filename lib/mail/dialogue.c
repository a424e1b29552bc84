#include "mail/dialogue.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"

#include "base/banned.h"

void tkt_dialogue_init(
    struct tkt_dialogue *dialogue, const struct tkt_wire *wire, const char *protocol)
{
	dialogue->wire = *wire;
	dialogue->protocol = protocol;
	dialogue->left = dialogue->at = dialogue->end = 0;
}

int tkt_dialogue_say(
    struct tkt_dialogue *dialogue, const char *line, size_t allowed, struct tkt_error *error)
{
	tkt_autotext command;

	tkt_text_init(&command, TKT_DIALOGUE_BUFFER);
	tkt_text_format(&command, "%s\r\n", line);
	if (tkt_text_check(&command, error))
		return -1;
	dialogue->left = allowed;
	return dialogue->wire.send(dialogue->wire.context, command.bytes, command.length, error);
}

/* Receives more once all is read. */
static int fill(struct tkt_dialogue *dialogue, struct tkt_error *error)
{
	ssize_t count;

	if (dialogue->at < dialogue->end)
		return 0;
	if (!dialogue->left)
		return tkt_error_set(
		    error, TKT_ERROR_TEMPORARY, _("the server's answer does not come to its end"));
	count = dialogue->wire.receive(
	    dialogue->wire.context, dialogue->buffer, sizeof(dialogue->buffer), error);
	if (count < 0)
		return -1;
	if (count == 0)
		return tkt_error_set(
		    error, TKT_ERROR_TEMPORARY, _("the server has closed the connection"));
	dialogue->at = 0;
	dialogue->end = (size_t)count;
	dialogue->left -= dialogue->end < dialogue->left ? dialogue->end : dialogue->left;
	return 0;
}

int tkt_dialogue_peek(struct tkt_dialogue *dialogue, struct tkt_error *error)
{
	if (fill(dialogue, error))
		return -1;
	return (unsigned char)dialogue->buffer[dialogue->at];
}

int tkt_dialogue_byte(struct tkt_dialogue *dialogue, struct tkt_error *error)
{
	int byte = tkt_dialogue_peek(dialogue, error);

	if (byte >= 0)
		dialogue->at++;
	return byte;
}

int tkt_dialogue_bytes(
    struct tkt_dialogue *dialogue, uint64_t length, struct tkt_text *text, struct tkt_error *error)
{
	while (length > 0) {
		size_t here;

		if (fill(dialogue, error))
			return -1;
		here = dialogue->end - dialogue->at;
		if (here > length)
			here = (size_t)length;
		if (text)
			tkt_text_add_bytes(text, dialogue->buffer + dialogue->at, here);
		dialogue->at += here;
		length -= here;
	}
	return text ? tkt_text_check(text, error) : 0;
}

int tkt_dialogue_line(struct tkt_dialogue *dialogue, struct tkt_text *line, struct tkt_error *error)
{
	for (;;) {
		const char *from, *newline;
		size_t here, fits;

		if (fill(dialogue, error))
			return -1;
		from = dialogue->buffer + dialogue->at;
		newline = memchr(from, '\n', dialogue->end - dialogue->at);
		here = newline ? (size_t)(newline - from) : dialogue->end - dialogue->at;
		fits = line->limit - line->length;
		tkt_text_add_bytes(line, from, here < fits ? here : fits);
		dialogue->at += here + (newline != NULL);
		if (!newline)
			continue;
		if (line->length && line->bytes[line->length - 1] == '\r')
			tkt_text_truncate(line, line->length - 1);
		return line->out_of_memory ? tkt_error_set_memory(error) : 0;
	}
}

int tkt_dialogue_confused(const struct tkt_dialogue *dialogue, struct tkt_error *error)
{
	return tkt_error_set(
	    error, TKT_ERROR_TEMPORARY, _("what the server answers is no %s"), dialogue->protocol);
}
