#include "cli/custody.h"

#include "cli/input_state.h"
#include "report/report.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

struct Custody {
	GPtrArray *inputs;
	GHashTable *known; /* of char *, the paths */
};

static void input_free(gpointer data)
{
	InputDigest *input = data;

	g_free(input->path);
	g_free(input->before);
	g_free(input->after);
	g_free(input);
}

Custody *custody_new(void)
{
	Custody *custody = g_new(Custody, 1);

	custody->inputs = g_ptr_array_new_with_free_func(input_free);
	custody->known = g_hash_table_new(g_str_hash, g_str_equal);
	return custody;
}

void custody_free(Custody *custody)
{
	if (custody == NULL)
		return;
	g_hash_table_unref(custody->known);
	g_ptr_array_unref(custody->inputs);
	g_free(custody);
}

void custody_take(Custody *custody, const char *path)
{
	InputDigest *input;
	GStatBuf info;

	if (strcmp(path, "-") == 0 || g_hash_table_contains(custody->known, path) ||
		g_stat(path, &info) != 0 || !S_ISREG(info.st_mode))
		return;
	input = g_new0(InputDigest, 1);
	input->path = g_strdup(path);
	input->before = input_hash(path, UINT64_MAX, &input->length);
	g_ptr_array_add(custody->inputs, input);
	g_hash_table_add(custody->known, input->path);
}

bool custody_close(Custody *custody)
{
	bool is_same = true;

	for (guint i = 0; i < custody->inputs->len; i++) {
		InputDigest *input = g_ptr_array_index(custody->inputs, i);

		input->after = input_hash(input->path, UINT64_MAX, &input->length);
		is_same = is_same && g_strcmp0(input->before, input->after) == 0;
	}
	return is_same;
}

const GPtrArray *custody_inputs(const Custody *custody)
{
	return custody->inputs;
}
