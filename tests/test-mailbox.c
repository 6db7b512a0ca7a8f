/* mailbox/: what each kind of store hands out, where it says that it lies, and what it notes. */
#include "mailbox/mailbox.h"

#include "base/digest.h"
#include "base/printable.h"
#include "base/text_time.h"
#include "mailbox/mbox.h"
#include "mailbox/reader.h"
#include "suite.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534
#define FROM   "From sender@example.com Sat Jan  3 01:05:34 1996\n"

/* AddressSanitizer does, to find who uses them. */
#ifdef __SANITIZE_ADDRESS__
#define KEEPS_FREED_BLOCKS true
#else
#define KEEPS_FREED_BLOCKS false
#endif

/* --- what the tests share */

/* Everything that a mailbox hands out: messages, and the texts of errors. */
typedef struct Haul {
	GPtrArray *messages;
	GPtrArray *errors;
} Haul;

static void free_raw(gpointer data)
{
	raw_message_free(data);
}

static Haul *haul_all(Mailbox *mailbox)
{
	Haul *haul = g_new0(Haul, 1);

	haul->messages = g_ptr_array_new_with_free_func(free_raw);
	haul->errors = g_ptr_array_new_with_free_func(g_free);
	for (;;) {
		g_autoptr(GError) error = NULL;
		RawMessage *raw = NULL;
		MailboxStep step = mailbox_next(mailbox, &raw, &error);

		if (step == MAILBOX_END)
			break;
		if (step == MAILBOX_MESSAGE)
			g_ptr_array_add(haul->messages, raw);
		else
			g_ptr_array_add(haul->errors, g_strdup(error->message));
	}
	return haul;
}

static void haul_free(Haul *haul)
{
	g_ptr_array_unref(haul->messages);
	g_ptr_array_unref(haul->errors);
	g_free(haul);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Haul, haul_free)

static Haul *haul_path(const char *path, MailboxKind kind)
{
	g_autoptr(Mailbox) mailbox = mailbox_open(path, kind);

	return haul_all(mailbox);
}

static Haul *haul_memory(Slice text, MailboxKind kind)
{
	Slice exact = suite_exact(text);
	g_autoptr(Mailbox) mailbox = mailbox_open_memory(exact, kind, WINDOW_CAPACITY_MIN);
	Haul *haul = haul_all(mailbox);

	g_free((gpointer)(guintptr)exact.data);
	return haul;
}

static const RawMessage *message(const Haul *haul, guint index)
{
	if (index >= haul->messages->len)
		g_error("message %u is not there", index);
	return g_ptr_array_index(haul->messages, index);
}

static bool has_finding(const Haul *haul, guint index, const char *code)
{
	return findings_find(message(haul, index)->findings, code) != NULL;
}

/* "code code", in their order. */
static char *codes(const RawMessage *raw)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < findings_count(raw->findings); i++)
		g_string_append_printf(
			out, "%s%s", i > 0 ? " " : "", findings_get(raw->findings, i)->code);
	return g_string_free(out, FALSE);
}

static char *text_of(const RawMessage *raw)
{
	Slice text = slice_of_bytes(raw->bytes);

	return g_strndup(text.data, text.len);
}

static void assert_text(const RawMessage *raw, const char *expected)
{
	g_autofree char *text = printable_utf8(slice_of_bytes(raw->bytes));
	g_autofree char *wanted = printable_utf8(slice_of(expected));

	g_assert_cmpstr(text, ==, wanted);
}

static void assert_error(const Haul *haul, guint index, const char *name, const char *part)
{
	const char *text;

	g_assert_cmpuint(haul->errors->len, >, index);
	if (haul->errors->len <= index)
		return;
	text = g_ptr_array_index(haul->errors, index);
	if (strstr(text, name) == NULL || strstr(text, part) == NULL)
		g_test_message("error: %s", text);
	g_assert_nonnull(strstr(text, name));
	g_assert_nonnull(strstr(text, part));
}

/* The octets at the place that the source names are the message. */
static void assert_place(const RawMessage *raw)
{
	const Source *source = raw->source;
	g_autofree char *whole = NULL;
	g_autofree char *hex = NULL;
	gsize len = 0;
	Slice stored;
	DigestValue value;

	g_assert_true(g_file_get_contents(source->path, &whole, &len, NULL));
	g_assert_cmpuint(source->offset + source->length, <=, len);
	stored = slice_sub(slice_make(whole, len), source->offset, source->length);
	value = digest_of(DIGEST_SHA256, stored);
	hex = digest_hex(&value);
	g_assert_cmpstr(source->sha256, ==, hex);
	g_assert_true(slice_equal(stored, slice_of_bytes(raw->bytes)));
}

