/* DNS packets: the octets of a question, and what is made of every octet of an answer. */
#include "packet_suite.h"

#include "base/limits.h"
#include "dns/packet.h"

/* --- questions */

#define ZEROES_61 "0000000000000000000000000000000000000000000000000000000000000"

static const struct {
	const char *name;
	DnsType type;
	PacketFlags flags;
	const char *packet; /* NULL: it cannot be asked */
} questions[] = {
	{ "a.example", DNS_TXT, PACKET_PLAIN,
		"beef 0120 0001 0000 0000 0000 <a.example> 0010 0001" },
	{ "a.example", DNS_A, PACKET_EDNS,
		"beef 0120 0001 0000 0000 0001 <a.example> 0001 0001 00 0029 04d0 00000000 0000" },
	{ "a.example", DNS_AAAA, PACKET_CHECKING_DISABLED,
		"beef 0130 0001 0000 0000 0000 <a.example> 001c 0001" },
	{ "a.example", DNS_MX, PACKET_EDNS | PACKET_CHECKING_DISABLED,
		"beef 0130 0001 0000 0000 0001 <a.example> 000f 0001 00 0029 04d0 00000000 0000" },
	{ "", DNS_NS, PACKET_PLAIN, "beef 0120 0001 0000 0000 0000 00 0002 0001" },
	{ "a\\032\\000\\046\\255.x", DNS_PTR, PACKET_PLAIN,
		"beef 0120 0001 0000 0000 0000 05 61 20 00 2e ff 'x' 00 000c 0001" },
	{ ZEROES_61 "63.x", DNS_A, PACKET_PLAIN,
		"beef 0120 0001 0000 0000 0000 <" ZEROES_61 "63.x> 0001 0001" },
	{ ZEROES_61 "+64.x", DNS_A, PACKET_PLAIN, NULL },
	{ "a..x", DNS_A, PACKET_PLAIN, NULL },
	{ "a.\\25", DNS_A, PACKET_PLAIN, NULL },
	{ "a.\\256", DNS_A, PACKET_PLAIN, NULL },
};

static void test_question(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(questions); i++) {
		g_autoptr(Question) question = question_new(questions[i].name, questions[i].type);
		g_autoptr(GByteArray) packet =
			packet_question(question, 0xBEEF, questions[i].flags);
		g_autoptr(GByteArray) wanted = NULL;

		g_test_message("%s", questions[i].name);
		g_assert_cmpint(packet != NULL, ==, questions[i].packet != NULL);
		if (packet == NULL)
			continue;
		wanted = packet_assemble(questions[i].packet);
		g_assert_cmpuint(packet->len, ==, wanted->len);
		g_assert_true(slice_equal(slice_make((const char *)packet->data, packet->len),
			slice_make((const char *)wanted->data, wanted->len)));
	}
}

/* 255 octets with all lengths and the root are the most that a name may have. */
static void test_longest_question(void)
{
	g_autoptr(GString) name = g_string_new(NULL);
	g_autoptr(Question) question = NULL;
	g_autoptr(Question) longer = NULL;
	g_autoptr(GByteArray) packet = NULL;

	for (int i = 0; i < 126; i++)
		g_string_append(name, "a.");
	g_string_append_c(name, 'b');
	question = question_new(name->str, DNS_A);
	packet = packet_question(question, 1, PACKET_PLAIN);
	g_assert_nonnull(packet);
	g_assert_cmpuint(packet->len, ==, 12 + 255 + 4);
	g_string_append_c(name, 'b');
	longer = question_new(name->str, DNS_A);
	g_assert_null(packet_question(longer, 1, PACKET_PLAIN));
}

/* --- answers: all to a.example, TXT, whose name stands at 0c of each packet */

