/* All that one sender of the list publishes. */
#pragma once

#include "survey/dmarc_exam.h"
#include "survey/key_exam.h"
#include "survey/mx_exam.h"
#include "survey/spf_exam.h"

typedef struct SenderExam {
	char *sender; /* as written */
	char *domain; /* in normal form; NULL where it has none: then there is no more */
	SpfExam *spf; /* these three NULL without a domain */
	DmarcExam *dmarc;
	MxExam *mx;
	GPtrArray *keys;    /* of KeyExam */
	GPtrArray *lacking; /* of Question: what was asked and is not in the evidence */
} SenderExam;

/* sender is an address or a domain; selectors those of DKIM that are known of it, with blanks,
 * commas or semicolons between them. */
SenderExam *sender_exam_new(const char *sender, const char *selectors, Evidence *evidence);
void sender_exam_free(SenderExam *exam); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SenderExam, sender_exam_free)