static char *scratch_new(void)
{
	g_autoptr(GError) error = NULL;
	char *dir = g_dir_make_tmp("test-mailbox-XXXXXX", &error);

	if (dir == NULL)
		g_error("%s", error->message);
	return dir;
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) dir = NULL;
	const char *name;

	g_chmod(path, 0700);
	if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK))
		dir = g_dir_open(path, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		remove_tree(inner);
	}
	g_remove(path);
}

typedef char Scratch;

static void scratch_free(Scratch *path)
{
	remove_tree(path);
	g_free(path);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scratch, scratch_free)

/* Writes a file below dir, with the directories that it needs; returns its path. */
static char *put(const char *dir, const char *name, Slice text)
{
	char *path = g_build_filename(dir, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text.data, (gssize)text.len, NULL));
	return path;
}

static void put_text(const char *dir, const char *name, const char *text)
{
	g_free(put(dir, name, slice_of(text)));
}

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
		time = text_time_rfc3339(message(haul, 0)->source->store_time);
		g_assert_cmpstr(time, ==, rows[i].time);
		g_assert_cmpstr(message(haul, 0)->source->from_line_sender, ==,
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
		const RawMessage *raw = message(haul, i);
		Slice whole = slice_of_bytes(text);
		g_autoptr(GBytes) part =
			suite_lines(slice_of(row->parts[i]), lines & 1 ? SUITE_CRLF : SUITE_LF);
		Slice expected = slice_of_bytes(part);
		g_autofree char *found = codes(raw);

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
			has_finding(haul, 0, "content-length-differs"), ==, rows[i].differs);
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
		assert_text(message(haul, 0), message_text);
		assert_text(message(haul, 1), "a: c\n");
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
	g_assert_true(has_finding(haul, 0, "mbox-from-line-long"));
	g_assert_true(has_finding(haul, 0, "mbox-from-undated"));
	g_assert_cmpuint(message(haul, 0)->source->offset, ==, strlen(tail) + 33);
	g_assert_cmpuint(strlen(message(haul, 0)->source->from_line), ==, 4096);
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
	g_assert_cmpuint(message(haul, 0)->source->length, ==, 17);
	g_assert_true(slice_equal(
		slice_of_bytes(message(haul, 0)->bytes), slice_sub(whole, strlen(FROM), 17)));
	assert_text(message(haul, 1), "b\r");
}

/* --- files of one message */

static void test_eml(void)
{
	static const struct {
		const char *text;
		const char *message;
		uint64_t offset;
		const char *codes;
	} rows[] = {
		{ "Subject: a\n\nb\n\n", "Subject: a\n\nb\n\n", 0, "" },
		{ "Subject: a\r\n\r\nb", "Subject: a\r\n\r\nb", 0, "" },
		{ "\xEF\xBB\xBFSubject: a\n\nb\n", "Subject: a\n\nb\n", 3, "byte-order-mark" },
		{ FROM "Subject: a\n\nb\n\n", "Subject: a\n\nb\n\n", 49, "message-from-line" },
		{ "Subject: a\n\n\n" FROM "x: y\n", "Subject: a\n\n\n" FROM "x: y\n", 0,
			"message-holds-from-lines" },
		{ "From x\nSubject: a\n", "From x\nSubject: a\n", 0, "message-from-undated" },
		{ "", "", 0, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Haul) haul = haul_memory(slice_of(rows[i].text), MAILBOX_EML);
		g_autofree char *found = codes(message(haul, 0));

		g_test_message("%s", rows[i].text);
		assert_text(message(haul, 0), rows[i].message);
		g_assert_cmpuint(message(haul, 0)->source->offset, ==, rows[i].offset);
		g_assert_cmpint(message(haul, 0)->source->kind, ==, STORE_EML);
		g_assert_cmpstr(found, ==, rows[i].codes);
	}
}

static void test_recognised(void)
{
	static const struct {
		const char *text;
		StoreKind kind; /* STORE_UNKNOWN: an error */
	} rows[] = {
		{ "Subject: a\n\nb\n", STORE_EML },
		{ "Received: a\n\tb\nX: y\n" FROM, STORE_EML },
		{ "X-Odd: a\n\nb\n", STORE_EML },
		{ "odd line\nSubject: a\n\nb\n", STORE_EML },
		{ "From nobody\nSubject: a\n\nb\n", STORE_EML },
		{ "\xEF\xBB\xBFSubject: a\n\nb\n", STORE_EML },
		{ FROM "Subject: a\n\nb\n", STORE_MBOX },
		{ "\xEF\xBB\xBF" FROM "Subject: a\n", STORE_MBOX },
		{ "odd line\n" FROM "Subject: a\n", STORE_MBOX },
		{ "14 \nSubject: a\n\nb\n<plist>", STORE_EMLX },
		{ "3\n" FROM, STORE_EMLX },
		{ "odd line\n", STORE_UNKNOWN },
		{ "\x1F\x8B\x08", STORE_UNKNOWN },
		{ "{\"a\": 1}\n", STORE_UNKNOWN },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Haul) haul = haul_memory(slice_of(rows[i].text), MAILBOX_AUTO);

		g_test_message("%s", rows[i].text);
		if (rows[i].kind == STORE_UNKNOWN) {
			g_assert_cmpuint(haul->messages->len, ==, 0);
			g_assert_cmpuint(haul->errors->len, ==, 1);
			continue;
		}
		g_assert_cmpuint(haul->errors->len, ==, 0);
		g_assert_cmpint(message(haul, 0)->source->kind, ==, rows[i].kind);
	}
}

