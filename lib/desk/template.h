/*
 * lib/desk/template.h: texts of mails: templates/NAME.LANG in the desk, else in the datadir. A file
 * is 'Subject: ...', a blank line, the body. {{name}} stands for a variable; nothing is run.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct tkt_desk;
struct tkt_template; /* opaque: one that was read */
struct tkt_error;

/* The value of a variable, borrowed until the next call; "" when it is empty; NULL: no such name.
 */
typedef const char *tkt_template_value(const char *name, void *context);

void tkt_templates_free(struct tkt_template *templates);

/*
 * Renders template `name` in `language` (else in the desk's first one): adds to `subject`, which
 * stays one line, and to `body`. Each file is read once: it is kept in *templates, which begins as
 * NULL and goes to tkt_templates_free(). 0, or -1 with CONFIGURATION: no such template, an unknown
 * variable
 * ("templates/ack.ru:3: there is no variable 'x'"), a '{{' that never ends.
 */
int tkt_template_render(const struct tkt_desk *desk, const char *datadir,
    struct tkt_template **templates, const char *name, const char *language,
    tkt_template_value *value, void *context, struct tkt_text *subject, struct tkt_text *body,
    struct tkt_error *error);

#define TKT_TEMPLATE_LIMIT ((size_t)64 << 10) /* bytes of a template, and of its result */

/*
 * The same for a template's text. On failure *line is the line of the template, and the error does
 * not say where. CONFIGURATION, or TEMPORARY; `subject` and `body` are as they were.
 */
int tkt_template_fill(const char *bytes, size_t length, tkt_template_value *value, void *context,
    struct tkt_text *subject, struct tkt_text *body, int *line, struct tkt_error *error);

/* Small letters, digits, '_' and '-': never a path. */
bool tkt_template_is_name(const char *name);
