/* What one of the two rule sets says of one author domain. */
#pragma once

#include "auth/dmarc.h"

/* rule is DMARC_RULE_9989 or DMARC_RULE_7489; spf and dkim may be NULL: not known. */
DmarcView *dmarc_view_new(DmarcRule rule, const char *author, const SpfVerdict *spf,
	const DkimVerdict *dkim, Context *context, Findings *findings);
void dmarc_view_free(DmarcView *view); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DmarcView, dmarc_view_free)
