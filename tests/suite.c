#include "suite.h"

#include <string.h>

Slice suite_exact(Slice octets)
{
	char *copy = g_malloc(octets.len > 0 ? octets.len : 1);

	if (octets.len > 0)
		memcpy(copy, octets.data, octets.len);
	return slice_make(copy, octets.len);
}

char *suite_path(const char *path)
{
	const char *top = g_getenv("top_srcdir");
	g_autofree char *in_tests = NULL;

	if (top == NULL)
		top = ".";
	if (!g_str_has_prefix(path, "corpora/"))
		return g_build_filename(top, path, NULL);
	in_tests = g_build_filename(top, "tests", path, NULL);
	if (g_file_test(in_tests, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&in_tests);
	return g_build_filename(top, "..", "shared", path, NULL);
}

GBytes *suite_file(const char *path)
{
	g_autofree char *full = suite_path(path);
	g_autoptr(GError) error = NULL;
	char *data = NULL;
	gsize len = 0;

	if (!g_file_get_contents(full, &data, &len, &error))
		g_error("%s", error->message);
	return g_bytes_new_take(data, len);
}

GPtrArray *suite_table(const char *path)
{
	g_autoptr(GBytes) file = suite_file(path);
	GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	Slice rest = slice_of_bytes(file);

	while (rest.len > 0) {
		g_autofree char *line = slice_dup(slice_chop_eol(slice_take_line(&rest)));

		if (*line != '\0' && *line != '#')
			g_ptr_array_add(rows, g_strsplit(line, "\t", -1));
	}
	return rows;
}

GBytes *suite_lines(Slice text, SuiteLines lines)
{
	bool crlf = lines == SUITE_CRLF || lines == SUITE_CRLF_NO_FINAL;
	bool final = lines == SUITE_LF || lines == SUITE_CRLF;
	GString *out = g_string_sized_new(text.len + text.len / 16);

	while (text.len > 0) {
		Slice line = slice_take_line(&text);
		Slice bare = slice_chop_eol(line);

		g_string_append_len(out, bare.data, (gssize)bare.len);
		if (text.len > 0 || final)
			g_string_append(out, crlf ? "\r\n" : "\n");
	}
	return g_string_free_to_bytes(out);
}

const char *suite_lines_word(SuiteLines lines)
{
	static const char *const words[] = { "LF", "CRLF", "LF, no final line end",
		"CRLF, no final line end" };

	return words[lines];
}

bool suite_has_note(const GPtrArray *notes, const char *part)
{
	for (guint i = 0; i < notes->len; i++)
		if (strstr(g_ptr_array_index(notes, i), part) != NULL)
			return true;
	for (guint i = 0; i < notes->len; i++)
		g_test_message("note: %s", (const char *)g_ptr_array_index(notes, i));
	return false;
}

void suite_init(int *argc, char ***argv)
{
	g_test_init(argc, argv, NULL);
	g_test_set_nonfatal_assertions();
}
