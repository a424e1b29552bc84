#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/words.h"

#include "base/banned.h"

/* Formats into `out`; what does not fit is cut at the start of a UTF-8 character. */
static void format_cut(char *out, size_t size, const char *format, va_list arguments)
{
	int wanted = vsnprintf(out, size, format, arguments);
	size_t end;

	if (wanted < 0)
		out[0] = '\0';
	if (wanted < (int)size)
		return;
	end = size - 1;
	while (end > 0 && ((unsigned char)out[end - 1] & 0xC0) == 0x80)
		end--;
	if (end > 0 && (unsigned char)out[end - 1] >= 0xC0)
		end--; /* its lead byte: the character may be incomplete */
	else
		end = size - 1;
	out[end] = '\0';
}

int tkt_error_set(struct tkt_error *error, enum tkt_error_kind kind, const char *format, ...)
{
	char text[sizeof(error->text)]; /* the arguments may be parts of error->text */
	va_list arguments;

	va_start(arguments, format);
	format_cut(text, sizeof(text), format, arguments);
	va_end(arguments);
	error->kind = kind;
	memcpy(error->text, text, strlen(text) + 1);
	return -1;
}

static enum tkt_error_kind kind_of_code(int code)
{
	switch (code) {
	case ENOENT:
	case ENOTDIR:
		return TKT_ERROR_NO_INPUT;
	case EACCES:
	case EPERM:
	case EROFS:
		return TKT_ERROR_PERMISSION;
	case ENOSPC:
	case EDQUOT:
	case ENOMEM:
	case EAGAIN:
	case EMFILE:
	case ENFILE:
	case EINTR:
		return TKT_ERROR_TEMPORARY;
	default:
		return TKT_ERROR_IO;
	}
}

int tkt_error_set_system(struct tkt_error *error, int code, const char *format, ...)
{
	char text[sizeof(error->text) / 2]; /* the reason, which comes last, is never cut off */
	va_list arguments;

	va_start(arguments, format);
	format_cut(text, sizeof(text), format, arguments);
	va_end(arguments);
	return tkt_error_set(error, kind_of_code(code), "%s: %s", text, strerror(code));
}

int tkt_error_set_memory(struct tkt_error *error)
{
	return tkt_error_set(error, TKT_ERROR_TEMPORARY, "%s", _("out of memory"));
}

int tkt_error_prefix(struct tkt_error *error, const char *format, ...)
{
	char text[sizeof(error->text) / 2];
	va_list arguments;

	va_start(arguments, format);
	format_cut(text, sizeof(text), format, arguments);
	va_end(arguments);
	return tkt_error_set(error, error->kind, "%s: %s", text, error->text);
}

int tkt_exit_status(enum tkt_error_kind kind)
{
	switch (kind) {
	case TKT_ERROR_NONE:
		return EX_OK;
	case TKT_ERROR_NO:
	case TKT_ERROR_NOT_FOUND:
		return 1;
	case TKT_ERROR_USAGE:
		return EX_USAGE;
	case TKT_ERROR_DATA:
		return EX_DATAERR;
	case TKT_ERROR_NO_INPUT:
		return EX_NOINPUT;
	case TKT_ERROR_UNAVAILABLE:
		return EX_UNAVAILABLE;
	case TKT_ERROR_BUG:
		return EX_SOFTWARE;
	case TKT_ERROR_IO:
		return EX_IOERR;
	case TKT_ERROR_TEMPORARY:
		return EX_TEMPFAIL;
	case TKT_ERROR_PERMISSION:
		return EX_NOPERM;
	case TKT_ERROR_CONFIGURATION:
		return EX_CONFIG;
	}
	return EX_SOFTWARE;
}

enum tkt_error_kind tkt_error_worse(enum tkt_error_kind before, enum tkt_error_kind next)
{
	if (next == TKT_ERROR_NONE)
		return before;
	return before == TKT_ERROR_NONE || before == TKT_ERROR_NO || next == TKT_ERROR_TEMPORARY
	    ? next
	    : before;
}
