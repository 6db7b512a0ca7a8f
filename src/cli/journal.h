/* What the lines are of a report that a run can go on with: what the commands that have such a
 * report know of it. */
#pragma once

#include "report/json_read.h"

typedef struct Journal {
	const char *head;    /* the member of its first line: "run" */
	const char *sources; /* what it is made from, for messages: "mailboxes" */
	/* Of two first lines, taken over: NULL where they are of the same run, otherwise what is
	 * another, or the error where one is none. Owned by the caller. */
	char *(*compare)(json_t *was, json_t *now, GError **reterr_error);
	/* A record that is there, taken over. False with an error where it cannot stand there, and
	 * without one where it, and what follows, are to be made anew. */
	bool (*take)(json_t *line, gpointer data, GError **reterr_error);
	/* Appends what the report has of a line, whose format is another than that of the line. */
	bool (*convert)(Slice line, GString *out, gpointer data, GError **reterr_error);
} Journal;
