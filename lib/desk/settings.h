/* lib/desk/settings.h: which sections and options a desk.conf may have, a row each. */
#pragma once
#include <stddef.h>

#include "desk/check.h"

struct tkt_section_kind {
	const char *name;
	const char *parent; /* "" at the top */
	struct tkt_setting title;
};

extern const struct tkt_section_kind tkt_section_kinds[];
extern const size_t tkt_section_kind_count;
extern const struct tkt_setting tkt_settings[];
extern const size_t tkt_setting_count;
