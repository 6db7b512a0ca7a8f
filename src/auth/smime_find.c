#include "auth/smime_find.h"

#include "auth/openssl_autoptr.h"
#include "auth/smime_der.h"
#include "base/limits.h"

#include <string.h>

size_t smime_part_children(const MimePart *part)
{
	return part->children == NULL ? 0 : part->children->len;
}

const MimePart *smime_part_child(const MimePart *part, size_t index)
{
	return g_ptr_array_index(part->children, index);
}

static bool is_signature_type(const char *type)
{
	return type != NULL &&
	       (g_ascii_strcasecmp(type, "application/pkcs7-signature") == 0 ||
		       g_ascii_strcasecmp(type, "application/x-pkcs7-signature") == 0);
}

static bool is_openpgp_type(const char *type)
{
	return type != NULL && (g_ascii_strcasecmp(type, "application/pgp-signature") == 0 ||
				       g_ascii_strcasecmp(type, "application/pgp-encrypted") == 0);
}

static const char *child_type(const MimePart *part, size_t index)
{
	return index < smime_part_children(part) ? smime_part_child(part, index)->type : NULL;
}

static bool has_p7m_name(Slice text)
{
	Slice rest = text;

	for (ssize_t dot = slice_find_char(rest, '.'); dot >= 0; dot = slice_find_char(rest, '.')) {
		rest = slice_sub(rest, (size_t)dot, rest.len - (size_t)dot);
		if (slice_starts_nocase(rest, ".p7m"))
			return true;
		rest = slice_sub(rest, 1, rest.len - 1);
	}
	return false;
}

/* RFC 8551, 3.2.1 and 3.9: some agents send the type of anything, with the name of S/MIME. */
static bool is_named_p7m(const MimePart *part)
{
	size_t at = fields_find(part->fields, "Content-Disposition", 0);
	const char *name = mime_parameter(part, "name");

	if (name != NULL && has_p7m_name(slice_of(name)))
		return true;
	return at < part->fields->count && has_p7m_name(part->fields->list[at].value);
}

static bool is_opaque(const MimePart *part)
{
	if (strcmp(part->type, "application/pkcs7-mime") == 0 ||
		strcmp(part->type, "application/x-pkcs7-mime") == 0)
		return true;
	return strcmp(part->type, "application/octet-stream") == 0 && is_named_p7m(part);
}

/* The protocol parameter says what a multipart is; the second part does where it is left out or
 * wrong. */
static SmimeForm form_of_signed(const MimePart *part)
{
	const char *protocol = mime_parameter(part, "protocol");

	if (is_signature_type(protocol) || is_signature_type(child_type(part, 1)))
		return SMIME_FORM_DETACHED;
	if (is_openpgp_type(protocol) || is_openpgp_type(child_type(part, 1)))
		return SMIME_FORM_OPENPGP;
	return SMIME_FORM_NONE;
}

static SmimeForm form_of(const MimePart *part)
{
	if (strcmp(part->type, "multipart/signed") == 0)
		return form_of_signed(part);
	if (strcmp(part->type, "multipart/encrypted") == 0)
		return is_openpgp_type(mime_parameter(part, "protocol")) ||
				       is_openpgp_type(child_type(part, 0))
			       ? SMIME_FORM_OPENPGP
			       : SMIME_FORM_ENCRYPTED;
	return is_opaque(part) ? SMIME_FORM_OPAQUE : SMIME_FORM_NONE;
}

typedef struct Search {
	SmimePlace *place;
	GArray *path; /* of guint: numbers of the parts on the way down */
	unsigned decoded;
} Search;

/* Deeper down a file of that type may be anything, so that the CMS object itself is asked; each
 * question costs the decoding of a part. */
static bool holds_signed_data(Search *search, const MimePart *part)
{
	g_autoptr(GBytes) der = NULL;

	if (search->decoded++ >= LIMIT_SIGNATURES)
		return false;
	der = mime_decode_body(part);
	return der != NULL && smime_der_content_type(slice_of_bytes(der)) == NID_pkcs7_signed;
}

static bool is_signed_part(Search *search, const MimePart *part)
{
	SmimeForm form = form_of(part);

	return form == SMIME_FORM_DETACHED ||
	       (form == SMIME_FORM_OPAQUE && holds_signed_data(search, part));
}

static char *section_text(const GArray *path)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < path->len; i++)
		g_string_append_printf(
			text, "%s%u", i == 0 ? "" : ".", g_array_index(path, guint, i));
	return g_string_free(text, FALSE);
}

/* The first in the order of the message; the tree's depth is bounded by LIMIT_MIME_DEPTH. */
static void search_below(Search *search, const MimePart *part)
{
	for (guint i = 0; i < smime_part_children(part) && search->place->part == NULL; i++) {
		const MimePart *child = smime_part_child(part, i);
		guint number = i + 1;

		g_array_append_val(search->path, number);
		if (is_signed_part(search, child)) {
			search->place->form = SMIME_FORM_NESTED;
			search->place->part = child;
			search->place->section = section_text(search->path);
			return;
		}
		search_below(search, child);
		g_array_set_size(search->path, search->path->len - 1);
	}
}

SmimePlace *smime_place_find(const MimePart *root)
{
	SmimePlace *place = g_new0(SmimePlace, 1);
	Search search = { .place = place };

	place->form = form_of(root);
	if (place->form != SMIME_FORM_NONE) {
		place->part = root;
		return place;
	}
	search.path = g_array_new(FALSE, FALSE, sizeof(guint));
	search_below(&search, root);
	g_array_unref(search.path);
	return place;
}

void smime_place_free(SmimePlace *place)
{
	if (place == NULL)
		return;
	g_free(place->section);
	g_free(place);
}
