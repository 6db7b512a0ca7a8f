/* The evidence file: format, crc, torn tails, what is written by hand; and the store behind it. */
#include "suite.h"

#include "base/text_time.h"
#include "dns/evidence_file.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static GPtrArray *new_notes(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

static Evidence *parse(Slice text, GPtrArray *notes)
{
	Evidence *evidence = evidence_new();
	Slice exact = suite_exact(text);

	evidence_parse(exact, "test.dns", evidence, notes);
	g_free((gpointer)(guintptr)exact.data);
	return evidence;
}

/* lines, the first of them ";q …" without its crc, as a group with it. */
static void add_group(GString *file, const char *head, const char *records)
{
	g_autofree char *covered = g_strconcat(head, records, NULL);

	g_string_append_printf(file, "%s crc=%08lx\n%s", head,
		crc32(0, (const Bytef *)covered, (uInt)strlen(covered)), records);
}

static GString *sample(void)
{
	GString *file = g_string_new(";kantei-evidence 1\n");

	add_group(file,
		";q s1._domainkey.example.com. TXT NOERROR n=2 at=2026-11-24T02:15:00.121Z ms=62 "
		"via=192.0.2.53@53/tcp sec=no",
		"s1._domainkey.example.com.\t3600\tIN\tCNAME\ts1.dkim.example.net.\n"
		"s1.dkim.example.net.\t300\tIN\tTXT\t\"v=DKIM1; k=rsa; p=MIIB\" "
		"\"IjANBg\\000\\255\"\n");
	add_group(file,
		";q _dmarc.example.org. TXT NXDOMAIN n=0 soa=300 at=2026-11-24T02:15:00.125Z ms=30 "
		"via=192.0.2.53@53/udp sec=ad",
		"");
	add_group(file,
		";q example.org. MX NOERROR n=2 at=2026-11-24T02:15:00.126Z ms=30 "
		"via=192.0.2.53@53/udp sec=no",
		"example.org.\t300\tIN\tMX\t10 mx.example.org.\n"
		"example.org.\t300\tIN\tMX\t0 .\n");
	add_group(file,
		";q bogus.example. TXT SERVFAIL n=0 ede=6 cd=NOERROR at=2026-11-24T02:15:00.131Z "
		"ms=64 via=192.0.2.53@53/udp sec=bogus",
		"");
	add_group(file,
		";q slow.example. TXT TIMEOUT n=0 tries=3 at=2026-11-24T02:15:00.131Z ms=5000 "
		"via=192.0.2.53@53/udp sec=?",
		"");
	return file;
}

static Slice text_of(const Rr *rr)
{
	return slice_make(rr->text->str, rr->text->len);
}

static void test_design(void)
{
	g_autoptr(GString) file = sample();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(Evidence) evidence = parse(slice_make(file->str, file->len), notes);
	const Answer *answer = evidence_find(evidence, "s1._domainkey.example.com", DNS_TXT);
	const Rr *rr;
	int64_t at;

	g_assert_cmpuint(notes->len, ==, 0);
	g_assert_cmpuint(evidence_count(evidence), ==, 5);
	g_assert_nonnull(answer);
	g_assert_cmpint(answer->outcome, ==, DNS_NOERROR);
	g_assert_cmpuint(answer->line, ==, 2);
	g_assert_true(answer->has_crc);
	g_assert_cmpuint(answer->ms, ==, 62);
	g_assert_cmpstr(answer->via, ==, "192.0.2.53@53/tcp");
	g_assert_true(text_time_parse_rfc3339(slice_of("2026-11-24T02:15:00.121Z"), &at));
	g_assert_cmpint(answer->at, ==, at);
	g_assert_cmpuint(answer_count(answer), ==, 1);
	rr = answer_rr(answer, 0);
	g_assert_true(
		slice_equal(text_of(rr), slice_make("v=DKIM1; k=rsa; p=MIIBIjANBg\0\xFF", 30)));
	g_assert_cmpuint(rr->strings, ==, 2);
	g_assert_cmpuint(rr->ttl, ==, 300);
	g_assert_cmpstr(answer_canonical_name(answer), ==, "s1.dkim.example.net");
	g_assert_true(answer == evidence_find(evidence, "s1._domainkey.example.com", DNS_TXT));
	g_assert_null(evidence_find(evidence, "s1._domainkey.example.com", DNS_A));
	g_assert_null(evidence_find(evidence, "example.com", DNS_TXT));
}

