#include "engine/attached_frame.h"
#include "engine/engine_part.h"

bool attach_is_sound(const Engine *engine, const Item *item, const EngineResult *result)
{
	if (result->attached == NULL)
		return true;
	return engine->options->takes_attached && item->raw->source->part == NULL &&
	       attached_are_sound(result->attached, g_bytes_get_size(item->raw->bytes));
}

/* --- where it was found */

static SourcePart *part_of(const AttachedMessage *attached, const Source *carrier)
{
	SourcePart *part = source_part_new();
	bool was_verbatim = carrier->part == NULL || carrier->part->is_verbatim;

	part->number = g_strdup(attached->part);
	part->carrier = g_strdup(source_part_number(carrier));
	g_strlcpy(part->carrier_sha256, carrier->sha256, sizeof part->carrier_sha256);
	part->offset = attached->offset;
	part->length = attached->length;
	part->encoding = attached->encoding;
	part->store = carrier->part != NULL ? carrier->part->store : carrier->kind;
	part->is_verbatim = was_verbatim && attached->encoding == PART_BARE;
	return part;
}

/* In the file; of what lies in something that was decoded nothing nearer can be said. */
static uint64_t offset_of(const AttachedMessage *attached, const Source *carrier)
{
	bool is_verbatim = carrier->part == NULL || carrier->part->is_verbatim;

	return carrier->offset + (is_verbatim ? attached->offset : 0);
}

static Source *source_of(const AttachedMessage *attached, const Source *carrier)
{
	Source *source = source_new();

	source->path = g_strdup(carrier->path);
	source->archive = g_strdup(carrier->archive);
	source->index = carrier->index;
	source->offset = offset_of(attached, carrier);
	source->kind = STORE_ATTACHED;
	source->expunged = carrier->expunged;
	source->part = part_of(attached, carrier);
	return source;
}

/* --- what is to be known of it */

static void note_origin(RawMessage *raw, const AttachedMessage *attached)
{
	g_autofree char *place = source_place(raw->source);

	findings_add(raw->findings, "attached-message", SEVERITY_NOTICE,
		N_("The message was taken out of another one, to which it is attached: whoever "
		   "sent that one can have written all of it, its Received lines and recorded "
		   "results too. Only signatures that verify speak for it."),
		g_steal_pointer(&place));
	if (attached->encoding != PART_BARE)
		findings_add(raw->findings, "attached-decoded", SEVERITY_INFO,
			N_("The message was attached in a transfer encoding, which was undone: "
			   "its octets are those that came out."),
			g_strdup(part_encoding_word(attached->encoding)));
	if (attached->is_open)
		findings_add(raw->findings, "attached-open", SEVERITY_NOTICE,
			N_("No boundary line ends the part that the message was taken from: more "
			   "of it may have been there."),
			NULL);
}

static RawMessage *raw_of(
	const AttachedMessage *attached, const Source *carrier, Slice carrier_octets)
{
	Slice octets = attached->decoded != NULL
			       ? slice_of_bytes(attached->decoded)
			       : slice_sub(carrier_octets, (size_t)attached->offset,
					 (size_t)attached->length);
	RawMessage *raw = raw_message_new(source_of(attached, carrier), octets);

	note_origin(raw, attached);
	return raw;
}

static const RawMessage *carrier_of(
	const AttachedMessage *attached, const Item *item, const GPtrArray *items)
{
	const Item *carrier =
		attached->carrier > 0 ? g_ptr_array_index(items, attached->carrier - 1) : item;

	return carrier->raw;
}

/* Those that follow in the input wait behind them. */
static void queue(Engine *engine, const Item *item, const GPtrArray *items)
{
	GList *link = g_queue_find(&engine->items, item);

	for (guint i = items->len; i > 0; i--) {
		Item *one = g_ptr_array_index(items, i - 1);

		g_queue_insert_after(&engine->items, link, one);
		g_queue_push_head(&engine->pending, one);
		engine->octets += one->octets;
		engine->status.messages++;
	}
}

void attach_items(Engine *engine, const Item *item, const GPtrArray *list)
{
	g_autoptr(GPtrArray) items = g_ptr_array_new();

	for (guint i = 0; i < list->len; i++) {
		const AttachedMessage *attached = g_ptr_array_index(list, i);
		const RawMessage *carrier = carrier_of(attached, item, items);
		RawMessage *raw = raw_of(attached, carrier->source, slice_of_bytes(carrier->bytes));

		g_ptr_array_add(items, item_new(++engine->ids, item->number, raw));
	}
	queue(engine, item, items);
}