#define QUESTION   "<a.example> 0010 0001 "
#define ANSWER     "beef 8180 0001 0001 0000 0000 " QUESTION
#define ANSWERS_2  "beef 8180 0001 0002 0000 0000 " QUESTION
#define ANSWERS_3  "beef 8180 0001 0003 0000 0000 " QUESTION
#define AUTHORITY  "beef 8183 0001 0000 0001 0000 " QUESTION
#define ADDITIONAL "beef 8180 0001 0000 0000 0001 " QUESTION
#define TXT        " 0010 0001 0000012c "
#define CNAME      " 0005 0001 0000003c "
#define SOA        "c00c 0006 0001 0000012c {<ns.x> <m.x> 00000001 00000002 00000003 00000004 "
#define OPT        "00 0029 04d0 "

typedef struct Row {
	const char *what;
	const char *packet;
	const char *wanted; /* as describe() has it */
} Row;

/* "rcode, what else is known; owner ttl TYPE data; …" */
static char *describe(PacketProblem problem, const PacketReply *reply)
{
	GString *out = g_string_new(NULL);

	if (problem != PACKET_OK) {
		g_string_append(out, problem == PACKET_BROKEN ? "broken" : "mismatch");
		return g_string_free(out, FALSE);
	}
	g_string_append_printf(out, "%u", reply->rcode);
	g_string_append(out, reply->truncated ? " truncated" : "");
	g_string_append(out, reply->authentic ? " ad" : "");
	g_string_append(out, reply->has_edns ? " edns" : "");
	if (reply->ede >= 0)
		g_string_append_printf(out, " ede=%d", reply->ede);
	if (reply->soa >= 0)
		g_string_append_printf(out, " soa=%d", (int)reply->soa);
	for (guint i = 0; i < reply->rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(reply->rrs, i);

		g_string_append_printf(out, "; %s %u %s %s", rr->owner, rr->ttl,
			dns_type_word(rr->type), rr->presentation);
	}
	return g_string_free(out, FALSE);
}

static char *read_and_describe(const GByteArray *octets, size_t len, DnsType type)
{
	Slice packet = packet_exact(octets, len);
	g_autoptr(Question) question = question_new("a.example", type);
	g_auto(PacketReply) reply = { .rcode = 0 };
	PacketProblem problem = packet_read(packet, question, &reply);

	g_free((gpointer)(guintptr)packet.data);
	return describe(problem, &reply);
}

static void check_rows(const Row *rows, size_t count, DnsType type)
{
	for (size_t i = 0; i < count; i++) {
		g_autoptr(GByteArray) packet = packet_assemble(rows[i].packet);
		g_autofree char *text = read_and_describe(packet, packet->len, type);

		g_test_message("%s", rows[i].what);
		g_assert_cmpstr(text, ==, rows[i].wanted);
	}
}

static void test_header(void)
{
	static const Row rows[] = {
		{ "an answer", ANSWER "c00c" TXT "{'x'}", "0; a.example 300 TXT \"x\"" },
		{ "the resolver's word", "beef 81a0 0001 0000 0000 0000 " QUESTION, "0 ad" },
		{ "another case", "beef 8180 0001 0000 0000 0000 <A.eXAMPLE> 0010 0001", "0" },
		{ "another name", "beef 8180 0001 0000 0000 0000 <b.example> 0010 0001",
			"mismatch" },
		{ "a longer name", "beef 8180 0001 0000 0000 0000 <a.example.x> 0010 0001",
			"mismatch" },
		{ "another type", "beef 8180 0001 0000 0000 0000 <a.example> 0001 0001",
			"mismatch" },
		{ "another class", "beef 8180 0001 0000 0000 0000 <a.example> 0010 0003",
			"mismatch" },
		{ "two questions", "beef 8180 0002 0000 0000 0000 " QUESTION QUESTION, "mismatch" },
		{ "a question", "beef 0120 0001 0000 0000 0000 " QUESTION, "mismatch" },
		{ "a notification", "beef a180 0001 0000 0000 0000 " QUESTION, "mismatch" },
		{ "no question, refused", "beef 8185 0000 0000 0000 0000", "5" },
		{ "no question, not understood", "beef 8181 0000 0000 0000 0000", "1" },
		{ "no question, no error", "beef 8180 0000 0000 0000 0000", "mismatch" },
		{ "no question, no such name", "beef 8183 0000 0000 0000 0000", "mismatch" },
		{ "no question, yet records",
			"beef 8182 0000 0001 0000 0000 <a.example>" TXT "{'x'}", "mismatch" },
		{ "truncated", "beef 8380 0001 0000 0000 0000 " QUESTION, "0 truncated" },
		{ "truncated within a record", "beef 8380 0001 0002 0000 0000 " QUESTION "c00c 00",
			"0 truncated" },
		{ "truncated, to another question",
			"beef 8380 0001 0000 0000 0000 <b.example> 0010 0001", "mismatch" },
		{ "no header", "beef 8180 0001 0000 0000 00", "broken" },
		{ "nothing", "", "broken" },
	};

	check_rows(rows, G_N_ELEMENTS(rows), DNS_TXT);
}

