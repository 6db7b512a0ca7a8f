/* What is made of a message by whoever evaluates it: the text that a report has of it, its entry in
 * the tables, and files that go with the text. */
#pragma once

#include "analysis/table.h"
#include "message/attached.h"

typedef struct ResultFile {
	char *name;
	GBytes *octets;
} ResultFile;

typedef struct EngineResult {
	GString *text;
	TableEntry entry;
	GPtrArray *files;    /* of ResultFile; NULL: none */
	GPtrArray *attached; /* of AttachedMessage: what it carries (--attached); NULL: none */
	bool is_chosen;      /* false: the message was not asked for, and the rest, but attached, is
				empty */
	bool is_in_doubt;    /* its SPF hangs on a boundary in doubt */
	bool is_claimed; /* it passes by lines that the sender of its carrier can have written */
} EngineResult;

static inline EngineResult engine_result_make(void)
{
	return (EngineResult) { .text = g_string_new(NULL), .is_chosen = true };
}

static inline void result_file_free(gpointer data)
{
	ResultFile *file = data;

	g_bytes_unref(file->octets);
	g_free(file->name);
	g_free(file);
}

/* Takes name over, and a reference to octets. */
static inline void engine_result_add_file(EngineResult *result, char *name, GBytes *octets)
{
	ResultFile *file = g_new0(ResultFile, 1);

	file->name = name;
	file->octets = g_bytes_ref(octets);
	if (result->files == NULL)
		result->files = g_ptr_array_new_with_free_func(result_file_free);
	g_ptr_array_add(result->files, file);
}

static inline void engine_result_clear(EngineResult *result)
{
	if (result->text != NULL)
		g_string_free(result->text, TRUE);
	g_clear_pointer(&result->files, g_ptr_array_unref);
	g_clear_pointer(&result->attached, g_ptr_array_unref);
	table_entry_clear(&result->entry);
	*result = (EngineResult) { .text = NULL };
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EngineResult, engine_result_clear)
