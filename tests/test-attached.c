/* Tests of message/attached.h, base/part_number.h and engine/attached_frame.h: which messages a
 * message carries, their exact octets, the limits, and what a worker may say of them. */
#include "base/limits.h"
#include "base/part_number.h"
#include "engine/attached_frame.h"
#include "suite.h"

#include <string.h>

#define MIXED(boundary) "Content-Type: multipart/mixed; boundary=\"" boundary "\"\n\n"
#define MESSAGE         "Content-Type: message/rfc822\n"

static const AttachedMessage *at(const GPtrArray *list, guint index)
{
	return g_ptr_array_index(list, index);
}

/* The octets of the message, of which carriers of the list hold those that were not decoded. */
static Slice octets_of(const GPtrArray *list, Slice message, guint index)
{
	const AttachedMessage *attached = at(list, index);
	Slice carrier =
		attached->carrier == 0 ? message : octets_of(list, message, attached->carrier - 1);

	g_assert_cmpuint(attached->offset + attached->length, <=, carrier.len);
	return attached->decoded != NULL
		       ? slice_of_bytes(attached->decoded)
		       : slice_sub(carrier, (size_t)attached->offset, (size_t)attached->length);
}

/* "2<octets>" of each, "in 2" where another carries it, its encoding, "!" where nothing ends it;
 * line ends as LF, and none at the end. */
static GString *show(const GPtrArray *list, Slice message)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const AttachedMessage *attached = at(list, i);
		Slice octets = slice_trim_end(octets_of(list, message, i));
		const char *encoding = part_encoding_word(attached->encoding);

		g_string_append_printf(text, "%s%s", i > 0 ? " " : "", attached->part);
		if (attached->carrier > 0)
			g_string_append_printf(
				text, " in %s", at(list, attached->carrier - 1)->part);
		if (encoding != NULL)
			g_string_append_printf(text, " %s", encoding);
		g_string_append_c(text, '<');
		for (size_t k = 0; k < octets.len; k++)
			if (octets.data[k] != '\r')
				g_string_append_c(text, octets.data[k]);
		g_string_append(text, attached->is_open ? ">!" : ">");
	}
	return text;
}