static void test_answers(void)
{
	static const Row rows[] = {
		{ "strings", ANSWER "c00c" TXT "{'v=spf1' '' ' -all'}",
			"0; a.example 300 TXT \"v=spf1\" \"\" \" -all\"" },
		{ "any octet", ANSWER "c00c" TXT "{04 22 5c 00 ff}",
			"0; a.example 300 TXT \"\\\"\\\\\\000\\255\"" },
		{ "two records", ANSWERS_2 "c00c" TXT "{'x'} <A.EXAMPLE>" TXT "{'y'}",
			"0; a.example 300 TXT \"x\"; a.example 300 TXT \"y\"" },
		{ "a record of another name", ANSWERS_2 "<b.example>" TXT "{'x'} c00c" TXT "{'y'}",
			"0; a.example 300 TXT \"y\"" },
		{ "a record of another type",
			ANSWERS_2 "c00c 0001 0001 00000001 {c0000201} c00c" TXT "{'y'}",
			"0; a.example 300 TXT \"y\"" },
		{ "a record of another class",
			ANSWERS_2 "c00c 0010 0003 00000001 {'x'} c00c" TXT "{'y'}",
			"0; a.example 300 TXT \"y\"" },
		{ "a chain", ANSWERS_2 "c00c" CNAME "{<b.x>} <b.x>" TXT "{'x'}",
			"0; a.example 60 CNAME b.x.; b.x 300 TXT \"x\"" },
		{ "a chain in another order",
			ANSWERS_3 "<c.x>" TXT "{'x'} <b.x>" CNAME "{<c.x>} c00c" CNAME "{<B.x>}",
			"0; a.example 60 CNAME b.x.; b.x 60 CNAME c.x.; c.x 300 TXT \"x\"" },
		{ "a chain and records beside it",
			ANSWERS_3 "c00c" TXT "{'x'} c00c" CNAME "{<b.x>} <b.x>" TXT "{'y'}",
			"0; a.example 60 CNAME b.x.; b.x 300 TXT \"y\"" },
		{ "two chains from one name",
			ANSWERS_3 "c00c" CNAME "{<b.x>} c00c" CNAME "{<c.x>} <c.x>" TXT "{'x'}",
			"0; a.example 60 CNAME b.x." },
		{ "a chain that is a circle", ANSWERS_2 "c00c" CNAME "{<b.x>} <b.x>" CNAME "{c00c}",
			"0; a.example 60 CNAME b.x.; b.x 60 CNAME a.example." },
		{ "a chain to itself", ANSWER "c00c" CNAME "{c00c}",
			"0; a.example 60 CNAME a.example." },
		{ "a chain to no records", ANSWER "c00c" CNAME "{00}", "0; a.example 60 CNAME ." },
		{ "less records than said", ANSWERS_2 "c00c" TXT "{'x'}", "broken" },
		{ "far less records than said",
			"beef 8180 0001 ffff 0000 0000 " QUESTION "c00c" TXT "{'x'}", "broken" },
		{ "more records than said", ANSWER "c00c" TXT "{'x'} c00c" TXT "{'y'}",
			"0; a.example 300 TXT \"x\"" },
		{ "data without strings", ANSWER "c00c" TXT "{}", "broken" },
		{ "a string beyond the data", ANSWER "c00c" TXT "0002 02 41 41", "broken" },
		{ "a string beyond the packet", ANSWER "c00c" TXT "0002 02 41", "broken" },
		{ "data beyond the packet", ANSWER "c00c" TXT "0004 'xx'", "broken" },
		{ "broken data of a type not asked",
			ANSWERS_2 "c00c 0001 0001 00000001 {00} c00c" TXT "{'y'}",
			"0; a.example 300 TXT \"y\"" },
	};

	check_rows(rows, G_N_ELEMENTS(rows), DNS_TXT);
}

