/* The converters of charsets: a fixed list, each opened once and kept. A charset outside the list
 * is not known, wherever and however kantei runs.
 *
 * A process that may open no file (the engine's workers) has those that were open before; one that
 * it would need besides is noted, so that whoever started the process can open it and start
 * another. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The converter from the charset of that name (of any case) to UTF-8, in its first state; it is not
 * to be closed. (GIConv)-1 where the charset is not known, or its converter is not to be had. */
GIConv converter_open(const char *name);

/* Opens those that most mail needs. */
void converters_prepare(void);
/* From here on none is opened, for us or for a library. */
void converters_confine(void);
/* One that was needed after that, by its number; false: none. It is forgotten with this. */
bool converters_take_missing(unsigned *ret_number);
/* Opens the one of that number; false where there is none. What the system does not have is not
 * asked for again. */
bool converters_load(guint64 number);

/* For iconv_gate.c: a library may open the converter, as its module is there already. */
bool converters_may_open(const char *to, const char *from);
