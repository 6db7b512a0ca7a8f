/* What a run opens before it starts: evidence, trust, suffix list, resolver. */
#pragma once

#include "auth/org_domain.h"
#include "auth/smime.h"
#include "cli/options.h"
#include "dns/evidence_file.h"

typedef struct Resources {
	Evidence *evidence;
	EvidenceFile *file; /* NULL without --evidence */
	Trust *trust;
	OrgDomains *org_domains;
	Live *live;       /* NULL with --offline */
	GPtrArray *notes; /* of char *: remarks for the user */
} Resources;

Resources *resources_open(const Options *options, GError **reterr_error);
/* Evidence and resolver only. */
Resources *resources_open_dns(const Options *options, GError **reterr_error);
void resources_free(Resources *resources); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Resources, resources_free)
