/* Saved results: reading them, hostile ones too; how runs and records of them differ. */
#include "base/key_set.h"
#include "report/line_reader.h"
#include "report/record_diff.h"
#include "report/results_file.h"
#include "report/results_index.h"
#include "suite.h"

#include <string.h>

/* A stream of these octets; the copy that it reads from ends where they do. */
typedef struct Octets {
	Slice exact;
	FILE *stream;
} Octets;

static Octets open_octets(Slice text)
{
	Octets octets = { .exact = suite_exact(text) };

	/* fmemopen() does not take an empty buffer. */
	octets.stream = text.len > 0
				? fmemopen((gpointer)(guintptr)octets.exact.data, text.len, "r")
				: tmpfile();
	g_assert_nonnull(octets.stream);
	return octets;
}

static void octets_free(Octets *octets)
{
	g_free((gpointer)(guintptr)octets->exact.data);
}

/* --- lines */

static void test_lines(void)
{
	static const struct {
		const char *name, *text, *lines; /* as append_line() writes them */
	} rows[] = {
		{ "nothing", "", "" },
		{ "one", "a\n", "1@0:a|" },
		{ "torn", "a\nbc", "1@0:a|2@2:bc torn|" },
		{ "empty ones", "\n\nx\n", "1@0:|2@1:|3@2:x|" },
		{ "CR stays", "a\r\n", "1@0:a\r|" },
		{ "as long as may be", "12345678\nb\n", "1@0:12345678|2@9:b|" },
		{ "too long", "123456789\nb\n", "1@0 too long|2@10:b|" },
		{ "too long and torn", "a\n123456789", "1@0:a|2@2 too long|" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Octets octets = open_octets(slice_of(rows[i].text));
		g_autoptr(LineReader) reader = line_reader_new(octets.stream, 8);
		g_autoptr(GString) got = g_string_new(NULL);
		Line line;
		LineStatus status;

		g_test_message("%s", rows[i].name);
		while ((status = line_reader_next(reader, &line)) != LINE_END) {
			g_string_append_printf(
				got, "%u@%u", (unsigned)line.number, (unsigned)line.offset);
			if (status == LINE_READ)
				g_string_append_printf(got, ":%.*s%s", (int)line.text.len,
					line.text.data, line.is_torn ? " torn" : "");
			else
				g_string_append(got, " too long");
			g_string_append_c(got, '|');
		}
		g_assert_cmpstr(got->str, ==, rows[i].lines);
		octets_free(&octets);
	}
}

/* More than one read's worth; back and forth, inside what is in memory and outside of it. */
static void test_seek(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	Octets octets;
	g_autoptr(LineReader) reader = NULL;
	static const unsigned places[] = { 39999, 0, 1, 20000, 19999, 20001, 39999 };

	for (unsigned i = 0; i < 40000; i++)
		g_string_append_printf(text, "%06u\n", i);
	octets = open_octets(slice_make(text->str, text->len));
	reader = line_reader_new(octets.stream, 100);
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *wanted = g_strdup_printf("%06u", places[i]);
		Line line;

		g_assert_true(line_reader_seek(reader, 7 * (uint64_t)places[i], places[i] + 1));
		g_assert_cmpint((int)line_reader_next(reader, &line), ==, (int)LINE_READ);
		g_assert_true(slice_is(line.text, wanted));
		g_assert_cmpuint(line.number, ==, places[i] + 1);
		g_assert_cmpuint(line.offset, ==, 7 * (uint64_t)places[i]);
	}
	octets_free(&octets);
}

/* --- files */

#define RUN \
	"{\"run\":{\"schema\":1,\"kantei\":\"1\",\"libraries\":[],\"options\":[\"by=domain\"]}}\n"
#define SUMMARY(n) "{\"summary\":{\"messages\":" n ",\"problems\":0,\"interrupted\":false}}\n"
#define SHA        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define SOURCE(path) \
	"\"source\":{\"path\":\"" path "\",\"index\":1,\"offset\":0,\"sha256\":\"" SHA "\"}"
