#include "base/lazy.h"

#include <dlfcn.h>

#include "base/error.h"
#include "base/words.h"

#include "base/banned.h"

int tkt_lazy_open(
    const char *library, const struct tkt_lazy_symbol *symbols, struct tkt_error *error)
{
	/* NODELETE: a second call finds it open and costs a lookup, so nobody keeps the handle. */
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

	if (!handle)
		return tkt_error_set(
		    error, TKT_ERROR_UNAVAILABLE, _("cannot open '%s': %s"), library, dlerror());
	for (; symbols->name; symbols++) {
		*symbols->address = dlsym(handle, symbols->name);
		if (!*symbols->address)
			break;
	}
	dlclose(handle);
	if (symbols->name)
		return tkt_error_set(
		    error, TKT_ERROR_UNAVAILABLE, _("'%s' has no '%s'"), library, symbols->name);
	return 0;
}
