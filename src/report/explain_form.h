/* What an account is made of, as text or, where the style has a writer for it, as HTML. Labels and
 * sentences are English, translated here; all else is data from the message or the DNS, escaped
 * here. NULL data shows as "-". */
#pragma once

#include "report/report.h"

void explain_head(GString *out, const ReportStyle *style, const char *title);
/* A space before the next of several things of one kind. */
void explain_gap(GString *out, const ReportStyle *style);
void explain_line(GString *out, const ReportStyle *style, const char *label, const char *text);
void explain_number(GString *out, const ReportStyle *style, const char *label, uint64_t number);
/* The texts (of char *; NULL is fine) in one line, "-" where there is none. */
void explain_texts(
	GString *out, const ReportStyle *style, const char *label, const GPtrArray *texts);
void explain_time(GString *out, const ReportStyle *style, const char *label, int64_t time);
/* "word (reason): sentence [detail]". */
void explain_verdict(
	GString *out, const ReportStyle *style, const char *label, const Verdict *verdict);
/* A method's mark and result: "SPF ○ pass  sentence". note is English, NULL is fine. */
void explain_mark(GString *out, const ReportStyle *style, const char *method, Mark mark,
	const char *word, const char *text, const char *note);
/* A title over items of a list. */
void explain_group(GString *out, const ReportStyle *style, const char *title);
/* An item: a sentence with the places {1}, {2} …; args NULL: it has none. */
void explain_item(
	GString *out, const ReportStyle *style, const char *english, const GPtrArray *args);
void explain_finding(GString *out, const ReportStyle *style, const Finding *finding);
