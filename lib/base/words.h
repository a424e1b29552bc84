/* lib/base/words.h: translation: _() around whole sentences, N_() in tables. */
#pragma once
#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text
