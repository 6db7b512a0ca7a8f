/* The names that parts of a message give to files. */
#pragma once

#include "message/mime_view.h"

/* Tells of names that read otherwise than they stand there (text_check()). root is the tree of
 * message. */
void mime_names_check(const MimePart *root, Slice message, Findings *findings);