static void test_authority(void)
{
	static const Row rows[] = {
		{ "the SOA's minimum is smaller", AUTHORITY SOA "0000003c}", "3 soa=60" },
		{ "its time to live is smaller", AUTHORITY SOA "00000e10}", "3 soa=300" },
		{ "a large one",
			AUTHORITY "c00c 0006 0001 7fffffff {00 00 00000001 00000002 "
				  "00000003 00000004 7fffffff}",
			"3 soa=2147483647" },
		{ "the first of two counts",
			"beef 8183 0001 0000 0002 0000 " QUESTION SOA "0000003c} " SOA "00000001}",
			"3 soa=60" },
		{ "of another class", AUTHORITY "c00c 0006 0003 0000012c {00}", "3" },
		{ "cut short", AUTHORITY SOA "000000}", "broken" },
		{ "without its timers", AUTHORITY "c00c 0006 0001 0000012c {<ns.x> <m.x>}",
			"broken" },
		{ "without its mailbox", AUTHORITY "c00c 0006 0001 0000012c {<ns.x>}", "broken" },
		{ "a referral",
			"beef 8100 0001 0000 0001 0000 " QUESTION
			"c00e 0002 0001 00000001 {<ns.x>}",
			"mismatch" },
		{ "the same from who asks others",
			"beef 8180 0001 0000 0001 0000 " QUESTION
			"c00e 0002 0001 00000001 {<ns.x>}",
			"0" },
		{ "the same from who knows",
			"beef 8500 0001 0000 0001 0000 " QUESTION
			"c00e 0002 0001 00000001 {<ns.x>}",
			"0" },
		{ "the same with a SOA",
			"beef 8100 0001 0000 0002 0000 " QUESTION
			"c00e 0002 0001 00000001 {<ns.x>} " SOA "0000003c}",
			"0 soa=60" },
		{ "the same below an answer",
			"beef 8100 0001 0001 0001 0000 " QUESTION "c00c" TXT
			"{'x'} c00e 0002 0001 00000001 {<ns.x>}",
			"0; a.example 300 TXT \"x\"" },
	};

	check_rows(rows, G_N_ELEMENTS(rows), DNS_TXT);
}