#define VERDICT(name, result) \
	"\"" name "\":{\"result\":\"" result "\",\"reason\":\"r\",\"final\":true}"
#define REST \
	"\"message\":{\"from\":[\"a@example.jp\"]}," VERDICT("dkim", "pass") "," VERDICT( \
		"dmarc", "none") "," VERDICT("smime", "none")
#define MARKS "\"marks\":{\"smime\":\"no\",\"spf\":\"yes\",\"dkim\":\"yes\",\"dmarc\":\"no\"}"
#define RECORD_OF(schema, source, spf, marks) \
	"{\"schema\":" schema "," source "," spf "," REST "," marks "}\n"
#define RECORD RECORD_OF("1", SOURCE("m"), VERDICT("spf", "pass"), MARKS)

#define SURVEY_OF(list) \
	"{\"survey\":{\"schema\":1,\"kantei\":\"1\",\"by\":\"sender\",\"by_column\":false," \
	"\"unit_rule\":\"all\",\"records\":\"set\",\"cross\":[],\"columns\":[\"domain\"]," list \
	"}}\n"
#define SURVEY SURVEY_OF("\"list\":{\"sha256\":\"" SHA "\",\"rows\":2}")
#define SENDER \
	"{\"row\":1,\"sender\":\"a b\",\"domain\":null,\"cells\":[\"a " \
	"b\"],\"keys\":[],\"lacking\":[]}\n"
#define SURVEYED(n) "{\"summary\":{\"senders\":" n ",\"problems\":0,\"interrupted\":false}}\n"

static void append_event(GString *got, ResultsEvent event, const GError *error)
{
	static const char *const words[] = { "run", "message", "survey", "sender", "summary",
		"problem", "end" };

	g_string_append(got, words[event]);
	if (event == RESULTS_PROBLEM) {
		/* What follows "no JSON" are jansson's words. */
		const char *rest = strstr(error->message, "no JSON: ");
		size_t len = rest != NULL ? (size_t)(rest - error->message) + strlen("no JSON")
					  : strlen(error->message);

		g_string_append_c(got, ' ');
		g_string_append_len(got, error->message, (gssize)len);
	}
	g_string_append_c(got, '|');
}

static char *events_of(Slice text)
{
	Octets octets = open_octets(text);
	g_autoptr(ResultsFile) file = results_file_new("f", octets.stream);
	GString *got = g_string_new(NULL);
	ResultsEvent event;

	do {
		g_auto(ResultsLine) line = { .number = 0 };
		g_autoptr(GError) error = NULL;

		event = results_file_next(file, &line, &error);
		g_assert_cmpint(error != NULL, ==, event == RESULTS_PROBLEM);
		g_assert_cmpint(line.run != NULL, ==, event == RESULTS_RUN);
		g_assert_cmpint(line.record != NULL, ==, event == RESULTS_MESSAGE);
		g_assert_cmpint(line.survey != NULL, ==, event == RESULTS_SURVEY);
		g_assert_cmpint(line.sender != NULL, ==, event == RESULTS_SENDER);
		if (event != RESULTS_END)
			append_event(got, event, error);
	} while (event != RESULTS_END);
	octets_free(&octets);
	return g_string_free(got, FALSE);
}

