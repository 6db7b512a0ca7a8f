/* The data of a resource record: presentation form (RFC 1035, 5.1; RFC 3597, 5) and packets. */
#pragma once

#include "dns/answer.h"
#include "dns/wire.h"

/* Fills what rr->type has (see Rr) from presentation form, and rr->presentation as we write it.
 * False where it cannot be read; rr is then to be freed. */
bool rdata_from_text(Rr *rr, Slice text);
/* Tells the same without keeping anything. */
bool rdata_is_readable(DnsType type, Slice text);

/* The same from the len octets at wire->at, which end where the record ends. */
bool rdata_from_wire(Rr *rr, Wire *wire, size_t len);

/* Appends the octets of the data, names uncompressed. False where its presentation form is one that
 * we do not know, and then wire is as it was. */
bool rdata_to_wire(const Rr *rr, GByteArray *wire);

/* How the data of a record that has no presentation form yet (put together by hand) is written;
 * owned by the caller. */
char *rdata_text(const Rr *rr);
