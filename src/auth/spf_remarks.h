/* What weakens an SPF record, though it is as the standard has it. */
#pragma once

#include "auth/spf_host.h"
#include "base/finding.h"

/* Networks of so few bits hold a large part of the Internet: a pass says nothing (BreakSPF). */
#define SPF_BROAD_PREFIX4 8
#define SPF_BROAD_PREFIX6 16

/* A pass that almost anybody would get. */
void spf_remark_match(Findings *findings, const SpfOutcome *outcome);
/* What RFC 7208 says not to publish: ptr and %{p}, in the records of these SpfLevels. */
void spf_remark_records(Findings *findings, const GPtrArray *levels);
