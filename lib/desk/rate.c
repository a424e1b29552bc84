#include "desk/rate.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"

#include "base/banned.h"

#define WINDOW_MOST (30 * 86400)
#define COUNT_MOST 1000000

int tkt_rate_parse(const char *value, struct tkt_rate *rate, struct tkt_error *error)
{
	const char *slash = strchr(value, '/');
	struct tkt_rate made = { 0 };
	struct tkt_length length;
	char count[16];

	if (tkt_text_equal(value, "none")) {
		*rate = made;
		return 0;
	}
	snprintf(count, sizeof(count), "%.*s", slash ? (int)(slash - value) : 0, value);
	if (!slash || tkt_number_parse(count, &made.count) || made.count < 1 ||
	    made.count > COUNT_MOST || tkt_length_parse(slash + 1, &length, error) ||
	    tkt_length_seconds(&length, &made.window_seconds, error) || made.window_seconds < 1 ||
	    made.window_seconds > WINDOW_MOST)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is no rate: write 10/1h for ten an hour, or none"), value);
	*rate = made;
	return 0;
}
