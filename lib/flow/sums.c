#include "flow/sums.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/source.h"

#include "base/banned.h"

#define HASH_LENGTH (TKT_SHA256_SIZE - 1)
#define GAP "  " /* between the two: the file is read as it is */

/* A line feed and a backslash in a name are escaped, and the line then begins with a backslash. */
void tkt_sums_add(struct tkt_text *sums, const char *sha256, const char *path)
{
	const char *at;

	tkt_text_format(sums, "%s%s" GAP, strpbrk(path, "\n\\") ? "\\" : "", sha256);
	for (at = path; *at; at++)
		if (*at == '\n')
			tkt_text_add(sums, "\\n");
		else if (*at == '\\')
			tkt_text_add(sums, "\\\\");
		else
			tkt_text_add_byte(sums, *at);
	tkt_text_add_byte(sums, '\n');
}

/* In place. */
static void unescape(char *path)
{
	char *to = path;

	for (; *path; path++, to++)
		if (*path == '\\' && path[1])
			*to = *++path == 'n' ? '\n' : *path;
		else
			*to = *path;
	*to = '\0';
}

/* One line, which is changed. */
static int visit_line(
    char *line, int number, tkt_sum_visit *visit, void *context, struct tkt_error *error)
{
	bool is_escaped = *line == '\\';
	char *hash = line + is_escaped;
	char *path = hash + HASH_LENGTH + strlen(GAP);

	if (strspn(hash, "0123456789abcdef") != HASH_LENGTH ||
	    strncmp(hash + HASH_LENGTH, GAP, strlen(GAP)) != 0)
		return tkt_error_set(error, TKT_ERROR_DATA, _("%s:%d: not a line of sha256sum"),
		    TKT_SUMS_FILE, number);
	hash[HASH_LENGTH] = '\0';
	if (is_escaped)
		unescape(path);
	if (path[0] == '/' || !tkt_source_may_read(path))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("%s:%d: '%s' is no path inside the backup"), TKT_SUMS_FILE, number, path);
	return visit(hash, path, context, error);
}

int tkt_sums_each(const char *folder, tkt_sum_visit *visit, void *context, struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(folder, TKT_SUMS_FILE);
	tkt_autotext text;
	char *line, *end;
	int number;

	tkt_text_init(&text, INT_MAX);
	if (!path)
		return tkt_error_set_memory(error);
	if (tkt_file_read(path, &text, error) || tkt_text_check(&text, error))
		return -1;
	for (line = text.bytes, number = 1; line && *line; line = end, number++) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		if (visit_line(line, number, visit, context, error))
			return -1;
	}
	return 0;
}

int tkt_sums_remove(const char *folder, struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(folder, TKT_SUMS_FILE);

	if (!path)
		return tkt_error_set_memory(error);
	return unlink(path) && errno != ENOENT
	    ? tkt_error_set_system(error, errno, _("cannot remove '%s'"), path)
	    : 0;
}
