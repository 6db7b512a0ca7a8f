/* The mbox family: From_ lines, quoting, what divides messages and what is noted of it. */
#include "mailbox_suite.h"

#include "base/text_time.h"
#include "mailbox/mbox.h"
#include "mailbox/reader.h"

#include <string.h>

/* --- From_ lines and quoting */

static void test_from_line(void)
{
	static const struct {
		const char *line;
		const char *sender; /* NULL: no From_ line */
		const char *time;
	} rows[] = {
		{ "From a@example.com Sat Jan  3 01:05:34 1996\n", "a@example.com",
			"1996-01-03T01:05:34Z" },
		{ "From a@example.com Sat Jan  3 01:05:34 1996\r\n", "a@example.com",
			"1996-01-03T01:05:34Z" },
		{ "From a@example.com Sat Jan  3 01:05:34 1996", "a@example.com",
			"1996-01-03T01:05:34Z" },
		{ "From a@example.com  Sat Jan 3 01:05 1996\n", "a@example.com",
			"1996-01-03T01:05:00Z" },
		{ "From a Sat Jan  3 01:05:34 JST 1996\n", "a", "1996-01-02T16:05:34Z" },
		{ "From a Sat Jan  3 01:05:34 1996 +0900\n", "a", "1996-01-02T16:05:34Z" },
		{ "From 1713612345678@xxx Sat Sep  4 09:36:25 +0000 2021\n", "1713612345678@xxx",
			"2021-09-04T09:36:25Z" },
		{ "From - Sat Sep  4 09:36:25 2021\n", "-", "2021-09-04T09:36:25Z" },
		{ "From MAILER-DAEMON Sat Sep  4 09:36:25 2021\n", "MAILER-DAEMON",
			"2021-09-04T09:36:25Z" },
		{ "From Sat Sep  4 09:36:25 2021\n", "", "2021-09-04T09:36:25Z" },
		{ "From  Sat Sep  4 09:36:25 2021\n", "", "2021-09-04T09:36:25Z" },
		{ "From \"a b\"@example.com Sat Sep  4 09:36:25 2021\n", "\"a b\"@example.com",
			"2021-09-04T09:36:25Z" },
		{ "From a!b!c Sat Sep  4 09:36:25 2021 remote from host\n", "a!b!c",
			"2021-09-04T09:36:25Z" },
		{ "From \"Sat Sep  4 09:36:25 1999 x\"@e.com Sun Sep 5 00:00:00 2021\n",
			"\"Sat Sep  4 09:36:25 1999 x\"@e.com", "2021-09-05T00:00:00Z" },
		{ "From a SAT jAN  3 01:05:34 1996\n", "a", "1996-01-03T01:05:34Z" },
		{ "From a Sat Jan  3 01:05:34 1996 remote from b:Sun\n", "a",
			"1996-01-03T01:05:34Z" },
		{ "From a Sat (x: y) Jan 3 1:05:34 (y: Mon) 1996 Tue:\n", "a",
			"1996-01-03T01:05:34Z" },
		{ "From a Sat Jan  3 01:05:34 1996 Sun Feb 29 1:00:00 2021\n", "a",
			"1996-01-03T01:05:34Z" },
		{ "From here to eternity\n", NULL, NULL },
		{ "From a Sat Jan 3 1996\n", NULL, NULL },
		{ "From a 01:05:34 Sat Jan 3 1996\n", NULL, NULL },
		{ "From a: Sat Jan 3 : Sat Sat Jan :\n", NULL, NULL },
		{ "From Saturday on\n", NULL, NULL },
		{ "From a Sat Feb 31 01:05:34 1996\n", NULL, NULL },
		{ ">From a Sat Jan  3 01:05:34 1996\n", NULL, NULL },
		{ "from a Sat Jan  3 01:05:34 1996\n", NULL, NULL },
		{ "From: a Sat Jan  3 01:05:34 1996\n", NULL, NULL },
		{ " From a Sat Jan  3 01:05:34 1996\n", NULL, NULL },
		{ "From\ta Sat Jan  3 01:05:34 1996\n", NULL, NULL },
		{ "From aSat Jan  3 01:05:34 1996\n", NULL, NULL },
		{ "From ", NULL, NULL },
		{ "", NULL, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strconcat(rows[i].line, NULL);
		Slice line = suite_exact(slice_of(text));
		g_autoptr(Haul) haul = NULL;
		g_autofree char *time = NULL;

		g_test_message("%s", rows[i].line);
		g_assert_cmpint(mbox_is_from_line(line), ==, rows[i].sender != NULL);
		g_free((gpointer)(guintptr)line.data);
		if (rows[i].sender == NULL)
			continue;
		haul = haul_memory(slice_of(text), MAILBOX_MBOX);
		time = text_time_rfc3339(haul_message(haul, 0)->source->store_time);
		g_assert_cmpstr(time, ==, rows[i].time);
		g_assert_cmpstr(haul_message(haul, 0)->source->from_line_sender, ==,
			strlen(rows[i].sender) > 1 || g_ascii_isalpha(rows[i].sender[0])
				? rows[i].sender
				: NULL);
	}
}

static void test_unquote(void)
{
	static const struct {
		const char *stored;
		const char *o; /* NULL: no line changes */
		const char *rd;
	} rows[] = {
		{ "a: b\n\n>From c\n", "a: b\n\nFrom c\n", "a: b\n\nFrom c\n" },
		{ "a: b\n\n>>From c\n", NULL, "a: b\n\n>From c\n" },
		{ "a: b\n\n>From c\n>>From d\nFrom e\n", "a: b\n\nFrom c\n>>From d\nFrom e\n",
			"a: b\n\nFrom c\n>From d\nFrom e\n" },
		{ "a: b\r\n\r\n>From c\r\n>From", "a: b\r\n\r\nFrom c\r\n>From",
			"a: b\r\n\r\nFrom c\r\n>From" },
		{ "a: b\n\n>From ", "a: b\n\nFrom ", "a: b\n\nFrom " },
		{ ">From - Sat\na: b\n\nc\n", NULL, NULL },
		{ "a: b\n\n > From c\n> >From d\n>from e\n", NULL, NULL },
		{ "a: b\n", NULL, NULL },
		{ "", NULL, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Slice exact = suite_exact(slice_of(rows[i].stored));
		g_autoptr(GBytes) o = mbox_unquote(exact, MBOX_QUOTING_O);
		g_autoptr(GBytes) rd = mbox_unquote(exact, MBOX_QUOTING_RD);

		g_test_message("%s", rows[i].stored);
		g_assert_cmpint(o != NULL, ==, rows[i].o != NULL);
		g_assert_cmpint(rd != NULL, ==, rows[i].rd != NULL);
		if (o != NULL)
			g_assert_true(slice_is(slice_of_bytes(o), rows[i].o));
		if (rd != NULL)
			g_assert_true(slice_is(slice_of_bytes(rd), rows[i].rd));
		g_free((gpointer)(guintptr)exact.data);
	}
}

/* --- mbox */

typedef struct MboxRow {
	const char *name;
	const char *text;     /* with LF */
	const char *parts[4]; /* the messages, with LF; those that end the text with their LF */
	const char *codes[4]; /* the findings of each */
} MboxRow;

static const MboxRow mbox_rows[] = {
	{ "two", FROM "a: 1\n\nx\n\n" FROM "a: 2\n\ny\n\n", { "a: 1\n\nx\n", "a: 2\n\ny\n" },
		{ "", "" } },
	{ "no empty line at the end", FROM "a: 1\n\nx\n\n" FROM "a: 2\n\ny\n",
		{ "a: 1\n\nx\n", "a: 2\n\ny\n" }, { "", "" } },
	{ "no empty line between", FROM "a: 1\n\nx\n" FROM "a: 2\n\ny\n\n",
		{ "a: 1\n\nx\n", "a: 2\n\ny\n" }, { "", "mbox-no-blank-line" } },
	{ "quoted", FROM "a: 1\n\n>From x\n\n>>From y Sat Jan  3 01:05:34 1996\n\n",
		{ "a: 1\n\n>From x\n\n>>From y Sat Jan  3 01:05:34 1996\n" }, { "" } },
	{ "undated", FROM "a: 1\n\nFrom me\n\nFrom you\nFrom us\n\n",
		{ "a: 1\n\nFrom me\n\nFrom you\nFrom us\n" }, { "mbox-from-undated" } },
	{ "empty lines of the body", FROM "a: 1\n\nx\n\n\n\n" FROM "a: 2\n\n\ny\n\n",
		{ "a: 1\n\nx\n\n\n", "a: 2\n\n\ny\n" }, { "", "" } },
	{ "header only", FROM "a: 1\n\n" FROM "a: 2\n", { "a: 1\n", "a: 2\n" }, { "", "" } },
	{ "nothing but From_ lines", FROM "\n" FROM FROM, { "", "", "" },
		{ "", "", "mbox-no-blank-line" } },
	{ "empty lines in front", "\n\n" FROM "a: 1\n\nx\n\n", { "a: 1\n\nx\n" },
		{ "mbox-leading-blank" } },
	{ "garbage in front", "lost text\n\n" FROM "a: 1\n\nx\n\n", { "a: 1\n\nx\n" },
		{ "mbox-leading-blank mbox-leading-garbage" } },
	{ "byte order mark", "\xEF\xBB\xBF" FROM "a: 1\n\nx\n\n", { "a: 1\n\nx\n" },
		{ "byte-order-mark" } },
	{ "bare CR in the From_ line", "From x Sat Jan  3 01:05:34 1996\ra: 1\r\nx\n", { "x\n" },
		{ "mbox-from-line-cr" } },
	{ "Thunderbird",
		FROM "X-Mozilla-Status: 0009\na: 1\n\nx\n\n" FROM
		     "X-Mozilla-Status: 0001\nX-Mozilla-Status: 0008\na: 2\n\ny\n\n",
		{ "X-Mozilla-Status: 0009\na: 1\n\nx\n",
			"X-Mozilla-Status: 0001\nX-Mozilla-Status: 0008\na: 2\n\ny\n" },
		{ "store-expunged", "" } },
	{ "status in the body", FROM "a: 1\n\nX-Mozilla-Status: 0008\n\n",
		{ "a: 1\n\nX-Mozilla-Status: 0008\n" }, { "" } },
	{ "UW-IMAP",
		FROM "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\n"
		     "x\n\n" FROM
		     "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n\nx\n",
		{ "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\nx\n",
			"Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n\nx\n" },
		{ "store-internal-message", "" } },
	{ "length that is no number", FROM "Content-Length: x\n\nx\n",
		{ "Content-Length: x\n\nx\n" }, { "content-length-differs" } },
	{ "length too large", FROM "Content-Length: 9999\n\nx\n\n" FROM "a: 2\n\ny\n",
		{ "Content-Length: 9999\n\nx\n", "a: 2\n\ny\n" },
		{ "content-length-differs", "" } },
	{ "length too small", FROM "Content-Length: 1\n\nlong\n\n" FROM "a: 2\n\ny\n",
		{ "Content-Length: 1\n\nlong\n", "a: 2\n\ny\n" },
		{ "content-length-differs", "" } },
};

static void check_mbox_row(const MboxRow *row, SuiteLines lines)
{
	g_autoptr(GBytes) text = suite_lines(slice_of(row->text), lines);
	g_autoptr(Haul) haul = haul_memory(slice_of_bytes(text), MAILBOX_AUTO);
	uint64_t end = 0;
	guint count = 0;

	g_test_message("%s, %s", row->name, suite_lines_word(lines));
	while (count < G_N_ELEMENTS(row->parts) && row->parts[count] != NULL)
		count++;
	g_assert_cmpuint(haul->errors->len, ==, 0);
	g_assert_cmpuint(haul->messages->len, ==, count);
	for (guint i = 0; i < MIN(count, haul->messages->len); i++) {
		const RawMessage *raw = haul_message(haul, i);
		Slice whole = slice_of_bytes(text);
		g_autoptr(GBytes) part =
			suite_lines(slice_of(row->parts[i]), lines & 1 ? SUITE_CRLF : SUITE_LF);
		Slice expected = slice_of_bytes(part);
		g_autofree char *found = raw_codes(raw);

		/* Without the final line end the last message lacks its own, if no empty line
		 * follows it. */
		if (lines >= SUITE_LF_NO_FINAL && i + 1 == count &&
			!g_str_has_suffix(row->text, "\n\n"))
			expected = slice_chop_eol(expected);
		g_assert_true(slice_equal(slice_of_bytes(raw->bytes), expected));
		g_assert_true(slice_equal(
			slice_sub(whole, raw->source->offset, raw->source->length), expected));
		g_assert_cmpuint(raw->source->offset, >, end);
		g_assert_cmpuint(raw->source->index, ==, i + 1);
		g_assert_cmpstr(found, ==, row->codes[i]);
		g_assert_cmpint(raw->source->kind, ==, STORE_MBOX);
		end = raw->source->offset;
	}
}

static void test_mbox(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mbox_rows); i++)
		for (int lines = 0; lines < SUITE_LINES; lines++)
			check_mbox_row(&mbox_rows[i], (SuiteLines)lines);
}

