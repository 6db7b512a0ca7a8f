#include "report/html_writer.h"

#include "base/printable.h"

#include <libxml/xmlwriter.h>

#include <string.h>

struct HtmlWriter {
	xmlBufferPtr buffer;
	xmlTextWriterPtr writer;
	GPtrArray *open; /* of const char *, static names of the open elements */
};

/* Memory is all that can fail here, and GLib ends the program for that, too. */
static void must(int result)
{
	if (result < 0)
		g_error("libxml2 does not write");
}

HtmlWriter *html_writer_new(void)
{
	HtmlWriter *html = g_new0(HtmlWriter, 1);

	html->buffer = xmlBufferCreate();
	html->writer = xmlNewTextWriterMemory(html->buffer, 0);
	html->open = g_ptr_array_new();
	if (html->buffer == NULL || html->writer == NULL)
		g_error("libxml2 has no memory");
	return html;
}

void html_writer_free(HtmlWriter *html)
{
	if (html == NULL)
		return;
	xmlFreeTextWriter(html->writer);
	xmlBufferFree(html->buffer);
	g_ptr_array_unref(html->open);
	g_free(html);
}

static const xmlChar *octets(const char *text)
{
	return (const xmlChar *)text;
}

void html_open(HtmlWriter *html, const char *element)
{
	must(xmlTextWriterStartElement(html->writer, octets(element)));
	g_ptr_array_add(html->open, (gpointer)(guintptr)element);
}

void html_attribute(HtmlWriter *html, const char *name, const char *value)
{
	g_autofree char *safe = value != NULL ? printable_line(slice_of(value)) : NULL;

	if (safe != NULL)
		must(xmlTextWriterWriteAttribute(html->writer, octets(name), octets(safe)));
}

void html_number_attribute(HtmlWriter *html, const char *name, int64_t value)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)value);

	html_attribute(html, name, text);
}

void html_text(HtmlWriter *html, const char *text)
{
	g_autofree char *safe = printable_line(slice_of(text));

	must(xmlTextWriterWriteString(html->writer, octets(safe)));
}

/* HTML knows "<td></td>", not "<td/>", except for its void elements, of which two are used. */
static bool is_void(const char *element)
{
	return strcmp(element, "meta") == 0 || strcmp(element, "input") == 0;
}

void html_close(HtmlWriter *html)
{
	const char *element = g_ptr_array_index(html->open, html->open->len - 1);

	g_ptr_array_set_size(html->open, (gint)html->open->len - 1);
	must(is_void(element) ? xmlTextWriterEndElement(html->writer)
			      : xmlTextWriterFullEndElement(html->writer));
}

void html_element(HtmlWriter *html, const char *element, const char *class, const char *text)
{
	html_open(html, element);
	html_attribute(html, "class", class);
	html_text(html, text);
	html_close(html);
}

void html_raw(HtmlWriter *html, const char *text)
{
	g_assert(strstr(text, "</") == NULL);
	must(xmlTextWriterWriteRaw(html->writer, octets(text)));
}

size_t html_depth(const HtmlWriter *html)
{
	return html->open->len;
}

void html_close_to(HtmlWriter *html, size_t depth)
{
	while (html->open->len > depth)
		html_close(html);
}

bool html_is_in(const HtmlWriter *html, const char *element)
{
	return html->open->len > 0 &&
	       strcmp(g_ptr_array_index(html->open, html->open->len - 1), element) == 0;
}

void html_take(HtmlWriter *html, GString *out)
{
	must(xmlTextWriterFlush(html->writer));
	g_string_append_len(
		out, (const char *)xmlBufferContent(html->buffer), xmlBufferLength(html->buffer));
	xmlBufferEmpty(html->buffer);
}

void html_prepare(void)
{
	xmlInitParser();
}

char *html_library(void)
{
	return g_strdup("libxml2 " LIBXML_DOTTED_VERSION);
}