static const struct {
	const char *name, *message, *list, *codes;
} rows[] = {
	{ "none", "Subject: x\n\nbody\n", "", "" },
	{ "a journal report",
		MIXED("b") "preamble\n--b\n\nSender: a@b.example\n--b\n" MESSAGE
			   "\nSubject: x\n\n1\n--b--\nepilogue\n",
		"2<Subject: x\n\n1>", "" },
	{ "the message itself is one", MESSAGE "\nSubject: x\n\n1", "1<Subject: x\n\n1>", "" },
	{ "one in another",
		MIXED("a") "--a\n\nt\n--a\n" MESSAGE
			   "\n" MIXED("b") "--b\n" MESSAGE "\nSubject: y\n\n2\n--b--\nx\n--a--\n",
		"2<" MIXED("b") "--b\n" MESSAGE "\nSubject: y\n\n2\n--b--\nx> 2.1 in 2<Subject: "
				"y\n\n2>",
		"" },
	{ "one is all of another",
		MIXED("a") "--a\n" MESSAGE "\n" MESSAGE "\nSubject: y\n\n2\n--a--\n",
		"1<" MESSAGE "\nSubject: y\n\n2> 1.1 in 1<Subject: y\n\n2>", "" },
	{ "deeper in multiparts",
		MIXED("a") "--a\n" MIXED("b") "--b\n\nt\n--b\n" MESSAGE
					      "\nSubject: y\n\n2\n--b--\n--a\n" MESSAGE
					      "\nSubject: z\n\n3\n--a--\n",
		"1.2<Subject: y\n\n2> 2<Subject: z\n\n3>", "" },
	{ "the parts of a digest are messages (RFC 2046, 5.1.5)",
		"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\n1\n--b\n\n"
		"Subject: y\n\n2\n--b\nContent-Type: text/plain\n\n3\n--b--\n",
		"1<Subject: x\n\n1> 2<Subject: y\n\n2>", "" },
	{ "base64",
		MIXED("b") "--b\n" MESSAGE
			   "Content-Transfer-Encoding: Base64\n\nU3ViamVjdDog\neAoKMQo=\n--b--\n",
		"1 base64<Subject: x\n\n1>", "" },
	{ "quoted-printable, of the other type",
		MIXED("b") "--b\nContent-Type: message/global\nContent-Transfer-Encoding: "
			   "quoted-printable\n\nSubject: =41=\nB\n\n1\n--b--\n",
		"1 quoted-printable<Subject: AB\n\n1>", "" },
	{ "one in a decoded one",
		MESSAGE "Content-Transfer-Encoding: quoted-printable\n\n" MESSAGE
			"\nSubject: =3D\n\n1",
		"1 quoted-printable<" MESSAGE "\nSubject: =\n\n1> 1.1 in 1<Subject: =\n\n1>", "" },
	{ "8bit and binary are none",
		MIXED("b") "--b\n" MESSAGE
			   "Content-Transfer-Encoding: 8bit\n\nSubject: x\n\n1\n--b\n" MESSAGE
			   "Content-Transfer-Encoding: binary\n\nSubject: y\n\n2\n--b--\n",
		"1<Subject: x\n\n1> 2<Subject: y\n\n2>", "" },
	{ "an encoding that nobody knows",
		MIXED("b") "--b\n" MESSAGE
			   "Content-Transfer-Encoding: x-secret\n\nSubject: x\n\n1\n--b--\n",
		"", "attached-encoding-unknown" },
	{ "no closing line", MIXED("b") "--b\n" MESSAGE "\nSubject: x\n\n1", "1<Subject: x\n\n1>!",
		"" },
	{ "no closing line, in base64",
		MIXED("b") "--b\n" MESSAGE "Content-Transfer-Encoding: base64\n\nU3ViamVjdDogeAoK",
		"1 base64<Subject: x>!", "" },
	{ "the outer one closes what the inner leaves open",
		MIXED("a") "--a\n" MIXED("b") "--b\n" MESSAGE "\nSubject: x\n\n1\n--a--\n",
		"1.1<Subject: x\n\n1>", "" },
	{ "the same boundary inside",
		MIXED("b") "--b\n" MESSAGE "\n" MIXED("b") "--b\n" MESSAGE
							   "\nSubject: x\n\n1\n--b--\n--b--\n",
		"1<" MIXED("b") "--b\n" MESSAGE
				"\nSubject: x\n\n1\n--b--> 1.1 in 1<Subject: x\n\n1>",
		"" },
	{ "nothing in it",
		MIXED("b") "--b\n" MESSAGE "\n--b\n" MESSAGE "--b\n" MESSAGE "\n\n--b--\n", "",
		"" },
	{ "other types of message",
		MIXED("b") "--b\nContent-Type: message/partial; id=a; number=1; total=2\n\n"
			   "Subject: x\n\n1\n--b\nContent-Type: message/external-body; "
			   "access-type=url\n\nContent-Type: message/rfc822\n\nSubject: x\n\n1\n"
			   "--b\nContent-Type: text/rfc822-headers\n\nSubject: x\n\n--b\n"
			   "Content-Type: message/delivery-status\n\nSubject: x\n\n1\n--b--\n",
		"", "" },
	{ "what a bounce gives back",
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
		"--b\n\nt\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n"
		"--b\n" MESSAGE "\nSubject: x\n\n1\n--b--\n",
		"3<Subject: x\n\n1>", "" },
	{ "nothing in what is encrypted",
		"Content-Type: multipart/encrypted; boundary=b\n\n--b\n" MESSAGE
		"\nSubject: x\n\n1\n--b--\n",
		"", "" },
};

