#include "analysis/wire_form.h"

#include <string.h>

typedef struct Writer {
	void (*write)(Slice octets, gpointer data);
	gpointer data;
	WireForm form;
} Writer;

static void feed(Writer *writer, Slice octets)
{
	writer->write(octets, writer->data);
	writer->form.length += octets.len;
}

static void add_text(Writer *writer, Slice text)
{
	while (text.len > 0) {
		ssize_t end = slice_find_char(text, '\n');
		size_t len = end < 0 ? text.len : (size_t)end;
		bool is_crlf = end > 0 && text.data[end - 1] == '\r';

		feed(writer, slice_sub(text, 0, is_crlf ? len - 1 : len));
		if (end < 0)
			return;
		feed(writer, slice_of("\r\n"));
		writer->form.crlf += is_crlf;
		writer->form.lf += !is_crlf;
		text = slice_sub(text, len + 1, text.len);
	}
}

static void write_form(Writer *writer, const Facts *facts)
{
	size_t done = 0;

	for (size_t i = 0; i < facts->fields->count; i++) {
		const Field *field = &facts->fields->list[i];
		size_t offset = slice_offset(facts->message, field->raw);

		if (!field->by_store)
			continue;
		add_text(writer, slice_sub(facts->message, done, offset - done));
		done = offset + field->raw.len;
		writer->form.store_fields++;
	}
	add_text(writer, slice_sub(facts->message, done, facts->message.len));
}

void wire_form_write(const Facts *facts, void (*write)(Slice octets, gpointer data), gpointer data)
{
	Writer writer = { .write = write, .data = data };

	write_form(&writer, facts);
}

static void add_to_digest(Slice octets, gpointer data)
{
	digest_add(data, octets);
}

WireForm wire_form(const Facts *facts)
{
	g_autoptr(Digest) digest = digest_new(DIGEST_SHA256);
	Writer writer = { .write = add_to_digest, .data = digest };

	write_form(&writer, facts);
	writer.form.sha256 = digest_finish(digest);
	return writer.form;
}

const char *wire_line_ends(const WireForm *form)
{
	if (form->lf > 0 && form->crlf > 0)
		return "mixed";
	if (form->lf == 0 && form->crlf == 0)
		return "none";
	return form->lf > 0 ? "lf" : "crlf";
}
