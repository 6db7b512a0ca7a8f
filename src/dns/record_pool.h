/* Records that were seen without the question that they answered, each from a first to a last time;
 * and the answers that they make. */
#pragma once

#include "dns/answer.h"

typedef struct RecordPool RecordPool;

RecordPool *record_pool_new(void);
void record_pool_free(RecordPool *pool); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RecordPool, record_pool_free)

/* Takes rr, which has its presentation, over. Times of the same record are united. */
void record_pool_add(RecordPool *pool, Rr *rr, int64_t first, int64_t last);

/* The answers, of Answer, owned by the caller: to every name and type that there is a record of,
 * for each time at which one of the records was last seen, those that were seen before and after it
 * or then. A name with a CNAME answers for the types of the name at the end of the chain, as far as
 * that is here. Of a question only the newest times are kept, and answers do not grow beyond a
 * multiple of the records; *ret_left_out says how many were left out. That a name or record is not
 * here says nothing of it. via is what the answers have (see Answer). */
GPtrArray *record_pool_answers(const RecordPool *pool, const char *via, uint64_t *ret_left_out);
