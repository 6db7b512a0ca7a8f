#include "message/attached.h"

#include "base/limits.h"
#include "message/mime_part.h"

#include <string.h>

/* Why a message is not taken out. */
typedef enum LeftOut { LEFT_DEEP, LEFT_MANY, LEFT_LONG, LEFT_ENCODED, LEFT_KINDS } LeftOut;

static const struct {
	const char *code;
	Severity severity;
	const char *text;
} left_out[LEFT_KINDS] = {
	[LEFT_DEEP] = { "attached-too-deep", SEVERITY_WARNING,
		N_("Messages are attached one in another deeper than is followed; those within "
		   "are not analysed as messages of their own.") },
	[LEFT_MANY] = { "attached-too-many", SEVERITY_WARNING,
		N_("More messages are attached than are taken out; the rest is not analysed as "
		   "messages of their own.") },
	[LEFT_LONG] = { "attached-too-long", SEVERITY_WARNING,
		N_("The attached messages have more octets in all than are taken out; the rest is "
		   "not analysed as messages of their own.") },
	[LEFT_ENCODED] = { "attached-encoding-unknown", SEVERITY_WARNING,
		N_("A message is attached in a transfer encoding that is not known; it is not "
		   "analysed as a message of its own.") },
};

/* What messages are looked for in: one of the list, or the message itself. */
typedef struct Carrier {
	Slice octets;
	const char *part; /* "" of the message itself */
	unsigned number;  /* in the list, from 1; 0: the message itself */
	unsigned depth;   /* 0: the message itself */
	bool is_open;
} Carrier;

typedef struct Search {
	GPtrArray *list; /* of AttachedMessage */
	uint64_t octets; /* of all in the list */
	unsigned left_out[LEFT_KINDS];
} Search;

void attached_message_free(gpointer data)
{
	AttachedMessage *attached = data;

	if (attached == NULL)
		return;
	g_free(attached->part);
	g_clear_pointer(&attached->decoded, g_bytes_unref);
	g_free(attached);
}

static PartEncoding encoding_of(const MimePart *part)
{
	if (mime_part_is_identity(part))
		return PART_BARE;
	if (strcmp(part->encoding, "base64") == 0)
		return PART_BASE64;
	return strcmp(part->encoding, "quoted-printable") == 0 ? PART_QUOTED_PRINTABLE
							       : PART_UUENCODE;
}

static bool is_left_out(Search *search, const Carrier *carrier, Slice body)
{
	if (carrier->depth >= LIMIT_ATTACHED_DEPTH)
		search->left_out[LEFT_DEEP]++;
	else if (search->list->len >= LIMIT_ATTACHED)
		search->left_out[LEFT_MANY]++;
	else if (body.len > LIMIT_ATTACHED_OCTETS - search->octets)
		search->left_out[LEFT_LONG]++;
	else
		return false;
	return true;
}

/* A boundary line ends what lies in a multipart of the carrier; where that is missing, more may
 * have been there. */
static bool is_open(const Carrier *carrier, const MimePart *part)
{
	bool is_last =
		part->whole.data + part->whole.len == carrier->octets.data + carrier->octets.len;
	bool is_in_multipart = false;

	for (const MimePart *outer = part->parent; outer != NULL && !mime_part_is_message(outer);
		outer = outer->parent)
		is_in_multipart = true;
	return is_last && (is_in_multipart || carrier->is_open);
}

static AttachedMessage *add(
	Search *search, const Carrier *carrier, const MimePart *part, const char *number)
{
	AttachedMessage *attached = g_new0(AttachedMessage, 1);
	Slice body = part->fields->body;

	attached->part = g_strdup(number);
	attached->carrier = carrier->number;
	attached->offset = slice_offset(carrier->octets, body);
	attached->length = body.len;
	attached->encoding = encoding_of(part);
	attached->is_open = is_open(carrier, part);
	g_ptr_array_add(search->list, attached);
	return attached;
}