static void test_outcomes(void)
{
	g_autoptr(GString) file = sample();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(Evidence) evidence = parse(slice_make(file->str, file->len), notes);
	const Answer *answer = evidence_find(evidence, "_dmarc.example.org", DNS_TXT);

	g_assert_cmpint(answer->outcome, ==, DNS_NXDOMAIN);
	g_assert_cmpint(answer->soa, ==, 300);
	g_assert_cmpint(answer->security, ==, DNSSEC_AD);
	answer = evidence_find(evidence, "bogus.example", DNS_TXT);
	g_assert_cmpint(answer->outcome, ==, DNS_SERVFAIL);
	g_assert_cmpint(answer->ede, ==, 6);
	g_assert_cmpint(answer->cd, ==, DNS_NOERROR);
	g_assert_cmpint(answer->security, ==, DNSSEC_BOGUS);
	answer = evidence_find(evidence, "slow.example", DNS_TXT);
	g_assert_cmpint(answer->outcome, ==, DNS_TIMEOUT);
	g_assert_cmpuint(answer->tries, ==, 3);
	g_assert_cmpint(answer->security, ==, DNSSEC_UNKNOWN);
	answer = evidence_find(evidence, "example.org", DNS_MX);
	g_assert_cmpuint(answer_count(answer), ==, 2);
	g_assert_cmpuint(answer_rr(answer, 0)->preference, ==, 10);
	g_assert_cmpstr(answer_rr(answer, 0)->name, ==, "mx.example.org");
	g_assert_cmpstr(answer_rr(answer, 1)->name, ==, "");
}

/* Everything before the cut that is a whole group, and nothing else. */
static void test_every_cut(void)
{
	g_autoptr(GString) file = sample();
	g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(size_t));
	size_t header = strlen(";kantei-evidence 1\n");

	for (size_t i = header + 1; i <= file->len; i++)
		if (i == file->len || g_str_has_prefix(file->str + i, ";q "))
			g_array_append_val(ends, i);
	g_assert_cmpuint(ends->len, ==, 5);
	for (size_t cut = 0; cut <= file->len; cut++) {
		g_autoptr(GPtrArray) notes = new_notes();
		g_autoptr(Evidence) evidence = parse(slice_make(file->str, cut), notes);
		size_t whole = 0;
		bool at_end = cut == header || cut == 0;

		for (guint i = 0; i < ends->len; i++) {
			whole += cut >= g_array_index(ends, size_t, i);
			at_end |= cut == g_array_index(ends, size_t, i);
		}
		if (evidence_count(evidence) != whole || (notes->len == 0) != at_end)
			g_test_message("cut at %zu", cut);
		g_assert_cmpuint(evidence_count(evidence), ==, whole);
		g_assert_cmpint(notes->len == 0, ==, at_end);
		if (!at_end && cut > header)
			g_assert_true(suite_has_note(notes, "torn tail"));
	}
}

