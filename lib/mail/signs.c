#include "mail/signs.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "mail/wording.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *field(const struct tkt_signs *signs, const char *name)
{
	return g_mime_object_get_header(GMIME_OBJECT(signs->message), name);
}

/* Is `word` the first word of the value? Parameters and comments may follow it. */
static bool says(const char *value, const char *word)
{
	size_t length = strlen(word);

	if (!value)
		return false;
	value += strspn(value, " \t\r\n");
	return strncasecmp(value, word, length) == 0 && strcspn(value, " \t\r\n;(,") == length;
}

static bool denies(const char *value)
{
	return says(value, "no") || says(value, "none") || says(value, "false") || says(value, "0");
}

static bool has_any(const struct tkt_signs *signs, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (field(signs, names[i]) && !denies(field(signs, names[i])))
			return true;
	return false;
}

/* Is one of the words in the text, whatever its case? */
static bool contains_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; text && i < count; i++)
		if (strcasestr(text, words[i]))
			return true;
	return false;
}

static size_t local_length(const char *address)
{
	return strcspn(address, "@");
}

/* Is the local part one of the words? One that ends in '*' may have more behind it. */
static bool is_local(const char *address, const char *const *words, size_t count)
{
	size_t length = local_length(address);

	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(words[i]);

		if (words[i][size - 1] == '*'
			? length >= size - 1 && strncmp(address, words[i], size - 1) == 0
			: length == size && strncmp(address, words[i], size) == 0)
			return true;
	}
	return false;
}

void tkt_signs_read(struct tkt_signs *signs, GMimeMessage *message, const struct tkt_mail *mail,
    const char *subject)
{
	tkt_autofree char *clean = tkt_subject_clean(mail->subject, "");
	const char *submitted;

	*signs = (struct tkt_signs){
		.message = message,
		.mail = mail,
		.subject = subject,
		/* Some servers write their own name where there is none. */
		.null_sender = mail->envelope_from &&
		    (!*mail->envelope_from ||
			strncmp(mail->envelope_from, "mailer-daemon", 13) == 0),
		.reply_subject = clean && strncmp(clean, mail->subject, strlen(clean)) != 0,
	};
	signs->answers = field(signs, "In-Reply-To") || field(signs, "References");
	submitted = field(signs, "Auto-Submitted");
	signs->person = says(submitted, "no");
	signs->automatic = submitted && submitted[strspn(submitted, " \t\r\n")] && !signs->person;
}

enum tkt_daemon tkt_signs_daemon(const struct tkt_signs *signs)
{
	static const char *const sure[] = { "mailer-daemon*", "mailerdaemon*", "mailer_daemon*",
		"mailer.daemon*", "maildaemon*", "mail-daemon*", "mail.daemon*", "mdaemon*",
		"mail.delivery*", "mail-delivery*", "mail_delivery*", "maildelivery*",
		"microsoftexchange329e71ec88ae4615bbc36ab6ce41109e*" };
	static const char *const roles[] = { "admin", "administrator", "sysadmin", "post_master*",
		"system", "ndr", "mailadm*", "mailadmin*", "mailer", "imss*", "inetgw*", "bounce",
		"bounces", "bounce-*", "smtpd", "smtp", "mail", "mailserver", "daemon", "root",
		"exchange*", "mmdf", "systemadministrator", "delivery-*", "delivery.*",
		"symantec_*", "antivirus*", "mailsweeper*" };
	static const char *const inner[] = { "_smtp_", "smtp_gateway", "daemon", "undeliver",
		"postmaster" };
	static const char *const names[] = { "mail delivery", "mailer-daemon", "mailer daemon",
		"maildaemon", "system administrator", "postmaster", "delivery subsystem",
		"mail administrator", "mail system", "delivery system", "mailerdaemon",
		"delivery service", "mail server", "mailserver", "microsoft outlook",
		"Системный администратор", "Почтовая система", "systemadministrator",
		"delivery failure", "delivery notification" };
	const char *from = signs->mail->from, *author = field(signs, "From");
	bool role = is_local(from, roles, COUNT(roles)) ||
	    contains_any(signs->mail->from_name, names, COUNT(names)) || (!*from && author);

