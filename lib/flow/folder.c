#include "flow/folder.h"

#include <unistd.h>

#include "base/program.h"

#include "base/banned.h"

const char *tkt_folder_find(const struct tkt_command *command, struct tkt_error *error)
{
	if (!tkt_text_is_empty(command->desk))
		return command->desk;
	if (!access("desk.conf", F_OK))
		return ".";
	tkt_error_set(error, TKT_ERROR_NO_INPUT,
	    _("no desk is named and the current folder is none; give --desk DIR or set TKT_DESK"));
	return NULL;
}
