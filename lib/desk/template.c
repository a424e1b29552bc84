#include "desk/template.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/words.h"
#include "desk/desk.h"

#include "base/banned.h"

struct tkt_template {
	struct tkt_template *next;
	char *name, *language; /* as they were asked for */
	char *path;            /* where it was found */
	struct tkt_text text;
};

/* A template while it is rendered. */
struct page {
	const char *bytes;
	size_t length, at;
	int line;
	tkt_template_value *value;
	void *context;
};

/* {{ name }}, at its first brace: adds the value. */
static int add_value(struct page *page, struct tkt_text *out, struct tkt_error *error)
{
	const char *start = page->bytes + page->at + 2;
	const char *end = memmem(start, page->length - page->at - 2, "}}", 2);
	const char *line_end = memchr(start, '\n', page->length - page->at - 2), *value;
	tkt_autofree char *name = NULL;

	if (!end || (line_end && line_end < end))
		return tkt_error_set(
		    error, TKT_ERROR_CONFIGURATION, _("'{{' is not closed on its line"));
	page->at = (size_t)(end + 2 - page->bytes);
	for (; start < end && *start == ' '; start++)
		;
	for (; end > start && end[-1] == ' '; end--)
		;
	name = strndup(start, (size_t)(end - start));
	if (!name)
		return tkt_error_set_memory(error);
	value = page->value(name, page->context);
	if (!value)
		return tkt_error_set(
		    error, TKT_ERROR_CONFIGURATION, _("there is no variable '%s'"), name);
	tkt_text_add(out, value);
	return 0;
}

/* Adds the page up to `end`, values in place of their names; what a value holds stands as it is. */
static int add_until(struct page *page, size_t end, struct tkt_text *out, struct tkt_error *error)
{
	while (page->at < end) {
		const char *at = page->bytes + page->at;

		if (at[0] == '{' && page->at + 1 < end && at[1] == '{') {
			if (add_value(page, out, error))
				return -1;
			continue;
		}
		page->line += *at == '\n';
		if (*at != '\r')
			tkt_text_add_byte(out, *at);
		page->at++;
	}
	return 0;
}

/* A header is one line, whatever its values hold. */
static void make_one_line(struct tkt_text *text)
{
	size_t i;

	for (i = 0; i < text->length; i++)
		if ((unsigned char)text->bytes[i] < ' ' || text->bytes[i] == 127)
			text->bytes[i] = ' ';
}

static int fill_subject(struct page *page, struct tkt_text *subject, struct tkt_error *error)
{
	static const char header[] = "Subject:";
	const char *end = memchr(page->bytes, '\n', page->length);

	if (!end || page->length < sizeof(header) ||
	    strncasecmp(page->bytes, header, sizeof(header) - 1))
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("a template begins with 'Subject: ...' and a blank line"));
	page->at = sizeof(header) - 1;
	page->at += strspn(page->bytes + page->at, " \t");
	if (add_until(page, (size_t)(end - page->bytes), subject, error))
		return -1;
	make_one_line(subject);
	page->at = (size_t)(end + 1 - page->bytes);
	page->line = 2;
	if (page->at < page->length && page->bytes[page->at] == '\r')
		page->at++;
	if (page->at < page->length && page->bytes[page->at] != '\n')
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("a blank line must stand between the subject and the text"));
	page->at += page->at < page->length;
	page->line = 3;
	return 0;
}

int tkt_template_fill(const char *bytes, size_t length, tkt_template_value *value, void *context,
    struct tkt_text *subject, struct tkt_text *body, int *line, struct tkt_error *error)
{
	struct page page = { bytes, length, 0, 1, value, context };
	tkt_autotext made_subject;
	tkt_autotext made_body;

