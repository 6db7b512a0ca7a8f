/* The evidence file: zone-file text with one ;q line a question (DESIGN.md, 2). */
#pragma once

#include "base/digest.h"
#include "dns/evidence.h"

typedef struct EvidenceFile EvidenceFile;

typedef enum EvidenceMode {
	EVIDENCE_READ,   /* the file must be there */
	EVIDENCE_APPEND, /* made where it is not there; read first */
} EvidenceMode;

/* Reads path into evidence. Groups whose crc is wrong are left out, each named in notes; so are
 * lines that cannot be read; a torn tail is left out, named, and before anything is appended ended
 * in a way that it stays left out. notes (of char *, owned by the array) is for the user; each has
 * the file's name and line. NULL and *reterr_error where the file cannot be read at all, or is not
 * empty and nothing in it is evidence. */
EvidenceFile *evidence_file_open(const char *path, EvidenceMode mode, Evidence *evidence,
	GPtrArray *notes, GError **reterr_error);
/* Reads text that is in memory, as the fuzz harness and tests do; name stands in notes. */
void evidence_parse(Slice text, const char *name, Evidence *evidence, GPtrArray *notes);

/* Appends one group with one write, under a lock that other kanteis wait for. Returns false and
 * sets the error when it could not. */
bool evidence_file_append(EvidenceFile *file, const Answer *answer, GError **reterr_error);
/* SHA-256 of the file as it is now. */
bool evidence_file_digest(EvidenceFile *file, DigestValue *ret_digest, GError **reterr_error);
void evidence_file_free(EvidenceFile *file); /* closes; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EvidenceFile, evidence_file_free)

/* The group of an answer as the file holds it, with its crc; owned by the caller. What a live run
 * evaluates is read back from this text, so that replay sees the same. */
GString *evidence_format(const Answer *answer);
/* Reads such a group; NULL where it is none. */
Answer *evidence_parse_group(Slice group);
