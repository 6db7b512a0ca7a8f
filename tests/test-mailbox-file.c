/* Files of one message (.eml, .emlx), and how the kind of a file is recognised. */
#include "mailbox_suite.h"

#include "base/text_time.h"

#include <string.h>

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
		g_autofree char *found = raw_codes(haul_message(haul, 0));

		g_test_message("%s", rows[i].text);
		assert_text(haul_message(haul, 0), rows[i].message);
		g_assert_cmpuint(haul_message(haul, 0)->source->offset, ==, rows[i].offset);
		g_assert_cmpint(haul_message(haul, 0)->source->kind, ==, STORE_EML);
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
		g_assert_cmpint(haul_message(haul, 0)->source->kind, ==, rows[i].kind);
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
		found = raw_codes(haul_message(haul, 0));
		time = text_time_rfc3339(haul_message(haul, 0)->source->store_time);
		assert_text(haul_message(haul, 0), rows[i].message);
		g_assert_cmpstr(found, ==, rows[i].codes);
		g_assert_cmpstr(time, ==, rows[i].time);
		g_assert_cmpint(haul_message(haul, 0)->source->expunged, ==,
			strcmp(rows[i].codes, "store-expunged") == 0);
	}
}

static void test_emlx_partial(void)
{
	g_autoptr(Scratch) dir = scratch_new();
	g_autofree char *path = scratch_put(dir, "12.partial.emlx",
		slice_of("5\na: b\n" PLIST("<key>flags</key><integer>1</integer>")));
	g_autoptr(Haul) haul = haul_path(path, MAILBOX_AUTO);

	g_assert_true(haul_has_finding(haul, 0, "emlx-partial"));
	assert_place(haul_message(haul, 0));
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/mailbox/eml", test_eml);
	g_test_add_func("/mailbox/recognised", test_recognised);
	g_test_add_func("/mailbox/emlx", test_emlx);
	g_test_add_func("/mailbox/emlx/partial", test_emlx_partial);
	return g_test_run();
}
