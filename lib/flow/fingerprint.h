/* lib/flow/fingerprint.h: a letter's contents without its trace headers: a retry is known by it. */
#pragma once
#include <stddef.h>

/*
 * SHA-256 over the header without the fields that transport adds on each try (Received,
 * Return-Path, Delivered-To, X-Original-To ... RFC 5321, 4.4) and the body, line ends as LF.
 */
void tkt_letter_fingerprint(const char *bytes, size_t length, char sha256[65]);
