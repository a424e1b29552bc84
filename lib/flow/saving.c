#include "flow/saving.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/program.h"
#include "flow/attachment.h"
#include "flow/session.h"

#include "base/banned.h"

void tkt_saving_clear(struct tkt_saving *saving)
{
	if (saving->folder >= 0)
		close(saving->folder);
}

int tkt_saving_open(struct tkt_saving *saving, const char *path, struct tkt_error *error)
{
	if (mkdir(path, 0777) && errno != EEXIST)
		return tkt_error_set_system(error, errno, _("cannot make '%s'"), path);
	saving->path = path;
	saving->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (saving->folder < 0)
		return tkt_error_set_system(error, errno, _("cannot open '%s'"), path);
	return 0;
}

static int save_one(const struct tkt_saving *saving, struct tkt_session *session,
    const json_t *attachment, size_t number, struct tkt_error *error)
{
	const bool has_slash = saving->path[strlen(saving->path) - 1] == '/';
	struct tkt_command *command = session->command;
	tkt_autotext chosen;

	tkt_text_init(&chosen, TKT_TEXT_LIMIT);
	if (tkt_attachment_save(session, attachment, number, saving->folder, &chosen, error))
		return -1;
	if (command->quiet)
		return 0;
	tkt_text_format(
	    &command->out, "%s%s%s\n", saving->path, has_slash ? "" : "/", chosen.bytes);
	return tkt_text_check(&command->out, error);
}

int tkt_saving_message(const struct tkt_saving *saving, struct tkt_session *session,
    const json_t *message, size_t count, struct tkt_error *error)
{
	const json_t *attachment;
	size_t at;

	json_array_foreach(json_object_get(message, "attachments"), at, attachment) {
		const char *why = saving->with_aside ? NULL : tkt_attachment_aside(attachment);
		struct tkt_error failure = { 0 };

		if (why) {
			tkt_command_warn(session->command,
			    _("attachment %zu is set aside: %s; --aside saves it too"),
			    count + at + 1, why);
			continue;
		}
		if (!save_one(saving, session, attachment, count + at + 1, &failure))
			continue;
		if (failure.kind != TKT_ERROR_DATA) {
			*error = failure;
			return -1;
		}
		tkt_command_report(session->command, &failure);
	}
	return 0;
}
