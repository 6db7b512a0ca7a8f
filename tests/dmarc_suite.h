/* A scene for the DMARC tests: a zone that answers, and SPF, DKIM and From as one line each. */
#pragma once

#include "auth/dmarc.h"
#include "auth/org_domain.h"

typedef struct DmarcScene {
	GHashTable *zone; /* of name to GPtrArray of char *: "TXT …", "A", "SERVFAIL", "LACKING" */
	Evidence *evidence;
	OrgDomains *org_domains;
	Context *context;
	Findings *findings;
	Facts *facts;
	SpfVerdict *spf;
	DkimVerdict *dkim;
} DmarcScene;

/* from: "example.com, example.org"; "!" is an address whose domain is no name; "2:" in front makes
 * it two From fields. spf: "pass example.com", any other result, "unknown" (no envelope), "missing
 * example.com" (an answer is not recorded). dkim: the same, separated by commas; "google D" is a
 * signature of Google's own. "" is none. */
DmarcScene *dmarc_scene_new(const char *from, const char *spf, const char *dkim);
void dmarc_scene_free(DmarcScene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DmarcScene, dmarc_scene_free)

/* One line of the zone: "_dmarc.example.com" and "TXT v=DMARC1; p=none", "A", "SERVFAIL" (whatever
 * is asked), "LACKING" (is never recorded). Names that are not there do not exist. */
void dmarc_scene_add(DmarcScene *scene, const char *name, const char *record);
/* Several: "name record" on each line. */
void dmarc_scene_add_all(DmarcScene *scene, const char *lines);

/* Evaluates as the engine does: answers what is lacking and evaluates again. */
DmarcVerdict *dmarc_scene_evaluate(DmarcScene *scene);
/* Answers all that context lacks; whether there was any it could. */
bool dmarc_scene_answer(DmarcScene *scene);