static void check_row(size_t i, SuiteLines lines)
{
	g_autoptr(GBytes) text = suite_lines(slice_of(rows[i].message), lines);
	Slice exact = suite_exact(slice_of_bytes(text));
	g_autoptr(Findings) quiet = findings_new();
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = mime_parse(exact, quiet);
	g_autoptr(GPtrArray) list = attached_find(root, exact, false, findings);
	GString *shown = show(list, exact);

	g_test_message("%s, %s", rows[i].name, suite_lines_word(lines));
	g_assert_cmpstr(shown->str, ==, rows[i].list);
	g_assert_true(list == NULL || attached_are_sound(list, exact.len));
	g_assert_cmpuint(findings_count(findings), ==, rows[i].codes[0] != '\0');
	g_assert_true(rows[i].codes[0] == '\0' || findings_find(findings, rows[i].codes) != NULL);
	g_string_free(shown, TRUE);
	g_free((gpointer)(guintptr)exact.data);
}

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (SuiteLines lines = 0; lines < SUITE_LINES; lines++)
			check_row(i, lines);
}

/* A row of SUITE_CRLF: the line ends are the carrier's, and the last one is the boundary's. */
static void test_exact(void)
{
	static const char text[] = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
				   "Content-Type: message/rfc822\r\n\r\nA: 1\r\n\r\none\r\n"
				   "\r\n--b--\r\n";
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = mime_parse(slice_of(text), findings);
	g_autoptr(GPtrArray) list = attached_find(root, slice_of(text), false, findings);

	g_assert_nonnull(list);
	g_assert_cmpuint(list->len, ==, 1);
	g_assert_cmpuint(at(list, 0)->offset, ==, (uint64_t)(strstr(text, "A: 1") - text));
	g_assert_true(slice_is(octets_of(list, slice_of(text), 0), "A: 1\r\n\r\none\r\n"));
}

/* What lies at the end of a message that goes on behind what is there. */
static void test_cut(void)
{
	Slice text = slice_of(MESSAGE "\nSubject: x\n\n1");
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = mime_parse(text, findings);
	g_autoptr(GPtrArray) list = attached_find(root, text, true, findings);

	g_assert_true(at(list, 0)->is_open);
}

/* --- limits */

/* The list of text, which is taken over; what it found is told by one detail. */
static GPtrArray *list_of(GString *text, const char *code, const char *detail)
{
	Slice message = slice_make(text->str, text->len);
	g_autoptr(Findings) quiet = findings_new();
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = mime_parse(message, quiet);
	GPtrArray *list = attached_find(root, message, false, findings);
	const Finding *finding = code != NULL ? findings_find(findings, code) : NULL;

	g_assert_true(attached_are_sound(list, message.len));
	g_assert_true((code != NULL) == (finding != NULL));
	if (finding != NULL)
		g_assert_cmpstr(finding->detail, ==, detail);
	g_string_free(text, TRUE);
	return list;
}

static GString *digest(unsigned parts)
{
	GString *text = g_string_new("Content-Type: multipart/digest; boundary=b\n\n");

	for (unsigned i = 1; i <= parts; i++)
		g_string_append_printf(text, "--b\n\nSubject: %u\n\nx\n", i);
	g_string_append(text, "--b--\n");
	return text;
}

static void test_many(void)
{
	g_autoptr(GPtrArray) all = list_of(digest(LIMIT_ATTACHED), NULL, NULL);
	g_autoptr(GPtrArray) more = list_of(digest(LIMIT_ATTACHED + 7), "attached-too-many", "7");
	/* Each is two parts of the ten thousand that are read. */
	g_autoptr(GPtrArray) most = list_of(digest(10000), "attached-too-many", "4000");

	g_assert_cmpuint(all->len, ==, LIMIT_ATTACHED);
	g_assert_cmpuint(more->len, ==, LIMIT_ATTACHED);
	g_assert_cmpuint(most->len, ==, LIMIT_ATTACHED);
	g_assert_cmpstr(at(more, LIMIT_ATTACHED - 1)->part, ==, "1000");
}

