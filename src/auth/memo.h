/* What is kept from one message to the next: results of pure functions by all that they rest on, so
 * that no verdict shows whether one was kept or made anew. What is kept is never handed on to a
 * case, which may be altered (analysis/redact.h): that has a copy. */
#pragma once

#include "base/slice.h"

typedef struct Memo Memo;

Memo *memo_new(void);
Memo *memo_ref(Memo *memo);
void memo_unref(Memo *memo); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Memo, memo_unref)

/* What was kept under key by a function of that name; NULL where there is nothing. Lives until the
 * next memo_keep(). */
gpointer memo_find(Memo *memo, const char *name, Slice key);
/* Takes value over, and returns it; release frees it. */
gpointer memo_keep(Memo *memo, const char *name, Slice key, gpointer value, GDestroyNotify release);
