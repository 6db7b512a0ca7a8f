/* The members of a record that say on which DNS answers it rests, and which it lacks. */
#pragma once

#include "analysis/case.h"
#include "report/json_value.h"

void record_add_answers(Json *record, const Case *kase);
void record_add_lacking(Json *record, const Case *kase);