#define PLIST(inner) "<?xml version=\"1.0\"?>\n<plist><dict>\n" inner "</dict></plist>\n"

static void test_emlx(void)
{
	static const struct {
		const char *text;
		const char *message; /* NULL: an error */
		const char *time;
		const char *codes;
	} rows[] = {
		{ "7      \na: b\n\nc" PLIST(
			  "<key>date-received</key>\n<integer>1630748185</integer>\n"
			  "<key>flags</key>\n<integer>8590195713</integer>\n"),
			"a: b\n\nc", "2021-09-04T09:36:25Z", "" },
		{ "7\r\na: b\n\nc" PLIST("<key>flags</key><integer>3</integer>"), "a: b\n\nc", NULL,
			"store-expunged" },
		{ "7\na: b\n\nc" PLIST("<key>date-received</key><real>1630748185.5</real>"),
			"a: b\n\nc", "2021-09-04T09:36:25Z", "emlx-no-properties" },
		{ "7\na: b\n\nc", "a: b\n\nc", NULL, "emlx-no-properties" },
		{ "8\na: b\n\nc", "a: b\n\nc", NULL, "emlx-truncated" },
		{ "18446744073709551615\na: b\n", "a: b\n", NULL, "emlx-truncated" },
		{ "0\n", "", NULL, "emlx-no-properties" },
		{ "18446744073709551616\na: b\n", NULL, NULL, NULL },
		{ "a: b\n", NULL, NULL, NULL },
		{ "", NULL, NULL, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Haul) haul = haul_memory(slice_of(rows[i].text), MAILBOX_EMLX);
		g_autofree char *found = NULL;
		g_autofree char *time = NULL;

		g_test_message("%s", rows[i].text);
		g_assert_cmpuint(haul->messages->len, ==, rows[i].message != NULL);
		g_assert_cmpuint(haul->errors->len, ==, rows[i].message == NULL);
		if (rows[i].message == NULL)
			continue;
		found = codes(message(haul, 0));
		time = text_time_rfc3339(message(haul, 0)->source->store_time);
		assert_text(message(haul, 0), rows[i].message);
		g_assert_cmpstr(found, ==, rows[i].codes);
		g_assert_cmpstr(time, ==, rows[i].time);
		g_assert_cmpint(message(haul, 0)->source->expunged, ==,
			strcmp(rows[i].codes, "store-expunged") == 0);
	}
}

static void test_emlx_partial(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *path = put(dir, "12.partial.emlx",
		slice_of("5\na: b\n" PLIST("<key>flags</key><integer>1</integer>")));
	g_autoptr(Haul) haul = haul_path(path, MAILBOX_AUTO);

	g_assert_true(has_finding(haul, 0, "emlx-partial"));
	assert_place(message(haul, 0));
}

/* --- Maildir */