static const struct {
	const char *name, *text, *events;
} files[] = {
	{ "whole", RUN RECORD SUMMARY("1"), "run|message|summary|" },
	{ "no message", RUN SUMMARY("0"), "run|summary|" },
	{ "blank lines", "\n" RUN " \r\n" RECORD "\t\n" SUMMARY("1") "\n", "run|message|summary|" },
	{ "two parts", RUN RECORD SUMMARY("1") RUN SUMMARY("0"),
		"run|message|summary|run|summary|" },
	{ "a survey", SURVEY SENDER SURVEYED("1"), "survey|sender|summary|" },
	{ "mail and a survey", RUN RECORD SUMMARY("1") SURVEY SENDER SURVEYED("1"),
		"run|message|summary|survey|sender|summary|" },
	{ "a survey of which a part is there", SURVEY SURVEYED("1"),
		"survey|problem f:2: the summary counts 1 senders, and there are 0|summary|" },
	{ "a survey cut off", SURVEY SENDER,
		"survey|sender|problem f: cut off: no summary stands behind its last record|" },
	{ "a survey of another schema", SURVEY_OF("\"list\":{\"sha256\":\"" SHA "\"}") SENDER,
		"problem f:1: no header of a survey: 'list.rows' is missing, or of another kind|" },
	{ "a sender among messages", RUN SENDER SUMMARY("1"),
		"run|problem f:2: no record of a message: 'schema' is missing, or of another "
		"kind|summary|" },
	{ "a message among senders", SURVEY RECORD SURVEYED("1"),
		"survey|problem f:2: no sender of a survey: 'row' is missing, or of another "
		"kind|summary|" },
	{ "empty", "", "problem f: cut off: no summary stands behind its last record|" },
	{ "cut off", RUN RECORD,
		"run|message|problem f: cut off: no summary stands behind its last record|" },
	{ "first part cut off", RUN RECORD RUN SUMMARY("0"),
		"run|message|problem f: cut off: no summary stands behind its last "
		"record|run|summary|" },
	{ "torn", RUN RECORD "{\"schema\":1,\"sou",
		"run|message|problem f:3: torn: the file ends within this line|"
		"problem f: cut off: no summary stands behind its last record|" },
	{ "whole without its last line end",
		RUN "{\"summary\":{\"messages\":0,\"problems\":0,"
		    "\"interrupted\":false}}",
		"run|summary|" },
	{ "no JSON", RUN "From a@example.jp\n" RECORD SUMMARY("2"),
		"run|problem f:2: no JSON|message|summary|" },
	{ "no object", RUN "[1,2]\n" SUMMARY("1"),
		"run|problem f:2: JSON, but no object|summary|" },
	{ "a number too large", RUN "{\"schema\":99999999999999999999}\n" SUMMARY("1"),
		"run|problem f:2: no JSON|summary|" },
	{ "a member twice", RUN "{\"schema\":1,\"schema\":1}\n" SUMMARY("1"),
		"run|problem f:2: no JSON|summary|" },
	{ "another schema",
		RUN RECORD_OF("2", SOURCE("m"), VERDICT("spf", "pass"), MARKS) SUMMARY("1"),
		"run|problem f:2: a record of schema 2; this version of kantei reads schema 1|"
		"summary|" },
	{ "a run of another schema, and one of ours",
		"{\"run\":{\"schema\":2}}\n{\"x\":1}\n" RUN SUMMARY("0"),
		"problem f:1: results of schema 2; this version of kantei reads schema 1|"
		"run|summary|" },
	{ "a run without its version", "{\"run\":{\"schema\":1}}\n" SUMMARY("0"),
		"problem f:1: no header of a run: 'kantei' is missing, or of another kind|" },
	{ "no header", RECORD RECORD SUMMARY("2"),
		"problem f:1: a record without the header of its run|message|message|summary|" },
	{ "behind the summary", RUN SUMMARY("0") RECORD RECORD,
		"run|summary|problem f:3: a record behind the summary|message|message|" },
	{ "two summaries", RUN SUMMARY("0") SUMMARY("0"),
		"run|summary|problem f:3: a second summary|summary|" },
	{ "a record is gone", RUN RECORD SUMMARY("2"),
		"run|message|problem f:3: the summary counts 2 messages, and there are "
		"1|summary|" },
	{ "a summary of nothing", RUN "{\"summary\":{}}\n",
		"run|problem f:2: no summary of a run: a member is missing|"
		"problem f: cut off: no summary stands behind its last record|" },
	{ "no word of ours",
		RUN RECORD_OF("1", SOURCE("m"), VERDICT("spf", "\\u001b[2J"), MARKS) SUMMARY("1"),
		"run|problem f:2: no record of a message: 'spf.result' is missing, or of another "
		"kind|summary|" },
	{ "no mark",
		RUN RECORD_OF("1", SOURCE("m"), VERDICT("spf", "pass"), "\"marks\":{}")
			SUMMARY("1"),
		"run|problem f:2: no record of a message: 'marks.smime' is missing, or of another "
		"kind|summary|" },
	{ "no source",
		RUN RECORD_OF("1", "\"source\":[]", VERDICT("spf", "pass"), MARKS) SUMMARY("1"),
		"run|problem f:2: no record of a message: 'source.path' is missing, or of another "
		"kind|summary|" },
	{ "a NUL in a text",
		RUN RECORD_OF("1", SOURCE("m\\u0000n"), VERDICT("spf", "pass"), MARKS) SUMMARY("1"),
		"run|problem f:2: no JSON|"
		"summary|" },
	{ "no UTF-8", RUN "{\"schema\":\"\xFF\"}\n" SUMMARY("1"),
		"run|problem f:2: no JSON|summary|" },
};

