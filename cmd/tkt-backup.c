/* tkt-backup: copy a desk while it works; is a backup, or a desk, whole? */
#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/utf8.h"
#include "flow/backup.h"
#include "flow/folder.h"
#include "json/field.h"
#include "json/output.h"

static struct {
	const char *fields;
	bool keys, verify;
} wanted;

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG('k', "keys", &wanted.keys, N_("back up keys/, the secrets, too")),
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("the columns to print: path,tickets,bytes")),
	TKT_OPTION_FLAG('V', "verify", &wanted.verify,
	    N_("look at backups, or at the desk, instead; write nothing")),
	TKT_OPTION_END,
};

static int print(struct tkt_command *command, struct tkt_output *output,
    const struct tkt_backup *backup, struct tkt_error *error)
{
	json_auto_t *object = NULL;

	if (tkt_backup_object(backup, &object, error) || tkt_output_object(output, object, error))
		return -1;
	return tkt_command_flush(command, error) < 0 ? -1 : 0;
}

/* One of several that cannot be looked at does not keep the others from it. */
static int verify(struct tkt_command *command, const char *folder, struct tkt_output *output,
    struct tkt_error *error)
{
	struct tkt_error said = { 0 };
	struct tkt_backup backup;

	if (!tkt_backup_verify(command, folder, &backup, &said))
		return print(command, output, &backup, error);
	tkt_command_report(command, &said);
	return 0;
}

static int verify_all(
    struct tkt_command *command, struct tkt_output *output, struct tkt_error *error)
{
	const char *desk;
	size_t i;

	for (i = 0; i < command->operand_count; i++)
		if (verify(command, command->operands[i], output, error))
			return -1;
	if (command->operand_count)
		return 0;
	desk = tkt_folder_find(command, error);
	return desk ? verify(command, desk, output, error) : -1;
}

static int make(struct tkt_command *command, struct tkt_output *output, struct tkt_error *error)
{
	const char *target = command->operands[0];
	struct tkt_backup backup;
	const char *desk = tkt_folder_find(command, error);

	if (!desk)
		return -1;
	if (tkt_backup_make(command, desk, target, wanted.keys, &backup, error))
		return -1;
	return print(command, output, &backup, error);
}

static int check_options(const struct tkt_command *command, struct tkt_error *error)
{
	size_t i;

	if (wanted.verify && wanted.keys)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("give either --keys or --verify"));
	if (!wanted.verify && command->operand_count != 1)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("give one folder, which the backup is to be"));
	for (i = 0; i < command->operand_count; i++)
		if (!tkt_utf8_is_valid(command->operands[i], strlen(command->operands[i])))
			return tkt_error_set(error, TKT_ERROR_USAGE,
			    _("the name '%s' is not UTF-8"), command->operands[i]);
	return 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(output) output = NULL;

	if (check_options(command, error) ||
	    tkt_output_new(command, &tkt_backup_fields, wanted.fields, &output, error))
		return -1;
	return wanted.verify ? verify_all(command, output, error) : make(command, output, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-backup",
	.synopsis = "[-k] [-o FIELDS] DIR | -V [-o FIELDS] [DIR...]",
	.summary = N_("Copy a desk while it works."),
	.operands = N_("DIR"),
	.exit_statuses = "0 64 65 66 70 74 75 77 78",
	.options = options,
	.run = run,
};
