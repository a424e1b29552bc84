/* tkt-mime: any mail to a message object. Needs no desk. */
#include <string.h>

#include "base/file.h"
#include "base/program.h"
#include "mail/parse.h"
#include "json/output.h"

static struct {
	struct tkt_strings languages;
	const char *fields;  /* borrowed from argv; NULL without --output */
	const char *extract; /* the same, of --extract */
} wanted;

static const struct tkt_option options[] = {
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("show these fields, separated by commas")),
	TKT_OPTION_TEXT('x', "extract", N_("DIR"), &wanted.extract,
	    N_("write each attachment to DIR, named by its SHA-256")),
	TKT_OPTION_LIST('l', "language", N_("LANGUAGE"), &wanted.languages,
	    N_("expect this language in text without charset: ru, zh ...")),
	TKT_OPTION_END,
};

static int extract(const struct tkt_mail *mail, struct tkt_error *error)
{
	for (size_t i = 0; i < mail->part_count; i++)
		if (tkt_file_write_durable(wanted.extract, mail->parts[i].sha256,
			mail->parts[i].bytes, mail->parts[i].size, 0666, error))
			return -1;
	return 0;
}

/* Reads one mail and prints its object; `path` stands before an error and a warning. */
static int print_mail(struct tkt_command *command, struct tkt_output *output, const char *path,
    const char *const *languages, struct tkt_error *error)
{
	const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
	tkt_autoptr(mail) mail = NULL;
	tkt_autotext bytes;

	tkt_text_init(&bytes, TKT_TEXT_LIMIT);
	if (tkt_file_read(path, &bytes, error))
		return -1;
	if (tkt_mail_parse(bytes.bytes, bytes.length, languages, NULL, &mail, error))
		return tkt_error_prefix(error, "%s", name);
	if (mail->trouble)
		tkt_command_warn(command, "%s: %s", name, _(mail->trouble));
	if (wanted.extract && extract(mail, error))
		return -1;
	if (tkt_output_object(output, mail->message, error))
		return -1;
	return tkt_command_flush_full(command, error);
}

static int print_all(struct tkt_command *command, struct tkt_output *output,
    const char *const *languages, struct tkt_error *error)
{
	static char *standard_input[] = { "-", NULL };
	char **paths = command->operand_count ? command->operands : standard_input;

	for (; *paths; paths++) {
		if (!print_mail(command, output, *paths, languages, error))
			continue;
		if (error->kind == TKT_ERROR_IO) /* the same for all that would follow */
			return -1;
		tkt_command_report(command, error);
	}
	return 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(output) output = NULL;
	tkt_autofree const char **languages = calloc(wanted.languages.count + 1, sizeof *languages);

	if (!languages)
		return tkt_error_set_memory(error);
	for (size_t i = 0; i < wanted.languages.count; i++)
		languages[i] = wanted.languages.items[i];
	if (tkt_output_new(command, &tkt_message_fields, wanted.fields, &output, error))
		return -1;
	return print_all(command, output, languages, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-mime",
	.synopsis = "[-o FIELDS] [-l LANGUAGE]... [-x DIR] [FILE...]",
	.summary = N_("Print any mail as a message object."),
	.operands = N_("FILE"),
	.exit_statuses = "0 64 65 66 70 74 75 77",
	.options = options,
	.run = run,
};
