/* Private to unpacker.c: the process that unpacks an archive, and the frames that it writes. */
#pragma once

#include "mailbox/unpacker.h"

/* A frame is its kind, how long it is, and so many octets. */
#define FRAME_HEAD ((size_t)8)
#define FRAME_MAX  ((size_t)128 * 1024)

typedef enum FrameKind {
	FRAME_MEMBER = 1, /* where the own name begins, the name */
	FRAME_OCTETS,
	FRAME_END,     /* the member's */
	FRAME_BROKEN,  /* the same; what is wrong */
	FRAME_PROBLEM, /* the name, NUL, what is wrong */
	FRAME_DONE,
} FrameKind;

/* Unpacks what comes from end, until the archive or the process that reads mailboxes ends. stem:
 * what a file that is only compressed is called. Does not return. */
G_NORETURN void unpacker_process(int end, const char *stem, const UnpackerOptions *options);
