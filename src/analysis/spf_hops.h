/* SPF for the client of the boundary and for every other hop that may have been it. */
#pragma once

#include "analysis/case.h"

/* Fills spf, spf_helo and spf_hops of the case, whose facts are chosen. Where the boundary is in
 * doubt (message/boundary.h) and the hops give different results, SPF is not evaluable, reason
 * "boundary-in-doubt". */
void case_check_spf(Case *kase, Context *context);