static void test_files(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *events = events_of(slice_of(files[i].text));

		g_test_message("%s", files[i].name);
		g_assert_cmpstr(events, ==, files[i].events);
	}
}

/* What would cost memory or stack out of proportion is not even parsed. */
static void test_limits(void)
{
	static const struct {
		const char *name, *start, *repeated;
		unsigned times;
		const char *events;
	} rows[] = {
		{ "deep", "", "[", 100000,
			"problem f:1: more values, or deeper ones, than a record has|" },
		{ "deep by members", "", "{\"a\":", 40,
			"problem f:1: more values, or deeper ones, than a record has|" },
		{ "many", "[", "0,", 600000,
			"problem f:1: more values, or deeper ones, than a record has|" },
		{ "brackets in a text", "{\"a\":\"\\\"", "[,", 600000,
			"problem f:1: torn: the file ends within this line|" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) text = g_string_new(rows[i].start);
		g_autofree char *events = NULL;

		for (unsigned k = 0; k < rows[i].times; k++)
			g_string_append(text, rows[i].repeated);
		if (strstr(rows[i].events, "torn") == NULL)
			g_string_append_c(text, '\n');
		events = events_of(slice_make(text->str, text->len));
		g_test_message("%s", rows[i].name);
		g_assert_true(g_str_has_prefix(events, rows[i].events));
	}
}

/* Whatever octet is lost or changed, nothing crashes, and nothing but a problem comes of it. */
static void test_damage(void)
{
	static const char whole[] = RUN RECORD SUMMARY("1");

	for (size_t len = 0; len < strlen(whole); len++) {
		g_autofree char *events = events_of(slice_make(whole, len));

		g_assert_true(strstr(events, "problem") != NULL || len == strlen(whole) - 1);
	}
	for (size_t at = 0; at < strlen(whole); at++) {
		g_autofree char *text = g_strdup(whole);
		g_autofree char *events = NULL;

		text[at] = '\x01';
		events = events_of(slice_of(text));
		g_assert_true(strstr(events, "problem") != NULL);
	}
}

/* --- keys */

static void test_keys(void)
{
	g_autoptr(KeySet) set = key_set_new();

	for (int round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 5000; i++) {
			DigestValue key =
				digest_of(DIGEST_SHA256, slice_make((const char *)&i, sizeof i));

			g_assert_cmpuint(key_set_add(set, &key, i + 1 + 10000 * (unsigned)round),
				==, round == 0 ? 0 : i + 1);
		}
	}
}

/* --- runs */

