/* Recorded results: every dialect, values that try to be structure, and who is believed. */
#include "message/facts.h"
#include "suite.h"

#include <string.h>

typedef struct Row {
	RecordedKind kind;
	const char *value;
	/* "id|malformed? ! : method=result>word{ptype.name:value,…}(comment)[reason] …" */
	const char *read;
} Row;

static const Row rows[] = {
	{ RECORDED_AR,
		"spf=pass (sender IP is 1.2.3.4)\r\n smtp.mailfrom=example.jp; dkim=pass "
		"(signature was "
		"verified) header.d=example.jp;dmarc=bestguesspass action=none "
		"header.from=example.jp;compauth=pass reason=100",
		"-: spf=pass>pass{smtp.mailfrom:example.jp}(sender IP is 1.2.3.4) "
		"dkim=pass>pass{header.d:example.jp}(signature was verified) "
		"dmarc=bestguesspass>none{-.action:none,header.from:example.jp} "
		"compauth=pass>pass[100]" },
	{ RECORDED_AR,
		"mta1.yahoo.com; header.i=@plezi.co header.s=s1 dkim=dkim_pass (ok); "
		"dmarc=success(p=QUARANTINE,sp=REJECT) header.from=plezi.co; spfDomain=plezi.co "
		"spfResult=pass;",
		"mta1.yahoo.com: dkim=dkim_pass>pass{header.i:@plezi.co,header.s:s1}(ok) "
		"dmarc=success>pass{header.from:plezi.co}(p=QUARANTINE,sp=REJECT) "
		"spf=pass>pass{-.spfdomain:plezi.co}" },
	{ RECORDED_AR,
		"mta4014.mail.gq1.yahoo.com  from=yahoo.com; domainkeys=neutral (no sig);  "
		"from=yahoo.com; dkim=pass (ok)",
		"mta4014.mail.gq1.yahoo.com!: domainkeys=neutral>neutral{-.from:yahoo.com}(no sig) "
		"dkim=pass>pass{-.from:yahoo.com}(ok)" },
	{ RECORDED_AR,
		"esa1.example; spf=Pass smtp.mailfrom=a@icloud.com; spf=None "
		"smtp.helo=postmaster@x.example; dkim=hardfail (body hash did not verify [final]) "
		"header.i=@x; dmarc=pass (p=quarantine dis=none) d=icloud.com",
		"esa1.example: spf=pass>pass{smtp.mailfrom:a@icloud.com} "
		"spf=none>none{smtp.helo:postmaster@x.example} "
		"dkim=hardfail>fail{header.i:@x}(body hash did not verify [final]) "
		"dmarc=pass>pass{-.d:icloud.com}(p=quarantine dis=none)" },
	{ RECORDED_AR,
		"nifty.com; spf=softfail smtp.mailfrom=a@b.jp; sender-id=softfail "
		"header.From=a@b.jp; "
		"dkim=none; dkim-adsp=none header.from=a@b.jp",
		"nifty.com: spf=softfail>softfail{smtp.mailfrom:a@b.jp} "
		"sender-id=softfail>softfail{header.from:a@b.jp} dkim=none>none "
		"dkim-adsp=none>none{header.from:a@b.jp}" },
	{ RECORDED_AR, "iij.example; x-token-a=pass; spf=pass smtp.mailfrom=;",
		"iij.example: x-token-a=pass>pass spf=pass>pass{smtp.mailfrom:}" },
	{ RECORDED_AR, "example.org 1; none", "example.org:" },
	{ RECORDED_AR, "example.org 2; spf=pass", "example.org!:" },
	{ RECORDED_AR, "example.org; dkim/2=pass; spf / 1 (c) = (d) fail",
		"example.org: spf=fail>fail(d)" },
	{ RECORDED_AR,
		"\"mx example\" (a (nested) comment) ; dkim = pass reason = \"good \\\"key\\\"\" "
		"header . d = \"example.com\" header.b=ab=cd=",
		"mx example: dkim=pass>pass{header.d:example.com,header.b:ab=cd=}[good \"key\"]" },
	/* S-A2 to S-A7 of the catalogue of spoofing tricks */
	{ RECORDED_AR,
		"mx.o; spf=none smtp.mailfrom=(any@legitimate.com; dkim=fail (bad) header.d=a.b",
		"mx.o: spf=none>none{smtp.mailfrom:(any@legitimate.com} "
		"dkim=fail>fail{header.d:a.b}(bad)" },
	{ RECORDED_AR, "mx.o; dkim=pass header.d=legitimate.com'a.attack.com header.s=x",
		"mx.o: dkim=pass>pass{header.d:legitimate.com'a.attack.com,header.s:x}" },
	{ RECORDED_AR, "mx.o; spf=pass smtp.mailfrom=any@legitimate.com(a.attack.com",
		"mx.o: spf=pass>pass{smtp.mailfrom:any@legitimate.com(a.attack.com}" },
	{ RECORDED_AR, "mx.o; spf=pass smtp.mailfrom=legitimate.com(.attack.com); dkim=fail",
		"mx.o: spf=pass>pass{smtp.mailfrom:legitimate.com(.attack.com)} dkim=fail>fail" },
	{ RECORDED_AR,
		"mx.o; spf=fail smtp.mailfrom=a(;dkim=pass\r\n header.d=l.com;)@evil.com; "
		"dkim=fail",
		"mx.o: spf=fail>fail{smtp.mailfrom:a(;dkim=pass header.d=l.com;)@evil.com} "
		"dkim=fail>fail" },
	{ RECORDED_AR, "mx.o; spf=fail smtp.mailfrom=a(;dkim=pass header.d=l.com; dkim=fail (bad)",
		"mx.o: spf=fail>fail{smtp.mailfrom:a(} dkim=pass>pass{header.d:l.com} "
		"dkim=fail>fail(bad)" },
	{ RECORDED_AR, "mx.o; spf=none smtp.mailfrom=any@legitimate.com'@any.attack.com",
		"mx.o: spf=none>none{smtp.mailfrom:any@legitimate.com'@any.attack.com}" },
	{ RECORDED_AR, "mx.o; spf=pass smtp.mailfrom=a\"b@evil.com; dkim=fail header.d=\"x\"",
		"mx.o: spf=pass>pass{smtp.mailfrom:a\"b@evil.com} dkim=fail>fail{header.d:x}" },
	{ RECORDED_AR,
		"mx.o; spf=pass smtp.mailfrom=\"a; dkim=pass header.d=l\"@evil.com; dkim=fail",
		"mx.o: spf=pass>pass{smtp.mailfrom:\"a; dkim=pass header.d=l\"@evil.com} "
		"dkim=fail>fail" },
	{ RECORDED_AR, "mx.o; spf=fail smtp.mailfrom=a dkim=pass header.d=l.com",
		"mx.o!: spf=fail>fail{smtp.mailfrom:a,-.dkim:pass,header.d:l.com}" },
	{ RECORDED_AR, "", "-:" },
	{ RECORDED_AR, ";;;", "-:" },
	{ RECORDED_ARC_AR, "i=2; mx.google.com; dkim=pass header.i=@a.b; arc=pass (i=1)",
		"mx.google.com#2: dkim=pass>pass{header.i:@a.b} arc=pass>pass(i=1)" },
	{ RECORDED_ARC_AR, "i=1; mx.microsoft.com 1; spf=pass smtp.mailfrom=a.b",
		"mx.microsoft.com#1: spf=pass>pass{smtp.mailfrom:a.b}" },
	{ RECORDED_RECEIVED_SPF,
		"pass (mybox.example.org: domain of\r\n myname@example.com designates 192.0.2.1 as "
		"permitted sender) receiver=mybox.example.org; client-ip=192.0.2.1; "
		"envelope-from=\"myname@example.com\"; helo=foo.example.com;",
		"mybox.example.org: "
		"spf=pass>pass{-.receiver:mybox.example.org,-.client-ip:192.0.2.1,"
		"-.envelope-from:myname@example.com,-.helo:foo.example.com}(mybox.example.org: "
		"domain of "
		"myname@example.com designates 192.0.2.1 as permitted sender)" },
	{ RECORDED_RECEIVED_SPF, "PASS identity=mailfrom; envelope-from=\"a@b.jp\"",
		"-: spf=pass>pass{-.identity:mailfrom,-.envelope-from:a@b.jp}" },
	{ RECORDED_RECEIVED_SPF,
		"pass (google.com: domain of a@b designates 1.2.3.4 as permitted sender) "
		"client-ip=1.2.3.4;",
		"google.com: spf=pass>pass{-.client-ip:1.2.3.4}(google.com: domain of a@b "
		"designates "
		"1.2.3.4 as permitted sender)" },
	{ RECORDED_RECEIVED_SPF,
		"Neutral client-ip=192.0.2.45 envelope-from=<a@b.jp> helo=localhost",
		"-: spf=neutral>neutral{-.client-ip:192.0.2.45,-.envelope-from:<a@b.jp>,"
		"-.helo:localhost}" },
	{ RECORDED_RECEIVED_SPF, "fail (domain of a(b@c.d does not) client-ip=1.2.3.4",
		"-!: spf=fail>fail{-.client-ip:1.2.3.4}" },
};

