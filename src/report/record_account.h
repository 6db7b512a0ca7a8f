/* The members of a record that not every one has: those of an account (kantei explain). */
#pragma once

#include "report/json_value.h"
#include "report/record.h"

/* Of "received_form", "hops", "clocks" and "statements" those that the extent has. */
void record_add_account(Json *record, const Case *kase, RecordExtent extent);
/* "inputs" of the summary. */
void record_add_inputs(Json *summary, const GPtrArray *inputs);
