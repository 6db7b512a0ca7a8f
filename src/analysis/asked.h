/* Which answers a case rests on, which it lacks, and who asked for them. */
#pragma once

#include "analysis/case.h"

/* Begins anew. */
void case_start_asking(Case *kase);
/* What was asked of the context since the last call was asked by them (ASKED_BY…). */
void case_note_asked(Case *kase, Context *context, unsigned by);
