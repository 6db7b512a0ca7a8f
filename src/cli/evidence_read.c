#include "cli/evidence_read.h"

#include "cli/signals.h"

#include "dns/evidence_parse.h"

#define FLUSH_SIZE ((size_t)256 * 1024)

void evidence_read(EvidenceSet *set, const char *path, Sink *sink)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	uint64_t left_out = 0;
	bool is_read = evidence_set_read(set, path, notes, &left_out, &error);

	sink_next_file(sink);
	if (!is_read) {
		sink_problem(sink, error->message);
		return;
	}
	for (guint i = 0; i < notes->len; i++) {
		const char *text = g_ptr_array_index(notes, i);

		if (left_out > 0)
			sink_problem(sink, text);
		else
			sink_remark(sink, text);
	}
}

void evidence_flush(Sink *sink)
{
	if (sink->text->len > FLUSH_SIZE)
		sink_flush(sink);
}

void evidence_write_header(Sink *sink)
{
	g_string_append(sink->text, EVIDENCE_HEADER " " EVIDENCE_VERSION "\n");
}

void evidence_write(const EvidenceSet *set, Sink *sink)
{
	evidence_write_header(sink);
	for (size_t i = 0; i < evidence_set_count(set) && !sink_is_stopped(sink); i++) {
		slice_append(sink->text, evidence_set_get(set, i)->text);
		evidence_flush(sink);
	}
}

/* Half a file would pass for a whole one: an interrupt leaves what is in its place. */
int evidence_close(Sink *sink)
{
	if (signals_want_end()) {
		sink_next_file(sink);
		sink_problem(sink,
			"interrupted: the output is not whole, and takes the place of no file");
		sink_abandon(sink);
	} else {
		sink_close(sink);
	}
	return sink->problems == 0 && !sink->file.has_failed ? 0 : 1;
}
