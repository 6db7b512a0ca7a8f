/* What the tests of mailboxes share: everything that one hands out, and folders to put them into.
 */
#pragma once

#include "mailbox/mailbox.h"
#include "suite.h"

#define FROM "From sender@example.com Sat Jan  3 01:05:34 1996\n"

/* Everything that a mailbox hands out: messages, and the texts of errors. */
typedef struct Haul {
	GPtrArray *messages;
	GPtrArray *errors;
} Haul;

Haul *haul_all(Mailbox *mailbox);
Haul *haul_path(const char *path, MailboxKind kind);
Haul *haul_memory(Slice text, MailboxKind kind);
void haul_free(Haul *haul);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Haul, haul_free)

/* A message that is not there ends the test program. */
const RawMessage *haul_message(const Haul *haul, guint index);
bool haul_has_finding(const Haul *haul, guint index, const char *code);

/* The codes of its findings, "code code", in their order; owned by the caller. */
char *raw_codes(const RawMessage *raw);
/* Owned by the caller. */
char *raw_text(const RawMessage *raw);

void assert_text(const RawMessage *raw, const char *expected);
/* The error has both name and part in its text. */
void assert_error(const Haul *haul, guint index, const char *name, const char *part);
/* The octets at the place that the source names are the message. */
void assert_place(const RawMessage *raw);

/* A folder that is removed with all that is in it. */
typedef char Scratch;

Scratch *scratch_new(void);
void scratch_free(Scratch *path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scratch, scratch_free)

/* Writes a file below dir, with the directories that it needs; returns its path. */
char *scratch_put(const char *dir, const char *name, Slice text);
void scratch_put_text(const char *dir, const char *name, const char *text);
