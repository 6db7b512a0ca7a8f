/* --roster: the file, and what --by and --cross want of it. */
#pragma once

#include "base/digest.h"
#include "cli/options.h"

/* A list of senders, whose addresses stand in the first of these columns (up to a NULL) that is
 * there. ret_digest is the file's SHA-256; it may be NULL. */
Roster *roster_file_read(const char *path, const char *const *columns, DigestValue *ret_digest,
	GError **reterr_error);

/* *ret_roster is NULL where the options name none; else owned by the caller. False, and
 * *reterr_error, where it cannot be read, or has no column that the options name. */
bool roster_file_open(const Options *options, Roster **ret_roster, GError **reterr_error);
/* Gives the table the roster, which must outlive it; NULL is fine. */
void roster_file_apply(const Options *options, Roster *roster, Table *table);