	for (size_t i = 0; i < COUNT(inner) && !role; i++) {
		const char *found = strstr(from, inner[i]);

		role = found && found < from + local_length(from);
	}
	if (is_local(from, sure, COUNT(sure)))
		return TKT_DAEMON_SURE;
	if (strncmp(from, "postmaster@", 11) == 0 || strcmp(from, "postmaster") == 0 ||
	    (author && strstr(author, "<>")))
		return signs->null_sender ? TKT_DAEMON_SURE : TKT_DAEMON_POSTMASTER;
	if (!role)
		return TKT_DAEMON_NONE;
	return signs->null_sender && !is_local(from, roles, COUNT(roles)) ? TKT_DAEMON_SURE
									  : TKT_DAEMON_ROLE;
}

bool tkt_signs_bounce(const struct tkt_signs *signs)
{
	static const char *const names[] = { "X-Failed-Recipients", "X-MS-Exchange-Message-Is-Ndr",
		"X-MDDSN-Message" };
	const char *class = field(signs, "Content-Class");

	return has_any(signs, names, COUNT(names)) ||
	    (class && strcasestr(class, "content-classes:dsn"));
}

/* Has the header a field of that purpose, as there are many: X-Autoreply, X-Mail-Autoreply,
 * X-Autorespond, X-Autoresponder? */
static bool has_answer_field(const struct tkt_signs *signs)
{
	static const char *const words[] = { "autoreply", "auto-reply", "autorespon",
		"autogenerated", "x-vacation", "x-boxtrapper", "x-tmda-", "x-fc-machinegenerated" };
	GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(signs->message));

	for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(list, i);

		if (contains_any(g_mime_header_get_name(header), words, COUNT(words)) &&
		    !denies(g_mime_header_get_value(header)))
			return true;
	}
	return false;
}

static bool is_vacation_program(const struct tkt_signs *signs)
{
	static const char *const words[] = { "autoresponder", "auto-responder", "autoreply",
		"auto-reply", "vacation" };
	const char *class = field(signs, "X-POST-MessageClass");

	return contains_any(field(signs, "X-Mailer"), words, COUNT(words)) ||
	    contains_any(field(signs, "X-Apple-Action"), words + COUNT(words) - 1, 1) ||
	    contains_any(field(signs, "User-Agent"), words, COUNT(words)) ||
	    contains_any(class, words, 1) || says(field(signs, "Delivered-To"), "autoresponder") ||
	    is_local(signs->mail->from,
		(const char *const[]){
		    "autoreply*", "auto-reply*", "autoresponder*", "autoresponse*" },
		4);
}

/* Does the sender ask for no automatic answers? 'DR, RN, NRN' asks for no receipts alone, as
 * persons' mailers do. */
static bool suppresses_answers(const struct tkt_signs *signs)
{
	static const char *const words[] = { "all", "oof", "autoreply" };

	return contains_any(field(signs, "X-Auto-Response-Suppress"), words, COUNT(words));
}

static bool is_bulk(const struct tkt_signs *signs)
{
	const char *precedence = field(signs, "Precedence");

	return says(precedence, "bulk") || says(precedence, "junk");
}

/* What the subject says counts only beside something else. */
static bool has_answer_subject(
    const struct tkt_signs *signs, bool (*text_says)(void *), void *context)
{
	bool sure = tkt_wording_has(TKT_WORDS_ANSWER_SUBJECT, signs->subject);

	if (!sure && !tkt_wording_has(TKT_WORDS_ABSENCE_SUBJECT, signs->subject))
		return false;
	if (is_bulk(signs) || signs->null_sender || suppresses_answers(signs) || signs->automatic)
		return true;
	return sure &&
	    (signs->answers || field(signs, "X-Loop") || field(signs, "X-Auto-Response-Suppress") ||
		text_says(context));
}

bool tkt_signs_answer(const struct tkt_signs *signs, bool (*text_says)(void *), void *context)
{
	const char *submitted = field(signs, "Auto-Submitted");
	const char *precedence = field(signs, "Precedence");

	if (signs->person)
		return false;
	if (says(submitted, "auto-generated") || says(submitted, "auto-notified")) {
		if (has_answer_field(signs) || has_answer_subject(signs, text_says, context))
			return true;
		return says(submitted, "auto-generated") && signs->answers &&
		    field(signs, "X-Auto-Response-Suppress");
	}
	if (signs->automatic || has_answer_field(signs) || is_vacation_program(signs))
		return true;
	if (says(precedence, "auto_reply") || says(precedence, "auto-reply") ||
	    says(precedence, "autoreply"))
		return true;
	if (is_bulk(signs) && (signs->answers || signs->reply_subject) && !tkt_signs_list(signs))
		return true;
	/* Some sites send their forms with the null sender: what answers nothing is no answer. */
	if (signs->null_sender && (signs->answers || signs->reply_subject))
		return true;
	return has_answer_subject(signs, text_says, context);
}

