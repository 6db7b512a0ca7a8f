/* How to verify a signature by hand: a part of the account of a message, with --dump. */
#include "report/explain_auth.h"
#include "report/explain_form.h"

#include <string.h>

#define BASE64_COLUMNS ((size_t)64)

/* A line of a shell that makes the file again, and the base64 that it reads. */
static void append_file(GString *out, const char *name, GBytes *octets)
{
	gsize len = 0;
	const guchar *data = g_bytes_get_data(octets, &len);
	g_autofree char *text = g_base64_encode(data, len);

	g_string_append_printf(out, "openssl base64 -d -out %s <<END\n", name);
	for (size_t at = 0; text[at] != '\0';) {
		size_t part = MIN(BASE64_COLUMNS, strlen(text + at));

		g_string_append_len(out, text + at, (gssize)part);
		g_string_append_c(out, '\n');
		at += part;
	}
	g_string_append(out, "END\n");
}

/* All of it as lines for a shell, at the margin, so that they can be taken as they stand. */
static void append_script(GString *out, const DkimDump *dump)
{
	for (int i = 0; i < DKIM_DUMP_FILES; i++)
		if (dump->files[i] != NULL)
			append_file(out, dump->names[i], dump->files[i]);
	for (guint i = 0; i < dump->commands->len; i++)
		g_string_append_printf(
			out, "%s\n", (const char *)g_ptr_array_index(dump->commands, i));
}

static void command_lines(GString *out, const ReportStyle *style, const DkimDump *dump)
{
	explain_line(out, style, N_("By hand, in"), style->dump);
	for (guint i = 0; i < dump->commands->len; i++)
		explain_line(out, style, "", g_ptr_array_index(dump->commands, i));
}

void explain_dump(GString *out, const ReportStyle *style, const DkimDump *dump)
{
	bool is_inline = g_strcmp0(style->dump, "-") == 0;

	if (dump == NULL || style->dump == NULL)
		return;
	if (!is_inline)
		command_lines(out, style, dump);
	else
		explain_line(out, style, N_("By hand"),
			style_text(style, N_("The lines below are for a shell: they make the files "
					     "and verify.")));
	if (dump->body_digest != NULL)
		explain_line(out, style, N_("  bh= says"), dump->body_digest);
	if (is_inline)
		append_script(out, dump);
}
