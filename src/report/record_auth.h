/* The members of a record that the methods fill. */
#pragma once

#include "analysis/case.h"
#include "report/json_value.h"
#include "report/style.h"

/* The member "dump" of a signature; null for NULL. */
void record_add_dump(Json *signature, const DkimDump *dump);
/* The member "changed_by" of a signature; null for NULL. */
void record_add_changes(Json *signature, const ChangeSearch *search);

/* The members that every verdict has. */
void record_add_verdict(Json *object, const Verdict *verdict);

void record_add_spf(Json *record, const Case *kase);
void record_add_dkim(Json *record, const Case *kase);
void record_add_dmarc(Json *record, const Case *kase);
void record_add_arc(Json *record, const ArcVerdict *arc);
void record_add_smime(Json *record, const SmimeVerdict *smime);