static void test_edns(void)
{
	static const Row rows[] = {
		{ "no options", ADDITIONAL OPT "00000000 {}", "0 edns" },
		{ "a longer response code", ADDITIONAL OPT "01000000 {}", "16 edns" },
		{ "its upper and its lower bits",
			"beef 8187 0001 0000 0000 0001 " QUESTION OPT "01000000 {}", "23 edns" },
		{ "the longest", "beef 818f 0001 0000 0000 0001 " QUESTION OPT "ff000000 {}",
			"4095 edns" },
		{ "DO is no response code", ADDITIONAL OPT "00008000 {}", "0 edns" },
		{ "an extended error", ADDITIONAL OPT "00000000 {000f 0002 0016}",
			"0 edns ede=22" },
		{ "with a text", ADDITIONAL OPT "00000000 {000f 0005 0006 626164}",
			"0 edns ede=6" },
		{ "one of DNSSEC behind another",
			ADDITIONAL OPT "00000000 {000f 0002 0016 000f 0002 0006}", "0 edns ede=6" },
		{ "one of DNSSEC before another",
			ADDITIONAL OPT "00000000 {000f 0002 0006 000f 0002 0016}", "0 edns ede=6" },
		{ "else the first", ADDITIONAL OPT "00000000 {000f 0002 0016 000f 0002 000e}",
			"0 edns ede=22" },
		{ "other options", ADDITIONAL OPT "00000000 {000a 0003 010203 000f 0002 0000}",
			"0 edns ede=0" },
		{ "the second OPT",
			"beef 8180 0001 0000 0000 0002 " QUESTION OPT "00000000 {}" OPT
			"01000000 {000f 0002 0006}",
			"0 edns" },
		{ "a record beside it",
			"beef 8180 0001 0000 0000 0002 " QUESTION
			"<x> 0001 0001 00000001 {c0000201} " OPT "00000000 {}",
			"0 edns" },
		{ "an OPT that is an answer", ANSWER OPT "01000000 {}", "0" },
		{ "an error of one octet", ADDITIONAL OPT "00000000 {000f 0001 06}", "broken" },
		{ "the same before other options",
			ADDITIONAL OPT "00000000 {000f 0001 06 000a 0000}", "broken" },
		{ "an option beyond the data", ADDITIONAL OPT "00000000 {000a 0004 010203}",
			"broken" },
		{ "an option cut short", ADDITIONAL OPT "00000000 {000a 00}", "broken" },
		{ "an error beyond the data", ADDITIONAL OPT "00000000 0004 000f 0002 0006",
			"broken" },
	};

	check_rows(rows, G_N_ELEMENTS(rows), DNS_TXT);
	for (int ede = -1; ede < 30; ede++)
		g_assert_cmpint(packet_ede_is_dnssec(ede), ==, ede >= 5 && ede <= 12);
}

/* The data of a record of each type, as an answer to a question of that type. */
static const struct {
	DnsType type;
	const char *data;
	const char *presentation; /* NULL: broken */
} data_rows[] = {
	{ DNS_A, "{c0000201}", "192.0.2.1" },
	{ DNS_A, "{c00002}", NULL },
	{ DNS_A, "{c000020101}", NULL },
	{ DNS_A, "{}", NULL },
	{ DNS_AAAA, "{20010db8000000000000000000000001}", "2001:db8::1" },
	{ DNS_AAAA, "{00000000000000000000ffffc0000201}", "::ffff:192.0.2.1" },
	{ DNS_AAAA, "{c0000201}", NULL },
	{ DNS_MX, "{000a <mx.x>}", "10 mx.x." },
	{ DNS_MX, "{ffff c00e}", "65535 example." },
	{ DNS_MX, "{0000 00}", "0 ." },
	{ DNS_MX, "{000a 'mx' c00c}", "10 mx.a.example." },
	{ DNS_MX, "{000a}", NULL },
	{ DNS_MX, "{00}", NULL },
	{ DNS_MX, "{000a <mx.x> 00}", NULL },
	{ DNS_MX, "0005 000a 'mx' c00c", NULL },
	{ DNS_NS, "{<NS.X>}", "ns.x." },
	{ DNS_PTR, "{03 61 2e 20 'x' 00}", "a\\046\\032.x." },
	{ DNS_PTR, "{}", NULL },
	{ DNS_PTR, "{'x'}", NULL },
	{ DNS_CNAME, "{c00c}", "a.example." },
	{ DNS_CNAME, "{c0}", NULL },
	{ DNS_SOA, "{<ns.x> <m.x> 00000001 00000002 00000003 00000004 ffffffff}",
		"ns.x. m.x. 1 2 3 4 4294967295" },
	{ DNS_SOA, "{<ns.x> <m.x> 00000001 00000002 00000003 00000004}", NULL },
	{ DNS_SOA, "{<ns.x>}", NULL },
};