static SavedRun *run_of(const char *options, const char *libraries, const char *rest)
{
	g_autofree char *text = g_strdup_printf("{\"run\":{\"schema\":1,\"kantei\":\"1\","
						"\"libraries\":[%s],\"options\":[%s]%s}}\n",
		libraries, options, rest);
	Octets octets = open_octets(slice_of(text));
	g_autoptr(ResultsFile) file = results_file_new("f", octets.stream);
	g_auto(ResultsLine) line = { .number = 0 };
	g_autoptr(GError) error = NULL;

	g_assert_cmpint((int)results_file_next(file, &line, &error), ==, (int)RESULTS_RUN);
	octets_free(&octets);
	return g_steal_pointer(&line.run);
}

static char *differences_text(const GPtrArray *differences)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < differences->len; i++) {
		const RunDifference *difference = g_ptr_array_index(differences, i);

		g_string_append_printf(text, "%s %s %s>%s", run_aspect_word(difference->aspect),
			difference->name != NULL ? difference->name : "-",
			difference->a != NULL ? difference->a : "-",
			difference->b != NULL ? difference->b : "-");
		for (int k = 0; k < METHODS; k++)
			if ((difference->methods & (1u << k)) != 0)
				g_string_append_printf(text, " %s", method_word((Method)k));
		g_string_append_c(text, '|');
	}
	return g_string_free(text, FALSE);
}

static void test_runs(void)
{
	g_autoptr(SavedRun) a = run_of("\"at=received\",\"dmarc=9989\",\"border=mx1\","
				       "\"border=mx2\",\"by=message\"",
		"\"OpenSSL 3.0.1 1 Jan\",\"c-ares 1\",\"gone 1\"",
		",\"trust\":{\"sha256\":\"aa\"},\"suffix_list\":\"x\",\"now\":null");
	g_autoptr(SavedRun) b =
		run_of("\"at=received\",\"dmarc=7489\",\"border=mx1\",\"helo=h\",\"by=domain\"",
			"\"OpenSSL 3.0.2 1 Feb\",\"c-ares 2\"",
			",\"trust\":{\"sha256\":\"bb\"},\"suffix_list\":\"x\","
			"\"now\":\"2026-01-01T00:00:00Z\"");
	g_autoptr(GPtrArray) same = run_differences(a, a);
	g_autoptr(GPtrArray) differences = run_differences(a, b);
	g_autofree char *text = differences_text(differences);
	TableUnit unit = UNIT_MESSAGE;

	g_assert_cmpuint(same->len, ==, 0);
	g_assert_cmpstr(text, ==,
		"option dmarc 9989>7489 dmarc|option border mx1 mx2>mx1 smime spf dkim dmarc|"
		"option helo ->h spf dmarc|clock - ->2026-01-01T00:00:00Z smime spf dkim dmarc|"
		"trust - aa>bb smime|library OpenSSL 3.0.1 1 Jan>3.0.2 1 Feb smime dkim dmarc|"
		"library c-ares 1>2|library gone 1>- smime spf dkim dmarc|");
	g_assert_true(saved_run_unit(b, &unit));
	g_assert_cmpint((int)unit, ==, (int)UNIT_DOMAIN);
}

/* --- comparing records */

#define ANSWER(type, name, outcome, digest, at, methods) \
	"{\"name\":\"" name "\",\"type\":\"" type "\",\"outcome\":\"" outcome \
	"\",\"records\":1,\"at\":\"" at "\",\"security\":\"no\",\"digest\":" digest \
	",\"methods\":[" methods "]}"
#define LACKING(type, name, methods) \
	"{\"name\":\"" name "\",\"type\":\"" type "\",\"methods\":[" methods "]}"
#define SPF_TXT(digest, at) ANSWER("TXT", "e.jp", "NOERROR", digest, at, "\"spf\"")

typedef struct RecordText {
	const char *spf, *spf_mark, *dmarc, *dmarc_mark, *answers, *lacking, *source;
} RecordText;

