/* What a user names as a mailbox, the same messages in every kind of store, large files and files
 * that shrink. */
#include "mailbox_suite.h"

#include "base/digest.h"
#include "base/text_time.h"
#include "mailbox/mbox.h"
#include "mailbox/reader.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* AddressSanitizer does, to find who uses them. */
#ifdef __SANITIZE_ADDRESS__
#define KEEPS_FREED_BLOCKS true
#else
#define KEEPS_FREED_BLOCKS false
#endif

/* --- what a user names */

static void test_named(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *empty = scratch_put(dir, "empty", slice_of(""));
	g_autofree char *text = scratch_put(dir, "text", slice_of("no mail\n"));
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
	assert_text(haul_message(mbox, 1), "a: 2\n");
	g_assert_cmpstr(haul_message(mbox, 1)->source->path, ==, "-");
	g_assert_cmpuint(haul_message(mbox, 1)->source->offset, ==, 2 * strlen(FROM) + 6);
	assert_text(haul_message(eml, 0), "Subject: a\n\nb\n");
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
	g_autofree char *wanted = raw_text(model);

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
			check_stored(&rows[i], n, haul_message(haul, n), haul_message(model, n));
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
	path = scratch_put(dir, "mbox", slice_make(text->str, text->len));
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
		g_autofree char *path = scratch_put(dir, "mbox", slice_of(text));
		g_autoptr(Mailbox) mailbox =
			mailbox_open_limited(path, MAILBOX_AUTO, 20, WINDOW_CAPACITY_MIN);
		g_autoptr(Haul) haul = haul_all(mailbox);
		DigestValue value = digest_of(DIGEST_SHA256, slice_of(texts[i]));
		g_autofree char *hex = digest_hex(&value);

		g_test_message("%s", texts[i]);
		g_assert_cmpuint(haul->messages->len, ==, 1);
		g_assert_true(slice_equal(slice_of_bytes(haul_message(haul, 0)->bytes),
			slice_sub(slice_of(texts[i]), 0, 20)));
		g_assert_cmpuint(haul_message(haul, 0)->source->length, ==, strlen(texts[i]));
		g_assert_cmpstr(haul_message(haul, 0)->source->sha256, ==, hex);
		g_assert_cmpint(
			haul_has_finding(haul, 0, "message-cut"), ==, strlen(texts[i]) > 20);
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
