/* A sender of a list as an item of the engine. */
#pragma once

#include "mailbox/raw_message.h"

/* path is the list, row counts from 1. Owned by the caller. */
RawMessage *sender_item_new(
	const char *path, uint64_t row, const char *sender, const char *selectors);

/* What it holds; both live as long as raw. False where it is none. */
bool sender_item_read(const RawMessage *raw, const char **ret_sender, const char **ret_selectors);
