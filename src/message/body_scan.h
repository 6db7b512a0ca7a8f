/* What in a body tells that it was tampered with on the way: traces of SMTP smuggling, a second
 * message's trace fields, NUL. */
#pragma once

#include "message/mime_view.h"

/* body is that of root, within message; absent where there is none. */
void body_scan(const MimePart *root, Slice message, Slice body, Findings *findings);
