#include "cli/evidence.h"

#include "cli/evidence_read.h"
#include "report/answer_report.h"

typedef struct Listing {
	Sink sink;
	uint64_t listed, superseded;
} Listing;

static void list_group(Listing *listing, const EvidenceSet *set, size_t index, const char *path)
{
	const Options *options = listing->sink.options;
	g_autoptr(Answer) answer = set_group_answer(evidence_set_get(set, index));
	ListedAnswer listed = {
		.answer = answer, .path = path, .counts = evidence_set_is_last(set, index)
	};

	if (!answer_filter_wants(options->filter, answer))
		return;
	listing->listed++;
	listing->superseded += !listed.counts;
	if (options->format == FORMAT_JSONL)
		answer_append_jsonl(listing->sink.text, &options->style, &listed);
	else
		answer_append_text(listing->sink.text, &options->style, &listed);
	evidence_flush(&listing->sink);
}

static void list_file(Listing *listing, const char *path)
{
	g_autoptr(EvidenceSet) set = evidence_set_new();

	evidence_read(set, path, &listing->sink);
	evidence_set_sort(set);
	for (size_t i = 0; i < evidence_set_count(set) && !sink_is_stopped(&listing->sink); i++)
		list_group(listing, set, i, path);
}

int evidence_list(const Options *options)
{
	Listing listing = { .listed = 0 };

	if (!sink_open(&listing.sink, options))
		return 1;
	for (char **path = options->paths; *path != NULL; path++)
		list_file(&listing, *path);
	if (options->format == FORMAT_TEXT)
		answers_append_total(
			listing.sink.text, &options->style, listing.listed, listing.superseded);
	return evidence_close(&listing.sink);
}