static void test_last_wins(void)
{
	g_autoptr(GString) file = sample();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(Evidence) evidence = NULL;
	const Answer *answer;

	add_group(file, ";q slow.example. TXT NOERROR n=1 sec=no",
		"slow.example.\t60\tIN\tTXT\t\"late\"\n");
	evidence = parse(slice_make(file->str, file->len), notes);
	g_assert_cmpuint(evidence_count(evidence), ==, 5);
	answer = evidence_find(evidence, "slow.example", DNS_TXT);
	g_assert_cmpint(answer->outcome, ==, DNS_NOERROR);
	g_assert_cmpint(answer->at, ==, TIME_UNKNOWN);
	evidence_add(evidence, answer_new("slow.example", DNS_TXT));
	g_assert_cmpuint(evidence_find(evidence, "slow.example", DNS_TXT)->rrs->len, ==, 0);
	evidence_add(evidence, answer_new("new.example", DNS_A));
	g_assert_cmpuint(evidence_count(evidence), ==, 6);
	g_assert_cmpstr(evidence_get(evidence, 5)->question.name, ==, "new.example");
	g_assert_null(evidence_get(evidence, 6));
}

/* Names of all lengths, some of which begin like others, more of them than there is room for at
 * first, in a text that takes more than a large page. */
static void test_many(void)
{
	enum { COUNT = 30000, AGAIN = 100 };
	g_autoptr(GString) file = g_string_new(";kantei-evidence 1\n");
	g_autoptr(GString) name = g_string_new(NULL);
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(Evidence) evidence = NULL;

	for (int i = 0; i < COUNT + AGAIN; i++) {
		g_string_printf(name, "%.*s%d", i % 24, "nananananananananananana", i % COUNT);
		g_string_append_printf(file, ";q %s. TXT NOERROR n=1 ms=%d sec=no\n", name->str, i);
		g_string_append_printf(file, "%s.\t300\tIN\tTXT\t\"%d\"\n", name->str, i);
	}
	g_string_append(file, ";q . TXT NXDOMAIN n=0\n");
	evidence = parse(slice_make(file->str, file->len), notes);
	g_assert_cmpuint(file->len, >, 2 << 20);
	g_assert_cmpuint(notes->len, ==, 1);
	g_assert_cmpuint(evidence_count(evidence), ==, COUNT + 1);
	for (int i = 0; i < COUNT; i++) {
		const Answer *answer;
		int last = i < AGAIN ? COUNT + i : i;

		g_string_printf(name, "%.*s%d", i % 24, "nananananananananananana", i);
		answer = evidence_find(evidence, name->str, DNS_TXT);
		g_assert_true(answer != NULL && answer == evidence_get(evidence, (size_t)i));
		g_assert_cmpuint(answer->ms, ==, (unsigned)last);
		g_assert_cmpint(atoi(answer_rr(answer, 0)->text->str), ==, last);
		g_assert_null(evidence_find(evidence, name->str, DNS_A));
	}
	g_assert_nonnull(evidence_find(evidence, "", DNS_TXT));
	g_assert_null(evidence_find(evidence, "n", DNS_TXT));
}

