/* Answers of the DNS, listed: as text for people, and as JSON Lines by evidence.schema.json. */
#pragma once

#include "auth/context.h"
#include "report/style.h"

typedef struct ListedAnswer {
	const Answer *answer;
	const char *path;
	bool counts; /* no later answer of the file is to the same question */
} ListedAnswer;

void answer_append_text(GString *out, const ReportStyle *style, const ListedAnswer *listed);
void answer_append_jsonl(GString *out, const ReportStyle *style, const ListedAnswer *listed);
/* Below the list; what the last answers of their questions are not is superseded. */
void answers_append_total(
	GString *out, const ReportStyle *style, uint64_t listed, uint64_t superseded);
