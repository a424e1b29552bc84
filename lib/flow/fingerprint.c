#include "flow/fingerprint.h"

#include <nettle/sha2.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/sha256.h"

#include "base/banned.h"

static const char *const trace_fields[] = { "Received", "Return-Path", "Delivered-To",
	"X-Original-To", "Envelope-To", "Delivery-date", "X-Envelope-To", "X-Envelope-From",
	"Authentication-Results", "ARC-Seal", "ARC-Message-Signature",
	"ARC-Authentication-Results" };

static bool is_trace_field(const char *line, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(trace_fields) / sizeof(trace_fields[0]); i++) {
		size_t name = strlen(trace_fields[i]);

		if (length > name && line[name] == ':' && !strncasecmp(line, trace_fields[i], name))
			return true;
	}
	/* mbox's separator names the hour of the delivery */
	return length > 5 && !strncmp(line, "From ", 5);
}

void tkt_letter_fingerprint(const char *bytes, size_t length, char sha256[65])
{
	bool in_header = true, skipping = false;
	uint8_t digest[SHA256_DIGEST_SIZE];
	const char *end = bytes + length;
	struct sha256_ctx context;

	sha256_init(&context);
	while (bytes < end) {
		const char *next = memchr(bytes, '\n', (size_t)(end - bytes));
		size_t line = (size_t)((next ? next : end) - bytes);

		next = next ? next + 1 : end;
		if (line && bytes[line - 1] == '\r')
			line--;
		if (in_header && !line)
			in_header = skipping = false;
		else if (in_header && *bytes != ' ' && *bytes != '\t')
			skipping = is_trace_field(bytes, line);
		if (!skipping) {
			sha256_update(&context, line, (const uint8_t *)bytes);
			sha256_update(&context, 1, (const uint8_t *)"\n");
		}
		bytes = next;
	}
	sha256_digest(&context, sizeof(digest), digest);
	tkt_hex(digest, sizeof(digest), sha256);
}