static void test_maildir(void)
{
	static const struct {
		const char *name; /* below the Maildir; the message is "Subject: NAME" */
		const char *flags;
		const char *time;
		const char *codes;
	} rows[] = {
		{ "cur/1630748185.M1.host,S=99,W=100:2,S", "S", "2021-09-04T09:36:25Z",
			"maildir-size-differs" },
		{ "new/1630748186.M2.host", NULL, "2021-09-04T09:36:26Z", "" },
		{ "cur/1630748187.M3.host,S=45:2,SbRaS", "RSab", "2021-09-04T09:36:27Z", "" },
		{ "cur/1630748188.M4.host;2,TF", "FT", "2021-09-04T09:36:28Z", "maildir-trashed" },
		{ "cur/1630748189.M5.host!2,", NULL, "2021-09-04T09:36:29Z", "" },
		{ "cur/1630748190.M6.host:1,X", NULL, "2021-09-04T09:36:30Z", "" },
		{ "cur/17.eml", NULL, NULL, "" },
		{ "new/99999999999999999999.x", NULL, NULL, "" },
		{ ".A.B/cur/1630748185.x:2,", NULL, "2021-09-04T09:36:25Z", "" },
		{ ".Z/new/1630748185.x", NULL, "2021-09-04T09:36:25Z", "" },
	};
	g_autoptr(Scratch) dir = scratch_new();
	g_autoptr(Haul) haul = NULL;

	put_text(dir, "tmp/1630748185.unfinished", "Subject: x\n");
	put_text(dir, "cur/.hidden", "Subject: x\n");
	put_text(dir, ".NoMaildir/x.eml", "Subject: x\n");
	put_text(dir, "dovecot-uidlist", "3 V1 N2\n");
	put_text(dir, "courierimapkeywords/list", "x\n");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf("Subject: %s\n", rows[i].name);

		put_text(dir, rows[i].name, text);
	}
	haul = haul_path(dir, MAILBOX_AUTO);
	g_assert_cmpuint(haul->errors->len, ==, 0);
	g_assert_cmpuint(haul->messages->len, ==, G_N_ELEMENTS(rows));
	for (guint i = 0; i < MIN(G_N_ELEMENTS(rows), haul->messages->len); i++) {
		const RawMessage *raw = message(haul, i);
		g_autofree char *text = g_strdup_printf("Subject: %s\n", rows[i].name);
		g_autofree char *path = g_build_filename(dir, rows[i].name, NULL);
		g_autofree char *time = text_time_rfc3339(raw->source->store_time);
		g_autofree char *found = codes(raw);

		g_test_message("%s", rows[i].name);
		assert_text(raw, text);
		assert_place(raw);
		g_assert_cmpstr(raw->source->path, ==, path);
		g_assert_cmpstr(raw->source->flags, ==, rows[i].flags);
		g_assert_cmpstr(time, ==, rows[i].time);
		g_assert_cmpstr(found, ==, rows[i].codes);
		g_assert_cmpint(raw->source->kind, ==, STORE_MAILDIR);
		g_assert_false(raw->source->expunged);
		g_assert_cmpuint(raw->source->index, ==, 1);
	}
}

static void test_maildir_trouble(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *fifo = g_build_filename(dir, "cur", "2.fifo", NULL);
	g_autofree char *gone = g_build_filename(dir, "cur", "3.gone", NULL);
	g_autoptr(Haul) haul = NULL;

	g_free(put(dir, "cur/1.gz", slice_make("\x1F\x8B\x08\x00", 4)));
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_cmpint(symlink("nowhere", gone), ==, 0);
	put_text(dir, "cur/4.deep/x", "Subject: x\n");
	put_text(dir, "cur/5.empty", "");
	put_text(dir, "cur/6.from", FROM "X-Mozilla-Status: 0008\n");
	haul = haul_path(dir, MAILBOX_MAILDIR);
	g_assert_cmpuint(haul->errors->len, ==, 4);
	assert_error(haul, 0, "cur/1.gz", "gzip");
	assert_error(haul, 1, "cur/2.fifo", "not a regular file");
	assert_error(haul, 2, "cur/3.gone", "cannot be opened");
	assert_error(haul, 3, "cur/4.deep", "not a regular file");
	g_assert_cmpuint(haul->messages->len, ==, 2);
	assert_text(message(haul, 0), "");
	assert_text(message(haul, 1), "X-Mozilla-Status: 0008\n");
	g_assert_true(message(haul, 1)->source->expunged);
	g_assert_true(has_finding(haul, 1, "message-from-line"));
}

/* --- folders */

static void test_folder(void)
{
	static const struct {
		const char *name;
		const char *text;
		guint messages;
	} rows[] = {
		/* in the order in which they are read */
		{ "Archive.mbox/mbox", FROM "a: 1\n\n" FROM "a: 2\n", 2 },
		{ "Archive.mbox/table_of_contents", "\x01\x02", 0 },
		{ "Inbox", FROM "a: 1\n", 1 },
		{ "Inbox.msf", "// <!-- <mdb:mork:z v=\"1.4\"/> -->\n", 0 },
		{ "Inbox.sbd/Sub", "odd\n" FROM "a: 1\n", 1 },
		{ "Mail/cur/1.x:2,S", "a: 1\n", 1 },
		{ "Mail/new/2.x", "a: 1\n", 1 },
		{ "README.txt", "Note: nothing to see.\n\n" FROM "a: 1\n", 0 },
		{ "Takeout/Mail/\xE3\x81\x99\xE3\x81\xB9\xE3\x81\xA6 mail.mbox", FROM "a: 1\n", 1 },
		{ "key.pem", "-----BEGIN PUBLIC KEY-----\n", 0 },
		{ "one.eml", "X-Odd: 1\n\nx\n", 1 },
		{ "saved.txt", "Received: x\nFrom: a@example.com\n\nx\n", 1 },
		{ "two.EMLX", "5\na: b\n", 1 },
		{ "version", "", 0 },
		{ "zone.dns", ";kantei-evidence 1\n", 0 },
	};
	g_autoptr(Scratch) dir = scratch_new();
	g_autoptr(Haul) haul = NULL;
	guint at = 0;

	put_text(dir, ".hidden.eml", "Subject: x\n");
	put_text(dir, ".hidden/x.eml", "Subject: x\n");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		put_text(dir, rows[i].name, rows[i].text);
	haul = haul_path(dir, MAILBOX_FOLDER);
	g_assert_cmpuint(haul->errors->len, ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_build_filename(dir, rows[i].name, NULL);

		g_test_message("%s", rows[i].name);
		for (guint n = 0; n < rows[i].messages; n++, at++) {
			g_assert_cmpstr(message(haul, at)->source->path, ==, path);
			g_assert_cmpuint(message(haul, at)->source->index, ==, n + 1);
			assert_place(message(haul, at));
		}
	}
	g_assert_cmpuint(haul->messages->len, ==, at);
}

