/* The case of a message that could not be evaluated: what its store says of it, and why there is
 * nothing else. The message itself is not looked at. */
#pragma once

#include "analysis/case.h"

typedef enum Unread {
	UNREAD_CRASH,   /* the process that evaluated it ended */
	UNREAD_MEMORY,  /* it needed more memory than it may have */
	UNREAD_TIMEOUT, /* it took more time than it may take */
} Unread;

/* Every verdict is "not evaluable" for that reason, and a finding says so. Takes source and
 * findings (of the store; NULL is fine) over. options as for case_evaluate(). */
Case *case_new_unread(Source *source, Findings *findings, Unread why, const CaseOptions *options);

/* The reason code of such a verdict. */
bool unread_is_code(const char *code);

/* The reason as an English sentence without its full stop, for a remark; static. */
const char *unread_text(Unread why);
