/* lib/flow/room.h: is there room in the desk for letters? */
#pragma once
#include <stdint.h>

struct tkt_error;
struct tkt_session;

/* What a user may still write to the file system of a folder, in bytes. 0, or -1 with IO. */
int tkt_room_free(const char *folder, int64_t *bytes, struct tkt_error *error);

/* 0, or -1 with TEMPORARY when less is free than `min_free` of desk.conf: letters wait with those
 * who bring them while there is still room for the work of the staff. */
int tkt_room_check(const struct tkt_session *session, struct tkt_error *error);
