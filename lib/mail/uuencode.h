/*
 * lib/mail/uuencode.h: files that old mailers put into the text itself, 'begin 644 NAME' ... 'end'
 * (POSIX, uuencode).
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct tkt_text;

struct tkt_uuencoded {
	size_t start, end; /* of its lines in the text, behind the line end of 'end' */
	const char *name;  /* borrowed from the text */
	size_t name_length;
};

/* Finds the next whole file at or behind `at` and adds its bytes to `data`; what is broken, quoted
 * or not closed is text and passed over. */
bool tkt_uuencode_next(
    const char *text, size_t length, size_t at, struct tkt_uuencoded *file, struct tkt_text *data);