	tkt_text_init(&made_subject, TKT_TEMPLATE_LIMIT);
	tkt_text_init(&made_body, TKT_TEMPLATE_LIMIT);
	if (fill_subject(&page, &made_subject, error) ||
	    add_until(&page, length, &made_body, error) || tkt_text_check(&made_subject, error) ||
	    tkt_text_check(&made_body, error)) {
		*line = page.line;
		if (error->kind == TKT_ERROR_DATA)
			error->kind = TKT_ERROR_CONFIGURATION;
		return -1;
	}
	tkt_text_add_bytes(subject, made_subject.bytes, made_subject.length);
	tkt_text_add_bytes(body, made_body.bytes, made_body.length);
	return 0;
}

bool tkt_template_is_name(const char *name)
{
	return *name && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-")];
}

static void template_free(struct tkt_template *template)
{
	free(template->name);
	free(template->language);
	free(template->path);
	tkt_text_clear(&template->text);
	free(template);
}

void tkt_templates_free(struct tkt_template *templates)
{
	while (templates) {
		struct tkt_template *next = templates->next;

		template_free(templates);
		templates = next;
	}
}

/* Reads folder/templates/NAME.LANG into an empty template. 1; 0: there is none. */
static int load(const char *folder, const char *name, const char *language,
    struct tkt_template *template, struct tkt_error *error)
{
	tkt_autofree char *path = NULL;

	if (asprintf(&path, "%s/templates/%s.%s", folder, name, language) < 0) {
		path = NULL;
		return tkt_error_set_memory(error);
	}
	if (tkt_file_read(path, &template->text, error)) {
		if (error->kind != TKT_ERROR_NO_INPUT)
			return -1;
		*error = (struct tkt_error){ 0 };
		return 0;
	}
	template->path = tkt_take(path);
	return 1;
}

/* Reads the one that is nearest: the desk's own, in that language; then in its first one. */
static int read_nearest(const struct tkt_desk *desk, const char *datadir,
    struct tkt_template *template, struct tkt_error *error)
{
	const char *const languages[] = { template->language, desk->languages[0] };
	const char *const folders[] = { desk->path, datadir };
	size_t i;

	for (i = 0; i < 4; i++) {
		int found;

		if (!tkt_template_is_name(template->name) ||
		    !tkt_template_is_name(languages[i / 2]))
			continue;
		found = load(folders[i % 2], template->name, languages[i / 2], template, error);
		if (found)
			return found < 0 ? -1 : 0;
	}
	return tkt_error_set(error, TKT_ERROR_CONFIGURATION, _("there is no template '%s' in '%s'"),
	    template->name, template->language);
}

/* One of the list, or read and put before it. */
static int find(const struct tkt_desk *desk, const char *datadir, struct tkt_template **templates,
    const char *name, const char *language, const struct tkt_template **found,
    struct tkt_error *error)
{
	struct tkt_template *made;

	for (made = *templates; made; made = made->next) {
		if (!strcmp(made->name, name) && !strcmp(made->language, language)) {
			*found = made;
			return 0;
		}
	}
	made = calloc(1, sizeof(*made));
	if (!made)
		return tkt_error_set_memory(error);
	tkt_text_init(&made->text, TKT_TEMPLATE_LIMIT);
	if (tkt_text_keep(&made->name, name, error) ||
	    tkt_text_keep(&made->language, language, error) ||
	    read_nearest(desk, datadir, made, error)) {
		template_free(made);
		return -1;
	}
	made->next = *templates;
	*templates = made;
	*found = made;
	return 0;
}

int tkt_template_render(const struct tkt_desk *desk, const char *datadir,
    struct tkt_template **templates, const char *name, const char *language,
    tkt_template_value *value, void *context, struct tkt_text *subject, struct tkt_text *body,
    struct tkt_error *error)
{
	const struct tkt_template *template = NULL;
	int line = 1;

	if (find(desk, datadir, templates, name, language ? language : desk->languages[0],
		&template, error))
		return -1;
	if (tkt_template_fill(template->text.bytes, template->text.length, value, context, subject,
		body, &line, error)) {
		size_t below = strlen(desk->path);
		const char *path = template->path;
		const char *shown = !strncmp(path, desk->path, below) && path[below] == '/'
		    ? path + below + 1
		    : path;

		return tkt_error_prefix(error, "%s:%d", shown, line);
	}
	return 0;
}
