/*
 * lib/base/lazy.h: a shared library that is opened when it is needed, so that no program links it.
 * Its types and prototypes come from its own header:
 *
 *	struct { __typeof__(uchardet_new) *create; } library;
 *	const struct tkt_lazy_symbol symbols[] = { { "uchardet_new", (void **)&library.create }, ...
 */
#pragma once

struct tkt_error;

struct tkt_lazy_symbol {
	const char *name;
	void **address; /* where the function's address goes */
};

/*
 * Opens `library` ('libxml2.so.2'; it stays open) and fills in the symbols, which end with a NULL
 * name. 0, or -1 with TKT_ERROR_UNAVAILABLE: the caller does without.
 */
int tkt_lazy_open(
    const char *library, const struct tkt_lazy_symbol *symbols, struct tkt_error *error);
