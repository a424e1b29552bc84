#include "desk/check.h"

#include <string.h>

#include "base/error.h"
#include "base/words.h"

#include "base/banned.h"

int tkt_check_member(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	const char *name = strncmp(value, "group:", 6) ? value : value + 6;

	if (!tkt_check_name(setting, name, error))
		return 0;
	return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
	    _("'%s' is no member: the name of an agent, or group:NAME"), value);
}