/* Lengths as the programs of mboxcl write them: with or without the empty line at the end. */
static void test_mbox_content_length(void)
{
	static const struct {
		const char *text;
		bool differs;
	} rows[] = {
		{ FROM "Content-Length: 2\n\nx\n\n" FROM "a: 2\n", false },
		{ FROM "Content-Length: 3\n\nx\n\n" FROM "a: 2\n", false },
		{ FROM "content-length:2\n\nx\n", false },
		{ FROM "Content-Length: 4\n\nx\n\n" FROM "a: 2\n", true },
		{ FROM "Content-Length: 1\n\nx\n\n" FROM "a: 2\n", true },
		{ FROM "Content-Length: 18446744073709551616\n\nx\n", true },
		{ FROM "Content-Length: 3\n\nx\n", true },
		{ FROM "Content-Length: 0\n", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Haul) haul = haul_memory(slice_of(rows[i].text), MAILBOX_MBOX);

		g_test_message("%s", rows[i].text);
		g_assert_cmpint(
			haul_has_finding(haul, 0, "content-length-differs"), ==, rows[i].differs);
	}
}

/* GMime takes the text at every 4,096th octet of a long line for the start of a line. */
static void test_mbox_long_lines(void)
{
	g_autoptr(GString) text = g_string_new(FROM "a: b\n\n");
	g_autofree char *message_text = NULL;

	for (size_t i = 0; i < 20; i++) {
		while ((text->len % 4096) != 0)
			g_string_append_c(text, 'x');
		g_string_append(text, "From x Sat Jan  3 01:05:34 1996");
	}
	g_string_append(text, "\n");
	message_text = g_strdup(text->str + strlen(FROM));
	g_string_append(text, "\n" FROM "a: c\n");
	for (size_t capacity = WINDOW_CAPACITY_MIN; capacity < 20000; capacity += 1000) {
		g_autoptr(Mailbox) mailbox = mailbox_open_memory(
			slice_make(text->str, text->len), MAILBOX_MBOX, capacity);
		g_autoptr(Haul) haul = haul_all(mailbox);

		g_assert_cmpuint(haul->messages->len, ==, 2);
		assert_text(haul_message(haul, 0), message_text);
		assert_text(haul_message(haul, 1), "a: c\n");
	}
}

