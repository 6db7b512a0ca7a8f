#include "cli/say.h"

#include "base/printable.h"

#include <glib/gstdio.h>

void say(const char *text)
{
	g_autofree char *safe = printable_line(slice_of(text));

	g_fprintf(stderr, "kantei: %s\n", safe);
}
