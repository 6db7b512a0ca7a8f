/* Private to mailbox/: the process that takes an archive apart (mailbox/unpack.h), and what comes
 * from it.
 *
 * The octets of an archive are whatever somebody sent, and whoever reads mailboxes has the network
 * and the files. So each archive is unpacked by a process of its own, forked when it is opened. It
 * has a socket and nothing else: down it goes the archive, as the window reads it; up come names
 * and octets in small frames, which are not believed either. Nothing is held but what fits into the
 * socket and the windows, and nothing is written to a disk. A process that dies, says what it may
 * not, or stands still is the end of its archive, as a problem. One that is taken over can make up
 * the files of its archive, which is what whoever wrote the archive could do anyway. */
#pragma once

#include "mailbox/unpack.h"
#include "mailbox/window.h"

/* Confines this process for good, to channel, and to so many more octets of memory. */
typedef unsigned (*UnpackerConfine)(int channel, uint64_t memory);

typedef struct UnpackerOptions {
	UnpackLimits limits;
	UnpackerConfine confine; /* NULL: it is not confined, in tests */
} UnpackerOptions;

typedef struct Unpacker Unpacker;

typedef struct UnpackedMember {
	char *path; /* "ARCHIVE!MEMBER" */
	char *name; /* the member's own, without the archives that it lies in */
} UnpackedMember;

typedef enum UnpackerStep {
	UNPACKER_MEMBER,  /* *ret_member is the next file; its texts are owned by the caller */
	UNPACKER_PROBLEM, /* *reterr_error says what could not be read; the next call goes on */
	UNPACKER_END,
} UnpackerStep;

/* Takes the archive that is open in window from there; path names it. All are borrowed, the path is
 * not. NULL and the error where no process can be had. */
Unpacker *unpacker_new(
	Window *window, const char *path, const UnpackerOptions *options, GError **reterr_error);
void unpacker_free(Unpacker *unpacker); /* NULL is fine; ends the process */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Unpacker, unpacker_free)

/* What is left of the member before is passed over. */
UnpackerStep unpacker_next(Unpacker *unpacker, UnpackedMember *ret_member, GError **reterr_error);
/* Opens the octets of the member that came last in another window, which is to be read before the
 * next one is asked for. */
void unpacker_open(Unpacker *unpacker, Window *member, const char *path);
