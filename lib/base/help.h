/* lib/base/help.h: what a tool says about itself: --help for people, --describe for programs. */
#pragma once

struct tkt_option;
struct tkt_program;
struct tkt_text;

/* Adds the line of usage and the summary, translated, with the words in capitals of the synopsis.
 */
void tkt_help_add_usage(struct tkt_text *out, const struct tkt_program *program);

/* Adds the text of --help, translated: usage, summary, the tool's options, the global ones. */
void tkt_help_add(
    struct tkt_text *out, const struct tkt_program *program, const struct tkt_option *global);

/*
 * Adds the NDJSON of --describe: an object for the program, then one for each option (those the
 * tool's own hide are left out), for the operand if it takes any, for each exit status. Only
 * `summary` and `help` are translated.
 */
void tkt_help_describe(
    struct tkt_text *out, const struct tkt_program *program, const struct tkt_option *global);
