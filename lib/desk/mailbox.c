#include "desk/mailbox.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/time.h"
#include "base/words.h"
#include "desk/conf.h"
#include "desk/desk.h"

#include "base/banned.h"

#define MOVE "move "

static bool is_pop3(const char *url)
{
	return !strncmp(url, "pop3", 4);
}

static enum tkt_fetch_after after_of(const char *word)
{
	if (!strncmp(word, MOVE, strlen(MOVE)))
		return TKT_FETCH_MOVE;
	if (tkt_text_equal(word, "delete"))
		return TKT_FETCH_DELETE;
	return tkt_text_equal(word, "keep") ? TKT_FETCH_KEEP : TKT_FETCH_FLAG;
}

static void check_needed(
    const struct tkt_conf *conf, const struct tkt_conf_section *section, const char *option)
{
	if (!tkt_conf_get(conf, section->handle, option))
		tkt_conf_report(
		    conf, section->line, false, _("fetch '%s' needs '%s'"), section->title, option);
}

/* A POP3 server knows no flags and no folders, and an IMAP server needs no letter to be kept as
 * unseen. */
static void check_after(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *value = tkt_conf_get(conf, section->handle, "after");
	bool pop3 = is_pop3(tkt_conf_text(conf, section->handle, "url", ""));
	enum tkt_fetch_after after;

	if (!value) {
		if (pop3)
			check_needed(conf, section, "after");
		return;
	}
	after = after_of(value->text);
	if (pop3 && after != TKT_FETCH_DELETE && after != TKT_FETCH_KEEP)
		tkt_conf_report(conf, value->line, false,
		    _("'%s' cannot be '%s' with POP3: delete or keep"), "after", value->text);
	if (!pop3 && after == TKT_FETCH_KEEP)
		tkt_conf_report(conf, value->line, false,
		    _("'%s' cannot be '%s' with IMAP: flag, delete or move FOLDER"), "after",
		    value->text);
}

void tkt_mailboxes_check(const struct tkt_conf *conf)
{
	size_t i;

	for (i = 0; i < conf->section_count; i++) {
		if (!tkt_text_equal(conf->sections[i].kind, "fetch"))
			continue;
		check_needed(conf, &conf->sections[i], "url");
		check_needed(conf, &conf->sections[i], "user");
		check_after(conf, &conf->sections[i]);
	}
}

static int make_ca_file(
    const char *folder, const char *path, struct tkt_mailbox *mailbox, struct tkt_error *error)
{
	if (!path || *path == '/')
		return tkt_text_keep(&mailbox->ca_file, path, error);
	mailbox->ca_file = tkt_path_join(folder, path);
	return mailbox->ca_file ? 0 : tkt_error_set_memory(error);
}

static int make(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    const char *folder, struct tkt_mailbox *mailbox, struct tkt_error *error)
{
	const struct tkt_conf_range *handle = section->handle;
	const char *after = tkt_conf_text(conf, handle, "after", "flag");

	if (tkt_text_keep(&mailbox->name, section->title, error) ||
	    tkt_text_keep(&mailbox->url, tkt_conf_text(conf, handle, "url", ""), error) ||
	    tkt_text_keep(&mailbox->user, tkt_conf_text(conf, handle, "user", ""), error) ||
	    tkt_text_keep(
		&mailbox->recipient, tkt_conf_text(conf, handle, "recipient", NULL), error) ||
	    make_ca_file(folder, tkt_conf_text(conf, handle, "ca_file", NULL), mailbox, error) ||
	    tkt_conf_seconds(conf, handle, "timeout", "60s", &mailbox->timeout_seconds, error))
		return -1;
	mailbox->after = after_of(after);
	if (mailbox->after == TKT_FETCH_MOVE &&
	    tkt_text_keep(&mailbox->folder, after + strlen(MOVE), error))
		return -1;
	mailbox->is_pop3 = is_pop3(mailbox->url);
	mailbox->require_tls = tkt_boolean_value(tkt_conf_text(conf, handle, "tls", "true"));
	tkt_number_parse(tkt_conf_text(conf, handle, "limit", "0"), &mailbox->limit);
	return 0;
}

int tkt_mailboxes_make(const struct tkt_conf *conf, const char *folder,
    struct tkt_mailbox **mailboxes, size_t *count, struct tkt_error *error)
{
	struct tkt_mailbox *made;
	size_t i, used = 0;

	if (!tkt_conf_section_find(conf, "fetch", NULL))
		return 0;
	made = calloc(conf->section_count, sizeof(*made));
	if (!made)
		return tkt_error_set_memory(error);
	for (i = 0; i < conf->section_count; i++) {
		if (!tkt_text_equal(conf->sections[i].kind, "fetch"))
			continue;
		if (make(conf, &conf->sections[i], folder, &made[used++], error)) {
			tkt_mailboxes_free(made, used);
			return -1;
		}
	}
	*mailboxes = made;
	*count = used;
	return 0;
}

void tkt_mailboxes_free(struct tkt_mailbox *mailboxes, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(mailboxes[i].name);
		free(mailboxes[i].url);
		free(mailboxes[i].user);
		free(mailboxes[i].folder);
		free(mailboxes[i].recipient);
		free(mailboxes[i].ca_file);
	}
	free(mailboxes);
}
