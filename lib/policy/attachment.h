/*
 * lib/policy/attachment.h: which attachments of a letter are taken, and which are set aside, by the
 * sections `attachment` of desk.conf (S0-6). Pure.
 *
 * A section judges what is of its kind by its contents, whatever its name; what only calls itself a
 * picture, sound, film, font or model is judged by that kind where its own has no section. Then
 * "any" judges it, but for the type where the section of its kind has allowed that by name.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/media_type.h"
#include "base/text.h"

struct tkt_attachment_rules;

struct tkt_attachment_facts {
	const char *name;   /* safe: as lib/mail makes it */
	const char *stated; /* the type as the letter has it */
	const char *found;  /* the type by the contents; NULL: nobody can say */
	int64_t size;       /* bytes */
};

enum tkt_aside {
	TKT_ASIDE_NOT, /* it is taken */
	TKT_ASIDE_TYPE,
	TKT_ASIDE_NAME,
	TKT_ASIDE_SIZE,
	TKT_ASIDE_COUNT,
};

/*
 * The true type: what the contents say, where that says as much as the letter does. "text/plain" is
 * true of a "text/csv", and libmagic does not know every format; but a picture, a text or a mail
 * whose contents are unknown is none.
 */
void tkt_attachment_type(const struct tkt_attachment_facts *facts, char type[TKT_MEDIA_TYPE_SIZE]);

/*
 * Judges one attachment of its true type.
 *
 *   taken   how many attachments of the letter each rule has let pass, in the order of the rules;
 *           all 0 before the first. What is taken is counted
 *   reason  gets why it is set aside, in English, as the log has it
 */
enum tkt_aside tkt_attachment_judge(const struct tkt_attachment_rules *rules, int64_t *taken,
    const struct tkt_attachment_facts *facts, const char *type, struct tkt_text *reason);
