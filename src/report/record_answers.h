/* The members of a record that say on which DNS answers it rests, and which it lacks. */
#pragma once

#include "analysis/case.h"

#include <jansson.h>

void record_add_answers(json_t *record, const Case *kase);
void record_add_lacking(json_t *record, const Case *kase);
