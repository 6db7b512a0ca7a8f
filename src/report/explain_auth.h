/* The methods' parts of the account of one message. */
#pragma once

#include "report/report.h"

void explain_spf(GString *out, const ReportStyle *style, const Case *kase);
void explain_dkim(GString *out, const ReportStyle *style, const Case *kase);
void explain_dmarc(GString *out, const ReportStyle *style, const Case *kase);
void explain_arc(GString *out, const ReportStyle *style, const Case *kase);
void explain_smime(GString *out, const ReportStyle *style, const Case *kase);

/* What the parts are made of. Labels and sentences are English, translated here; text is data
 * from the message or the DNS, escaped here. NULL text shows as "-". */
void explain_head(GString *out, const ReportStyle *style, const char *title);
void explain_line(GString *out, const ReportStyle *style, const char *label, const char *text);
void explain_number(GString *out, const ReportStyle *style, const char *label, uint64_t number);
/* The texts (of char *; NULL is fine) in one line, "-" where there is none. */
void explain_texts(
	GString *out, const ReportStyle *style, const char *label, const GPtrArray *texts);
void explain_time(GString *out, const ReportStyle *style, const char *label, int64_t time);
/* "word (reason): sentence [detail]". */
void explain_verdict(
	GString *out, const ReportStyle *style, const char *label, const Verdict *verdict);
