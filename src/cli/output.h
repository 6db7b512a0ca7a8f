/* Where the report goes. A file is written under another name beside its place and takes the place
 * when all of it is there, so that whoever looks meanwhile, or after a crash, sees the old one. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

typedef struct Output Output;

typedef enum OutputForm {
	OUTPUT_TEXT,
	OUTPUT_DATABASE, /* an SQLite file, made of the JSON Lines that are written */
} OutputForm;

/* path NULL is standard output. What is no regular file (a device, a FIFO, /dev/stdout, /dev/fd/N)
 * is written directly; an SQLite file is not. NULL and *reterr_error, which names path, where it
 * cannot be written. */
Output *output_open(const char *path, OutputForm form, GError **reterr_error);

/* Where what path names stands, links followed: the path of a regular file, or of none yet. NULL
 * where it is written directly. Owned by the caller. */
char *output_place(const char *path);
/* What is written goes to PLACE.partial, record by record, and stays there when the run ends before
 * output_finish(). What is there already is kept until output_cut(). */
Output *output_open_partial(const char *path, GError **reterr_error);
const char *output_partial(const Output *output);
/* Keeps the first length octets, behind which writing goes on. */
bool output_cut(Output *output, uint64_t length, GError **reterr_error);
/* Has what was written kept by the disk, as PLACE.partial. Instead of output_finish(). */
bool output_store(Output *output, GError **reterr_error);

/* False where it could not be written; nothing is to be written afterwards. */
/* An SQLite file takes whole lines. */
bool output_write(Output *output, Slice text, GError **reterr_error);

/* Has what was written put in its place and kept by the disk. Called once. False where that fails;
 * then path is as it was before, and the error says where the report is if it is anywhere. */
bool output_finish(Output *output, GError **reterr_error);

void output_free(Output *output); /* throws away what is not finished; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Output, output_free)
