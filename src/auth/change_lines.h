/* What the families that change lines share. */
#pragma once

#include "auth/change_work.h"

/* Appends what the line was; line has its end. */
typedef void (*ChangeLineMap)(GString *out, Slice line);

/* The body is made behind the message's header; it is tried unless it is the one that is there. */
static inline GString *change_begin_body(ChangeBody *work)
{
	return change_begin(work, work->draft->body);
}

bool change_try_body(ChangeBody *work, ChangeKind kind, const GString *made);
/* Every line is changed. */
bool change_try_lines(ChangeBody *work, ChangeKind kind, ChangeLineMap map);

static inline Slice change_line_end(Slice line)
{
	return slice_sub(line, slice_chop_eol(line).len, line.len);
}
