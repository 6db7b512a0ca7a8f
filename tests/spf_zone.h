/* A DNS in memory, as the published suites describe it, for the tests and harnesses of SPF. */
#pragma once

#include "auth/spf.h"

typedef struct SpfZone SpfZone;

SpfZone *spf_zone_new(void);
void spf_zone_free(SpfZone *zone); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpfZone, spf_zone_free)

/* type is A, AAAA, MX, PTR, TXT, CNAME, or TIMEOUT or SERVFAIL: what stands behind that for the
 * same name is not answered. Records of other types only make the name exist. */
void spf_zone_add(SpfZone *zone, const char *name, const char *type, Slice value);
/* The name is as if it had never been added. */
void spf_zone_forget(SpfZone *zone, const char *name);
/* The line "Z name TYPE value" as tests/corpora/spf/convert.py writes it. */
void spf_zone_add_line(SpfZone *zone, const char *line);
/* A text with its %XX taken back; owned by the caller. */
GString *spf_zone_unescape(const char *text);

/* What this DNS answers; owned by the caller. */
Answer *spf_zone_answer(const SpfZone *zone, const char *name, DnsType type);
/* Puts all that the zone has into evidence. */
void spf_zone_fill(const SpfZone *zone, Evidence *evidence);

typedef SpfVerdict *(*SpfCheck)(const SpfRequest *request, Context *context);
/* Evaluates until nothing is lacking, with what evidence has and then with what the zone answers;
 * *ret_rounds is the number of evaluations. */
SpfVerdict *spf_zone_check(const SpfZone *zone, Evidence *evidence, SpfCheck check,
	const SpfRequest *request, unsigned *ret_rounds);
