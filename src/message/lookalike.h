/* Names that look like others by Unicode's table of confusable characters (UTS #39), through ICU.
 * All names are domain names in normal form, as domain_name_new() makes them. */
#pragma once

#include "base/slice.h"

/* What a name whose labels hold letters of other scripts is read as where every such label looks
 * like one of ASCII letters: "xn--pypal-4ve.com" is "paypal.com". NULL where it looks like itself,
 * as names do below a top-level domain of their own script. Owned by the caller. */
char *lookalike_reading(const char *domain);

/* Two names that differ and look the same: "1egitimate.example", "legitimate.example". */
bool lookalike_same(const char *a, const char *b);

/* The library behind it, with its version; owned by the caller. */
char *lookalike_library(void);