/* The carrier that the last message of the list is itself. */
static Carrier carrier_of(const Search *search, const Carrier *around, Slice octets)
{
	const AttachedMessage *last = g_ptr_array_index(search->list, search->list->len - 1);

	return (Carrier) { .octets = octets,
		.part = last->part,
		.number = search->list->len,
		.depth = around->depth + 1,
		.is_open = last->is_open };
}

static void search_message(Search *search, const Carrier *carrier, const MimePart *root);

static void take_decoded(
	Search *search, const Carrier *carrier, const MimePart *part, const char *number)
{
	g_autoptr(GBytes) decoded = mime_decode_body(part);
	g_autoptr(Findings) findings = NULL;
	g_autoptr(MimePart) root = NULL;
	Carrier inner;

	if (decoded == NULL) {
		search->left_out[LEFT_ENCODED]++;
		return;
	}
	if (g_bytes_get_size(decoded) == 0)
		return;
	add(search, carrier, part, number)->decoded = g_bytes_ref(decoded);
	search->octets += g_bytes_get_size(decoded);
	/* They are told where the message is analysed. */
	findings = findings_new();
	inner = carrier_of(search, carrier, slice_of_bytes(decoded));
	root = mime_parse(inner.octets, findings);
	search_message(search, &inner, root);
}

static void take_bare(
	Search *search, const Carrier *carrier, const MimePart *part, const char *number)
{
	Slice body = part->fields->body;
	Carrier inner;

	add(search, carrier, part, number);
	search->octets += body.len;
	inner = carrier_of(search, carrier, body);
	/* Not there where the structure is nested deeper than is read. */
	if (part->children->len > 0)
		search_message(search, &inner, g_ptr_array_index(part->children, 0));
}

/* A part without a body, or with an empty one, holds no message. */
static void take(Search *search, const Carrier *carrier, const MimePart *part, const char *number)
{
	Slice body = part->fields->body;

	if (body.data == NULL || body.len == 0 || is_left_out(search, carrier, body))
		return;
	if (mime_part_is_identity(part))
		take_bare(search, carrier, part, number);
	else
		take_decoded(search, carrier, part, number);
}

static char *number_below(const char *number, guint child)
{
	return g_strdup_printf("%s%s%u", number, *number != '\0' ? "." : "", child);
}

/* The parts of a multipart; any other has none, but for a message. */
static void search_parts(
	Search *search, const Carrier *carrier, const MimePart *part, const char *number)
{
	if (strcmp(part->type, "multipart/encrypted") == 0)
		return;
	for (guint i = 0; i < part->children->len; i++) {
		const MimePart *child = g_ptr_array_index(part->children, i);
		g_autofree char *inner = number_below(number, i + 1);

		if (mime_part_is_message(child))
			take(search, carrier, child, inner);
		else
			search_parts(search, carrier, child, inner);
	}
}

static void search_message(Search *search, const Carrier *carrier, const MimePart *root)
{
	g_autofree char *only = number_below(carrier->part, 1);

	if (mime_part_is_message(root))
		take(search, carrier, root, only);
	else
		search_parts(search, carrier, root, carrier->part);
}

static void tell_left_out(const Search *search, Findings *findings)
{
	for (int i = 0; i < LEFT_KINDS; i++)
		if (search->left_out[i] > 0)
			findings_add(findings, left_out[i].code, left_out[i].severity,
				left_out[i].text, g_strdup_printf("%u", search->left_out[i]));
}

GPtrArray *attached_find(const MimePart *root, Slice message, bool is_cut, Findings *findings)
{
	const Carrier carrier = { .octets = message, .part = "", .is_open = is_cut };
	Search search = { .list = g_ptr_array_new_with_free_func(attached_message_free) };

	search_message(&search, &carrier, root);
	tell_left_out(&search, findings);
	if (search.list->len > 0)
		return search.list;
	g_ptr_array_unref(search.list);
	return NULL;
}
