/* The catalogue of spoofing tricks (tests/corpora/spoof): every row has the finding that it
 * demands, at the right octets, and nothing passes for the impersonated domain but what the row
 * says. */
#include "auth/org_domain.h"
#include "base/domain_name.h"
#include "base/printable.h"
#include "base/text_time.h"
#include "dns/evidence_file.h"
#include "engine/engine.h"
#include "suite.h"

#include <string.h>

#define FOLDER "corpora/spoof/"

/* One line of expected.tsv. */
typedef struct Row {
	char **columns;
	const char *name, *file, *row, *victim;
	char **findings; /* "code" or "code=octets", %XX in them */
	char **results;  /* "dmarc=fail", "dkim=pass@attack.example", "spf=unknown" */
} Row;

static Evidence *evidence;
static Trust *trust;
static OrgDomains *org_domains;

static void row_free(gpointer data)
{
	Row *row = data;

	g_strfreev(row->findings);
	g_strfreev(row->results);
	g_strfreev(row->columns);
	g_free(row);
}

static void add_row(GPtrArray *rows, const char *line)
{
	Row *row;

	if (line[0] == '#' || line[0] == '\0')
		return;
	row = g_new0(Row, 1);
	row->columns = g_strsplit(line, "\t", -1);
	g_assert_cmpuint(g_strv_length(row->columns), ==, 7);
	row->name = row->columns[0];
	row->file = row->columns[1];
	row->row = row->columns[2];
	row->victim = row->columns[3];
	row->findings = g_strsplit(row->columns[4], " ", -1);
	row->results = g_strsplit(row->columns[5], " ", -1);
	g_ptr_array_add(rows, row);
}

static GPtrArray *read_rows(void)
{
	g_autoptr(GBytes) bytes = suite_file(FOLDER "expected.tsv");
	g_autofree char *text = slice_dup(slice_of_bytes(bytes));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);

	for (size_t i = 0; lines[i] != NULL; i++)
		add_row(rows, lines[i]);
	return rows;
}

static CaseOptions options(void)
{
	return (CaseOptions) { .evidence = evidence,
		.trust = trust,
		.org_domains = org_domains,
		.now = TIME_UNKNOWN,
		.at = TIME_UNKNOWN,
		.horizon_ms = INT64_C(30) * 24 * 60 * 60 * 1000 };
}

static Case *evaluated(RawMessage *raw)
{
	CaseOptions how = options();
	Case *kase = engine_case(raw, NULL);

	case_evaluate(kase, &how);
	return kase;
}

static Case *case_of(GBytes *bytes, const char *name)
{
	Source *source = source_new();

	source->path = g_strdup(name);
	source->index = 1;
	source->store_time = TIME_UNKNOWN;
	source->length = g_bytes_get_size(bytes);
	return evaluated(raw_message_new(source, slice_of_bytes(bytes)));
}

/* --- the findings */

/* In a message that is stored with LF the octets at a place are, too. */
static GBytes *place_octets(const char *escaped, bool is_lf)
{
	g_autoptr(GBytes) octets = g_uri_unescape_bytes(escaped, -1, NULL, NULL);

	g_assert_nonnull(octets);
	if (!is_lf || slice_find_char(slice_of_bytes(octets), '\n') < 0)
		return g_steal_pointer(&octets);
	return suite_lines(slice_of_bytes(octets),
		slice_of_bytes(octets).data[g_bytes_get_size(octets) - 1] == '\n'
			? SUITE_LF
			: SUITE_LF_NO_FINAL);
}

static bool is_at(const Finding *finding, Slice message, GBytes *octets)
{
	if (octets == NULL)
		return true;
	return finding->has_place && finding->offset + finding->length <= message.len &&
	       slice_equal(slice_sub(message, finding->offset, finding->length),
		       slice_of_bytes(octets));
}

static const Finding *find_at(const Case *kase, const char *code, GBytes *octets)
{
	for (size_t i = 0; i < findings_count(kase->findings); i++) {
		const Finding *finding = findings_get(kase->findings, i);

		if (strcmp(finding->code, code) == 0 &&
			is_at(finding, kase->facts->message, octets))
			return finding;
	}
	return NULL;
}

/* The worst severity among the findings that the row demands. */
static Severity check_findings(const Row *row, const Case *kase, bool is_lf)
{
	Severity worst = SEVERITY_INFO;

	for (size_t i = 0; row->findings[i] != NULL; i++) {
		g_auto(GStrv) parts = g_strsplit(row->findings[i], "=", 2);
		g_autoptr(GBytes) octets = parts[1] != NULL ? place_octets(parts[1], is_lf) : NULL;
		const Finding *finding = find_at(kase, parts[0], octets);

		if (finding == NULL)
			g_test_message("missing: %s", row->findings[i]);
		g_assert_nonnull(finding);
		if (finding == NULL)
			continue;
		g_assert_cmpstr(finding->text, !=, "");
		worst = MAX(worst, finding->severity);
	}
	return worst;
}

