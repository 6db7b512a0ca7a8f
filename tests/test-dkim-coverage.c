/* Tests of auth/dkim_coverage.h and auth/dkim_copies.h: what a signature covers, and the copies of
 * fields that it carries. */
#include "auth/dkim.h"
#include "dkim_suite.h"

#include <string.h>

static const char plain[] = "From: Alice <alice@example.com>\r\n"
			    "To: bob@example.net\r\n"
			    "Subject: demo  run\r\n"
			    "Date: Tue, 24 Nov 2026 02:15:00 +0000\r\n"
			    "Reply-To: alice@example.com\r\n"
			    "\r\n"
			    "Hello\r\n";

static SignerKey *key;

static Stage *signed_stage(const char *message, const SignOptions *options)
{
	g_autofree char *record = signer_key_record(key, NULL);
	Evidence *evidence = evidence_new();
	Stage *stage;

	suite_txt(evidence, "test._domainkey.example.com", record);
	stage = stage_new(signer_sign(key, slice_of(message), options), evidence);
	stage_verify(stage);
	return stage;
}

static char *joined(const GPtrArray *texts)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < texts->len; i++)
		g_string_append_printf(
			all, "%s%s", i > 0 ? ":" : "", (const char *)g_ptr_array_index(texts, i));
	return g_string_free(all, FALSE);
}

static void check_texts(const GPtrArray *texts, const char *wanted)
{
	g_autofree char *all = joined(texts);

	g_assert_cmpstr(all, ==, wanted);
}

static void test_coverage(void)
{
	static const struct {
		const char *names, *not_signed, *addable;
	} rows[] = {
		{ "from:to:subject:date", "reply-to",
			"from:to:cc:subject:date:sender:reply-to:message-id:content-type:"
			"content-transfer-encoding:mime-version:list-unsubscribe:"
			"list-unsubscribe-post:list-id:in-reply-to:references" },
		/* Over-signed names and names that are not there cannot be added any more. */
		{ "from:from:to:to:subject:subject:date:date:reply-to:reply-to:cc:sender:"
		  "content-type:content-transfer-encoding:mime-version:message-id",
			"",
			"list-unsubscribe:list-unsubscribe-post:list-id:in-reply-to:references" },
		{ "from:from", "to:subject:date:reply-to",
			"to:cc:subject:date:sender:reply-to:message-id:content-type:"
			"content-transfer-encoding:mime-version:list-unsubscribe:"
			"list-unsubscribe-post:list-id:in-reply-to:references" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		SignOptions options = { .names = rows[i].names };
		g_autoptr(Stage) stage = signed_stage(plain, &options);
		const DkimSignature *signature = stage_signature(stage, 0);

		g_test_message("%s", rows[i].names);
		check_texts(signature->signed_fields, rows[i].names);
		check_texts(signature->unsigned_fields, rows[i].not_signed);
		check_texts(signature->addable_fields, rows[i].addable);
		g_assert_null(signature->copies);
	}
}

/* What coverage says can be added can be, and nothing else. */
static void test_addable_is_true(void)
{
	static const char *const names[] = { "From", "To", "Subject", "Reply-To", "Cc" };
	SignOptions options = { .names = "from:from:to:subject:subject:cc" };
	g_autoptr(Stage) stage = signed_stage(plain, &options);
	GPtrArray *addable = stage_signature(stage, 0)->addable_fields;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *lower = g_ascii_strdown(names[i], -1);
		g_autofree char *added = g_strconcat(names[i], ": eve@example.org\r\n", NULL);
		Slice message = slice_of_bytes(stage->bytes);
		GString *text = g_string_new(added);
		g_autofree char *record = signer_key_record(key, NULL);
		Evidence *evidence = evidence_new();
		g_autoptr(Stage) other = NULL;

		g_string_append_len(text, message.data, (gssize)message.len);
		suite_txt(evidence, "test._domainkey.example.com", record);
		other = stage_new(g_string_free_to_bytes(text), evidence);
		stage_verify(other);
		g_test_message("%s", names[i]);
		g_assert_true((stage_signature(other, 0)->header_signature == SIGNATURE_VALID) ==
			      g_ptr_array_find_with_equal_func(addable, lower, g_str_equal, NULL));
	}
}

