/* Filling a record, for the two ways of reading one: from text and from packets. What is filled in
 * is added to presentation, as we write it. */
#pragma once

#include "dns/rdata.h"

/* One string of a TXT record; one that is longer than a record can hold it is written as several,
 * which readers of TXT join again. */
void rdata_add_string(Rr *rr, GString *presentation, Slice octets);
/* Takes name over; false where it is NULL. */
bool rdata_set_name(Rr *rr, GString *presentation, char *name);
void rdata_set_preference(Rr *rr, GString *presentation, unsigned preference);
void rdata_set_addr(Rr *rr, GString *presentation, const InetAddr *addr);