static void check_places(const Case *kase)
{
	for (size_t i = 0; i < findings_count(kase->findings); i++) {
		const Finding *finding = findings_get(kase->findings, i);

		if (finding->has_place)
			g_assert_cmpuint(
				finding->offset + finding->length, <=, kase->facts->message.len);
	}
}

/* --- the results */

static bool says(const Row *row, const char *method, const char *word, const char *domain)
{
	g_autofree char *wanted = g_strdup_printf("%s=%s@%s", method, word, domain);

	return g_strv_contains((const char *const *)row->results, wanted);
}

static const Verdict *verdict_of(const Case *kase, const char *method, const char **ret_domain)
{
	const DkimVerdict *dkim = kase->dkim;

	*ret_domain = kase->spf->domain;
	if (strcmp(method, "spf") == 0)
		return &kase->spf->verdict;
	*ret_domain = kase->spf_helo->domain;
	if (strcmp(method, "helo") == 0)
		return &kase->spf_helo->verdict;
	*ret_domain = kase->dmarc->domain;
	if (strcmp(method, "dmarc") == 0)
		return &kase->dmarc->verdict;
	g_assert_cmpstr(method, ==, "dkim");
	*ret_domain = dkim->best < dkim->signatures->len ? dkim_signature(dkim, dkim->best)->domain
							 : NULL;
	return &dkim->verdict;
}

static void check_results(const Row *row, const Case *kase)
{
	for (size_t i = 0; row->results[i] != NULL; i++) {
		g_auto(GStrv) parts = g_strsplit_set(row->results[i], "=@", 3);
		const char *domain = NULL;
		const Verdict *verdict = verdict_of(kase, parts[0], &domain);
		const char *word =
			verdict->is_final ? auth_result_word(verdict->result) : "unknown";

		g_test_message("%s is %s for %s", row->results[i], word, domain);
		g_assert_cmpstr(word, ==, parts[1]);
		if (parts[2] != NULL)
			g_assert_cmpstr(domain, ==, parts[2]);
	}
}

static bool is_victims(const Row *row, const char *domain)
{
	return domain != NULL && domain_name_is_within(domain, row->victim);
}

static void check_pass(
	const Row *row, const char *method, const Verdict *verdict, const char *domain)
{
	if (verdict->result != RESULT_PASS || !is_victims(row, domain))
		return;
	g_test_message("%s passes for %s", method, domain);
	g_assert_true(says(row, method, "pass", domain));
}

/* What passes for the impersonated domain is in the row, which then has a finding against it. */
static bool check_victim(const Row *row, const Case *kase)
{
	bool is_said = false;

	check_pass(row, "spf", &kase->spf->verdict, kase->spf->domain);
	check_pass(row, "helo", &kase->spf_helo->verdict, kase->spf_helo->domain);
	check_pass(row, "dmarc", &kase->dmarc->verdict, kase->dmarc->domain);
	for (guint i = 0; i < kase->dkim->signatures->len; i++) {
		const DkimSignature *signature = dkim_signature(kase->dkim, i);

		check_pass(row, "dkim", &signature->verdict, signature->domain);
	}
	for (size_t i = 0; row->results[i] != NULL; i++)
		is_said |= strstr(row->results[i], "=pass@") != NULL &&
			   is_victims(row, strchr(row->results[i], '@') + 1);
	return is_said;
}

static void check_row(const Row *row, GBytes *bytes, bool is_lf)
{
	g_autoptr(Case) kase = case_of(bytes, row->file);
	Severity worst = check_findings(row, kase, is_lf);
	bool has_victim = strcmp(row->victim, "-") != 0;

	check_places(kase);
	check_results(row, kase);
	g_assert_cmpuint(kase->lacking->len, ==, 0);
	if (check_victim(row, kase) || (has_victim && row->row[0] != '7'))
		g_assert_cmpint(worst, >=, SEVERITY_NOTICE);
	if (has_victim && kase->dmarc->verdict.result != RESULT_PASS)
		g_assert_cmpint(kase->marks[METHOD_DMARC], !=, MARK_YES);
}

/* No CR and LF but in pairs: line ends are not what the row is about. */
static bool is_plain(Slice message)
{
	for (size_t i = 0; i < message.len; i++) {
		bool is_behind_cr = i > 0 && message.data[i - 1] == '\r';
		bool is_before_lf = i + 1 < message.len && message.data[i + 1] == '\n';

		if ((message.data[i] == '\n' && !is_behind_cr) ||
			(message.data[i] == '\r' && !is_before_lf))
			return false;
	}
	return true;
}