static const struct {
	const char *what;
	const char *text;
	const char *note; /* NULL: one for the missing crc only */
	unsigned groups;
	const char *first; /* TXT of h.example, or NULL: it is not there */
} by_hand[] = {
	{ "spaces", ";q H.Example TXT NOERROR n=1\nh.example   300  IN TXT   \"a\" b\n", NULL, 1,
		"ab" },
	{ "no ttl, no class", ";q h.example. TXT NOERROR n=1\nh.example. TXT a\n", NULL, 1, "a" },
	{ "class first", ";q h.example. TXT NOERROR n=1\nh.example. IN 5 TXT a\n", NULL, 1, "a" },
	{ "no n", ";q h.example. TXT NOERROR\nh.example. TXT a\n\n", NULL, 1, "a" },
	{ "comment behind", ";q h.example. TXT NOERROR n=1\nh.example. TXT \"a;b\" ; c\n", NULL, 1,
		"a;b" },
	{ "any order", ";q h.example. TXT NOERROR sec=? tries=2 n=1 ms=1\nh.example. TXT a\n", NULL,
		1, "a" },
	{ "unknown member", ";q h.example. TXT NOERROR x=y n=1\nh.example. TXT a\n", NULL, 1, "a" },
	{ "escapes", ";q h.example. TXT NOERROR n=1\n\\104.example. TXT \"\\\"\\\\\\097\"\n", NULL,
		1, "\"\\a" },
	{ "generic", ";q h.example. TXT NOERROR n=1\nh.example. TYPE16 \\# 3 02 6162\n", NULL, 1,
		"ab" },
	{ "other type",
		";q h.example. TXT NOERROR n=2\nh.example. TYPE99 \\# 1 00\n"
		"h.example. TXT a\n",
		NULL, 1, "a" },
	{ "CR LF", ";q h.example. TXT NOERROR n=1\r\nh.example. TXT a\r\n", NULL, 1, "a" },
	{ "no such type", ";q h.example. TXT NOERROR n=2\nh.example. NOSUCH x\nh.example. TXT a\n",
		"type that is not known", 1, "a" },
	{ "zone file", "h.example. 300 IN TXT a\nh.example. 300 IN TXT b\n", "without a ;q line", 0,
		NULL },
	{ "bad address", ";q h.example. TXT NOERROR n=1\nh.example. A 1.2.3\n", "cannot be read", 0,
		NULL },
	{ "open quote", ";q h.example. TXT NOERROR n=1\nh.example. TXT \"a\n", "cannot be read", 0,
		NULL },
	{ "too few", ";q h.example. TXT NOERROR n=2\nh.example. TXT a\n;q x. A NOERROR n=0\n",
		"fewer records", 1, NULL },
	{ "bad outcome", ";q h.example. TXT NICE n=0\n", "outcome", 0, NULL },
	{ "bad type", ";q h.example. CAA NOERROR n=0\n", "type", 0, NULL },
	{ "bad name", ";q h..example. TXT NOERROR n=0\n", "no name", 0, NULL },
	{ "bad n", ";q h.example. TXT NOERROR n=-1\n", "n= is", 0, NULL },
	{ "wrong crc", ";q h.example. TXT NOERROR n=0 crc=00000000\n", "crc is wrong", 0, NULL },
	{ "crc in the middle", ";q h.example. TXT NOERROR crc=00000000 n=0\n", "behind crc=", 0,
		NULL },
};

static void test_by_hand(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(by_hand); i++) {
		g_autoptr(GPtrArray) notes = new_notes();
		g_autofree char *text = g_strconcat(";kantei-evidence 1\n", by_hand[i].text, NULL);
		g_autoptr(Evidence) evidence = parse(slice_of(text), notes);
		const Answer *answer = evidence_find(evidence, "h.example", DNS_TXT);

		g_test_message("%s", by_hand[i].what);
		g_assert_true(suite_has_note(
			notes, by_hand[i].note != NULL ? by_hand[i].note : "have no crc"));
		g_assert_cmpuint(evidence_count(evidence), ==, by_hand[i].groups);
		g_assert_cmpint(answer != NULL, ==, by_hand[i].first != NULL);
		if (answer == NULL)
			continue;
		g_assert_false(answer->has_crc);
		g_assert_cmpuint(answer->line, ==, 2);
		g_assert_cmpuint(answer_count(answer), ==, 1);
		g_assert_cmpstr(answer_rr(answer, 0)->text->str, ==, by_hand[i].first);
	}
}

/* Another kind of file has thousands of lines that are no records. */
static void test_strays(void)
{
	g_autoptr(GString) file = g_string_new(";kantei-evidence 1\n");
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(Evidence) evidence = NULL;

	for (int i = 0; i < 5000; i++)
		g_string_append(file, "some words\nand more\n\n");
	add_group(file, ";q h.example. TXT NOERROR n=0 sec=no", "");
	evidence = parse(slice_make(file->str, file->len), notes);
	g_assert_cmpuint(evidence_count(evidence), ==, 1);
	g_assert_cmpuint(notes->len, ==, 11);
	g_assert_cmpstr(g_ptr_array_index(notes, 9), ==,
		"test.dns:29: passed over: records without a ;q line before them");
	g_assert_true(g_str_has_prefix(
		g_ptr_array_index(notes, 10), "test.dns:15002: 4990 more places where records"));
}

