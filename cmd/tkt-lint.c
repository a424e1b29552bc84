/* tkt-lint: check desk.conf, the templates and the holiday lists of a desk. */
#include "base/json_writer.h"
#include "base/program.h"
#include "base/utf8.h"
#include "flow/lint.h"

#include "base/banned.h"

static void add_object(
    struct tkt_text *out, const struct tkt_finding *finding, const char *level, const char *text)
{
	tkt_json_begin(out, '{');
	tkt_json_member_text(out, "type", "finding");
	tkt_json_member_text(out, "level", level);
	tkt_json_member_text(out, "file", finding->file);
	tkt_json_member_integer(out, "line", finding->line);
	tkt_json_member_text(out, "text", text);
	tkt_json_end(out, '}');
}

/* A terminal gets what compilers print, so that editors jump to the place. */
static void show(const struct tkt_finding *finding, void *context)
{
	struct tkt_command *command = context;
	const char *level = finding->is_warning ? N_("warning") : N_("error");
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	if (command->quiet)
		return;
	if (command->format == TKT_FORMAT_TABLE)
		tkt_utf8_terminal(&text, finding->text, strlen(finding->text), TKT_UTF8_ONE_LINE);
	else
		tkt_utf8_repair(&text, finding->text, strlen(finding->text));
	if (command->format == TKT_FORMAT_JSON) {
		add_object(&command->out, finding, level, text.bytes);
	} else if (command->format == TKT_FORMAT_TABLE) {
		tkt_text_format(&command->out, "%s:%d: %s: %s", finding->file, finding->line,
		    _(level), text.bytes);
	} else if (command->format == TKT_FORMAT_CSV) {
		tkt_text_format(&command->out, "%s,", level);
		tkt_text_add_csv(&command->out, finding->file, strlen(finding->file));
		tkt_text_format(&command->out, ",%d,", finding->line);
		tkt_text_add_csv(&command->out, text.bytes, text.length);
	} else {
		tkt_text_format(&command->out, "%s\t", level);
		tkt_text_add_tsv(&command->out, finding->file, strlen(finding->file));
		tkt_text_format(&command->out, "\t%d\t", finding->line);
		tkt_text_add_tsv(&command->out, text.bytes, text.length);
	}
	tkt_text_add_byte(&command->out, '\n');
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	const char *path = ".";
	int errors;

	if (command->operand_count > 1)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("give one desk"));
	if (command->operand_count)
		path = command->operands[0];
	else if (!tkt_text_is_empty(command->desk))
		path = command->desk;
	if (command->format == TKT_FORMAT_CSV && !command->quiet)
		tkt_text_add(&command->out, "level,file,line,text\n");
	errors = tkt_lint(command, path, show, command, error);
	if (errors < 0 || tkt_command_flush(command, error) < 0)
		return -1;
	if (errors)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    ngettext("%d error in '%s'", "%d errors in '%s'", (unsigned long)errors),
		    errors, path);
	return 0;
}

const struct tkt_program tkt_program = {
	.name = "tkt-lint",
	.synopsis = "[DESK]",
	.summary = N_("Check desk.conf, the templates and the holiday lists of a desk."),
	.operands = N_("DESK"),
	.exit_statuses = "0 64 66 70 74 75 77 78",
	.run = run,
};
