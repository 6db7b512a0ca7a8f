/* Evidence: what is known of the DNS, question by question. "Not recorded" is no answer. */
#pragma once

#include "dns/answer.h"

typedef struct Evidence Evidence;

Evidence *evidence_new(void);
void evidence_free(Evidence *evidence); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Evidence, evidence_free)

/* These may be called from several threads at a time.
 *
 * NULL where the question is not recorded. The answer lives as long as evidence, and until the
 * same question is added again. */
const Answer *evidence_find(Evidence *evidence, const char *name, DnsType type);

/* Takes answer over; the last answer to a question counts. */
void evidence_add(Evidence *evidence, Answer *answer);
size_t evidence_count(const Evidence *evidence); /* questions */
/* The answer to the index-th question, in the order in which they were first added; NULL behind the
 * last. It lives as evidence_find()'s does. */
const Answer *evidence_get(Evidence *evidence, size_t index);
