#include "flow/room.h"

#include <errno.h>
#include <sys/statvfs.h>

#include "base/error.h"
#include "base/words.h"
#include "desk/desk.h"
#include "flow/session.h"

#include "base/banned.h"

int tkt_room_free(const char *folder, int64_t *bytes, struct tkt_error *error)
{
	struct statvfs system;

	if (statvfs(folder, &system))
		return tkt_error_set_system(error, errno, _("cannot look at '%s'"), folder);
	*bytes = (int64_t)system.f_bavail * (int64_t)system.f_frsize;
	return 0;
}

int tkt_room_check(const struct tkt_session *session, struct tkt_error *error)
{
	const struct tkt_desk *desk = session->desk;
	int64_t bytes;

	if (tkt_room_free(desk->path, &bytes, error))
		return -1;
	if (bytes >= desk->min_free_bytes)
		return 0;
	return tkt_error_set(error, TKT_ERROR_TEMPORARY,
	    _("the disk of '%s' is nearly full: %lld bytes are free, less than min_free in desk.conf"),
	    desk->path, (long long)bytes);
}
