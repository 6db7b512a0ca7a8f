/* The members of a record that the methods fill. */
#pragma once

#include "analysis/case.h"
#include "report/style.h"

#include <jansson.h>

/* The member "dump" of a signature; null for NULL. */
void record_add_dump(json_t *signature, const DkimDump *dump);
/* The member "changed_by" of a signature; null for NULL. */
void record_add_changes(json_t *signature, const ChangeSearch *search);

/* The members that every verdict has. */
void record_add_verdict(json_t *object, const Verdict *verdict);

void record_add_spf(json_t *record, const Case *kase);
void record_add_dkim(json_t *record, const Case *kase);
void record_add_dmarc(json_t *record, const Case *kase);
void record_add_arc(json_t *record, const ArcVerdict *arc);
void record_add_smime(json_t *record, const SmimeVerdict *smime);
