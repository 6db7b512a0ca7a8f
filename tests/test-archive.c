/* Archives: what is in them is read, what is wrong with one of them is said, and the rest is read.
 */
#include "mailbox/reader.h"
#include "mailbox_suite.h"

#include <string.h>

#define MAIL "From: a@b.example\nSubject: x\n\nhello\n"

/* Of the archives that the fuzz harness begins with. */
static char *archive_path(const char *name)
{
	g_autofree char *relative =
		g_build_filename("tests", "fuzz", "corpus", "unpack", name, NULL);

	return suite_path(relative);
}

static Haul *haul_archive(const char *name, const UnpackLimits *limits)
{
	g_autofree char *path = archive_path(name);
	g_autoptr(Mailbox) mailbox = mailbox_open(path, MAILBOX_AUTO);

	if (limits != NULL)
		mailbox_limit_archives(mailbox, limits);
	return haul_all(mailbox);
}

static void assert_member(const Haul *haul, guint index, const char *archive, const char *member)
{
	const Source *source = haul_message(haul, index)->source;
	g_autofree char *path = g_strconcat(archive, "!", member, NULL);

	g_assert_cmpstr(source->path, ==, path);
	g_assert_cmpstr(source->archive, ==, archive);
}

/* --- what is read */

static void test_members(void)
{
	static const struct {
		const char *name;
		const char *members[3];
		StoreKind kind;
	} rows[] = {
		{ "gzip", { "gzip" }, STORE_MBOX },
		{ "bzip2", { "bzip2" }, STORE_MBOX },
		{ "xz", { "xz" }, STORE_MBOX },
		{ "zstd", { "zstd" }, STORE_MBOX },
		{ "tar", { "in/x.eml", "../../a\x1b[1m.eml" }, STORE_EML },
		{ "zip", { "x.eml", "\xE6\x97\xA5\xE6\x9C\xAC.eml" }, STORE_EML },
		{ "zip-stored", { "x.eml" }, STORE_EML },
		{ "zip-bzip2", { "x.eml" }, STORE_EML },
		{ "zip-xz", { "x.eml" }, STORE_EML },
		{ "zip-streamed", { "x.eml", "y.eml" }, STORE_EML },
		{ "zip-empty", { NULL }, STORE_EML },
		{ "nested", { "n3.tar!n2.tar!n1.tar!n0.tar!x.eml" }, STORE_EML },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = archive_path(rows[i].name);
		g_autoptr(Haul) haul = haul_archive(rows[i].name, NULL);
		guint count = 0;

		g_test_message("%s", rows[i].name);
		g_assert_cmpuint(haul->errors->len, ==, 0);
		for (; count < 3 && rows[i].members[count] != NULL; count++) {
			const RawMessage *raw = haul_message(haul, count);

			assert_member(haul, count, path, rows[i].members[count]);
			g_assert_cmpint(raw->source->kind, ==, rows[i].kind);
			if (rows[i].kind == STORE_EML)
				assert_text(raw, MAIL);
		}
		g_assert_cmpuint(haul->messages->len, ==, count);
	}
}

/* A zip in an archive is one only by its name; office documents are passed over. */
static void test_nested(void)
{
	g_autofree char *path = archive_path("nested-gzip");
	g_autoptr(Haul) haul = haul_archive("nested-gzip", NULL);

	g_assert_cmpuint(haul->errors->len, ==, 0);
	g_assert_cmpuint(haul->messages->len, ==, 2);
	assert_member(haul, 0, path, "a/x.mbox.gz!x.mbox");
	g_assert_cmpuint(haul_message(haul, 0)->source->offset, ==, 42);
	assert_member(haul, 1, path, "b.zip!x.eml");
}

/* --- what is not */

static void test_trouble(void)
{
	/* Where not all of it is read: what is, and what is said of the rest. */
	static const struct {
		const char *name;
		guint messages;
		const char *place;
		const char *text;
	} rows[] = {
		{ "zip-encrypted", 1, "zip-encrypted!secret.eml", "encrypted" },
		{ "gzip-head", 0, "gzip-head", "damaged" },
		{ "gzip-cut", 0, "gzip-cut", "truncated" },
		{ "gzip-chain", 0, "gzip-chain", "filters" },
		{ "tar-cut", 1, "tar-cut!y.eml", "cannot be read at offset 0" },
		{ "zip-garbled", 1, "zip-garbled!x.eml", "cannot be read at offset" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Haul) haul = haul_archive(rows[i].name, NULL);

		g_test_message("%s", rows[i].name);
		g_assert_cmpuint(haul->messages->len, ==, rows[i].messages);
		g_assert_cmpuint(haul->errors->len, >=, 1);
		assert_error(haul, 0, rows[i].place, rows[i].text);
	}
}

