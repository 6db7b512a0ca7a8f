/* Characters that make text read otherwise than it stands there. text is valid UTF-8, as decoding
 * leaves it. */
#pragma once

#include "base/finding.h"

/* C0 controls but for the tab, DEL, and the "\x00" that decoding makes of a NUL. */
bool text_has_control(const char *text);

/* Bidirectional controls, and invisible characters inside of words. where is told as the place. */
void text_check(const char *text, Slice where, Slice message, Findings *findings);