static SavedRecord *record_of(const RecordText *text)
{
	g_autofree char *line = g_strdup_printf(
		"{\"schema\":1,\"source\":{\"path\":\"m\",\"index\":1,\"offset\":0,\"sha256\":"
		"\"" SHA "\"%s},\"message\":{\"from\":[]},"
		"\"spf\":{\"result\":\"%s\",\"reason\":\"r\",\"final\":true},"
		"\"dmarc\":{\"result\":\"%s\",\"reason\":\"r\",\"final\":true}," VERDICT(
			"dkim", "none") "," VERDICT("smime",
			"none") ","
				"\"answers\":[%s],\"lacking\":[%s],"
				"\"marks\":{\"smime\":\"no\",\"spf\":\"%s\","
				"\"dkim\":\"no\",\"dmarc\":\"%s\"}}\n",
		text->source != NULL ? text->source : "", text->spf, text->dmarc,
		text->answers != NULL ? text->answers : "",
		text->lacking != NULL ? text->lacking : "", text->spf_mark, text->dmarc_mark);
	g_autofree char *all = g_strconcat(RUN, line, NULL);
	Octets octets = open_octets(slice_of(all));
	g_autoptr(ResultsFile) file = results_file_new("f", octets.stream);
	SavedRecord *record = NULL;

	while (record == NULL) {
		g_auto(ResultsLine) got = { .number = 0 };
		g_autoptr(GError) error = NULL;

		g_assert_cmpint((int)results_file_next(file, &got, &error), !=, (int)RESULTS_END);
		g_assert_no_error(error);
		record = g_steal_pointer(&got.record);
	}
	octets_free(&octets);
	return record;
}

/* "spf: dns e.jp, option dmarc|dmarc: …" */
static char *diff_text(const RecordDiff *diff)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < METHODS; i++) {
		const GArray *causes = diff->methods[i].causes;

		if (!diff->methods[i].is_changed)
			continue;
		g_string_append_printf(text, "%s:", method_word((Method)i));
		for (guint k = 0; k < causes->len; k++) {
			const DiffCause *cause = &g_array_index(causes, DiffCause, k);

			g_string_append_printf(text, " %s", cause_word(cause->kind));
			if (cause->name != NULL)
				g_string_append_printf(text, " %s", cause->name);
		}
		g_string_append_c(text, '|');
	}
	return g_string_free(text, FALSE);
}

#define T1 "2026-01-01T00:00:00.000Z"
#define T2 "2026-06-01T00:00:00.000Z"

