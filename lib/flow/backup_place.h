/*
 * lib/flow/backup_place.h: where a backup comes to be. It is made as DIR.partial and renamed when
 * all of it is there, so that half a backup is never taken for a whole.
 */
#pragma once
#include <stdbool.h>

struct tkt_error;

#define TKT_UNFINISHED_FILE "UNFINISHED" /* in a folder that is no backup yet */

/* Is there a file of this name in the folder? */
bool tkt_backup_has(const char *folder, const char *name);

/* `= { .lock = -1 }` at the start. */
struct tkt_backup_place {
	char *target;  /* absolute, without links */
	char *partial; /* where it is made */
	int lock;      /* of that folder, against another tkt-backup */
	bool is_ours;  /* that folder is to be removed if it is not settled */
};

/*
 * Makes DIR.partial, in place of what a run that was killed has left.
 *
 *   desk    the folder that is to be copied: a backup cannot be inside it
 *   target  may be there if it is empty
 *
 * 0, or -1: USAGE (inside the desk, a mount point), DATA (not empty, no folder), NO_INPUT,
 * PERMISSION, TEMPORARY (another one makes the same).
 */
int tkt_backup_place_make(
    const char *desk, const char *target, struct tkt_backup_place *place, struct tkt_error *error);
/* Gives it its name, on the disk too. 0, or -1 with DATA: the name was taken meanwhile. */
int tkt_backup_place_settle(struct tkt_backup_place *place, struct tkt_error *error);
/* Removes what has not been settled. */
void tkt_backup_place_clear(struct tkt_backup_place *place);
#define tkt_autoplace __attribute__((cleanup(tkt_backup_place_clear))) struct tkt_backup_place
