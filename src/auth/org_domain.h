/* The organizational domain by the public suffix list (RFC 7489, 3.2), through libpsl. */
#pragma once

#include "auth/context.h"

/* The list compiled into libpsl, or one in text form. NULL and the error where text is no list. */
OrgDomains *org_domains_new_builtin(void);
OrgDomains *org_domains_new(Slice text, GError **reterr_error);
void org_domains_free(OrgDomains *domains); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OrgDomains, org_domains_free)

/* Owned by the caller; name itself where it is a public suffix. */
char *org_domain_by_list(const OrgDomains *domains, const char *name);
bool org_domain_is_suffix(const OrgDomains *domains, const char *name);
/* What identifies the list in a report: "sha256:…" of its text or libpsl's own digest. Lives as
 * long as domains. */
const char *org_domains_identity(const OrgDomains *domains);

/* The library behind it, with its version; owned by the caller. */
char *org_domains_library(void);
