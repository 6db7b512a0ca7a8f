#include "engine/attached_frame.h"

#include "base/limits.h"
#include "base/part_number.h"

/* --- across the channel */

static void pack_one(GByteArray *out, const AttachedMessage *attached)
{
	pack_text(out, attached->part);
	pack_number(out, attached->carrier);
	pack_number(out, attached->offset);
	pack_number(out, attached->length);
	pack_number(out, attached->encoding);
	pack_number(out, attached->is_open);
	if (attached->encoding != PART_BARE)
		pack_octets(out, slice_of_bytes(attached->decoded));
}

void attached_pack(GByteArray *out, const GPtrArray *list)
{
	guint count = list != NULL ? list->len : 0;

	pack_number(out, count);
	for (guint i = 0; i < count; i++)
		pack_one(out, g_ptr_array_index(list, i));
}

static AttachedMessage *unpack_one(Unpack *unpack)
{
	AttachedMessage *attached = g_new0(AttachedMessage, 1);

	attached->part = unpack_text(unpack, PART_NUMBER_OCTETS);
	attached->carrier = (unsigned)unpack_number(unpack, LIMIT_ATTACHED);
	attached->offset = unpack_number(unpack, UINT64_MAX);
	attached->length = unpack_number(unpack, UINT64_MAX);
	attached->encoding = (PartEncoding)unpack_number(unpack, PART_UUENCODE);
	attached->is_open = unpack_number(unpack, true) != 0;
	if (attached->encoding != PART_BARE) {
		Slice octets = unpack_octets(unpack);

		attached->decoded = g_bytes_new(octets.data, octets.len);
	}
	return attached;
}

bool attached_unpack(Unpack *unpack, GPtrArray **ret_list)
{
	uint64_t count = unpack_number(unpack, LIMIT_ATTACHED);
	g_autoptr(GPtrArray) list = NULL;

	*ret_list = NULL;
	if (count == 0)
		return !unpack->is_broken;
	list = g_ptr_array_new_with_free_func(attached_message_free);
	for (uint64_t i = 0; i < count && !unpack->is_broken; i++)
		g_ptr_array_add(list, unpack_one(unpack));
	if (unpack->is_broken)
		return false;
	*ret_list = g_steal_pointer(&list);
	return true;
}

/* --- what it may say */

/* What a message of the list, or the one that carries it, leaves for those in it. */
typedef struct Room {
	const char *part; /* NULL: of the stored message */
	uint64_t octets;
	uint64_t taken; /* what is before it among them belongs to others */
	unsigned depth;
} Room;

/* No encoding makes more octets of a message than there were. */
static bool has_sound_octets(const AttachedMessage *attached)
{
	gsize decoded = attached->decoded != NULL ? g_bytes_get_size(attached->decoded) : 0;

	if (attached->encoding == PART_BARE)
		return attached->decoded == NULL && attached->length > 0;
	return decoded > 0 && decoded <= attached->length;
}

static uint64_t octets_of(const AttachedMessage *attached)
{
	return attached->decoded != NULL ? g_bytes_get_size(attached->decoded) : attached->length;
}

/* Its parts follow one another, and lie in their carrier. */
static bool fits(const AttachedMessage *attached, const char *before, const Room *room)
{
	return attached->part != NULL && part_number_is_valid(attached->part) &&
	       (before == NULL || part_number_compare(before, attached->part) < 0) &&
	       (room->part == NULL || part_number_is_within(attached->part, room->part)) &&
	       room->depth < LIMIT_ATTACHED_DEPTH && attached->offset >= room->taken &&
	       attached->offset <= room->octets &&
	       attached->length <= room->octets - attached->offset;
}

bool attached_are_sound(const GPtrArray *list, uint64_t octets)
{
	g_autofree Room *rooms = g_new0(Room, list->len + 1);
	uint64_t total = 0;
	const char *before = NULL;

	rooms[0].octets = octets;
	for (guint i = 0; i < list->len; i++) {
		const AttachedMessage *attached = g_ptr_array_index(list, i);
		Room *room = attached->carrier <= i ? &rooms[attached->carrier] : NULL;

		if (room == NULL || !fits(attached, before, room) || !has_sound_octets(attached))
			return false;
		room->taken = attached->offset + attached->length;
		rooms[i + 1] = (Room) { attached->part, octets_of(attached), 0, room->depth + 1 };
		before = attached->part;
		total += octets_of(attached);
		if (total > LIMIT_ATTACHED_OCTETS)
			return false;
	}
	return true;
}
