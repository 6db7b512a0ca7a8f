/* Domain names in the one form that is compared, asked and shown: lower-case A-labels, no final
 * dot (RFC 5890, RFC 1035). */
#pragma once

#include "base/slice.h"

#define DOMAIN_NAME_MAX  ((size_t)253) /* octets, without the final dot */
#define DOMAIN_LABEL_MAX ((size_t)63)

/* A name that mail uses (d=, an address' domain, HELO): letters, digits, hyphens and underscores
 * in labels of 1 to 63 octets; U-labels are converted by libidn2 (UTS 46). A final dot is dropped.
 * NULL where the text is no such name. Owned by the caller. */
char *domain_name_new(Slice text);

/* A name as it is asked, from its octets with dots between the labels: any octet is allowed in a
 * label; what a zone file cannot hold bare is written \DDD. NULL where a label is empty or too
 * long, or the name is. Owned by the caller. */
char *domain_name_for_question(Slice octets);

/* These take names in the form above.
 *
 * With its U-labels, for people: valid UTF-8, owned by the caller. NULL where it has none, or one
 * that no Unicode text was encoded in. */
char *domain_name_unicode(const char *name);
unsigned domain_name_labels(const char *name);
/* The last count labels of name (all of it when it has no more); points into name. */
const char *domain_name_last(const char *name, unsigned count);
/* name without its first label; NULL when it has but one. Points into name. */
const char *domain_name_parent(const char *name);
/* name is zone or lies below it. */
bool domain_name_is_within(const char *name, const char *zone);

/* The library behind U-labels, with its version; owned by the caller. */
char *domain_name_library(void);