static void test_folder_trouble(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *fifo = g_build_filename(dir, "d.fifo", NULL);
	g_autofree char *loop = g_build_filename(dir, "e", NULL);
	g_autofree char *gone = g_build_filename(dir, "f.eml", NULL);
	g_autoptr(Haul) haul = NULL;

	put_text(dir, "a", "no mail\n");
	put_text(dir, "b.eml", "no mail\n");
	g_free(put(dir, "c.log.gz", slice_make("\x1F\x8B\x08\x00", 4)));
	g_free(put(dir, "c.odt", slice_of("PK\x03\x04")));
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_cmpint(symlink(".", loop), ==, 0);
	g_assert_cmpint(symlink("nowhere", gone), ==, 0);
	put_text(dir, "z.eml", "Subject: x\n");
	haul = haul_path(dir, MAILBOX_AUTO);
	g_assert_cmpuint(haul->messages->len, ==, 1);
	g_assert_cmpuint(haul->errors->len, ==, 6);
	assert_error(haul, 0, "/a", "not a mail file");
	assert_error(haul, 1, "/b.eml", "not a mail file");
	assert_error(haul, 2, "/c.log.gz", "gzip");
	assert_error(haul, 3, "/d.fifo", "not a regular file");
	assert_error(haul, 4, "/e", "read already");
	assert_error(haul, 5, "/f.eml", "cannot be read");
}

static void test_folder_unreadable(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *file = put(dir, "a.eml", slice_of("Subject: x\n"));
	g_autofree char *inner = g_build_filename(dir, "b", NULL);
	g_autoptr(Haul) haul = NULL;

	put_text(dir, "b/x.eml", "Subject: x\n");
	put_text(dir, "c.eml", "Subject: x\n");
	g_assert_cmpint(g_chmod(file, 0), ==, 0);
	g_assert_cmpint(g_chmod(inner, 0), ==, 0);
	/* Root may read everything. */
	g_assert_cmpint(g_chmod(dir, 0755), ==, 0);
	if (geteuid() == 0)
		g_assert_cmpint(seteuid(NOBODY), ==, 0);
	haul = haul_path(dir, MAILBOX_AUTO);
	if (getuid() == 0)
		g_assert_cmpint(seteuid(0), ==, 0);
	g_assert_cmpuint(haul->messages->len, ==, 1);
	g_assert_cmpuint(haul->errors->len, ==, 2);
	assert_error(haul, 0, "/a.eml", "Permission denied");
	assert_error(haul, 1, "/b", "Permission denied");
}

static void test_folder_deep(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autoptr(GString) name = g_string_new(NULL);
	g_autoptr(Haul) haul = NULL;

	for (int i = 0; i < 80; i++)
		g_string_append(name, "d/");
	g_string_append(name, "x.eml");
	put_text(dir, name->str, "Subject: x\n");
	put_text(dir, "e.eml", "Subject: x\n");
	haul = haul_path(dir, MAILBOX_AUTO);
	g_assert_cmpuint(haul->messages->len, ==, 1);
	assert_error(haul, 0, "/d/d/d", "too deep");
}

/* --- what a user names */

