/* Imports: whatever a zone file, the output of dig, passive DNS or RFC 8427 says, what is taken out
 * of it is evidence that can be read back, with nothing in it that a terminal obeys. The first
 * octet chooses what the rest is read as. */
#include "base/text_time.h"
#include "cli/dns_json.h"
#include "dns/evidence_file.h"
#include "dns/import.h"
#include "report/cof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void note_problem(gpointer user, uint64_t line, const char *text)
{
	uint64_t *problems = user;

	g_assert_cmpuint(line, >, 0);
	g_assert_true(g_str_is_ascii(text));
	++*problems;
}

static void import_cof(Import *import, Slice text)
{
	while (text.len > 0) {
		g_auto(CofRecord) record = { .count = 0 };
		g_autoptr(GString) again = g_string_new(NULL);

		if (!cof_read(slice_trim(slice_take_line(&text)), &record, NULL))
			continue;
		if (record.last == TIME_UNKNOWN)
			continue;
		g_assert_cmpint(record.first, <=, record.last);
		cof_append(again, &record);
		g_assert_true(g_utf8_validate(again->str, (gssize)again->len, NULL));
		for (guint i = 0; i < record.data->len; i++)
			import_record(import, record.name, record.type,
				g_ptr_array_index(record.data, i), record.first, record.last);
	}
}

static bool is_packed(const Answer *answer)
{
	for (guint i = 0; i < answer->rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(answer->rrs, i);

		if (!dns_type_is_asked(rr->type))
			return false;
	}
	return true;
}

/* What was read is written, and read again as the same. */
static void check_json(const Answer *answer)
{
	g_autoptr(GString) line = g_string_new(NULL);
	g_autoptr(GString) wanted = evidence_format(answer);
	g_autoptr(GString) got = NULL;
	g_autoptr(Answer) again = NULL;

	dns_json_append(line, answer);
	g_assert_true(g_str_is_ascii(line->str));
	g_assert_cmpint(
		dns_json_read(slice_trim(slice_of(line->str)), &again, NULL), ==, DNS_JSON_ANSWER);
	got = evidence_format(again);
	if (is_packed(answer))
		g_assert_cmpstr(got->str, ==, wanted->str);
}

static void import_json(Import *import, Slice text)
{
	while (text.len > 0) {
		g_autoptr(Answer) answer = NULL;
		g_autoptr(GError) error = NULL;
		Slice line = slice_trim(slice_take_line(&text));
		DnsJsonKind kind = dns_json_read(line, &answer, &error);

		g_assert_true((kind == DNS_JSON_ANSWER) == (answer != NULL));
		g_assert_true((kind == DNS_JSON_PROBLEM) == (error != NULL));
		if (answer == NULL)
			continue;
		if (answer->at == TIME_UNKNOWN)
			answer->at = import->taken;
		check_json(answer);
		evidence_set_add(import->set, answer);
	}
}

static void check_group(const SetGroup *group)
{
	g_autoptr(Answer) answer = set_group_answer(group);
	g_autoptr(GString) text = evidence_format(answer);

	g_assert_true(slice_equal(group->text, slice_make(text->str, text->len)));
	g_assert_cmpint(group->at, !=, TIME_UNKNOWN);
	for (size_t i = 0; i < group->text.len; i++)
		g_assert_true(group->text.data[i] == '\n' || group->text.data[i] == '\t' ||
			      (group->text.data[i] >= 0x20 && group->text.data[i] < 0x7F));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice text = slice_make((const char *)data, size);
	g_autoptr(EvidenceSet) set = evidence_set_new();
	g_autoptr(RecordPool) pool = record_pool_new();
	g_autoptr(GPtrArray) answers = NULL;
	uint64_t problems = 0;
	uint64_t left_out;
	Import import = { .set = set,
		.pool = pool,
		.taken = 1640995200000,
		.origin = "example",
		.problem = note_problem,
		.user = &problems };

	if (size == 0)
		return 0;
	text = slice_sub(text, 1, size);
	switch (data[0]) {
	case 'd':
		import_dig(&import, text);
		break;
	case 'c':
		import_cof(&import, text);
		break;
	case 'j':
		import_json(&import, text);
		break;
	default:
		import_zone(&import, text);
		break;
	}
	answers = record_pool_answers(pool, "fuzz", &left_out);
	for (guint i = 0; i < answers->len; i++)
		evidence_set_add(set, g_ptr_array_index(answers, i));
	evidence_set_unite(set);
	for (size_t i = 0; i < evidence_set_count(set); i++)
		check_group(evidence_set_get(set, i));
	return 0;
}