static const struct {
	const char *name;
	RecordText a, b;
	const char *options_b; /* of the run of B; that of A has dmarc=9989 and horizon=30 */
	const char *causes;
} diffs[] = {
	{ "nothing changed", { "pass", "yes", "pass", "yes", SPF_TXT("\"aa\"", T1), NULL, NULL },
		{ "pass", "yes", "pass", "yes", SPF_TXT("\"bb\"", T2), NULL, NULL }, NULL, "" },
	{ "the record changed", { "pass", "yes", "pass", "yes", SPF_TXT("\"aa\"", T1), NULL, NULL },
		{ "fail", "no", "fail", "no", SPF_TXT("\"bb\"", T1), NULL, NULL }, NULL,
		"spf: dns e.jp|dmarc: dns e.jp|" },
	{ "an answer of another method is not responsible",
		{ "pass", "yes", "none", "no",
			ANSWER("TXT", "_dmarc.e.jp", "NXDOMAIN", "\"aa\"", T1, "\"dmarc\""), NULL,
			NULL },
		{ "fail", "no", "pass", "yes",
			ANSWER("TXT", "_dmarc.e.jp", "NOERROR", "\"bb\"", T1, "\"dmarc\""), NULL,
			NULL },
		NULL, "spf: unexplained|dmarc: dns _dmarc.e.jp|" },
	{ "was lacking",
		{ "temperror", "unknown", "none", "no", NULL, LACKING("TXT", "e.jp", "\"spf\""),
			NULL },
		{ "pass", "yes", "none", "no", SPF_TXT("\"aa\"", T1), NULL, NULL }, NULL,
		"spf: dns e.jp|" },
	{ "what only one asked follows from something else",
		{ "pass", "yes", "none", "no", SPF_TXT("\"aa\"", T1), NULL, NULL },
		{ "fail", "no", "none", "no",
			SPF_TXT("\"bb\"", T1) "," ANSWER(
				"A", "x.jp", "NOERROR", "\"cc\"", T1, "\"spf\""),
			NULL, NULL },
		NULL, "spf: dns e.jp|" },
	{ "only its time, and only the mark",
		{ "fail", "no", "none", "no", SPF_TXT("\"aa\"", T1), NULL, NULL },
		{ "fail", "unknown", "none", "no", SPF_TXT("\"aa\"", T2), NULL, NULL }, NULL,
		"spf: dns e.jp|" },
	{ "the time makes no other result",
		{ "pass", "yes", "none", "no", SPF_TXT("\"aa\"", T1), NULL, NULL },
		{ "fail", "no", "none", "no", SPF_TXT("\"aa\"", T2), NULL, NULL }, NULL,
		"spf: unexplained|" },
	{ "the rules", { "pass", "yes", "fail", "no", SPF_TXT("\"aa\"", T1), NULL, NULL },
		{ "pass", "yes", "pass", "yes", SPF_TXT("\"aa\"", T1), NULL, NULL },
		"\"horizon=30\",\"dmarc=7489\"", "dmarc: option dmarc|" },
	{ "the rules do not change SPF", { "pass", "yes", "none", "no", NULL, NULL, NULL },
		{ "fail", "no", "none", "no", NULL, NULL, NULL }, "\"horizon=30\",\"dmarc=7489\"",
		"spf: unexplained|" },
	{ "but where other octets were evaluated, all may be responsible",
		{ "pass", "yes", "none", "no",
			ANSWER("TXT", "k.e.jp", "NXDOMAIN", "\"aa\"", T1, "\"dkim\""), NULL,
			",\"unquoted\":\"as-stored\"" },
		{ "fail", "no", "none", "no",
			ANSWER("TXT", "k.e.jp", "NOERROR", "\"bb\"", T1, "\"dkim\""), NULL,
			",\"unquoted\":\"mboxo\"" },
		"\"horizon=30\",\"dmarc=7489\"", "spf: dns k.e.jp option dmarc|" },
	{ "the horizon changes marks", { "fail", "no", "none", "no", NULL, NULL, NULL },
		{ "fail", "unknown", "none", "no", NULL, NULL, NULL },
		"\"horizon=3\",\"dmarc=9989\"", "spf: option horizon|" },
	{ "and nothing else", { "fail", "no", "none", "no", NULL, NULL, NULL },
		{ "softfail", "no", "none", "no", NULL, NULL, NULL },
		"\"horizon=3\",\"dmarc=9989\"", "spf: unexplained|" },
	{ "stored in another way",
		{ "pass", "yes", "none", "no", NULL, NULL,
			",\"kind\":\"mbox\",\"from_line\":\"From a@b\"" },
		{ "fail", "no", "none", "no", NULL, NULL, ",\"kind\":\"eml\"" }, NULL,
		"spf: store kind store from_line|" },
	{ "no digest was recorded",
		{ "pass", "yes", "none", "no", SPF_TXT("null", T1), NULL, NULL },
		{ "fail", "no", "none", "no", SPF_TXT("\"aa\"", T1), NULL, NULL }, NULL,
		"spf: not-recorded|" },
	{ "nobody says who asked",
		{ "pass", "yes", "none", "no", ANSWER("A", "e.jp", "NOERROR", "\"aa\"", T1, ""),
			NULL, NULL },
		{ "fail", "no", "none", "no", ANSWER("A", "e.jp", "NOERROR", "\"bb\"", T1, ""),
			NULL, NULL },
		NULL, "spf: dns e.jp|" },
};