static void test_named(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *empty = put(dir, "empty", slice_of(""));
	g_autofree char *text = put(dir, "text", slice_of("no mail\n"));
	g_autofree char *missing = g_build_filename(dir, "missing\n", NULL);
	const struct {
		const char *path;
		MailboxKind kind;
		const char *error; /* NULL: no messages and no error */
	} rows[] = {
		{ empty, MAILBOX_AUTO, NULL },
		{ empty, MAILBOX_MBOX, NULL },
		{ empty, MAILBOX_MAILDIR, "is not a directory" },
		{ text, MAILBOX_AUTO, "not a mail file" },
		{ text, MAILBOX_FOLDER, "is not a directory" },
		{ missing, MAILBOX_AUTO, "cannot be opened" },
		{ dir, MAILBOX_MBOX, "is a directory" },
		{ dir, MAILBOX_MAILDIR, "neither cur nor new" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Haul) haul = haul_path(rows[i].path, rows[i].kind);
		g_autofree char *name = g_path_get_basename(rows[i].path);

		g_test_message("%s as %d", rows[i].path, rows[i].kind);
		g_assert_cmpuint(haul->messages->len, ==, 0);
		g_assert_cmpuint(haul->errors->len, ==, rows[i].error != NULL);
		if (rows[i].error != NULL)
			assert_error(haul, 0,
				g_str_has_prefix(name, "missing") ? "missing\\x0A" : name,
				rows[i].error);
	}
}

static void test_kind_words(void)
{
	MailboxKind kind = MAILBOX_AUTO;

	g_assert_true(mailbox_kind_parse("folder", &kind));
	g_assert_cmpint(kind, ==, MAILBOX_FOLDER);
	g_assert_false(mailbox_kind_parse("Folder", &kind));
	g_assert_false(mailbox_kind_parse("", &kind));
}

/* Standard input is a pipe that holds text, while path "-" is read. */
static Haul *haul_stdin(const char *text)
{
	int ends[2];
	int saved = dup(STDIN_FILENO);
	Haul *haul;

	g_assert_cmpint(pipe(ends), ==, 0);
	g_assert_cmpint(write(ends[1], text, strlen(text)), ==, (ssize_t)strlen(text));
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	haul = haul_path("-", MAILBOX_AUTO);
	g_assert_cmpint(fcntl(STDIN_FILENO, F_GETFD), >=, 0);
	dup2(saved, STDIN_FILENO);
	close(saved);
	return haul;
}

static void test_stdin(void)
{
	g_autoptr(Haul) mbox = haul_stdin(FROM "a: 1\n\n" FROM "a: 2\n");
	g_autoptr(Haul) eml = haul_stdin("Subject: a\n\nb\n");
	g_autoptr(Haul) none = haul_stdin("");

	g_assert_cmpuint(mbox->messages->len, ==, 2);
	assert_text(message(mbox, 1), "a: 2\n");
	g_assert_cmpstr(message(mbox, 1)->source->path, ==, "-");
	g_assert_cmpuint(message(mbox, 1)->source->offset, ==, 2 * strlen(FROM) + 6);
	assert_text(message(eml, 0), "Subject: a\n\nb\n");
	g_assert_cmpuint(none->messages->len + none->errors->len, ==, 0);
}

/* A FIFO that a user names is read (process substitution is one). */
static gpointer write_fifo(gpointer path)
{
	int fd = open(path, O_WRONLY);
	static const char text[] = FROM "a: 1\n";

	g_assert_cmpint(write(fd, text, sizeof text - 1), ==, sizeof text - 1);
	close(fd);
	return NULL;
}

static void test_named_fifo(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *path = g_build_filename(dir, "fifo", NULL);
	g_autoptr(Haul) haul = NULL;
	GThread *writer;

	g_assert_cmpint(mkfifo(path, 0600), ==, 0);
	writer = g_thread_new("writer", write_fifo, path);
	haul = haul_path(path, MAILBOX_AUTO);
	g_thread_join(writer);
	g_assert_cmpuint(haul->messages->len, ==, 1);
}

/* --- the same three messages in every kind of store (tests/data/mailboxes) */

typedef struct StoreRow {
	const char *name;
	guint messages;
	const char *quoting; /* "o", "rd", or "" for none */
	StoreKind kind;
} StoreRow;

static GBytes *unquote(GBytes *stored, const char *quoting)
{
	GBytes *unquoted = NULL;

	if (*quoting != '\0')
		unquoted = mbox_unquote(slice_of_bytes(stored),
			strcmp(quoting, "o") == 0 ? MBOX_QUOTING_O : MBOX_QUOTING_RD);
	return unquoted != NULL ? unquoted : g_bytes_ref(stored);
}

/* Without what the store has put in or altered: CRLF, quoting, its fields. */
static char *canonical(const RawMessage *raw, const char *quoting)
{
	g_autoptr(GBytes) lf = suite_lines(slice_of_bytes(raw->bytes), SUITE_LF);
	g_autoptr(GBytes) unquoted = unquote(lf, quoting);
	Slice rest = slice_of_bytes(unquoted);
	GString *out = g_string_new(NULL);

	while (rest.len > 0) {
		Slice line = slice_take_line(&rest);

		if (!slice_starts(line, "X-Mozilla-") && !slice_starts(line, "X-G") &&
			!slice_starts(line, "Content-Length:"))
			g_string_append_len(out, line.data, (gssize)line.len);
	}
	return g_string_free(out, FALSE);
}

