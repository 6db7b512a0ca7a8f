/* What the parts of boundary.c share. */
#pragma once

#include "base/limits.h"
#include "message/facts.h"

/* Where the client of a hop stands, seen from the organisation that wrote the line above. */
typedef enum HopPlace {
	HOP_OUTSIDE,
	HOP_LOCAL,      /* no SMTP */
	HOP_PRIVATE,    /* private or loopback address */
	HOP_CLOUD,      /* a public address that only the provider's own hosts have */
	HOP_SUBMISSION, /* authenticated: passed over, but what stands below is the user's word */
	HOP_LIKELY,     /* near the host in "by", by name or address: passed over, not proven */
} HopPlace;

typedef struct HopChain {
	const Facts *facts;
	HopPlace places[LIMIT_HOPS];
	size_t count;
	size_t outside;           /* the first HOP_OUTSIDE; count where there is none */
	bool is_ours[LIMIT_HOPS]; /* the client is surely a host of ours */
} HopChain;

HopChain hop_chain(const Facts *facts, const BoundaryOptions *options);

/* A public address; 6to4 (RFC 3056) around a private one, as Gmail has it inside, is none. */
bool hop_ip_is_public(const InetAddr *ip);

/* The Received lines that stand above a field. */
size_t hops_above(const Facts *facts, size_t field);

/* The results field names our organisation: one of the authserv-ids given; with none given, by the
 * name of a host that wrote one of the topmost lines, [0, hops). */
bool results_are_ours(const Facts *facts, const BoundaryOptions *options,
	const RecordedField *recorded, size_t hops);

/* The line directly below the lowest results that our organisation recorded: its index; NO_HOP
 * where there are none. */
size_t boundary_by_results(const HopChain *chain, const BoundaryOptions *options);

/* With the envelope's line that is believed known: sets is_trusted, and tells of results in our
 * name that stand where the sender could write them. */
void boundary_trust(Facts *facts, const BoundaryOptions *options);

/* Fills mail_from of the envelope. */
void boundary_mail_from(Facts *facts, const BoundaryOptions *options);

/* The option --border names the host. */
bool is_border_host(const BoundaryOptions *options, const char *host);
