/* Received fields (RFC 5321, 4.4, and what hosts write): one Hop each, best effort, raw kept. */
#pragma once

#include "base/finding.h"
#include "base/inet_addr.h"

#include <stdint.h>

typedef struct Hop {
	size_t field; /* its index in Fields */
	/* Texts are printable UTF-8 and NULL where the field does not say. */
	char *helo;         /* what the client called itself */
	char *rdns;         /* the name that the writer looked up for the address */
	bool rdns_verified; /* by a writer of the kind that looks the name up again and names it
			     * only when it leads back to the address */
	InetAddr ip;        /* the client's address; family 0 where the field has none */
	char *by;
	InetAddr by_ip;
	char *with;
	char *id;
	char *for_address;
	int64_t date;          /* TIME_UNKNOWN */
	bool is_authenticated; /* ESMTPA, ESMTPSA, …: a submission */
	bool is_tls;
	bool is_local; /* no SMTP: invoked by a user, a pipe, an internal hand-over */
	bool is_cut;   /* has more words than LIMIT_RECEIVED_TOKENS: read up to there */
} Hop;

/* value as stored, folded. Nothing of it is believed yet: that is the boundary's work. */
Hop *received_parse(Slice value);
void hop_free(Hop *hop); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hop, hop_free)
