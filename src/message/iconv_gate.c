/* iconv_open(3) for this program and its libraries: GMime opens converters by names that stand in
 * mail, and the C library may have to load a module for one. Where no file may be opened, those
 * whose module is not loaded are unknown. Nothing that kantei says depends on what GMime converts.
 */
#define _GNU_SOURCE 1
#include "message/converters.h"

#ifdef __GLIBC__
#include <dlfcn.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>

iconv_t iconv_open(const char *to, const char *from)
{
	static iconv_t (*theirs)(const char *, const char *);

	if (!converters_may_open(to, from)) {
		errno = EINVAL;
		return (iconv_t)-1;
	}
	if (theirs == NULL) {
		void *symbol = dlsym(RTLD_NEXT, "iconv_open");

		/* ISO C has no way from an object's address to a function's. */
		memcpy(&theirs, &symbol, sizeof theirs);
	}
	return theirs(to, from);
}
#endif
