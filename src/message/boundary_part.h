/* What the parts of boundary.c share. */
#pragma once

#include "base/limits.h"
#include "message/facts.h"

/* Where the client of a hop stands, seen from the organisation that wrote the line above. */
typedef enum HopPlace {
	HOP_OUTSIDE,
	HOP_LOCAL,        /* no SMTP */
	HOP_PRIVATE,      /* private or loopback address */
	HOP_SUBMISSION,   /* authenticated */
	HOP_ORGANISATION, /* a public address of the organisation in "by" */
} HopPlace;

typedef struct HopChain {
	const Facts *facts;
	HopPlace places[LIMIT_HOPS];
	size_t count;
	size_t outside; /* the first HOP_OUTSIDE; count where there is none */
} HopChain;

HopChain hop_chain(const Facts *facts);

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

/* With the boundary known (chain.count where there is none): sets is_trusted, and tells of results
 * in our name that stand where the sender could write them. */
void boundary_trust(Facts *facts, const BoundaryOptions *options, size_t boundary);

/* Fills mail_from of the envelope. */
void boundary_mail_from(Facts *facts, const BoundaryOptions *options, size_t boundary);
