/* The DMARC policy that holds for a domain, as the tree walk finds it (RFC 9989, 4.10). */
#pragma once

#include "auth/dmarc_record.h"
#include "survey/publication.h"

typedef struct DmarcExam {
	Publication state; /* invalid: there is a record, but it is not applied */
	char *record;      /* printable; NULL where none counts */
	char *found_at;    /* the domain whose record it is; NULL where none counts */
	bool is_own;       /* which is the domain itself */
	DmarcPolicy p, sp, np;
	DmarcPolicy policy; /* what holds for the domain, t= heeded; absent where none is applied */
	bool is_testing;    /* t=y */
	char *rua;          /* printable; NULL where there is none */
	Findings *findings;
	Basis basis; /* the answer with the record; where there is none, that of the domain itself
		      */
} DmarcExam;

/* domain is in normal form; is_nonexistent: it answers NXDOMAIN (np=). */
DmarcExam *dmarc_exam_new(const char *domain, bool is_nonexistent, Context *context);
void dmarc_exam_free(DmarcExam *exam); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DmarcExam, dmarc_exam_free)
