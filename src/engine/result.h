/* What is made of a message by whoever evaluates it: the text that a report has of it, and its
 * entry in the tables. */
#pragma once

#include "analysis/table.h"

typedef struct EngineResult {
	GString *text;
	TableEntry entry;
	bool is_chosen;   /* false: the message was not asked for, and the rest is empty */
	bool is_in_doubt; /* its SPF hangs on a boundary in doubt */
} EngineResult;

static inline EngineResult engine_result_make(void)
{
	return (EngineResult) { .text = g_string_new(NULL), .is_chosen = true };
}

static inline void engine_result_clear(EngineResult *result)
{
	if (result->text != NULL)
		g_string_free(result->text, TRUE);
	table_entry_clear(&result->entry);
	*result = (EngineResult) { .text = NULL };
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EngineResult, engine_result_clear)
