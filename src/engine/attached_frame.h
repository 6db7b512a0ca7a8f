/* The attached messages of a result, as they cross the channel (engine/frame.h). Of those whose
 * octets the carrier holds only the place is sent: the engine has them. */
#pragma once

#include "engine/pack.h"
#include "message/attached.h"

/* list is of AttachedMessage; NULL: none. */
void attached_pack(GByteArray *out, const GPtrArray *list);
/* False: that is nothing a worker may say. *ret_list is owned by the caller, NULL where there are
 * none. */
bool attached_unpack(Unpack *unpack, GPtrArray **ret_list);

/* They can be what a message of so many octets carries: within the limits, each in one before it
 * or in the message, at a place that is there, in the order of their numbers. */
bool attached_are_sound(const GPtrArray *list, uint64_t octets);