static void test_rows(void)
{
	g_autoptr(GPtrArray) rows = read_rows();

	for (guint i = 0; i < rows->len; i++) {
		const Row *row = g_ptr_array_index(rows, i);
		g_autofree char *path = g_strconcat(FOLDER, row->file, NULL);
		g_autoptr(GBytes) bytes = suite_file(path);

		g_test_message("%s: %s", row->name, row->columns[6]);
		check_row(row, bytes, false);
		if (is_plain(slice_of_bytes(bytes))) {
			g_autoptr(GBytes) lf = suite_lines(slice_of_bytes(bytes), SUITE_LF);

			g_test_message("%s, with LF", row->name);
			check_row(row, lf, true);
		}
	}
	g_test_message("spoof: %u cases", rows->len);
}

/* Every row of the catalogue has its message; FZ is a mailbox, below. */
static void test_complete(void)
{
	static const char *const ids[] = { "S-A1", "S-A2", "S-A3", "S-A4", "S-A5", "S-A6", "S-A7",
		"S-A8", "S-A9", "S-A10", "S-A11", "S-A12", "S-A13", "S-A14", "S-A15", "S-A16",
		"S-A17", "S-A18", "S-A19", "C-A1", "C-A2", "C-A3", "DKIM-L1", "DKIM-L2", "DKIM-L3",
		"DKIM-H1", "DKIM-R1", "SMUG-1", "SMUG-2", "MS-1..13", "IDN-1", "RLO-1" };
	g_autoptr(GPtrArray) rows = read_rows();

	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
		bool is_there = false;

		for (guint k = 0; k < rows->len; k++)
			is_there |= strcmp(((const Row *)rows->pdata[k])->row, ids[i]) == 0;
		g_test_message("%s", ids[i]);
		g_assert_true(is_there);
	}
}

/* --- what single rows demand besides */

static Case *case_of_file(const char *name)
{
	g_autofree char *path = g_strconcat(FOLDER, name, NULL);
	g_autoptr(GBytes) bytes = suite_file(path);

	return case_of(bytes, name);
}

/* S-A3: the key is not looked for at what stands before the NUL. */
static void test_nul(void)
{
	g_autoptr(Case) kase = case_of_file("S-A3.eml");

	for (guint i = 0; i < kase->answers->len; i++) {
		const Answer *answer = g_ptr_array_index(kase->answers, i);

		g_assert_null(strstr(answer->question.name, "_domainkey"));
	}
}

/* S-A4 to S-A6: a recorded value is read whole. */
static void test_injection(void)
{
	static const struct {
		const char *file, *method, *ptype, *name, *value;
	} rows[] = {
		{ "S-A4.eml", "dkim", "header", "d", "legitimate.example'a.attack.example" },
		{ "S-A5.eml", "spf", "smtp", "mailfrom",
			"any@legitimate.example(a.attack.example" },
		{ "S-A6.eml", "spf", "smtp", "mailfrom",
			"any@legitimate.example'@any.attack.example" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Case) kase = case_of_file(rows[i].file);
		const RecordedField *field = facts_recorded(kase->facts, 0);
		const char *value = NULL;

		for (guint k = 0; k < field->results->len && value == NULL; k++) {
			const RecordedResult *result = g_ptr_array_index(field->results, k);

			if (strcmp(result->method, rows[i].method) == 0)
				value = recorded_property(result, rows[i].ptype, rows[i].name);
		}
		g_test_message("%s", rows[i].file);
		g_assert_true(field->is_trusted);
		g_assert_cmpstr(value, ==, rows[i].value);
	}
}

/* --- what is no trick */

static Case *case_of_changed(const char *name, const char *before, const char *more)
{
	g_autofree char *path = g_strconcat(FOLDER, name, NULL);
	g_autoptr(GBytes) bytes = suite_file(path);
	Slice message = slice_of_bytes(bytes);
	ssize_t at = slice_find(message, slice_of(before));
	g_autoptr(GString) changed = g_string_new_len(message.data, (gssize)message.len);
	g_autoptr(GBytes) whole = NULL;

	g_assert_cmpint(at, >=, 0);
	g_string_insert(changed, at + (ssize_t)strlen(before), more);
	whole = g_bytes_new(changed->str, changed->len);
	return case_of(whole, name);
}

static const Finding *worst_of(const Case *kase)
{
	const Finding *worst = NULL;

	for (size_t i = 0; i < findings_count(kase->findings); i++) {
		const Finding *finding = findings_get(kase->findings, i);

		if (worst == NULL || finding->severity > worst->severity)
			worst = finding;
	}
	return worst;
}