static void check_stored(
	const StoreRow *row, guint n, const RawMessage *raw, const RawMessage *model)
{
	g_autofree char *text = canonical(raw, row->quoting);
	g_autofree char *wanted = text_of(model);

	g_assert_cmpstr(text, ==, wanted);
	assert_place(raw);
	g_assert_cmpint(raw->source->kind, ==, row->kind);
	g_assert_cmpint(raw->source->store_time, ==,
		row->kind == STORE_EML ? TIME_UNKNOWN : model->source->store_time);
	g_assert_cmpint(
		raw->source->expunged, ==, n == 2 && strcmp(row->name, "thunderbird.mbox") == 0);
}

static void test_same_messages(void)
{
	static const StoreRow rows[] = {
		{ "mboxo.mbox", 3, "o", STORE_MBOX },
		{ "mboxrd.mbox", 3, "rd", STORE_MBOX },
		{ "mboxcl2.mbox", 3, "", STORE_MBOX },
		{ "crlf.mbox", 3, "rd", STORE_MBOX },
		{ "thunderbird.mbox", 3, "o", STORE_MBOX },
		{ "takeout.mbox", 3, "rd", STORE_MBOX },
		{ "maildir", 3, "", STORE_MAILDIR },
		{ "x.eml", 1, "", STORE_EML },
		{ "x.emlx", 1, "", STORE_EMLX },
	};
	g_autofree char *dir = suite_path("tests/data/mailboxes");
	g_autofree char *maildir = g_build_filename(dir, "maildir", NULL);
	g_autoptr(Haul) model = haul_path(maildir, MAILBOX_AUTO);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_build_filename(dir, rows[i].name, NULL);
		g_autoptr(Haul) haul = haul_path(path, MAILBOX_AUTO);

		g_test_message("%s", rows[i].name);
		g_assert_cmpuint(haul->errors->len, ==, 0);
		g_assert_cmpuint(haul->messages->len, ==, rows[i].messages);
		for (guint n = 0; n < haul->messages->len; n++)
			check_stored(&rows[i], n, message(haul, n), message(model, n));
	}
}

/* --- large and shrinking files */

static void test_shrinking(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *path = NULL;
	g_autoptr(Mailbox) mailbox = NULL;
	g_autoptr(Haul) rest = NULL;
	RawMessage *raw = NULL;
	GError *error = NULL;

	for (int i = 0; i < 1000; i++)
		g_string_append(text, FROM "a: b\n\ntext\n\n");
	path = put(dir, "mbox", slice_make(text->str, text->len));
	mailbox = mailbox_open_limited(path, MAILBOX_AUTO, 1000, WINDOW_CAPACITY_MIN);
	g_assert_cmpint(mailbox_next(mailbox, &raw, &error), ==, MAILBOX_MESSAGE);
	raw_message_free(raw);
	g_assert_cmpint(truncate(path, 10000), ==, 0);
	rest = haul_all(mailbox);
	g_assert_cmpuint(rest->messages->len, >, 100);
	g_assert_cmpuint(rest->messages->len, <, 200);
	g_assert_cmpuint(rest->errors->len, ==, 1);
	assert_error(rest, 0, path, "shrank while it was read: it ends at offset 10000");
	assert_error(rest, 0, "the message at offset ", "is lost");
}

/* What lies beyond the limit is hashed, and no part of what is analysed. */
static void test_limit(void)
{
	static const char *const texts[] = { "Subject: a\n\nlong text that goes on\n\nand on\n",
		"Subject: a\n\n12345678", "Subject: a\n\n123456789", "Subject: a\n\n1234567\n" };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(Scratch) dir = scratch_new();
		g_autofree char *text = g_strconcat(FROM, texts[i], NULL);
		g_autofree char *path = put(dir, "mbox", slice_of(text));
		g_autoptr(Mailbox) mailbox =
			mailbox_open_limited(path, MAILBOX_AUTO, 20, WINDOW_CAPACITY_MIN);
		g_autoptr(Haul) haul = haul_all(mailbox);
		DigestValue value = digest_of(DIGEST_SHA256, slice_of(texts[i]));
		g_autofree char *hex = digest_hex(&value);

		g_test_message("%s", texts[i]);
		g_assert_cmpuint(haul->messages->len, ==, 1);
		g_assert_true(slice_equal(slice_of_bytes(message(haul, 0)->bytes),
			slice_sub(slice_of(texts[i]), 0, 20)));
		g_assert_cmpuint(message(haul, 0)->source->length, ==, strlen(texts[i]));
		g_assert_cmpstr(message(haul, 0)->source->sha256, ==, hex);
		g_assert_cmpint(has_finding(haul, 0, "message-cut"), ==, strlen(texts[i]) > 20);
	}
}

