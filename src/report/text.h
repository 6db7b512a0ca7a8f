/* A line a message: the list above the tables. */
#pragma once

#include "report/style.h"

/* Borrowed texts, each NULL where it is not known. */
typedef struct MessageLine {
	const Mark *marks;
	bool is_strict;       /* SPF */
	const char *received; /* RFC 3339 */
	const char *from, *subject;
	uint64_t index;   /* of the stored message */
	const char *part; /* of one that is attached to it */
} MessageLine;

/* The columns that say which message it is, and the end of the line. */
void text_append_place_heads(GString *out, const ReportStyle *style);
void text_append_place(GString *out, const ReportStyle *style, const MessageLine *line);
/* Marks before them. */
void text_append_line(GString *out, const ReportStyle *style, const MessageLine *line);
