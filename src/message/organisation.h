/* Whether two hosts are likely of one organisation, by their names alone: a guess for reading
 * trace fields, coarser than the public suffix list, and never used for alignment. */
#pragma once

#include "base/slice.h"

/* The last two labels of a host name, or three where the second-level label is a category of its
 * country ("co.jp", "ne.jp", "ac.uk"). Points into name; NULL where name has but one label. */
const char *host_organisation(const char *name);

/* The same name, or of the same organisation; NULL is no neighbour. Case does not matter. */
bool hosts_are_neighbours(const char *a, const char *b);

/* The host is one of Exchange Online's. NULL is none. */
bool host_is_exchange_online(const char *host);

/* The host is zone or lies below it; zone in lower case. NULL does not. */
bool host_is_within(const char *host, const char *zone);
