/* DNS packets (RFC 1035, 4.1; RFC 6891; RFC 8914): a question written, an answer read. */
#pragma once

#include "dns/answer.h"

/* What of UDP passes everywhere without fragments. */
#define PACKET_UDP_MAX 1232u

typedef enum PacketFlags {
	PACKET_PLAIN = 0,
	PACKET_EDNS = 1,              /* with an OPT record */
	PACKET_CHECKING_DISABLED = 2, /* CD */
} PacketFlags;

/* The packet of a question: recursion desired, and AD set to say that the answer's AD is understood
 * (RFC 6840, 5.7). NULL where the name cannot be encoded. */
GByteArray *packet_question(const Question *question, uint16_t id, PacketFlags flags);

typedef struct PacketReply {
	unsigned rcode; /* with its extension by EDNS */
	bool truncated; /* then nothing below is filled */
	bool authentic; /* AD */
	bool has_edns;
	int ede;     /* of its extended errors one that tells of DNSSEC, or the first; or -1 */
	int64_t soa; /* negative TTL: the smaller of the SOA's own and its minimum field, or -1 */
	GPtrArray *rrs; /* of Rr, as Answer has them: the chain in order, then what was asked */
} PacketReply;

typedef enum PacketProblem {
	PACKET_OK,
	PACKET_BROKEN,   /* it cannot be read */
	PACKET_MISMATCH, /* it answers something else */
} PacketProblem;

/* Reads the answer to question. *ret_reply is written where it is PACKET_OK, and is then to be
 * cleared. */
PacketProblem packet_read(Slice packet, const Question *question, PacketReply *ret_reply);
void packet_reply_clear(PacketReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PacketReply, packet_reply_clear)

/* An extended error that says that validation failed or could not be done (RFC 8914, 4.6 ff.). */
bool packet_ede_is_dnssec(int ede);