static void test_limits(void)
{
	static const UnpackLimits limits = { .ratio = 20,
		.free = 64 * 1024,
		.free_total = 256 * 1024,
		.octets = 1024 * 1024,
		.depth = 3 };
	static const struct {
		const char *name;
		guint messages;
		const char *place;
		const char *text;
	} rows[] = {
		/* What is a bomb's is lost, what lies behind it in a zip is not. */
		{ "bomb-zip", 1, "bomb-zip!x.eml", "bomb" },
		{ "bomb-gzip", 0, "bomb-gzip!bomb-gzip", "bomb" },
		{ "bomb-bzip2", 0, "bomb-bzip2!bomb-bzip2", "bomb" },
		{ "bomb-tar", 0, "bomb-tar!x", "bomb" },
		{ "tar-sparse", 1, "tar-sparse!s.bin", "bomb" },
		{ "nested", 0, "nested!n3.tar!n2.tar!n1.tar", "too many archives" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Haul) haul = haul_archive(rows[i].name, &limits);

		g_test_message("%s", rows[i].name);
		g_assert_cmpuint(haul->messages->len, ==, rows[i].messages);
		g_assert_cmpuint(haul->errors->len, >=, 1);
		assert_error(haul, 0, rows[i].place, rows[i].text);
	}
}

/* --- where it is found */

static char *put_archive(const char *dir, const char *name, const char *archive)
{
	g_autofree char *path = archive_path(archive);
	g_autofree char *octets = NULL;
	gsize len = 0;

	g_assert_true(g_file_get_contents(path, &octets, &len, NULL));
	return scratch_put(dir, name, slice_make(octets, len));
}

static void test_folder(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *box = put_archive(dir, "a/x.mbox.gz", "gzip");
	g_autofree char *zip = put_archive(dir, "b.zip", "zip");
	g_autoptr(Haul) haul = NULL;

	g_free(put_archive(dir, "c.docx", "zip"));
	scratch_put_text(dir, "d.eml", MAIL);
	haul = haul_path(dir, MAILBOX_AUTO);
	g_assert_cmpuint(haul->errors->len, ==, 0);
	g_assert_cmpuint(haul->messages->len, ==, 4);
	assert_member(haul, 0, box, "x.mbox");
	assert_member(haul, 1, zip, "x.eml");
	g_assert_null(haul_message(haul, 3)->source->archive);
}

/* Dovecot stores messages compressed under the names that they have anyway. */
static void test_maildir(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *file = put_archive(dir, "cur/1630748188.M1.host,S=78:2,S", "gzip");
	g_autoptr(Haul) haul = haul_path(dir, MAILBOX_MAILDIR);

	g_assert_cmpuint(haul->errors->len, ==, 0);
	g_assert_cmpuint(haul->messages->len, ==, 1);
	assert_member(haul, 0, file, "1630748188.M1.host,S=78:2,S");
	g_assert_cmpint(haul_message(haul, 0)->source->kind, ==, STORE_MAILDIR);
	g_assert_cmpstr(haul_message(haul, 0)->source->flags, ==, "S");
	g_assert_cmpint(haul_message(haul, 0)->source->store_time, !=, 0);
}

/* The kind that is forced is that of what lies in it. */
static void test_kind(void)
{
	g_autofree char *path = archive_path("gzip");
	g_autoptr(Haul) haul = haul_path(path, MAILBOX_EML);

	g_assert_cmpuint(haul->messages->len, ==, 1);
	g_assert_cmpint(haul_message(haul, 0)->source->kind, ==, STORE_EML);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/archive/members", test_members);
	g_test_add_func("/archive/nested", test_nested);
	g_test_add_func("/archive/trouble", test_trouble);
	g_test_add_func("/archive/limits", test_limits);
	g_test_add_func("/archive/folder", test_folder);
	g_test_add_func("/archive/maildir", test_maildir);
	g_test_add_func("/archive/kind", test_kind);
	return g_test_run();
}
