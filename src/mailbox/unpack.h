/* Private to mailbox/: takes an archive apart, front to back, and archives that lie in it.
 *
 * It runs in a process of its own (mailbox/unpacker.h), for what it works on is hostile: libarchive
 * and the decompressors have had their faults. Of what libarchive can read, only this is switched
 * on: gzip, bzip2, xz and zstd, by libraries and never by another program; tar in its kinds; zip,
 * by its local headers, as a stream has no directory at its end. Nothing is ever written to a file,
 * and names are text: "../" or "/etc" in one leads nowhere.
 *
 * Files are handed out in the order in which they lie there. Directories, links and devices are
 * passed over, for they have no octets; holes of sparse files are NULs. A file that is an archive
 * itself is taken apart in turn; a zip only if its name ends in .zip or has no extension, as office
 * documents and programs are zips too. What goes beyond a limit is a problem, and so is what is
 * encrypted or broken; the rest is read. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

typedef struct UnpackLimits {
	uint64_t ratio;      /* octets that may come out for each octet of the archive */
	uint64_t free;       /* and so many more of a member, */
	uint64_t free_total; /* and of all members together */
	uint64_t octets;     /* of all members together at most */
	unsigned depth;      /* archives one in another */
} UnpackLimits;

/* Those of base/limits.h. */
extern const UnpackLimits unpack_limits;

typedef struct UnpackIo {
	/* Reads more of the archive, at most room octets; 0 at its end. */
	size_t (*read)(gpointer data, char *into, size_t room);
	/* A file begins. name: as the archive has it, behind the names of the archives that it lies
	 * in, each with a "!"; its own begins at own. Neither is longer than LIMIT_ARCHIVE_NAME,
	 * and it may be anything but NUL. */
	void (*member)(gpointer data, Slice name, size_t own);
	void (*octets)(gpointer data, Slice octets);
	/* It ends. problem: what is wrong with it, of unknown origin; NULL where it is complete. */
	void (*end)(gpointer data, const char *problem);
	/* name: of the member, or of an archive in the archive; empty for the archive itself. */
	void (*problem)(gpointer data, Slice name, const char *text);
	gpointer data;
} UnpackIo;

/* stem: what the content is called where the archive is but one compressed file. */
void unpack(const UnpackIo *io, const UnpackLimits *limits, const char *stem);

/* "mail.mbox" for "mail.mbox.gz", as gunzip and its like have it; the same name where it has none
 * of their endings. Owned by the caller. */
char *unpack_stem(const char *name);
/* Whether what recognise_archive() told of a file that nobody named is taken apart. */
bool unpack_is_wanted(const char *archive, const char *name);
