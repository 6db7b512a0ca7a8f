/* DMARC by RFC 9989 (tree walk) and by RFC 7489 (public suffix list), side by side. */
#pragma once

#include "auth/context.h"
#include "auth/dkim.h"
#include "auth/spf.h"
#include "message/facts.h"

typedef struct DmarcAlignment {
	char *domain;    /* that passed: SPF's, or a signature's d= */
	bool is_aligned; /* in the mode of the record (relaxed without one) */
	bool is_strict;  /* the record asks for strict */
	char *org_domain;
} DmarcAlignment;

/* What one of the two rule sets says for one author domain. */
typedef struct DmarcView {
	Verdict verdict;
	char *record;        /* the record that counted, printable; NULL */
	char *record_domain; /* below whose _dmarc it stands; NULL */
	char *org_domain;    /* of the author domain */
	char *policy; /* "none", "quarantine", "reject": p, sp or np as applies, t= honoured; NULL
		       */
	char *policy_tag;    /* "p", "sp", "np" */
	bool is_testing;     /* t=y (9989) */
	unsigned percent;    /* pct= (7489), 100 otherwise */
	bool bestguess;      /* no record; it would pass with the defaults (relaxed) */
	DmarcAlignment *spf; /* NULL where SPF did not pass */
	GPtrArray *dkim;     /* of DmarcAlignment, for each signature that passed */
	GPtrArray *walk;     /* of char *: names asked, in order */
} DmarcView;

typedef struct DmarcVerdict {
	Verdict verdict; /* by the rule that counts */
	DmarcRule rule;  /* 9989 or 7489 */
	char *domain;    /* the author domain that decided; NULL where there is none */
	size_t author_domains;
	DmarcView *rfc9989; /* both NULL where there is no author domain */
	DmarcView *rfc7489;
} DmarcVerdict;

/* With several author domains each is evaluated and the worst decides (RFC 7489, 6.6.1). SPF counts
 * by its MAIL FROM verdict only. */
DmarcVerdict *dmarc_evaluate(const Facts *facts, const SpfVerdict *spf, const DkimVerdict *dkim,
	Context *context, Findings *findings);
void dmarc_verdict_free(DmarcVerdict *verdict); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DmarcVerdict, dmarc_verdict_free)

/* The view that counts; NULL where there is no author domain. */
const DmarcView *dmarc_view(const DmarcVerdict *verdict);
