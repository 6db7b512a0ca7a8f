/* Maildirs and folders: what is read in them, in what order, and what is said of the rest. */
#include "mailbox_suite.h"

#include "base/text_time.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

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

	scratch_put_text(dir, "tmp/1630748185.unfinished", "Subject: x\n");
	scratch_put_text(dir, "cur/.hidden", "Subject: x\n");
	scratch_put_text(dir, ".NoMaildir/x.eml", "Subject: x\n");
	scratch_put_text(dir, "dovecot-uidlist", "3 V1 N2\n");
	scratch_put_text(dir, "courierimapkeywords/list", "x\n");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf("Subject: %s\n", rows[i].name);

		scratch_put_text(dir, rows[i].name, text);
	}
	haul = haul_path(dir, MAILBOX_AUTO);
	g_assert_cmpuint(haul->errors->len, ==, 0);
	g_assert_cmpuint(haul->messages->len, ==, G_N_ELEMENTS(rows));
	for (guint i = 0; i < MIN(G_N_ELEMENTS(rows), haul->messages->len); i++) {
		const RawMessage *raw = haul_message(haul, i);
		g_autofree char *text = g_strdup_printf("Subject: %s\n", rows[i].name);
		g_autofree char *path = g_build_filename(dir, rows[i].name, NULL);
		g_autofree char *time = text_time_rfc3339(raw->source->store_time);
		g_autofree char *found = raw_codes(raw);

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

	g_free(scratch_put(dir, "cur/1.gz", slice_make("\x1F\x8B\x08\x00", 4)));
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_cmpint(symlink("nowhere", gone), ==, 0);
	scratch_put_text(dir, "cur/4.deep/x", "Subject: x\n");
	scratch_put_text(dir, "cur/5.empty", "");
	scratch_put_text(dir, "cur/6.from", FROM "X-Mozilla-Status: 0008\n");
	haul = haul_path(dir, MAILBOX_MAILDIR);
	g_assert_cmpuint(haul->errors->len, ==, 4);
	assert_error(haul, 0, "cur/1.gz", "damaged");
	assert_error(haul, 1, "cur/2.fifo", "not a regular file");
	assert_error(haul, 2, "cur/3.gone", "cannot be opened");
	assert_error(haul, 3, "cur/4.deep", "not a regular file");
	g_assert_cmpuint(haul->messages->len, ==, 2);
	assert_text(haul_message(haul, 0), "");
	assert_text(haul_message(haul, 1), "X-Mozilla-Status: 0008\n");
	g_assert_true(haul_message(haul, 1)->source->expunged);
	g_assert_true(haul_has_finding(haul, 1, "message-from-line"));
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

	scratch_put_text(dir, ".hidden.eml", "Subject: x\n");
	scratch_put_text(dir, ".hidden/x.eml", "Subject: x\n");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		scratch_put_text(dir, rows[i].name, rows[i].text);
	haul = haul_path(dir, MAILBOX_FOLDER);
	g_assert_cmpuint(haul->errors->len, ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_build_filename(dir, rows[i].name, NULL);

		g_test_message("%s", rows[i].name);
		for (guint n = 0; n < rows[i].messages; n++, at++) {
			g_assert_cmpstr(haul_message(haul, at)->source->path, ==, path);
			g_assert_cmpuint(haul_message(haul, at)->source->index, ==, n + 1);
			assert_place(haul_message(haul, at));
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

	scratch_put_text(dir, "a", "no mail\n");
	scratch_put_text(dir, "b.eml", "no mail\n");
	g_free(scratch_put(dir, "c.log.gz", slice_make("\x1F\x8B\x08\x00", 4)));
	g_free(scratch_put(dir, "c.odt", slice_of("PK\x03\x04")));
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_cmpint(symlink(".", loop), ==, 0);
	g_assert_cmpint(symlink("nowhere", gone), ==, 0);
	scratch_put_text(dir, "z.eml", "Subject: x\n");
	haul = haul_path(dir, MAILBOX_AUTO);
	g_assert_cmpuint(haul->messages->len, ==, 1);
	g_assert_cmpuint(haul->errors->len, ==, 6);
	assert_error(haul, 0, "/a", "not a mail file");
	assert_error(haul, 1, "/b.eml", "not a mail file");
	assert_error(haul, 2, "/c.log.gz", "damaged");
	assert_error(haul, 3, "/d.fifo", "not a regular file");
	assert_error(haul, 4, "/e", "read already");
	assert_error(haul, 5, "/f.eml", "cannot be read");
}

static void test_folder_unreadable(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *file = scratch_put(dir, "a.eml", slice_of("Subject: x\n"));
	g_autofree char *inner = g_build_filename(dir, "b", NULL);
	g_autoptr(Haul) haul = NULL;

	scratch_put_text(dir, "b/x.eml", "Subject: x\n");
	scratch_put_text(dir, "c.eml", "Subject: x\n");
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
	scratch_put_text(dir, name->str, "Subject: x\n");
	scratch_put_text(dir, "e.eml", "Subject: x\n");
	haul = haul_path(dir, MAILBOX_AUTO);
	g_assert_cmpuint(haul->messages->len, ==, 1);
	assert_error(haul, 0, "/d/d/d", "too deep");
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/mailbox/maildir", test_maildir);
	g_test_add_func("/mailbox/maildir/trouble", test_maildir_trouble);
	g_test_add_func("/mailbox/folder", test_folder);
	g_test_add_func("/mailbox/folder/trouble", test_folder_trouble);
	g_test_add_func("/mailbox/folder/unreadable", test_folder_unreadable);
	g_test_add_func("/mailbox/folder/deep", test_folder_deep);
	return g_test_run();
}
