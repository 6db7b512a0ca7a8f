/* The chain of custody: every input file, hashed before its first message is taken and again when
 * all is done. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Custody Custody;

Custody *custody_new(void);
void custody_free(Custody *custody); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Custody, custody_free)

/* The path, if it is that of a regular file, and was not there before; "-" and folders are left
 * out: their files come with their messages. */
void custody_take(Custody *custody, const char *path);
/* Hashes all again. False where one is not what it was. */
bool custody_close(Custody *custody);
/* Of InputDigest (report/report.h), in the order in which they were taken; lives as long as
 * custody. */
const GPtrArray *custody_inputs(const Custody *custody);