static void show_result(GString *out, const RecordedResult *result)
{
	g_string_append_printf(out, " %s=%s", result->method, result->result);
	if (result->word != NULL)
		g_string_append_printf(out, ">%s", result->word);
	for (guint i = 0; i < result->properties->len; i++) {
		const RecordedProperty *property = g_ptr_array_index(result->properties, i);

		g_string_append_printf(out, "%s%s.%s:%s", i == 0 ? "{" : ",",
			property->ptype != NULL ? property->ptype : "-", property->name,
			property->value);
	}
	if (result->properties->len > 0)
		g_string_append_c(out, '}');
	if (result->comment != NULL)
		g_string_append_printf(out, "(%s)", result->comment);
	if (result->reason != NULL)
		g_string_append_printf(out, "[%s]", result->reason);
}

static char *show(const RecordedField *field)
{
	GString *out = g_string_new(field->authserv_id != NULL ? field->authserv_id : "-");

	if (field->instance > 0)
		g_string_append_printf(out, "#%u", field->instance);
	g_string_append(out, field->is_malformed ? "!:" : ":");
	for (guint i = 0; i < field->results->len; i++)
		show_result(out, g_ptr_array_index(field->results, i));
	return g_string_free(out, FALSE);
}

static RecordedField *parse_exact(RecordedKind kind, Slice value)
{
	Slice exact = suite_exact(value);
	RecordedField *field = recorded_field_parse(kind, exact);

	g_free((gpointer)(guintptr)exact.data);
	return field;
}