static void test_raw_message(void)
{
	Source *source = source_new();
	g_autoptr(RawMessage) raw = NULL;

	source->path = g_strdup("x");
	raw = raw_message_new(source, slice_of("a: b\n"));
	assert_text(raw, "a: b\n");
	g_assert_cmpuint(raw->source->length, ==, 5);
	g_assert_cmpuint(findings_count(raw->findings), ==, 0);
}

static long peak_kilobytes(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

#define LARGE_MESSAGES 4800u
#define LARGE_BODY     65536u

/* 300 MiB, written as a file with holes: bodies of NUL. */
static char *put_large(const char *dir)
{
	char *path = g_build_filename(dir, "large.mbox", NULL);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	g_assert_cmpint(fd, >=, 0);
	for (unsigned i = 0; i < LARGE_MESSAGES; i++) {
		g_autofree char *text = g_strdup_printf(FROM "Subject: %u\n\n", i);
		ssize_t len = (ssize_t)strlen(text);

		g_assert_cmpint(write(fd, text, (size_t)len), ==, len);
		g_assert_cmpint(lseek(fd, LARGE_BODY, SEEK_CUR), >, 0);
		g_assert_cmpint(write(fd, "\n\n", 2), ==, 2);
	}
	close(fd);
	return path;
}

static void test_large(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *path = put_large(dir);
	g_autoptr(Mailbox) mailbox = mailbox_open(path, MAILBOX_AUTO);
	long before = peak_kilobytes();
	uint64_t end = 0;
	unsigned count = 0;
	RawMessage *raw = NULL;

	while (mailbox_next(mailbox, &raw, NULL) == MAILBOX_MESSAGE) {
		g_autofree char *subject = g_strdup_printf("Subject: %u\n\n", count++);

		if (!slice_starts(slice_of_bytes(raw->bytes), subject) ||
			raw->source->offset != end + strlen(FROM) ||
			raw->source->length != strlen(subject) + LARGE_BODY + 1)
			g_error("message %u is not as it was written", count);
		end = raw->source->offset + raw->source->length + 1;
		raw_message_free(raw);
	}
	g_assert_cmpuint(count, ==, LARGE_MESSAGES);
	g_assert_cmpuint(end, >, (uint64_t)300 * 1000 * 1000);
	g_test_message("%ld kB before, %ld kB after", before, peak_kilobytes());
	if (!KEEPS_FREED_BLOCKS)
		g_assert_cmpint(peak_kilobytes() - before, <, 32 * 1024);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/mailbox/large", test_large);
	g_test_add_func("/mailbox/from-line", test_from_line);
	g_test_add_func("/mailbox/unquote", test_unquote);
	g_test_add_func("/mailbox/mbox", test_mbox);
	g_test_add_func("/mailbox/mbox/content-length", test_mbox_content_length);
	g_test_add_func("/mailbox/mbox/long-lines", test_mbox_long_lines);
	g_test_add_func("/mailbox/mbox/long-from-line", test_mbox_long_from_line);
	g_test_add_func("/mailbox/mbox/nothing", test_mbox_nothing);
	g_test_add_func("/mailbox/mbox/octets", test_mbox_octets);
	g_test_add_func("/mailbox/eml", test_eml);
	g_test_add_func("/mailbox/recognised", test_recognised);
	g_test_add_func("/mailbox/emlx", test_emlx);
	g_test_add_func("/mailbox/emlx/partial", test_emlx_partial);
	g_test_add_func("/mailbox/maildir", test_maildir);
	g_test_add_func("/mailbox/maildir/trouble", test_maildir_trouble);
	g_test_add_func("/mailbox/folder", test_folder);
	g_test_add_func("/mailbox/folder/trouble", test_folder_trouble);
	g_test_add_func("/mailbox/folder/unreadable", test_folder_unreadable);
	g_test_add_func("/mailbox/folder/deep", test_folder_deep);
	g_test_add_func("/mailbox/named", test_named);
	g_test_add_func("/mailbox/named/kind-words", test_kind_words);
	g_test_add_func("/mailbox/named/stdin", test_stdin);
	g_test_add_func("/mailbox/named/fifo", test_named_fifo);
	g_test_add_func("/mailbox/same-messages", test_same_messages);
	g_test_add_func("/mailbox/shrinking", test_shrinking);
	g_test_add_func("/mailbox/limit", test_limit);
	g_test_add_func("/mailbox/raw-message", test_raw_message);
	return g_test_run();
}