static void test_data(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(data_rows); i++) {
		unsigned type = (unsigned)data_rows[i].type;
		g_autofree char *text = g_strdup_printf(
			"beef 8180 0001 0001 0000 0000 <a.example> %04x 0001 c00c %04x 0001 "
			"0000012c %s",
			type, type, data_rows[i].data);
		g_autoptr(GByteArray) packet = packet_assemble(text);
		g_autofree char *found = read_and_describe(packet, packet->len, data_rows[i].type);
		g_autofree char *wanted = g_strdup_printf("0; a.example 300 %s %s",
			dns_type_word(data_rows[i].type), data_rows[i].presentation);

		g_test_message("%s", text);
		g_assert_cmpstr(found, ==, data_rows[i].presentation != NULL ? wanted : "broken");
	}
}

/* Whatever is lost at the end, the packet is not taken for a whole one. */
static void test_every_cut(void)
{
	g_autoptr(GByteArray) packet = packet_assemble(
		"beef 8180 0001 0002 0001 0001 " QUESTION "c00c" CNAME "{<b.x>} <b.x>" TXT
		"{'v=spf1' '-all'} " SOA "0000003c} " OPT "00000000 {000f 0002 0016}");

	for (size_t len = 0; len <= packet->len; len++) {
		g_autofree char *text = read_and_describe(packet, len, DNS_TXT);

		g_test_message("%zu octets", len);
		g_assert_cmpstr(text, ==,
			len < packet->len ? "broken"
					  : "0 edns ede=22 soa=60; a.example 60 CNAME b.x.; b.x "
					    "300 TXT \"v=spf1\" \"-all\"");
	}
}

/* A chain beyond the limit is seen to be one, and costs no more. */
static void test_long_chain(void)
{
	enum { LINKS = LIMIT_CNAME_CHAIN + 10 };
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GByteArray) octets = NULL;
	g_autoptr(Answer) answer = answer_new("n0", DNS_TXT);
	g_auto(PacketReply) reply = { .rcode = 0 };

	g_string_printf(text, "beef 8180 0001 %04x 0000 0000 <n0> 0010 0001 ", (unsigned)LINKS + 1);
	for (int i = LINKS; i > 0; i--)
		g_string_append_printf(text, "<n%d>" CNAME "{<n%d>} ", i - 1, i);
	g_string_append_printf(text, "<n%d>" TXT "{'x'}", (int)LINKS);
	octets = packet_assemble(text->str);
	g_assert_cmpint(packet_read(slice_make((const char *)octets->data, octets->len),
				&answer->question, &reply),
		==, PACKET_OK);
	g_assert_cmpuint(reply.rrs->len, ==, LIMIT_CNAME_CHAIN + 1);
	g_ptr_array_unref(answer->rrs);
	answer->rrs = g_ptr_array_ref(reply.rrs);
	g_assert_true(answer_is_chain_broken(answer));
	g_assert_cmpuint(answer_count(answer), ==, 0);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/dns-packet/question", test_question);
	g_test_add_func("/dns-packet/question/longest", test_longest_question);
	g_test_add_func("/dns-packet/header", test_header);
	g_test_add_func("/dns-packet/answers", test_answers);
	g_test_add_func("/dns-packet/authority", test_authority);
	g_test_add_func("/dns-packet/edns", test_edns);
	g_test_add_func("/dns-packet/data", test_data);
	g_test_add_func("/dns-packet/every-cut", test_every_cut);
	g_test_add_func("/dns-packet/long-chain", test_long_chain);
	return g_test_run();
}