static void test_dialects(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(RecordedField) field = parse_exact(rows[i].kind, slice_of(rows[i].value));
		g_autofree char *got = show(field);

		g_test_message("%s", rows[i].value);
		g_assert_cmpstr(got, ==, rows[i].read);
	}
}

static void test_nul_and_octets(void)
{
	static const char value[] = "mx.o; dkim=pass header.s=a._domainkey.b\0.c header.d=\xff";
	g_autoptr(RecordedField) field =
		parse_exact(RECORDED_AR, slice_make(value, sizeof value - 1));
	g_autofree char *got = show(field);

	g_assert_cmpstr(
		got, ==, "mx.o: dkim=pass>pass{header.s:a._domainkey.b\\x00.c,header.d:\\xFF}");
}

static void test_hostile(void)
{
	static const char *const repeated[] = { "(", "a=b ", "; spf=pass", "\"", "x.y=\"", "(a)",
		"a. ", "/", "\\" };

	for (size_t i = 0; i < G_N_ELEMENTS(repeated); i++)
		for (RecordedKind kind = RECORDED_AR; kind <= RECORDED_ARC_AR; kind++) {
			g_autoptr(GString) value = g_string_new("mx.o; spf=pass ");
			g_autoptr(RecordedField) field = NULL;

			while (value->len < 1000 * 1000)
				g_string_append(value, repeated[i]);
			field = parse_exact(kind, slice_make(value->str, value->len));
			g_test_message("%s", repeated[i]);
			g_assert_cmpuint(field->results->len, <=, 100);
		}
}

/* --- fixtures: a message a dialect, with the receiver's own fields and forged ones below */

