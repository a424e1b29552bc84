#include "desk/size.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"

#include "base/banned.h"

#define AMOUNT_MOST 1000000000

int tkt_size_parse(const char *value, int64_t *bytes, struct tkt_error *error)
{
	static const char units[] = "kMGT";
	size_t digits = strspn(value, "0123456789");
	const char *unit = value[digits] ? strchr(units, value[digits]) : NULL;
	int64_t amount;
	char text[16];
	int shift;

	snprintf(text, sizeof(text), "%.*s", digits < sizeof(text) ? (int)digits : 0, value);
	if (tkt_number_parse(text, &amount) || amount > AMOUNT_MOST ||
	    (value[digits] && (!unit || value[digits + 1])) ||
	    (unit && *unit == 'T' && amount > 1000))
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is no size: write 500k, 16M, 1G"), value);
	shift = unit ? 10 * (int)(unit - units + 1) : 0;
	*bytes = amount << shift;
	return 0;
}
