/* Versions of kantei and of the libraries that it runs with. */
#pragma once

#include <glib.h>

/* "OpenSSL 3.0.19" … (of char *); owned by the caller. */
GPtrArray *version_libraries(void);
void version_print(void);
