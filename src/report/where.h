/* Which messages are meant: conditions on their records. */
#pragma once

#include "base/slice.h"

struct json_t;

typedef struct Where Where;

/* "spf=x,dkim=o": all of them hold. A condition is METHOD=WHAT, with a mark (o x - or yes no
 * unknown) or a result's word, as the tables have it, or finding=CODE. NULL, and *reterr_bad is the
 * condition, where one is none; owned by the caller. */
Where *where_parse(const char *text, char **reterr_bad);
void where_free(Where *where); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Where, where_free)

bool where_matches(const Where *where, const struct json_t *record);
