/* What deceives the eye in an address, and GMime's reading of it as a second opinion. */
#pragma once

#include "message/address.h"

/* Text that people are shown beside an address: another address in it, control and bidirectional
 * characters. address is the real one, or NULL. */
void address_check_text(
	const char *text, const Address *address, Slice raw, Slice message, Findings *findings);

/* The address itself, and its display text. */
void address_check(const Address *address, Slice message, Findings *findings);

/* Whether GMime finds the same addresses in value as stand in list from index first on. It is not
 * asked where it would crash, take long or lose memory. */
void address_second_opinion(
	const AddressList *list, guint first, Slice value, Slice message, Findings *findings);
