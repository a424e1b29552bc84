#include "flow/set_aside.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "flow/taking.h"
#include "mail/content_type.h"
#include "mail/parse.h"
#include "policy/attachment.h"
#include "json/field.h"

#include "base/banned.h"

#define TOLD_MOST 20 /* numbers of one reason */

const char *const tkt_aside_names[TKT_ASIDE_TOLD] = { "by_type", "by_name", "by_size", "by_count" };

static const char *why_word(enum tkt_aside aside)
{
	return tkt_aside_names[aside - TKT_ASIDE_TYPE];
}

/* One letter's attachments while they are judged. */
struct judging {
	const struct tkt_attachment_rules *rules;
	struct tkt_judge *judge;
	int64_t *taken;
	json_t *aside;
};

static void judging_clear(struct judging *judging)
{
	tkt_judge_free(judging->judge);
	free(judging->taken);
	json_decref(judging->aside);
}

static int begin(const struct tkt_taking *taking, struct judging *judging, struct tkt_error *error)
{
	judging->rules = &taking->session->desk->attachments;
	judging->judge = tkt_judge_new(true);
	judging->taken = calloc(judging->rules->count, sizeof(*judging->taken));
	judging->aside = json_array();
	if (!judging->judge || !judging->taken || !judging->aside)
		return tkt_error_set_memory(error);
	return 0;
}

/* Is it an attachment of the sender's, and neither a form of his text nor the letter as a whole? */
static bool is_his(const struct tkt_taking *taking, const struct tkt_part *part)
{
	return !part->is_text && strcmp(part->sha256, taking->raw_sha256);
}

static int judge_one(struct judging *judging, const struct tkt_part *part, size_t number,
    json_t *attachment, struct tkt_error *error)
{
	const char *found = tkt_judge_type(judging->judge, part->bytes, part->size);
	const struct tkt_attachment_facts facts = { part->name, part->content_type, found,
		(int64_t)part->size };
	char type[TKT_MEDIA_TYPE_SIZE], stated[TKT_MEDIA_TYPE_SIZE], seen[TKT_MEDIA_TYPE_SIZE];
	enum tkt_aside aside;
	tkt_autotext reason;
	json_t *told;

	tkt_text_init(&reason, TKT_TEXT_LIMIT);
	tkt_attachment_type(&facts, type);
	tkt_media_type(part->content_type, stated);
	tkt_media_type(found ? found : "", seen);
	aside = tkt_attachment_judge(judging->rules, judging->taken, &facts, type, &reason);
	if (strcmp(type, stated) && json_object_set_new(attachment, "true_type", json_string(type)))
		return tkt_error_set_memory(error);
	if (aside == TKT_ASIDE_NOT)
		return tkt_text_check(&reason, error);
	told = json_pack("{s:I,s:s,s:s*}", "number", (json_int_t)number, "why", why_word(aside),
	    "type", strcmp(seen, type) ? NULL : type);
	if (json_array_append_new(judging->aside, told) ||
	    json_object_set_new(attachment, "set_aside", json_string(reason.bytes)))
		return tkt_error_set_memory(error);
	return 0;
}

int tkt_set_aside(struct tkt_taking *taking, json_t *message, struct tkt_error *error)
{
	__attribute__((cleanup(judging_clear))) struct judging judging = { 0 };
	const struct tkt_mail *mail = taking->mail;
	json_auto_t *list = NULL;
	size_t i, number = 0;

	if (!taking->session->desk->attachments.count || !mail->part_count)
		return 0;
	list = json_deep_copy(json_object_get(message, "attachments"));
	if (!list)
		return tkt_error_set_memory(error);
	if (begin(taking, &judging, error))
		return -1;
	for (i = 0; i < mail->part_count; i++)
		if (is_his(taking, &mail->parts[i]) &&
		    judge_one(&judging, &mail->parts[i], ++number, json_array_get(list, i), error))
			return -1;
	if (json_object_set(message, "attachments", list))
		return tkt_error_set_memory(error);
	if (json_array_size(judging.aside)) {
		json_decref(taking->aside);
		taking->aside = tkt_take(judging.aside);
	}
	return 0;
}

static int tell_one(const json_t *aside, const char *why, struct tkt_text *told)
{
	const json_t *element;
	size_t at, count = 0;

	json_array_foreach(aside, at, element) {
		const char *type = tkt_object_text(element, "type");

		if (!tkt_text_equal(tkt_object_text(element, "why"), why))
			continue;
		if (count++ == TOLD_MOST) {
			tkt_text_add(told, " ...");
			break;
		}
		tkt_text_format(told, "%s%lld", count > 1 ? ", " : "",
		    (long long)json_integer_value(json_object_get(element, "number")));
		if (type && tkt_text_equal(why, "by_type"))
			tkt_text_format(told, " (%s)", type);
	}
	if (!count)
		tkt_text_add(told, "-");
	return told->failed ? -1 : 0;
}

int tkt_aside_tell(
    const json_t *aside, struct tkt_text told[TKT_ASIDE_TOLD], struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < TKT_ASIDE_TOLD; i++) {
		tkt_text_init(&told[i], TKT_TEXT_LIMIT);
		if (tell_one(aside, tkt_aside_names[i], &told[i]))
			return tkt_text_check(&told[i], error);
	}
	return 0;
}
