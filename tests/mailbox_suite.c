#include "mailbox_suite.h"

#include "base/digest.h"
#include "base/printable.h"
#include "mailbox/reader.h"

#include <glib/gstdio.h>
#include <string.h>

static void free_raw(gpointer data)
{
	raw_message_free(data);
}

Haul *haul_all(Mailbox *mailbox)
{
	Haul *haul = g_new0(Haul, 1);

	haul->messages = g_ptr_array_new_with_free_func(free_raw);
	haul->errors = g_ptr_array_new_with_free_func(g_free);
	for (;;) {
		g_autoptr(GError) error = NULL;
		RawMessage *raw = NULL;
		MailboxStep step = mailbox_next(mailbox, &raw, &error);

		if (step == MAILBOX_END)
			break;
		if (step == MAILBOX_MESSAGE)
			g_ptr_array_add(haul->messages, raw);
		else
			g_ptr_array_add(haul->errors, g_strdup(error->message));
	}
	return haul;
}

void haul_free(Haul *haul)
{
	g_ptr_array_unref(haul->messages);
	g_ptr_array_unref(haul->errors);
	g_free(haul);
}
Haul *haul_path(const char *path, MailboxKind kind)
{
	g_autoptr(Mailbox) mailbox = mailbox_open(path, kind);

	return haul_all(mailbox);
}

Haul *haul_memory(Slice text, MailboxKind kind)
{
	Slice exact = suite_exact(text);
	g_autoptr(Mailbox) mailbox = mailbox_open_memory(exact, kind, WINDOW_CAPACITY_MIN);
	Haul *haul = haul_all(mailbox);

	g_free((gpointer)(guintptr)exact.data);
	return haul;
}

const RawMessage *haul_message(const Haul *haul, guint index)
{
	if (index >= haul->messages->len)
		g_error("message %u is not there", index);
	return g_ptr_array_index(haul->messages, index);
}

bool haul_has_finding(const Haul *haul, guint index, const char *code)
{
	return findings_find(haul_message(haul, index)->findings, code) != NULL;
}

char *raw_codes(const RawMessage *raw)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < findings_count(raw->findings); i++)
		g_string_append_printf(
			out, "%s%s", i > 0 ? " " : "", findings_get(raw->findings, i)->code);
	return g_string_free(out, FALSE);
}

char *raw_text(const RawMessage *raw)
{
	Slice text = slice_of_bytes(raw->bytes);

	return g_strndup(text.data, text.len);
}

void assert_text(const RawMessage *raw, const char *expected)
{
	g_autofree char *text = printable_utf8(slice_of_bytes(raw->bytes));
	g_autofree char *wanted = printable_utf8(slice_of(expected));

	g_assert_cmpstr(text, ==, wanted);
}

void assert_error(const Haul *haul, guint index, const char *name, const char *part)
{
	const char *text;

	g_assert_cmpuint(haul->errors->len, >, index);
	if (haul->errors->len <= index)
		return;
	text = g_ptr_array_index(haul->errors, index);
	if (strstr(text, name) == NULL || strstr(text, part) == NULL)
		g_test_message("error: %s", text);
	g_assert_nonnull(strstr(text, name));
	g_assert_nonnull(strstr(text, part));
}

void assert_place(const RawMessage *raw)
{
	const Source *source = raw->source;
	g_autofree char *whole = NULL;
	g_autofree char *hex = NULL;
	gsize len = 0;
	Slice stored;
	DigestValue value;

	g_assert_true(g_file_get_contents(source->path, &whole, &len, NULL));
	g_assert_cmpuint(source->offset + source->length, <=, len);
	stored = slice_sub(slice_make(whole, len), source->offset, source->length);
	value = digest_of(DIGEST_SHA256, stored);
	hex = digest_hex(&value);
	g_assert_cmpstr(source->sha256, ==, hex);
	g_assert_true(slice_equal(stored, slice_of_bytes(raw->bytes)));
}

Scratch *scratch_new(void)
{
	g_autoptr(GError) error = NULL;
	char *dir = g_dir_make_tmp("test-mailbox-XXXXXX", &error);

	if (dir == NULL)
		g_error("%s", error->message);
	return dir;
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) dir = NULL;
	const char *name;

	g_chmod(path, 0700);
	if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK))
		dir = g_dir_open(path, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		remove_tree(inner);
	}
	g_remove(path);
}

void scratch_free(Scratch *path)
{
	remove_tree(path);
	g_free(path);
}
char *scratch_put(const char *dir, const char *name, Slice text)
{
	char *path = g_build_filename(dir, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text.data, (gssize)text.len, NULL));
	return path;
}

void scratch_put_text(const char *dir, const char *name, const char *text)
{
	g_free(scratch_put(dir, name, slice_of(text)));
}
