/* Collects one message from the pieces in which it is read. */
#pragma once

#include "mailbox/raw_message.h"

typedef struct RawBuilder RawBuilder;

/* limit: the octets that are kept for analysis; LIMIT_MESSAGE, less in tests. */
RawBuilder *raw_builder_new(size_t limit);
void raw_builder_free(RawBuilder *builder); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RawBuilder, raw_builder_free)

void raw_builder_add(RawBuilder *builder, Slice piece);
/* The message of all pieces since the last one; source is taken over, its length and sha256 are
 * set. A message longer than the limit is cut, with a finding. The builder is empty again. */
RawMessage *raw_builder_finish(RawBuilder *builder, Source *source);
/* Forgets the pieces. */
void raw_builder_drop(RawBuilder *builder);
