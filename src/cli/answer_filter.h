/* Which answers of evidence are wanted: --name, --type, --since, --until, --status. */
#pragma once

#include "cli/words.h"
#include "dns/answer.h"

typedef struct AnswerFilter AnswerFilter;

/* NULL, and the error, where a word is not understood. */
AnswerFilter *answer_filter_new(const Words *words, GError **reterr_error);
void answer_filter_free(AnswerFilter *filter); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnswerFilter, answer_filter_free)

bool answer_filter_wants(const AnswerFilter *filter, const Answer *answer);
