/* One of N even parts of mailboxes, by octets: a message belongs to the part in whose range it
 * begins, all files standing one behind the other in the order in which they are read. The parts of
 * one and the same input hold every message once. */
#pragma once

#include "mailbox/mailbox.h"

/* More parts than machines are of no use; it bounds what merging them keeps in mind. */
#define SHARDS_MAX 100000u

typedef struct Shard Shard;

/* Looks at the length of every file, and opens none. number counts from 1. paths, which may not
 * name standard input, are to be read in this order and as this kind. */
Shard *shard_new(unsigned number, unsigned of, char *const *paths, MailboxKind kind);
void shard_free(Shard *shard); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shard, shard_free)

/* Octets of all files: parts that were cut out of another sum do not fit together. */
uint64_t shard_total(const Shard *shard);
/* Octets of this part. */
uint64_t shard_length(const Shard *shard);

/* What a MailboxFilter says of the shard; what was not there at first is not wanted. */
void shard_begin(Shard *shard);
bool shard_wants_file(Shard *shard, const char *path);
MailboxWish shard_wish(const Shard *shard, uint64_t offset);
