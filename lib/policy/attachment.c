#include "policy/attachment.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "desk/attachment_rule.h"

#include "base/banned.h"

#define UNKNOWN_TYPE "application/octet-stream"

static bool is_of(const char *type, const char *kind)
{
	size_t length = strlen(kind);

	return !strncmp(type, kind, length) && type[length] == '/';
}

/* Formats that are packed in zip or in Microsoft's compound file, which is all that is seen when
 * nobody looks within. */
static bool is_packed(const char *stated)
{
	return !strncmp(stated, "application/vnd.", strlen("application/vnd.")) ||
	    !strcmp(stated, "application/msword") || !strcmp(stated, "application/java-archive") ||
	    (strlen(stated) > 4 && !strcmp(stated + strlen(stated) - 4, "+zip"));
}

/* Do the contents say less than the letter, and nothing against it? */
static bool says_less(const char *found, const char *stated)
{
	const char *suffix = strchr(stated, '+');

	if (!strcmp(found, UNKNOWN_TYPE))
		return !is_of(stated, "image") && !is_of(stated, "text") &&
		    !is_of(stated, "message");
	if (!strcmp(found, "application/zip") || !strcmp(found, "application/x-ole-storage") ||
	    !strcmp(found, "application/CDFV2"))
		return is_packed(stated);
	if (suffix && !strcmp(suffix, "+xml"))
		return !strcmp(found, "text/plain") || !strcmp(found, "text/xml");
	return !strcmp(found, "text/plain") &&
	    (is_of(stated, "text") || is_of(stated, "application") || is_of(stated, "message"));
}

void tkt_attachment_type(const struct tkt_attachment_facts *facts, char type[TKT_MEDIA_TYPE_SIZE])
{
	char stated[TKT_MEDIA_TYPE_SIZE];

	tkt_media_type(facts->stated, stated);
	tkt_media_type(
	    !facts->found || says_less(facts->found, stated) ? stated : facts->found, type);
}

static bool is_among(char *const *patterns, const char *type)
{
	for (; *patterns; patterns++)
		if (tkt_media_type_matches(*patterns, type))
			return true;
	return false;
}

static const char *find_name(char *const *patterns, const char *name)
{
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, name, FNM_CASEFOLD))
			return *patterns;
	return NULL;
}

/* The rule that judges the type; NULL: only that of "any" may. *is_claim: it is that of the kind
 * that the letter states. */
static const struct tkt_attachment_rule *find_rule(
    const struct tkt_attachment_rules *rules, const char *type, const char *stated, bool *is_claim)
{
	static const char *const claims[] = { "image", "audio", "video", "font", "model" };
	const struct tkt_attachment_rule *rule =
	    tkt_attachment_rule_find(rules, type, strcspn(type, "/"));
	size_t i;

	*is_claim = false;
	for (i = 0; !rule && i < sizeof(claims) / sizeof(claims[0]); i++)
		if (is_of(stated, claims[i])) {
			rule = tkt_attachment_rule_find(rules, claims[i], strlen(claims[i]));
			*is_claim = rule;
		}
	return rule;
}

/* *is_named becomes true when the rule allows the type. */
static enum tkt_aside judge_type(const struct tkt_attachment_rule *rule, const char *type,
    const char *claim, bool *is_named, struct tkt_text *reason)
{
	const char *as = claim ? " called " : "", *what = claim ? claim : "";

	if (is_among(rule->deny, type)) {
		tkt_text_format(reason, "%s%s%s is denied", type, as, what);
		return TKT_ASIDE_TYPE;
	}
	*is_named = is_among(rule->allow, type);
	if (!*rule->allow || *is_named)
		return TKT_ASIDE_NOT;
	tkt_text_format(reason, "%s%s%s is not allowed", type, as, what);
	return TKT_ASIDE_TYPE;
}

static enum tkt_aside judge_rest(const struct tkt_attachment_rule *rule, int64_t taken,
    const struct tkt_attachment_facts *facts, struct tkt_text *reason)
{
	const char *pattern = find_name(rule->names, facts->name);

	if (pattern) {
		tkt_text_format(reason, "its name is like %s", pattern);
		return TKT_ASIDE_NAME;
	}
	if (rule->size >= 0 && facts->size > rule->size) {
		tkt_text_format(reason, "it has more than %jd bytes", (intmax_t)rule->size);
		return TKT_ASIDE_SIZE;
	}
	if (rule->number >= 0 && taken >= rule->number) {
		tkt_text_format(
		    reason, "more than %jd of the kind %s", (intmax_t)rule->number, rule->kind);
		return TKT_ASIDE_COUNT;
	}
	return TKT_ASIDE_NOT;
}

enum tkt_aside tkt_attachment_judge(const struct tkt_attachment_rules *rules, int64_t *taken,
    const struct tkt_attachment_facts *facts, const char *type, struct tkt_text *reason)
{
	const struct tkt_attachment_rule *judges[2];
	char stated[TKT_MEDIA_TYPE_SIZE];
	bool is_claim, is_named = false;
	enum tkt_aside aside = TKT_ASIDE_NOT;
	size_t i;

	tkt_media_type(facts->stated, stated);
	judges[0] = find_rule(rules, type, stated, &is_claim);
	judges[1] = tkt_attachment_rule_find(rules, "any", 3);
	for (i = 0; i < 2 && aside == TKT_ASIDE_NOT; i++) {
		const char *claim = i == 0 && is_claim ? stated : NULL;

		if (judges[i] && !is_named)
			aside = judge_type(judges[i], type, claim, &is_named, reason);
		if (judges[i] && aside == TKT_ASIDE_NOT)
			aside =
			    judge_rest(judges[i], taken[judges[i] - rules->items], facts, reason);
	}
	for (i = 0; i < 2 && aside == TKT_ASIDE_NOT; i++)
		if (judges[i])
			taken[judges[i] - rules->items]++;
	return aside;
}
