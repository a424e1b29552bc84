/* lib/base/cleanup.h: the scope cleans up: tkt_autofree, tkt_autoptr(noun), tkt_take. */
#pragma once
#include <stdlib.h>

static inline void tkt_cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

/* A pointer that goes to free() at the end of its block. */
#define tkt_autofree __attribute__((cleanup(tkt_cleanup_free)))

/*
 * TKT_AUTOPTR(noun), once in a header beside `void tkt_noun_free(struct tkt_noun *)`, makes
 * `tkt_autoptr(noun) name = NULL;` declare a `struct tkt_noun *` that is freed with its block.
 */
#define TKT_AUTOPTR(noun)                                                  \
	static inline void tkt_cleanup_##noun(struct tkt_##noun **pointer) \
	{                                                                  \
		tkt_##noun##_free(*pointer);                               \
	}
#define tkt_autoptr(noun) __attribute__((cleanup(tkt_cleanup_##noun))) struct tkt_##noun *

/* Hands on what a cleaned-up pointer holds: `*change = tkt_take(made);` leaves NULL behind. */
#define tkt_take(pointer)                               \
	({                                              \
		__typeof__(pointer) taken_ = (pointer); \
		(pointer) = NULL;                       \
		taken_;                                 \
	})