bool tkt_signs_list(const struct tkt_signs *signs)
{
	static const char *const names[] = { "List-Id", "List-Post", "Mailing-List",
		"X-Mailing-List", "X-BeenThere", "X-Mailman-Version", "X-MLServer", "X-ML-Name",
		"List-Subscribe", "List-Archive" };

	return has_any(signs, names, COUNT(names)) || says(field(signs, "Precedence"), "list");
}

/* A script of a site; webmail in PHP is a person. */
static bool is_site(const struct tkt_signs *signs)
{
	static const char *const mailers[] = { "phpmailer", "php/", "wordpress", "drupal", "joomla",
		"zabbix", "nagios", "icinga", "coldfusion" };
	static const char *const webmail[] = { "rcube", "roundcube", "squirrel", "horde", "webmail",
		"rainloop", "snappymail", "imp/" };
	const char *mailer = field(signs, "X-Mailer"), *agent = field(signs, "User-Agent");
	const char *script = field(signs, "X-PHP-Originating-Script");

	if (!script)
		script = field(signs, "X-PHP-Script");
	if (contains_any(mailer, webmail, COUNT(webmail)) ||
	    contains_any(script, webmail, COUNT(webmail)) || agent)
		return false;
	return script || contains_any(mailer, mailers, COUNT(mailers));
}

static bool is_robot(const struct tkt_signs *signs)
{
	static const char *const names[] = { "noreply*", "no-reply*", "no_reply*", "no.reply*",
		"donotreply*", "do-not-reply*", "do_not_reply*", "do.not.reply*", "not-reply*",
		"dontreply*", "nao-responda*", "naoresponda*", "nepasrepondre*", "ne-pas-repondre*",
		"ne_pas_repondre*", "noresponder*", "no-responder*", "nicht-antworten*",
		"nichtantworten*", "neotvechat*", "ne-otvechat*", "nagios*", "icinga*", "zabbix*",
		"munin", "cacti", "cron", "crond", "logwatch", "logcheck", "wordpress", "www-data",
		"apache", "jenkins", "gitlab", "bugzilla", "alert", "alerts", "notification",
		"notifications", "automail*", "anacron", "fail2ban", "smartd", "prometheus",
		"alertmanager*", "mailer-noreply*" };
	static const char *const endings[] = { "-noreply", "_noreply", ".noreply", "-no-reply",
		"+noreply", "_no_reply", ".no-reply", "_no-reply", "-donotreply", "_donotreply",
		"-do-not-reply", "-notifications", "-alerts" };
	const char *from = signs->mail->from;
	size_t length = local_length(from);

	if (is_local(from, names, COUNT(names)))
		return true;
	for (size_t i = 0; i < COUNT(endings); i++) {
		size_t size = strlen(endings[i]);

		if (length > size && strncmp(from + length - size, endings[i], size) == 0)
			return true;
	}
	return strncmp(signs->subject, "cron <", 6) == 0 &&
	    is_local(from, (const char *const[]){ "root*", "cron*" }, 2);
}

bool tkt_signs_generated(const struct tkt_signs *signs)
{
	static const char *const names[] = { "X-Cron-Env", "List-Unsubscribe", "X-GitHub-Reason",
		"X-GitHub-Sender", "X-GitLab-Project", "X-GitLab-Pipeline-Id", "X-Jenkins-Job",
		"X-Bugzilla-Reason", "X-JIRA-FingerPrint", "X-Redmine-Host", "X-Trac-Project",
		"X-Gerrit-MessageType", "X-Launchpad-Message-Rationale", "X-Git-Refname",
		"X-Phabricator-Sent-This-Message", "X-ServiceNow-Generated", "X-Amavis-Alert" };

	return signs->null_sender || signs->automatic || is_bulk(signs) ||
	    suppresses_answers(signs) || has_any(signs, names, COUNT(names)) || is_site(signs) ||
	    is_robot(signs);
}
