/* SPF (RFC 7208): check_host() on the distribution's libspf2, made right (spf_engine.h).
 *
 * Where the RFC leaves room: an outcome that is neither NOERROR nor NXDOMAIN, and a CNAME chain
 * that does not end, are the errors of 4.4 and 5; a term counts once for the limit of void
 * look-ups, however many of its questions find nothing; a target-name that no DNS name can be finds
 * nothing, and to include it, or to redirect to it, is a permerror; a term with the local part in
 * it does not match for one that is not ASCII (RFC 8616, 4). %{t} is the time of reception, %{r}
 * "unknown". A missing answer makes a verdict unknown even where it could only change the
 * explanation. */
#pragma once

#include "auth/context.h"
#include "base/inet_addr.h"

typedef enum SpfIdentity { SPF_MAILFROM, SPF_HELO } SpfIdentity;

typedef struct SpfVerdict {
	Verdict verdict;
	SpfIdentity identity;
	char *domain; /* the one whose record was asked first, normal form; NULL where none can be
		       */
	/* Which client it was is not certain, and another would have given another domain. */
	bool is_domain_in_doubt;
	char *record;      /* text of that domain's record, printable; NULL */
	char *term;        /* the term that matched, as written; NULL where none did */
	char *term_domain; /* whose record holds it */
	GPtrArray *chain;  /* of char *: "example.com include:_spf.example.net" … to the term */
	unsigned lookups;  /* terms that ask the DNS (4.6.4) */
	unsigned void_lookups;
	char *explanation;  /* exp= text, printable UTF-8; only with fail; NULL */
	Findings *findings; /* what weakens the records that were read; owned, never NULL */
} SpfVerdict;

typedef struct SpfRequest {
	InetAddr client_ip;    /* family 0: not known */
	const char *helo;      /* NULL: not known */
	const char *mail_from; /* NULL: not known; "": null reverse-path */
} SpfRequest;

/* The MAIL FROM identity; with a null reverse-path postmaster@HELO (2.4). */
SpfVerdict *spf_check_mail_from(const SpfRequest *request, Context *context);
/* The HELO identity (2.3). */
SpfVerdict *spf_check_helo(const SpfRequest *request, Context *context);
void spf_verdict_free(SpfVerdict *verdict); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpfVerdict, spf_verdict_free)

/* The library behind it, with its version; owned by the caller. */
char *spf_library(void);