static void test_mbox_long_from_line(void)
{
	g_autofree char *tail = g_strnfill(20000, 'y');
	g_autofree char *head = g_strnfill(5000, 'z');
	g_autofree char *text = g_strconcat("From x Sat Jan  3 01:05:34 1996 ", tail, "\na: b\n\n",
		"From ", head, " Sat Jan  3 01:05:34 1996\n", NULL);
	g_autoptr(Haul) haul = haul_memory(slice_of(text), MAILBOX_MBOX);

	g_assert_cmpuint(haul->messages->len, ==, 1);
	g_assert_true(haul_has_finding(haul, 0, "mbox-from-line-long"));
	g_assert_true(haul_has_finding(haul, 0, "mbox-from-undated"));
	g_assert_cmpuint(haul_message(haul, 0)->source->offset, ==, strlen(tail) + 33);
	g_assert_cmpuint(strlen(haul_message(haul, 0)->source->from_line), ==, 4096);
}

static void test_mbox_nothing(void)
{
	g_autoptr(Haul) empty = haul_memory(slice_of(""), MAILBOX_MBOX);
	g_autoptr(Haul) blank = haul_memory(slice_of("\n\n"), MAILBOX_MBOX);
	g_autoptr(Haul) garbage = haul_memory(slice_of("what is this?\n"), MAILBOX_MBOX);

	g_assert_cmpuint(empty->messages->len + empty->errors->len, ==, 0);
	g_assert_cmpuint(blank->messages->len + blank->errors->len, ==, 0);
	g_assert_cmpuint(garbage->messages->len, ==, 0);
	assert_error(garbage, 0, "memory", "no line in it begins a message");
}

