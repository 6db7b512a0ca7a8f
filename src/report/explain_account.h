/* The parts of an account that belong to no method: the summary, the way of the message, its
 * clocks, what follows, and how the account was made. */
#pragma once

#include "report/report.h"

/* The whole account, by explain_form.h. */
void explain_case(GString *out, const ReportStyle *style, const Case *kase);

void explain_summary(GString *out, const ReportStyle *style, const Case *kase);
void explain_wire_form(GString *out, const ReportStyle *style, const Case *kase);
void explain_hops(GString *out, const ReportStyle *style, const Case *kase);
void explain_clocks(GString *out, const ReportStyle *style, const Case *kase);
void explain_statements(GString *out, const ReportStyle *style, const Case *kase);
void explain_custody(GString *out, const ReportStyle *style, const RunSummary *summary);
