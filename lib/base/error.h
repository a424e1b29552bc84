/* lib/base/error.h: what went wrong, as a struct that its caller holds; kinds become sysexits. */
#pragma once
#include <stdbool.h>

enum tkt_error_kind {
	TKT_ERROR_NONE,          /* 0 */
	TKT_ERROR_NO,            /* 1: a question answered 'no' (--exists, --if); prints nothing */
	TKT_ERROR_NOT_FOUND,     /* 1: an id given as operand that is not there */
	TKT_ERROR_USAGE,         /* 64: a bad option or operand */
	TKT_ERROR_DATA,          /* 65: a bad line, an unknown id on a line, a refused change */
	TKT_ERROR_NO_INPUT,      /* 66: desk or file missing */
	TKT_ERROR_UNAVAILABLE,   /* 69: a server refuses for good */
	TKT_ERROR_BUG,           /* 70: ours */
	TKT_ERROR_IO,            /* 74: standard output fails, a disk does */
	TKT_ERROR_TEMPORARY,     /* 75: locked, full disk, no memory, network: try again */
	TKT_ERROR_PERMISSION,    /* 77: permission, identity too low */
	TKT_ERROR_CONFIGURATION, /* 78: desk.conf, a schema of another version */
};

/* Holds its text, so it works when memory is out. `= { 0 }` is 'no error'. */
struct tkt_error {
	enum tkt_error_kind kind;
	char text[1024]; /* one sentence, translated: lower case, no full stop; UTF-8, cut at a
			    character */
};

/* Fills *error from printf's format and arguments; what stood there is gone. Returns -1. */
int tkt_error_set(struct tkt_error *error, enum tkt_error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The same for a failed system call: the text is followed by ': ' and strerror(code). The kind
 * follows from the code: ENOENT and ENOTDIR NO_INPUT; EACCES, EPERM and EROFS PERMISSION; ENOSPC,
 * EDQUOT, ENOMEM, EAGAIN, EMFILE, ENFILE and EINTR TEMPORARY; all others IO. Returns -1.
 */
int tkt_error_set_system(struct tkt_error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Memory ran out: TKT_ERROR_TEMPORARY. Returns -1. */
int tkt_error_set_memory(struct tkt_error *error);

/* Puts printf's text and ': ' before error->text: 'desk.conf:12: ' and the like. Returns -1. */
int tkt_error_prefix(struct tkt_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The sysexits.h status of a kind (WIRE.md 3); the comments of the enum are the table. */
int tkt_exit_status(enum tkt_error_kind kind);

/*
 * The kind a batch ends with after `before` and `next`: TEMPORARY outranks all, so that someone
 * tries again; NO, an answer, gives way to each error; else the first that is not NONE stays.
 */
enum tkt_error_kind tkt_error_worse(enum tkt_error_kind before, enum tkt_error_kind next);
