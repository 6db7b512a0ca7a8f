#include "mailbox/raw_builder.h"

#include "base/digest.h"

#include <string.h>

struct RawBuilder {
	size_t limit;
	GByteArray *kept; /* the octets up to the limit */
	uint64_t length;  /* of all pieces */
	Digest *digest;   /* runs only where there is more than what is kept */
};

RawBuilder *raw_builder_new(size_t limit)
{
	RawBuilder *builder = g_new0(RawBuilder, 1);

	builder->limit = limit;
	builder->kept = g_byte_array_new();
	return builder;
}

void raw_builder_free(RawBuilder *builder)
{
	if (builder == NULL)
		return;
	g_byte_array_unref(builder->kept);
	digest_free(builder->digest);
	g_free(builder);
}

static Slice kept(const RawBuilder *builder)
{
	return slice_make(builder->kept->len > 0 ? (const char *)builder->kept->data : "",
		builder->kept->len);
}

void raw_builder_add(RawBuilder *builder, Slice piece)
{
	Slice front = slice_sub(piece, 0, builder->limit - builder->kept->len);

	builder->length += piece.len;
	if (front.len > 0)
		g_byte_array_append(builder->kept, (const guint8 *)front.data, (guint)front.len);
	if (front.len == piece.len)
		return;
	if (builder->digest == NULL) {
		builder->digest = digest_new(DIGEST_SHA256);
		digest_add(builder->digest, kept(builder));
	}
	digest_add(builder->digest, slice_sub(piece, front.len, piece.len));
}

/* The buffer becomes the message's. */
static GBytes *take_octets(RawBuilder *builder)
{
	GBytes *bytes = g_byte_array_free_to_bytes(builder->kept);

	builder->kept = g_byte_array_new();
	return bytes;
}

static void note_cut(RawMessage *raw, uint64_t length)
{
	findings_add(raw->findings, "message-cut", SEVERITY_WARNING,
		N_("The message is longer than what is analysed; the rest of it was only hashed."),
		g_strdup_printf("%" G_GSIZE_FORMAT " of %" G_GUINT64_FORMAT " octets",
			g_bytes_get_size(raw->bytes), length));
}

RawMessage *raw_builder_finish(RawBuilder *builder, Source *source)
{
	RawMessage *raw = g_new0(RawMessage, 1);
	DigestValue value = builder->digest != NULL ? digest_finish(builder->digest)
						    : digest_of(DIGEST_SHA256, kept(builder));
	g_autofree char *hex = digest_hex(&value);

	g_strlcpy(source->sha256, hex, sizeof source->sha256);
	source->length = builder->length;
	raw->source = source;
	raw->findings = findings_new();
	raw->bytes = take_octets(builder);
	if (builder->digest != NULL)
		note_cut(raw, builder->length);
	raw_builder_drop(builder);
	return raw;
}

void raw_builder_drop(RawBuilder *builder)
{
	g_byte_array_set_size(builder->kept, 0);
	builder->length = 0;
	g_clear_pointer(&builder->digest, digest_free);
}
