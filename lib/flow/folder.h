/* lib/flow/folder.h: which desk a command is about; for tools that open no database too. */
#pragma once

struct tkt_command;
struct tkt_error;

/*
 * The folder that --desk or TKT_DESK name, else the current one if it has a desk.conf. Borrowed;
 * NULL with NO_INPUT when there is none.
 */
const char *tkt_folder_find(const struct tkt_command *command, struct tkt_error *error);