static void test_deep(void)
{
	GString *text = g_string_new(NULL);
	g_autoptr(GPtrArray) list = NULL;

	for (unsigned i = 0; i < 5000; i++)
		g_string_append(text, MESSAGE "\n");
	g_string_append(text, "Subject: x\n\nx");
	list = list_of(text, "attached-too-deep", "1");
	g_assert_cmpuint(list->len, ==, LIMIT_ATTACHED_DEPTH);
	g_assert_cmpstr(at(list, LIMIT_ATTACHED_DEPTH - 1)->part, ==, "1.1.1.1.1.1.1.1.1.1");
}

/* Base64 in base64, as deep as it goes: each has three quarters of the octets of the one before. */
static void test_bomb(void)
{
	g_autofree char *inner = g_strnfill(100000, 'x');
	g_autoptr(GPtrArray) list = NULL;
	uint64_t total = 0;

	for (unsigned i = 0; i < LIMIT_ATTACHED_DEPTH + 5; i++) {
		char *code = g_base64_encode((const guchar *)inner, strlen(inner));

		g_free(inner);
		inner = g_strconcat(
			MESSAGE "Content-Transfer-Encoding: base64\n\n", code, "\n", NULL);
		g_free(code);
	}
	list = list_of(g_string_new(inner), "attached-too-deep", "1");
	g_assert_cmpuint(list->len, ==, LIMIT_ATTACHED_DEPTH);
	for (guint i = 0; i < list->len; i++)
		total += g_bytes_get_size(at(list, i)->decoded);
	g_assert_cmpuint(total, <, 3 * strlen(inner));
}

/* --- numbers of parts */

static void test_numbers(void)
{
	static const char *const in_order[] = { "1", "1.1", "1.1.2", "1.2", "2", "9", "10", "10.1",
		"10000" };
	static const char *const bad[] = { "", ".", "1.", ".1", "1..2", "0", "01", "1.0", "10001",
		"-1", "+1", " 1", "1 ", "a", "1.a", "1,2", "99999999999999999999" };
	g_autofree char *longest = g_strnfill(PART_NUMBER_OCTETS + 1, '1');

	for (size_t i = 0; i < G_N_ELEMENTS(in_order); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(in_order); k++) {
			int order = part_number_compare(in_order[i], in_order[k]);

			g_assert_true(i < k ? order < 0 : i > k ? order > 0 : order == 0);
			g_assert_true(part_number_is_valid(in_order[i]));
		}
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_test_message("'%s'", bad[i]);
		g_assert_false(part_number_is_valid(bad[i]));
	}
	for (size_t i = 1; i < PART_NUMBER_OCTETS; i += 2)
		longest[i] = '.';
	g_assert_false(part_number_is_valid(longest));
	longest[PART_NUMBER_OCTETS - 1] = '\0';
	g_assert_true(part_number_is_valid(longest));
	g_assert_true(part_number_is_within("2.1", "2"));
	g_assert_false(part_number_is_within("2", "2"));
	g_assert_false(part_number_is_within("21", "2"));
	g_assert_false(part_number_is_within("2.1", "2.1.1"));
}

/* --- what a worker may say */

static AttachedMessage *said(const char *part, unsigned carrier, uint64_t offset, uint64_t length)
{
	AttachedMessage *attached = g_new0(AttachedMessage, 1);

	attached->part = g_strdup(part);
	attached->carrier = carrier;
	attached->offset = offset;
	attached->length = length;
	return attached;
}

static AttachedMessage *decoded(AttachedMessage *attached, PartEncoding encoding, size_t octets)
{
	g_autofree char *text = g_strnfill(octets, 'x');

	attached->encoding = encoding;
	attached->decoded = g_bytes_new(text, octets);
	return attached;
}

