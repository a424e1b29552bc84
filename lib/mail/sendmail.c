/* A command that takes a mail as sendmail(8) does; no shell on the way. */
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>

#include "base/child.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "mail/sender.h"

#include "base/banned.h"

enum {
	EXIT_NOT_RUNNABLE = 126, /* of a shell or env(1) in the command */
	EXIT_NOT_FOUND = 127,
};

struct command {
	char *text;   /* the desk's command, cut into words */
	char **words; /* into `text`; ended by NULL */
	size_t count;
	bool ignores_dots; /* it has '-i' already */
};

static int open_command(struct tkt_sender *sender, struct tkt_error *error)
{
	const char *text = sender->desk->transport.command;
	struct command *command = calloc(1, sizeof(*command));
	char **word;

	if (!command)
		return tkt_error_set_memory(error);
	sender->state = command;
	command->text = strdup(text ? text : "");
	command->words = command->text ? tkt_words_split(command->text) : NULL;
	if (!command->words)
		return tkt_error_set_memory(error);
	for (word = command->words; *word; word++, command->count++)
		if (tkt_text_equal(*word, "-i") || tkt_text_equal(*word, "-oi"))
			command->ignores_dots = true;
	if (command->count == 0)
		return tkt_error_set(
		    error, TKT_ERROR_CONFIGURATION, _("the sendmail transport needs a 'command'"));
	return 0;
}

static void close_command(struct tkt_sender *sender)
{
	struct command *command = sender->state;

	if (!command)
		return;
	free(command->words);
	free(command->text);
	free(command);
}

/* COMMAND... -i -f SENDER -- RECIPIENT...; the strings stay borrowed. NULL: memory is out. */
static char **new_arguments(const struct command *command, const struct tkt_dispatch *letter)
{
	size_t count = 0, used = 0, i;
	char **arguments;

	while (letter->recipients[count])
		count++;
	arguments = calloc(command->count + count + 5, sizeof(*arguments));
	if (!arguments)
		return NULL;
	for (i = 0; i < command->count; i++)
		arguments[used++] = command->words[i];
	if (!command->ignores_dots)
		arguments[used++] = (char *)"-i";
	arguments[used++] = (char *)"-f";
	arguments[used++] = (char *)(letter->from[0] ? letter->from : "<>");
	arguments[used++] = (char *)"--";
	for (i = 0; i < count; i++)
		arguments[used++] = (char *)letter->recipients[i];
	return arguments;
}

static enum tkt_error_kind kind_of_exit(int status)
{
	switch (status) {
	case EX_TEMPFAIL:
	case EX_OSERR:
	case EX_CANTCREAT:
	case EX_IOERR:
		return TKT_ERROR_TEMPORARY;
	case EX_NOPERM: /* msmtp: the login was refused */
	case EX_CONFIG:
	case EXIT_NOT_RUNNABLE:
	case EXIT_NOT_FOUND:
		return TKT_ERROR_CONFIGURATION;
	default:
		return TKT_ERROR_UNAVAILABLE;
	}
}

static int judge(const struct tkt_child *child, const char *name, bool complete,
    struct tkt_delivery *delivery, struct tkt_error *error)
{
	tkt_autotext said;

	tkt_text_init(&said, 4 * TKT_CHILD_SAID);
	tkt_mail_add_quoted(&said, child->said.bytes, child->said.length);
	if (said.length == 0)
		tkt_text_add(&said, _("it said nothing"));
	if (child->timed_out) {
		delivery->unknown = complete;
		return tkt_error_set(error, TKT_ERROR_TEMPORARY, _("'%s' did not end in time: %s"),
		    name, said.bytes);
	}
	if (!WIFEXITED(child->status)) {
		delivery->unknown = complete;
		return tkt_error_set(error, TKT_ERROR_TEMPORARY,
		    _("'%s' was ended by signal %d: %s"), name, WTERMSIG(child->status),
		    said.bytes);
	}
	if (WEXITSTATUS(child->status) != 0)
		return tkt_error_set(error, kind_of_exit(WEXITSTATUS(child->status)),
		    _("'%s' ended with status %d: %s"), name, WEXITSTATUS(child->status),
		    said.bytes);
	if (!complete) {
		delivery->unknown = true;
		return tkt_error_set(error, TKT_ERROR_TEMPORARY,
		    _("'%s' did not read the whole mail: %s"), name, said.bytes);
	}
	return 0;
}

static int send_by_command(struct tkt_sender *sender, const struct tkt_dispatch *letter,
    struct tkt_delivery *delivery, struct tkt_error *error)
{
	const struct command *command = sender->state;
	tkt_autofree char **arguments = new_arguments(command, letter);
	tkt_autotext mail;
	tkt_autochild child = { 0 };

	tkt_text_init(&mail, TKT_TEXT_LIMIT);
	tkt_mail_add_unix(&mail, letter->bytes, letter->length);
	if (!arguments)
		return tkt_error_set_memory(error);
	if (tkt_text_check(&mail, error) ||
	    tkt_child_run(&child, arguments, &mail, sender->timeout_seconds, error))
		return -1;
	return judge(&child, arguments[0], child.written == mail.length, delivery, error);
}

const struct tkt_transport_driver tkt_transport_sendmail = {
	.open = open_command,
	.send = send_by_command,
	.close = close_command,
};