/* A genuine message that names its recipient and comes its own way. */
static void test_genuine(void)
{
	g_autoptr(Case) kase = case_of_file("DKIM-L2.eml");
	const Finding *worst = worst_of(kase);

	g_test_message("%s", worst != NULL ? worst->code : "nothing");
	g_assert_true(worst == NULL || worst->severity < SEVERITY_WARNING);
	g_assert_cmpint(kase->marks[METHOD_DMARC], ==, MARK_YES);
}

/* What excuses: the provider's own field, or a host before it; a provider's message passed on. */
static void test_excused(void)
{
	static const char *const more[] = { "X-MS-Exchange-CrossTenant-Id: 1\r\n",
		"Received: from a.example (a.example [192.0.2.1]) by b.outlook.com; "
		"Wed, 10 Jun 2026 09:59:00 +0900\r\n" };

	for (size_t i = 0; i < G_N_ELEMENTS(more); i++) {
		g_autoptr(Case) kase = case_of_changed("SMUG-2.eml", "10:00:00 +0900\r\n", more[i]);

		g_test_message("%s", more[i]);
		g_assert_null(findings_find(kase->findings, "provider-marks-missing"));
	}
}

/* --- FZ */

/* A NUL behind an address is shown with it. */
static bool lists(const AddressList *from, const char *address)
{
	for (guint i = 0; i < from->addresses->len; i++) {
		const char *found = address_list_get(from, i)->addr_spec;

		if (g_str_has_prefix(found, address) &&
			(found[strlen(address)] == '\0' ||
				strcmp(found + strlen(address), "\\x00") == 0))
			return true;
	}
	return false;
}

static bool has_warning(const Case *kase)
{
	for (size_t i = 0; i < findings_count(kase->findings); i++)
		if (findings_get(kase->findings, i)->severity >= SEVERITY_WARNING)
			return true;
	return false;
}

/* Every From there carries an address of the impersonated domain. */
static void check_fuzzed(const Case *kase)
{
	const Facts *facts = kase->facts;
	size_t from = fields_find(facts->fields, "From", 0);
	size_t wanted = fields_find(facts->fields, "X-Fuzz-Lists", 0);
	g_autofree char *text = wanted < facts->fields->count
					? slice_dup(slice_trim(facts->fields->list[wanted].value))
					: g_strdup("");
	g_auto(GStrv) addresses = g_strsplit(text, " ", -1);
	g_autofree char *value = from < facts->fields->count
					 ? printable_line(facts->fields->list[from].value)
					 : g_strdup("");

	g_test_message("%" G_GUINT64_FORMAT ":%s", kase->source->index, value);
	for (size_t i = 0; addresses[i] != NULL; i++)
		if (addresses[i][0] != '\0' && !lists(facts->from, addresses[i])) {
			g_test_message("not listed: %s", addresses[i]);
			g_test_fail();
		}
	if (kase->dmarc->verdict.result != RESULT_PASS)
		return;
	g_assert_cmpstr(kase->dmarc->domain, ==, "attack.example");
	g_assert_true(has_warning(kase));
}

static void test_fuzzed(void)
{
	g_autofree char *path = suite_path(FOLDER "FZ.mbox");
	g_autoptr(Mailbox) mailbox = mailbox_open(path, MAILBOX_MBOX);
	g_autoptr(GError) error = NULL;
	RawMessage *raw = NULL;
	unsigned count = 0;

	while (mailbox_next(mailbox, &raw, &error) == MAILBOX_MESSAGE) {
		g_autoptr(Case) kase = evaluated(raw);

		check_places(kase);
		check_fuzzed(kase);
		count++;
	}
	g_assert_no_error(error);
	g_test_message("FZ: %u messages", count);
	g_assert_cmpuint(count, >, 500);
}

int main(int argc, char **argv)
{
	g_autofree char *path = suite_path(FOLDER "spoof.dns");
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	EvidenceFile *file;
	int failed;

	suite_init(&argc, &argv);
	evidence = evidence_new();
	trust = trust_new();
	org_domains = org_domains_new_builtin();
	file = evidence_file_open(path, EVIDENCE_READ, evidence, notes, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(notes->len, ==, 0);
	g_test_add_func("/spoof/rows", test_rows);
	g_test_add_func("/spoof/complete", test_complete);
	g_test_add_func("/spoof/nul", test_nul);
	g_test_add_func("/spoof/injection", test_injection);
	g_test_add_func("/spoof/genuine", test_genuine);
	g_test_add_func("/spoof/excused", test_excused);
	g_test_add_func("/spoof/fuzzed", test_fuzzed);
	failed = g_test_run();
	evidence_file_free(file);
	org_domains_free(org_domains);
	trust_free(trust);
	evidence_free(evidence);
	return failed;
}
