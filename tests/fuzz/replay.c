/* Runs a fuzz harness over its corpus, without clang: replay-NAME reads tests/fuzz/corpus/NAME. */
#include "suite.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static GPtrArray *corpus_files(const char *dir)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) open = g_dir_open(dir, 0, &error);

	if (open == NULL)
		g_error("%s", error->message);
	for (const char *name = g_dir_read_name(open); name != NULL; name = g_dir_read_name(open))
		g_ptr_array_add(names, g_build_filename(dir, name, NULL));
	return names;
}

static void replay(gconstpointer data)
{
	g_autoptr(GPtrArray) files = corpus_files(data);

	g_assert_cmpuint(files->len, >, 0);
	for (guint i = 0; i < files->len; i++) {
		char *text = NULL;
		gsize len = 0;
		Slice exact;

		g_test_message("%s", (const char *)g_ptr_array_index(files, i));
		g_assert_true(g_file_get_contents(g_ptr_array_index(files, i), &text, &len, NULL));
		exact = suite_exact(slice_make(text, len));
		LLVMFuzzerTestOneInput((const uint8_t *)exact.data, exact.len);
		g_free((gpointer)(guintptr)exact.data);
		g_free(text);
	}
}

int main(int argc, char **argv)
{
	g_autofree char *program = g_path_get_basename(argv[0]);
	const char *name = program + strlen("replay-");
	g_autofree char *relative = g_build_filename("tests", "fuzz", "corpus", name, NULL);
	g_autofree char *dir = suite_path(relative);
	g_autofree char *test = g_strconcat("/fuzz/", name, NULL);

	g_assert_true(g_str_has_prefix(program, "replay-"));
	suite_init(&argc, &argv);
	g_test_add_data_func(test, dir, replay);
	return g_test_run();
}
