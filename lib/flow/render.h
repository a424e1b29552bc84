/* lib/flow/render.h: a template of the desk with a ticket's values. */
#pragma once
#include <jansson.h>

#include "base/text.h"

struct tkt_error;
struct tkt_session;

/*
 * Renders template `name` in the ticket's language. Variables: the ticket's fields by their wire
 * names
 * ({{id}}, {{requester.name}}), {{desk.name}}, {{desk.address}}, {{agent}}. 0, or -1 with
 * CONFIGURATION.
 */
int tkt_render_template(struct tkt_session *session, const char *name, const json_t *ticket,
    struct tkt_text *subject, struct tkt_text *body, struct tkt_error *error);
