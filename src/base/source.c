#include "base/source.h"

#include "base/digest.h"
#include "base/text_time.h"

#include <string.h>

#define WORD_OCTETS ((size_t)100)

Source *source_new(void)
{
	Source *source = g_new0(Source, 1);

	source->store_time = TIME_UNKNOWN;
	return source;
}

void source_free(Source *source)
{
	if (source == NULL)
		return;
	g_free(source->path);
	g_free(source->archive);
	g_free(source->from_line);
	g_free(source->from_line_sender);
	g_free(source->flags);
	source_part_free(source->part);
	g_free(source);
}

const char *store_kind_word(StoreKind kind)
{
	static const char *const words[] = { "unknown", "mbox", "maildir", "eml", "emlx",
		"attached" };

	return words[kind];
}

const char *part_encoding_word(PartEncoding encoding)
{
	static const char *const words[] = { NULL, "base64", "quoted-printable", "uuencode" };

	return words[encoding];
}

SourcePart *source_part_new(void)
{
	return g_new0(SourcePart, 1);
}

void source_part_free(SourcePart *part)
{
	if (part == NULL)
		return;
	g_free(part->number);
	g_free(part->carrier);
	g_free(part);
}

const char *source_part_number(const Source *source)
{
	return source->part != NULL ? source->part->number : NULL;
}

bool source_is_of_mbox(const Source *source)
{
	const SourcePart *part = source->part;

	return part != NULL ? part->store == STORE_MBOX && part->is_verbatim
			    : source->kind == STORE_MBOX;
}

char *source_place_of(uint64_t index, const char *part)
{
	return g_strdup_printf("%" G_GUINT64_FORMAT "%s%s", (guint64)index, part != NULL ? ":" : "",
		part != NULL ? part : "");
}

/* A part that lies so deep that its number is no name is named by a digest of it. */
char *source_file_word(const Source *source, uint64_t number)
{
	const char *part = source_part_number(source);
	g_autofree char *hex = NULL;
	DigestValue digest;

	if (part == NULL)
		return g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);
	if (strlen(part) <= WORD_OCTETS)
		return g_strdup_printf("%" G_GUINT64_FORMAT ".%s", (guint64)number, part);
	digest = digest_of(DIGEST_SHA256, slice_of(part));
	hex = digest_hex(&digest);
	return g_strdup_printf("%" G_GUINT64_FORMAT ".%.32s", (guint64)number, hex);
}

char *source_place(const Source *source)
{
	return source_place_of(source->index, source_part_number(source));
}
