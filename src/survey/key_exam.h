/* A DKIM key at a selector that is known, without a signature by it (RFC 6376, 3.6.1). */
#pragma once

#include "auth/pubkey.h"
#include "survey/publication.h"

typedef struct KeyExam {
	char *selector; /* as written */
	char *name;     /* that was asked for; NULL where it cannot be one */
	KeyStatus status;
	KeyProblem problem; /* with KEY_REVOKED and KEY_UNUSABLE */
	size_t records;     /* TXT records at the name */
	KeyAlgorithm algorithm;
	int bits; /* 0: no key could be decoded */
	bool is_testing;
	Basis basis;
} KeyExam;

KeyExam *key_exam_new(const char *selector, const char *domain, Context *context);
void key_exam_free(KeyExam *exam); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeyExam, key_exam_free)

/* NULL where there is no problem; static. */
const char *key_problem_word(KeyProblem problem);
