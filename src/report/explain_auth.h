/* The methods' parts of the account of one message. */
#pragma once

#include "report/report.h"

void explain_spf(GString *out, const ReportStyle *style, const Case *kase);
void explain_dkim(GString *out, const ReportStyle *style, const Case *kase);
/* Why a signature does not verify; NULL is fine. */
void explain_changes(GString *out, const ReportStyle *style, const ChangeSearch *search);
/* The commands that verify it by hand; NULL is fine. */
void explain_dump(GString *out, const ReportStyle *style, const DkimDump *dump);
void explain_dmarc(GString *out, const ReportStyle *style, const Case *kase);
void explain_arc(GString *out, const ReportStyle *style, const Case *kase);
void explain_smime(GString *out, const ReportStyle *style, const Case *kase);