/* Takes one and other, which may be NULL, over; the message has 100 octets. */
static void check_said(
	const char *what, bool is_sound, AttachedMessage *one, AttachedMessage *other)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(attached_message_free);
	g_autoptr(GPtrArray) again = NULL;
	g_autoptr(GByteArray) out = g_byte_array_new();
	Unpack unpack;

	g_test_message("%s", what);
	g_ptr_array_add(list, one);
	if (other != NULL)
		g_ptr_array_add(list, other);
	g_assert_true(attached_are_sound(list, 100) == is_sound);
	attached_pack(out, list);
	unpack = (Unpack) { slice_make((const char *)out->data, out->len), false };
	g_assert_true(attached_unpack(&unpack, &again) && unpack_is_done(&unpack));
	g_assert_true(attached_are_sound(again, 100) == is_sound);
	for (size_t len = 0; len < out->len; len++) {
		g_autoptr(GPtrArray) torn = NULL;

		unpack = (Unpack) { slice_make((const char *)out->data, len), false };
		g_assert_false(attached_unpack(&unpack, &torn));
	}
}

static void test_said(void)
{
	check_said("two", true, said("2", 0, 10, 20), said("3", 0, 30, 70));
	check_said("one in another", true, said("2", 0, 10, 20), said("2.1", 1, 0, 20));
	check_said("in a decoded one", true, decoded(said("2", 0, 10, 20), PART_BASE64, 15),
		said("2.1", 1, 5, 10));
	check_said("beyond a decoded one", false, decoded(said("2", 0, 10, 20), PART_BASE64, 15),
		said("2.1", 1, 5, 11));
	check_said("beyond the end", false, said("2", 0, 81, 20), NULL);
	check_said("far beyond", false, said("2", 0, UINT64_MAX, 2), NULL);
	check_said("a length that wraps", false, said("2", 0, 2, UINT64_MAX), NULL);
	check_said("empty", false, said("2", 0, 10, 0), NULL);
	check_said("one over another", false, said("2", 0, 10, 20), said("3", 0, 29, 10));
	check_said("the same twice", false, said("2", 0, 10, 20), said("2", 0, 40, 20));
	check_said("the wrong order", false, said("10", 0, 10, 20), said("9", 0, 40, 20));
	check_said("in itself", false, said("2", 1, 10, 20), NULL);
	check_said("in a later one", false, said("2", 2, 10, 20), said("3", 0, 40, 20));
	check_said("in one whose number it has not", false, said("2", 0, 10, 20),
		said("3.1", 1, 0, 10));
	check_said("no number", false, said("2.x", 0, 10, 20), NULL);
	check_said("nothing at all", false, said(NULL, 0, 10, 20), NULL);
	check_said(
		"more than there was", false, decoded(said("2", 0, 10, 20), PART_BASE64, 21), NULL);
	check_said(
		"decoded to nothing", false, decoded(said("2", 0, 10, 20), PART_BASE64, 0), NULL);
}

/* One in another, one more than there may be. */
static void test_said_deep(void)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(attached_message_free);
	GString *part = g_string_new(NULL);

	for (unsigned i = 0; i <= LIMIT_ATTACHED_DEPTH; i++) {
		g_assert_true(i == 0 || attached_are_sound(list, 100));
		g_string_append(part, i == 0 ? "1" : ".1");
		g_ptr_array_add(list, said(part->str, i, 0, 100));
	}
	g_assert_false(attached_are_sound(list, 100));
	g_string_free(part, TRUE);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/attached/rows", test_rows);
	g_test_add_func("/attached/exact", test_exact);
	g_test_add_func("/attached/cut", test_cut);
	g_test_add_func("/attached/many", test_many);
	g_test_add_func("/attached/deep", test_deep);
	g_test_add_func("/attached/bomb", test_bomb);
	g_test_add_func("/attached/numbers", test_numbers);
	g_test_add_func("/attached/said", test_said);
	g_test_add_func("/attached/said-deep", test_said_deep);
	return g_test_run();
}