static void test_crlf(void)
{
	g_autoptr(GString) file = sample();
	g_autoptr(GBytes) crlf = suite_lines(slice_make(file->str, file->len), SUITE_CRLF);
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(Evidence) evidence = parse(slice_of_bytes(crlf), notes);

	g_assert_true(suite_has_note(notes, "CR LF"));
	g_assert_null(evidence_find(evidence, "s1._domainkey.example.com", DNS_TXT));
	g_assert_null(evidence_find(evidence, "example.org", DNS_MX));
}

static void test_flipped_octets(void)
{
	g_autoptr(GString) file = sample();
	size_t header = strlen(";kantei-evidence 1\n");

	for (size_t i = header; i < file->len; i++) {
		g_autoptr(GPtrArray) notes = new_notes();
		g_autoptr(Evidence) evidence = NULL;

		file->str[i] ^= 1;
		evidence = parse(slice_make(file->str, file->len), notes);
		file->str[i] ^= 1;
		if (evidence_count(evidence) != 4 && notes->len == 0)
			g_test_message("octet %zu", i);
		/* A ;q that became another comment is a group that was never recorded. */
		g_assert_true(evidence_count(evidence) == 4 || notes->len > 0);
		g_assert_cmpuint(evidence_count(evidence), <=, 5);
	}
}

static void assert_same(const Answer *a, const Answer *b)
{
	g_autoptr(GString) one = evidence_format(a);
	g_autoptr(GString) other = evidence_format(b);

	g_assert_cmpstr(one->str, ==, other->str);
	g_assert_true(question_equal(&a->question, &b->question));
	g_assert_cmpint(a->outcome, ==, b->outcome);
	g_assert_cmpint(a->at, ==, b->at);
	g_assert_cmpuint(a->ms, ==, b->ms);
	g_assert_cmpstr(a->via, ==, b->via);
	g_assert_cmpint(a->security, ==, b->security);
	g_assert_cmpint(a->soa, ==, b->soa);
	g_assert_cmpint(a->ede, ==, b->ede);
	g_assert_cmpint(a->cd, ==, b->cd);
	g_assert_cmpuint(a->tries, ==, b->tries);
	g_assert_cmpuint(a->rrs->len, ==, b->rrs->len);
	for (guint i = 0; i < a->rrs->len; i++) {
		const Rr *x = g_ptr_array_index(a->rrs, i);
		const Rr *y = g_ptr_array_index(b->rrs, i);

		g_assert_cmpstr(x->owner, ==, y->owner);
		g_assert_cmpuint(x->ttl, ==, y->ttl);
		g_assert_cmpint(x->type, ==, y->type);
		g_assert_cmpstr(x->name, ==, y->name);
		g_assert_cmpuint(x->preference, ==, y->preference);
		g_assert_true(inet_addr_equal(&x->addr, &y->addr));
		g_assert_cmpint(x->text == NULL, ==, y->text == NULL);
		if (x->text != NULL)
			g_assert_true(slice_equal(text_of(x), text_of(y)));
	}
}