static BoundaryOptions *options_of(const char *id)
{
	BoundaryOptions *options = boundary_options_new();

	g_ptr_array_add(options->authserv_ids, g_strdup(id));
	return options;
}

/* A row of expected.tsv that names a file, and the rows below it, one a recorded field. */
typedef struct Fixture {
	char **cells;  /* file, authserv-id or "-", client, MAIL FROM or "-", what is known wrong */
	char **fields; /* "", whether it is believed without and with the id, what is read */
} Fixture;
#define CELLS 5

static bool field_agrees(const char *row, const RecordedField *field, bool has_id)
{
	g_auto(GStrv) cells = g_strsplit(row, "\t", -1);
	g_autofree char *read = show(field);
	const char *believed = field->is_trusted ? "yes" : "no";
	bool agrees = g_strv_length(cells) == 3 && strcmp(cells[2], read) == 0 &&
		      (has_id ? g_str_has_suffix(cells[1], believed)
			      : g_str_has_prefix(cells[1], believed));

	if (!agrees)
		g_test_message("%s: %s %s", row, believed, read);
	return agrees;
}

static bool fixture_agrees(const Fixture *fixture, const Facts *facts, bool has_id)
{
	const char *mail_from = facts->envelope.mail_from != NULL ? facts->envelope.mail_from : "-";
	bool agrees = g_strv_length(fixture->fields) == facts->recorded->len;
	char ip[INET_ADDR_TEXT];

	inet_addr_text(&facts->envelope.client_ip, ip);
	g_test_message("client %s, MAIL FROM %s", ip, mail_from);
	for (guint i = 0; agrees && i < facts->recorded->len; i++)
		agrees = field_agrees(fixture->fields[i], facts_recorded(facts, i), has_id);
	return agrees && strcmp(ip, fixture->cells[2]) == 0 &&
	       strcmp(mail_from, fixture->cells[3]) == 0;
}

static void check_fixture(const Fixture *fixture, bool has_id, SuiteLines lines)
{
	g_autofree char *path = g_strdup_printf("tests/data/auth-results/%s", fixture->cells[0]);
	g_autoptr(GBytes) stored = suite_file(path);
	g_autoptr(GBytes) message = suite_lines(slice_of_bytes(stored), lines);
	g_autoptr(BoundaryOptions) options = has_id ? options_of(fixture->cells[1]) : NULL;
	g_autoptr(Facts) facts = facts_new(message, NULL, options);
	bool is_known = strcmp(fixture->cells[4], has_id ? "id" : "no-id") == 0;

	g_test_message("%s, id %s, %s", fixture->cells[0], has_id ? "given" : "not given",
		suite_lines_word(lines));
	g_assert_true(fixture_agrees(fixture, facts, has_id) != is_known);
}

static void check_forms(const Fixture *fixture)
{
	for (int lines = 0; lines < SUITE_LINES; lines++) {
		check_fixture(fixture, false, (SuiteLines)lines);
		if (strcmp(fixture->cells[1], "-") != 0)
			check_fixture(fixture, true, (SuiteLines)lines);
	}
}

/* What is known to be wrong must still be so: a row that is no longer is to lose its mark. */
static void test_fixtures(void)
{
	g_autoptr(GBytes) file = suite_file("tests/data/auth-results/expected.tsv");
	g_autofree char *text = slice_dup(slice_of_bytes(file));
	g_auto(GStrv) files = g_strsplit(text, "\n\n", -1);

	g_assert_cmpuint(g_strv_length(files), >=, 19);
	for (size_t i = 1; files[i] != NULL; i++) {
		g_auto(GStrv) list = g_strsplit(g_strchomp(files[i]), "\n", -1);
		g_auto(GStrv) cells = g_strsplit(list[0], "\t", -1);
		Fixture fixture = { .cells = cells, .fields = list + 1 };

		g_assert_cmpuint(g_strv_length(cells), ==, CELLS);
		check_forms(&fixture);
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/auth-results/dialects", test_dialects);
	g_test_add_func("/auth-results/fixtures", test_fixtures);
	g_test_add_func("/auth-results/nul-and-octets", test_nul_and_octets);
	g_test_add_func("/auth-results/hostile", test_hostile);
	return g_test_run();
}