static const struct {
	const char *copies;
	unsigned count;
	const char *name, *copied, *present; /* the one difference; name NULL: there is none */
} copy_rows[] = {
	{ "From:Alice=20<alice@example.com>|To:bob@example.net", 2, NULL, NULL, NULL },
	{ "subject:demo=20=20run|\r\n Date:=20Tue,=2024=20Nov=202026=2002:15:00=20+0000", 2, NULL,
		NULL, NULL },
	{ "Subject:demo=20run=20two|From:Alice=20\r\n <alice@example.com>", 2, "Subject",
		"demo run two", "demo run" },
	{ "Cc:carol@example.net", 1, "Cc", "carol@example.net", NULL },
	{ "Subject:a=7Cb", 1, "Subject", "a|b", "demo run" },
	{ "Subject:=00=1B[31m", 1, "Subject", "\\x00\\x1B[31m", "demo run" },
	{ "no-colon||:no-name", 0, NULL, NULL, NULL },
	{ "", 0, NULL, NULL, NULL },
};

static void test_copies(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(copy_rows); i++) {
		g_autofree char *more = g_strdup_printf("z=%s;", copy_rows[i].copies);
		SignOptions options = { .more = more };
		g_autoptr(Stage) stage = signed_stage(plain, &options);
		const DkimCopies *copies = stage_signature(stage, 0)->copies;
		guint wanted = copy_rows[i].name != NULL;

		g_test_message("z=%s", copy_rows[i].copies);
		g_assert_nonnull(copies);
		g_assert_cmpuint(copies->count, ==, copy_rows[i].count);
		g_assert_cmpuint(copies->differences->len, ==, wanted);
		g_assert_true((findings_find(stage->findings, "dkim-copies-differ") != NULL) ==
			      (wanted > 0));
		if (copies->differences->len == 1) {
			const DkimCopyDifference *only = g_ptr_array_index(copies->differences, 0);

			g_assert_cmpstr(only->name, ==, copy_rows[i].name);
			g_assert_cmpstr(only->copied, ==, copy_rows[i].copied);
			g_assert_cmpstr(only->present, ==, copy_rows[i].present);
		}
	}
}

/* Copies of a repeated field are each compared with every one of its name. */
static void test_repeated(void)
{
	static const char message[] = "From: alice@example.com\r\n"
				      "Comments: one\r\n"
				      "Comments: two\r\n"
				      "Comments: three\r\n"
				      "\r\n"
				      "Hello\r\n";
	SignOptions options = { .names = "from",
		.more = "z=Comments:one|Comments:2|Comments:two;" };
	g_autoptr(Stage) stage = signed_stage(message, &options);
	const DkimCopies *copies = stage_signature(stage, 0)->copies;
	const DkimCopyDifference *only;

	g_assert_cmpuint(copies->count, ==, 3);
	g_assert_cmpuint(copies->differences->len, ==, 1);
	only = g_ptr_array_index(copies->differences, 0);
	g_assert_cmpstr(only->copied, ==, "2");
	g_assert_cmpstr(only->present, ==, "three");
}

int main(int argc, char **argv)
{
	int status;

	suite_init(&argc, &argv);
	key = signer_key_new(1024);
	g_test_add_func("/coverage/fields", test_coverage);
	g_test_add_func("/coverage/addable", test_addable_is_true);
	g_test_add_func("/copies/rows", test_copies);
	g_test_add_func("/copies/repeated", test_repeated);
	status = g_test_run();
	signer_key_free(key);
	return status;
}
