/* lib/desk/pattern_check.h: the patterns of desk.conf. */
#pragma once

struct tkt_conf;

/* Adds warnings: patterns that backtrack badly, with the part that does. */
void tkt_patterns_warn(const struct tkt_conf *conf);
