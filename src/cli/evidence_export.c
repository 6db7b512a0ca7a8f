#include "cli/evidence.h"

#include "base/text_time.h"
#include "cli/dns_json.h"
#include "cli/evidence_read.h"
#include "report/cof.h"

#include <string.h>

typedef struct Export {
	Sink sink;
	EvidenceSet *set;
	GHashTable *seen;  /* -> CofRecord, by its owner, type and data */
	uint64_t unstored; /* answers that passive DNS has no form for */
	uint64_t undated;  /* records, in answers without a date */
} Export;

/* A group as it is, or, where it no longer counts, as comments. The crc is of a file that nobody
 * edits, which a zone file is not. */
static void write_group(Export *export, const SetGroup *group, bool counts)
{
	GString *out = export->sink.text;
	Slice rest = group->text;
	Slice head = slice_chop_eol(slice_take_line(&rest));
	ssize_t crc = slice_find(head, slice_of(" crc="));

	if (!counts)
		g_string_append(out, "; superseded: ");
	slice_append(out, crc < 0 ? head : slice_sub(head, 0, (size_t)crc));
	g_string_append_c(out, '\n');
	while (rest.len > 0) {
		if (!counts)
			g_string_append(out, ";   ");
		slice_append(out, slice_take_line(&rest));
	}
}

static void cof_record_free(gpointer data)
{
	cof_record_clear(data);
	g_free(data);
}

/* Passive DNS has names without their final dots. */
static char *cof_data(const Rr *rr)
{
	size_t len = strlen(rr->presentation);
	bool is_name = rr->type == DNS_NS || rr->type == DNS_CNAME || rr->type == DNS_PTR ||
		       rr->type == DNS_MX;

	if (is_name && len > 1 && rr->presentation[len - 1] == '.' &&
		rr->presentation[len - 2] != ' ')
		len--;
	return g_strndup(rr->presentation, len);
}

static CofRecord *cof_record_of(GHashTable *seen, const Rr *rr)
{
	char buffer[DNS_TYPE_TEXT];
	const char *type = dns_type_text(rr->type, buffer);
	char *key = g_strdup_printf("%s\n%s\n%s", rr->owner, type, rr->presentation);
	CofRecord *record = g_hash_table_lookup(seen, key);

	if (record != NULL) {
		g_free(key);
		return record;
	}
	record = g_new0(CofRecord, 1);
	record->name = g_strdup(rr->owner[0] != '\0' ? rr->owner : ".");
	record->type = g_strdup(type);
	record->data = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(record->data, cof_data(rr));
	record->first = INT64_MAX;
	record->last = INT64_MIN;
	g_hash_table_insert(seen, key, record);
	return record;
}

static void gather_records(Export *export, const Answer *answer)
{
	export->unstored += answer->rrs->len == 0;
	if (answer->at == TIME_UNKNOWN) {
		export->undated += answer->rrs->len;
		return;
	}
	for (guint i = 0; i < answer->rrs->len; i++) {
		CofRecord *record = cof_record_of(export->seen, g_ptr_array_index(answer->rrs, i));

		record->first = MIN(record->first, answer->at);
		record->last = MAX(record->last, answer->at);
		record->count++;
	}
}

static void remark_number(Export *export, uint64_t number, const char *what)
{
	g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT " %s", (guint64)number, what);

	if (number > 0)
		sink_remark(&export->sink, text);
}

static void write_cof(Export *export)
{
	g_autoptr(GList) keys =
		g_list_sort(g_hash_table_get_keys(export->seen), (GCompareFunc)strcmp);

	for (GList *key = keys; key != NULL && !sink_is_stopped(&export->sink); key = key->next) {
		cof_append(export->sink.text, g_hash_table_lookup(export->seen, key->data));
		evidence_flush(&export->sink);
	}
	remark_number(export, export->unstored,
		"answer(s) have no records, which passive DNS cannot say, and are not exported");
	remark_number(export, export->undated,
		"record(s) have no date, which passive DNS wants, and are not exported");
}

static void export_group(Export *export, size_t index)
{
	const SetGroup *group = evidence_set_get(export->set, index);
	g_autoptr(Answer) answer = set_group_answer(group);
	const Options *options = export->sink.options;

	if (!answer_filter_wants(options->filter, answer))
		return;
	if (options->format == FORMAT_COF)
		gather_records(export, answer);
	else if (options->format == FORMAT_JSON)
		dns_json_append(export->sink.text, answer);
	else if (options->format == FORMAT_ZONE)
		write_group(export, group, evidence_set_is_last(export->set, index));
	else
		slice_append(export->sink.text, group->text);
	evidence_flush(&export->sink);
}

static void write_head(Export *export)
{
	if (export->sink.options->format == FORMAT_EVIDENCE)
		evidence_write_header(&export->sink);
	else if (export->sink.options->format == FORMAT_ZONE)
		g_string_append(export->sink.text,
			"; DNS answers that kantei recorded. A comment before the records tells of "
			"the "
			"question;\n; one that says n=0 had an answer without records, or none.\n");
}

int evidence_export(const Options *options)
{
	Export export = { .set = evidence_set_new() };
	int status = 1;

	export.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, cof_record_free);
	if (sink_open(&export.sink, options)) {
		evidence_read(export.set, options->paths[0], &export.sink);
		evidence_set_sort(export.set);
		write_head(&export);
		for (size_t i = 0;
			i < evidence_set_count(export.set) && !sink_is_stopped(&export.sink); i++)
			export_group(&export, i);
		if (options->format == FORMAT_COF)
			write_cof(&export);
		status = evidence_close(&export.sink);
	}
	g_hash_table_unref(export.seen);
	evidence_set_free(export.set);
	return status;
}
