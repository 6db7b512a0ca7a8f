/* The members of a record that only an account has (kantei explain). */
#pragma once

#include "report/json_value.h"
#include "report/report.h"

/* "received_form", "hops", "clocks", "statements". */
void record_add_account(json_t *record, const Case *kase);
/* "inputs" of the summary. */
void record_add_inputs(json_t *summary, const GPtrArray *inputs);