static void test_diffs(void)
{
	static const char same[] = "\"horizon=30\",\"dmarc=9989\"";
	g_autoptr(SavedRun) run_a = run_of(same, "", "");

	for (size_t i = 0; i < G_N_ELEMENTS(diffs); i++) {
		const char *options = diffs[i].options_b != NULL ? diffs[i].options_b : same;
		g_autoptr(SavedRun) run_b = run_of(options, "", "");
		g_autoptr(GPtrArray) runs = run_differences(run_a, run_b);
		g_autoptr(SavedRecord) a = record_of(&diffs[i].a);
		g_autoptr(SavedRecord) b = record_of(&diffs[i].b);
		g_autoptr(RecordDiff) diff = record_diff_new(a, b, runs);
		g_autoptr(RecordDiff) headless = record_diff_new(a, b, NULL);
		g_autofree char *text = diff_text(diff);
		g_autofree char *without = diff_text(headless);

		g_test_message("%s", diffs[i].name);
		g_assert_cmpstr(text, ==, diffs[i].causes);
		g_assert_null(strstr(without, "unexplained"));
	}
}

/* --- pairs */

static void add_to_index(ResultsIndex *index, const char *path, uint64_t number, char octets)
{
	g_autofree char *sha256 = g_strnfill(64, octets);
	SavedRecord record = { .facts = { .path = path, .index = number }, .sha256 = sha256 };

	for (int i = 0; i < METHODS; i++)
		record.verdicts[i] = (SavedVerdict) { .result = "pass", .reason = "r" };
	results_index_add(index, &record, 0, 1, 1);
}

static char *pairs_text(const ResultsIndex *index)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < index->records->len; i++)
		g_string_append_printf(text, "%u ", results_index_get(index, i)->partner);
	return g_string_free(text, FALSE);
}

/* The place decides among messages of the same octets; what moved is found all the same; and what
 * is there twice is paired twice at most. */
static void test_pairs(void)
{
	g_autoptr(ResultsIndex) a = results_index_new();
	g_autoptr(ResultsIndex) b = results_index_new();
	g_autofree char *of_a = NULL;
	g_autofree char *of_b = NULL;

	add_to_index(a, "m", 1, 'a');
	add_to_index(a, "m", 2, 'a');
	add_to_index(a, "m", 3, 'b');
	add_to_index(a, "m", 4, 'c');
	add_to_index(a, "m", 4, 'c');
	add_to_index(a, "m", 5, 'd');
	add_to_index(b, "n", 1, 'b');
	add_to_index(b, "m", 2, 'a');
	add_to_index(b, "n", 7, 'a');
	add_to_index(b, "m", 4, 'c');
	add_to_index(b, "m", 4, 'c');
	add_to_index(b, "m", 4, 'c');
	add_to_index(b, "m", 5, 'e');
	results_index_pair(a, b);
	of_a = pairs_text(a);
	of_b = pairs_text(b);
	g_assert_cmpstr(of_a, ==, "3 2 1 4 5 0 ");
	g_assert_cmpstr(of_b, ==, "3 2 1 4 5 0 0 ");
	g_assert_true(indexed_record_is_same(results_index_get(a, 0), results_index_get(b, 0)));
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/results/lines", test_lines);
	g_test_add_func("/results/seek", test_seek);
	g_test_add_func("/results/files", test_files);
	g_test_add_func("/results/limits", test_limits);
	g_test_add_func("/results/damage", test_damage);
	g_test_add_func("/results/keys", test_keys);
	g_test_add_func("/results/runs", test_runs);
	g_test_add_func("/results/diffs", test_diffs);
	g_test_add_func("/results/pairs", test_pairs);
	return g_test_run();
}
