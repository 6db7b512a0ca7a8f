/* Results as an SQLite file, made of the lines of JSON that -f jsonl writes (kantei-formats(7) has
 * its tables). Memory does not grow with the number of messages. */
#pragma once

#include "base/slice.h"

typedef struct Database Database;

/* path is an empty file, or none. It is not whole until database_finish(): nothing is safe against
 * a crash meanwhile. NULL and *reterr_error where it cannot be made. */
Database *database_open(const char *path, GError **reterr_error);
/* Takes whole lines: of a run, of messages, of a summary. False where one cannot be taken or
 * written; nothing is to be taken afterwards. */
bool database_take(Database *database, Slice lines, GError **reterr_error);
/* Adds indices, and closes the file. Called once. */
bool database_finish(Database *database, GError **reterr_error);
void database_free(Database *database); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Database, database_free)

/* The library behind it, with its version; owned by the caller. */
char *database_library(void);
