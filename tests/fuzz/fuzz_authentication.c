/*
 * Any bytes as an Authentication-Results field: nothing is proven by a host that it does not name,
 * nor without a word of success.
 *
 * Seeds: values of such fields, of the host mx.example.org about example.com.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mail/authentication.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const char *const domains[] = { "example.com", "a.example.com", "com", "" };
	char *value = strndup((const char *)bytes, length);
	size_t i;

	require(value != NULL);
	for (i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
		enum tkt_authentication_verdict verdict =
		    tkt_authentication_judge(value, "mx.example.org", domains[i]);

		if (verdict == TKT_AUTHENTICATION_PROVEN)
			require(*domains[i] && strcasestr(value, "pass"));
		if (verdict == TKT_AUTHENTICATION_DENIED)
			require(strcasestr(value, "fail"));
		if (verdict != TKT_AUTHENTICATION_SILENT)
			require(tkt_authentication_judge(value, "mx.example.net", domains[i]) ==
			    TKT_AUTHENTICATION_SILENT);
	}
	free(value);
	return 0;
}
