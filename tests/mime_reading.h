/* What kantei says of a message, and what mail-parser's JSON says of it, in the same words. */
#pragma once

#include "message/facts.h"
#include "suite.h"

typedef struct Leaf {
	char *section; /* "1.2"; "" is the message itself */
	char *word;    /* where it stands, and what is in it */
} Leaf;

typedef struct Reading {
	char *from;    /* "name <address>, …" */
	char *subject; /* "" where there is none, as below */
	char *date;
	char *tree;        /* "multipart/mixed(text/plain, image/png "a.png")" */
	GPtrArray *leaves; /* of Leaf, in order */
} Reading;

Reading *reading_of_facts(const Facts *facts);
/* Of a file of the corpus. */
Reading *reading_of_json(const char *path);
void reading_free(Reading *reading); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reading, reading_free)

static inline const Leaf *reading_leaf(const Reading *reading, guint index)
{
	return g_ptr_array_index(reading->leaves, index);
}

/* Pieces of it, for the corpus' vectors of single fields; owned by the caller. */
char *reading_people(const AddressList *list);