static Rr *random_record(GRand *rand, const char *owner, DnsType type)
{
	Rr *rr = g_new0(Rr, 1);
	unsigned char octets[16];

	rr->owner = g_strdup(owner);
	rr->type = type;
	rr->ttl = g_rand_int(rand);
	for (size_t i = 0; i < sizeof octets; i++)
		octets[i] = (unsigned char)g_rand_int_range(rand, 0, 256);
	if (type == DNS_TXT) {
		rr->text = g_string_new(NULL);
		for (int n = g_rand_int_range(rand, 0, 600); n > 0; n--)
			g_string_append_c(rr->text, (char)g_rand_int_range(rand, 0, 256));
		rr->strings = rr->text->len == 0 ? 1 : (unsigned)((rr->text->len + 254) / 255);
	} else if (type == DNS_A || type == DNS_AAAA) {
		rr->addr = inet_addr_from_octets(type == DNS_A ? 4 : 6, octets);
	} else {
		rr->name = g_strdup_printf("x\\%03u.example", g_rand_int_range(rand, 128, 256));
	}
	if (type == DNS_MX)
		rr->preference = (uint16_t)g_rand_int_range(rand, 0, 65536);
	return rr;
}

static Answer *random_answer(GRand *rand)
{
	static const DnsType types[] = { DNS_A, DNS_NS, DNS_CNAME, DNS_PTR, DNS_MX, DNS_TXT,
		DNS_AAAA };
	DnsType type = types[g_rand_int_range(rand, 0, G_N_ELEMENTS(types))];
	Answer *answer = answer_new("a\\032b.example", type);

	answer->outcome = (DnsOutcome)g_rand_int_range(rand, 0, 24);
	if (g_rand_int_range(rand, 0, 5) == 0)
		answer->outcome = g_rand_boolean(rand) ? DNS_TIMEOUT : DNS_NETERR;
	answer->at = g_rand_boolean(rand) ? g_rand_int(rand) * INT64_C(1000) + 7 : TIME_UNKNOWN;
	answer->ms = g_rand_int(rand);
	answer->via = g_rand_boolean(rand) ? g_strdup("2001:db8::1@5353/tcp") : NULL;
	answer->security = (DnsSecurity)g_rand_int_range(rand, 0, 6);
	answer->soa = g_rand_boolean(rand) ? -1 : (int64_t)g_rand_int(rand);
	answer->ede = g_rand_int_range(rand, -1, 40);
	answer->cd = g_rand_int_range(rand, -1, 6);
	answer->tries = (unsigned)g_rand_int_range(rand, 0, 5);
	for (int n = g_rand_int_range(rand, 0, 5); n > 0; n--)
		g_ptr_array_add(answer->rrs,
			random_record(rand, "a\\032b.example",
				types[g_rand_int_range(rand, 0, G_N_ELEMENTS(types))]));
	return answer;
}

/* What is written is read as the same answer, alone and out of a file. */
static void test_round_trip(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);

	for (int i = 0; i < 2000; i++) {
		g_autoptr(Answer) answer = random_answer(rand);
		g_autoptr(GString) text = evidence_format(answer);
		g_autoptr(Answer) again = evidence_parse_group(slice_make(text->str, text->len));
		g_autoptr(GPtrArray) notes = new_notes();
		g_autoptr(Evidence) evidence = NULL;
		const Answer *found;

		g_assert_nonnull(again);
		assert_same(answer, again);
		g_assert_null(evidence_parse_group(slice_make(text->str, text->len - 1)));
		g_string_prepend(text, ";kantei-evidence 1\n");
		evidence = parse(slice_make(text->str, text->len), notes);
		g_assert_cmpuint(notes->len, ==, 0);
		found = evidence_find(evidence, "a\\032b.example", answer->question.type);
		g_assert_nonnull(found);
		assert_same(found, again);
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/evidence/design", test_design);
	g_test_add_func("/evidence/outcomes", test_outcomes);
	g_test_add_func("/evidence/every-cut", test_every_cut);
	g_test_add_func("/evidence/last-wins", test_last_wins);
	g_test_add_func("/evidence/many", test_many);
	g_test_add_func("/evidence/by-hand", test_by_hand);
	g_test_add_func("/evidence/strays", test_strays);
	g_test_add_func("/evidence/crlf", test_crlf);
	g_test_add_func("/evidence/flipped-octets", test_flipped_octets);
	g_test_add_func("/evidence/round-trip", test_round_trip);
	return g_test_run();
}