/* NUL, 8-bit and bare CR are octets like others. */
static void test_mbox_octets(void)
{
	static const char text[] = FROM "a: \0\xFF\r\n\r\r\n\0From \n\n" FROM "b\r";
	Slice whole = slice_make(text, sizeof text - 1);
	g_autoptr(Haul) haul = haul_memory(whole, MAILBOX_MBOX);

	g_assert_cmpuint(haul->messages->len, ==, 2);
	g_assert_cmpuint(haul_message(haul, 0)->source->length, ==, 17);
	g_assert_true(slice_equal(
		slice_of_bytes(haul_message(haul, 0)->bytes), slice_sub(whole, strlen(FROM), 17)));
	assert_text(haul_message(haul, 1), "b\r");
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/mbox/from-line", test_from_line);
	g_test_add_func("/mbox/unquote", test_unquote);
	g_test_add_func("/mbox/messages", test_mbox);
	g_test_add_func("/mbox/content-length", test_mbox_content_length);
	g_test_add_func("/mbox/long-lines", test_mbox_long_lines);
	g_test_add_func("/mbox/long-from-line", test_mbox_long_from_line);
	g_test_add_func("/mbox/nothing", test_mbox_nothing);
	g_test_add_func("/mbox/octets", test_mbox_octets);
	return g_test_run();
}
