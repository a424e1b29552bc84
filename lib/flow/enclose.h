/* lib/flow/enclose.h: files named by --attach become attachments of a message. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/option.h"
#include "base/text.h"

struct tkt_error;
struct tkt_session;

/* Files read into memory, before a transaction. `= { 0 }` before the first use. */
struct tkt_files {
	struct tkt_file {
		char *name; /* the last part of its path */
		char *content_type;
		struct tkt_text bytes;
	} * items;
	size_t count;
	bool named_only; /* -n: listed, but their contents are not stored */
};
void tkt_files_clear(struct tkt_files *files);
#define tkt_autofiles __attribute__((cleanup(tkt_files_clear))) struct tkt_files

/* 0, or -1 with NO_INPUT, PERMISSION, DATA (over the limit of a mail) or IO, naming the file. */
int tkt_files_read(
    const struct tkt_strings *paths, struct tkt_files *files, struct tkt_error *error);
/* Stores the contents and lists them in message.attachments, behind those it has. In a write
 * transaction. 0 or -1. */
int tkt_files_enclose(struct tkt_session *session, const struct tkt_files *files, json_t *message,
    struct tkt_error *error);
