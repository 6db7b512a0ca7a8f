/* What a worker that was taken over may say: whatever the octets are, the engine reads nothing from
 * them that it may not use, and a report admits only what its form allows. The first octet chooses
 * what the rest is read as. */
#include "auth/dkim_dump.h"
#include "base/part_number.h"
#include "dns/name.h"
#include "engine/attached_frame.h"
#include "engine/frame.h"
#include "report/admit.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_lacking(Slice octets)
{
	g_autoptr(GPtrArray) questions = NULL;
	uint64_t id;

	if (!frame_read_lacking(octets, &id, &questions))
		return;
	g_assert_cmpuint(questions->len, >, 0);
	for (guint i = 0; i < questions->len; i++) {
		const Question *question = g_ptr_array_index(questions, i);
		g_autoptr(GByteArray) wire = g_byte_array_new();

		g_assert_null(strpbrk(question->name, " \n\r\";"));
		g_assert_true(dns_name_to_wire(question->name, wire));
		g_assert_nonnull(dns_type_word(question->type));
	}
}

static void check_files(const EngineResult *result, uint64_t id)
{
	g_autofree char *word = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)id);

	for (guint i = 0; result->files != NULL && i < result->files->len; i++) {
		const ResultFile *file = g_ptr_array_index(result->files, i);

		if (dkim_dump_has_name(word, file->name))
			g_assert_null(strpbrk(file->name, "/\n"));
	}
}

static void check_attached(const EngineResult *result)
{
	if (result->attached == NULL || !attached_are_sound(result->attached, 1000))
		return;
	for (guint i = 0; i < result->attached->len; i++) {
		const AttachedMessage *attached = g_ptr_array_index(result->attached, i);

		g_assert_true(part_number_is_valid(attached->part));
		g_assert_true(attached->offset + attached->length <= 1000);
	}
}

static void read_done(Slice octets)
{
	g_auto(EngineResult) result = { .text = NULL };
	uint64_t id;

	if (!frame_read_done(octets, &id, &result))
		return;
	g_assert_nonnull(result.text);
	check_attached(&result);
	if (!result.is_chosen) {
		g_assert_cmpuint(result.text->len, ==, 0);
		return;
	}
	g_assert_true(g_utf8_validate(result.entry.label, -1, NULL));
	for (int i = 0; i < METHODS; i++) {
		g_assert_nonnull(mark_word(result.entry.marks[i]));
		g_assert_true(g_utf8_validate(result.entry.results[i], -1, NULL));
	}
	g_assert_cmpuint(result.entry.stale, <=, METHODS);
	g_assert_cmpuint(result.entry.missing, <=, METHODS);
	check_files(&result, id);
}

static void admit(Slice text)
{
	static const ReportStyle plain = { .color = false };
	static const ReportStyle coloured = { .color = true };
	bool is_plain = admit_lines(text, &plain, SIZE_MAX);

	if (is_plain) {
		g_assert_true(g_utf8_validate_len(text.data, text.len, NULL));
		g_assert_cmpint(slice_find_char(text, '\033'), <, 0);
		g_assert_cmpint(slice_find_char(text, '\r'), <, 0);
		g_assert_true(admit_lines(text, &coloured, SIZE_MAX));
	}
	if (admit_row(text))
		g_assert_cmpint(slice_find(text, slice_of("<script")), <, 0);
}

static void read_record(Slice text)
{
	g_autoptr(Source) source = source_new();

	source->path = g_strdup("a.mbox");
	source->index = 1;
	g_strlcpy(source->sha256, "0123456789abcdef", sizeof source->sha256);
	if (admit_record(text, source, false))
		g_assert_cmpint(slice_find_char(text, '\n'), ==, (ssize_t)text.len - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice rest = slice_make((const char *)data + 1, size > 0 ? size - 1 : 0);
	unsigned confinement;
	uint64_t id, converter;

	if (size == 0)
		return 0;
	switch (data[0]) {
	case 'q':
		read_lacking(rest);
		break;
	case 'd':
		read_done(rest);
		break;
	case 't':
		admit(rest);
		break;
	case 'r':
		read_record(rest);
		break;
	default:
		frame_read_ready(rest, &confinement);
		frame_read_missing(rest, &id, &converter);
	}
	return 0;
}
