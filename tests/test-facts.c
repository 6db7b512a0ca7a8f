/* Facts of whole messages: the same however the lines end. */
#include "message/facts.h"

#include "base/text_time.h"
#include "suite.h"

typedef struct Row {
	const char *message, *finding;
} Row;

#define HEAD "From: a@example.jp\nDate: Wed, 1 May 2024 09:00:00 +0900\n"

static const Row rows[] = {
	{ "Date: Wed, 1 May 2024 09:00:00 +0900\n\nx\n", "from-missing" },
	{ HEAD "From : b@example.com\n\nx\n", "from-multiple-fields" },
	{ "From: a@example.jp, b@example.com\n\nx\n", "from-multiple-addresses" },
	{ HEAD "Subject: a\nSubject: b\n\nx\n", "field-repeated" },
	{ HEAD "From: b@example.com\n\nx\n", "from-ambiguous" },
	{ "From: <a@example.jp>\\,<b@example.com>\n\nx\n", "from-ambiguous" },
	{ "From: =?utf-8?B?YUBleGFtcGxlLmpw?=@example.com\n\nx\n", "from-ambiguous" },
	{ "From: MAILER-DAEMON\n\nx\n", "from-no-address" },
	{ "Sender: a@example.jp\n\nx\n", "from-substitute" },
	{ HEAD "Sender: b@example.com\n\nx\n", "sender-elsewhere" },
	{ HEAD "Reply-To: b@example.com\n\nx\n", "reply-to-elsewhere" },
	{ HEAD "Reply-To: b@exarnple.jp\n\nx\n", "domains-look-alike" },
	{ HEAD "Cc: b@ex\xD0\xB0mple.jp\n\nx\n", "domains-look-alike" },
	{ HEAD "Subject: =?utf-8?Q?a=00b?=\n\nx\n", "subject-control-character" },
	{ HEAD "Subject: =?utf-8?Q?=E2=80=AEb?=\n\nx\n", "bidi-control" },
	{ HEAD "Content-Type: "
	       "application/octet-stream;\n\tname=\"=?utf-8?Q?a=E2=80=AEgpj.exe?=\"\n\nx\n",
		"bidi-control" },
	{ HEAD "Content-Disposition: attachment;\n\tfilename*=utf-8''a%E2%80%AEgpj.exe\n\nx\n",
		"bidi-control" },
	{ HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	       "Content-Disposition: attachment; filename=\"a\xE2\x80\xAEgpj.exe\"\n\nx\n--b--\n",
		"bidi-control" },
	{ "Return-Path: <@b.example,@c.example:d@example.com>\n" HEAD "\nx\n",
		"return-path-source-route" },
	{ HEAD "Authentication-Results: mx.example.net; spf=pass\n\nx\n", "results-of-outsider" },
	{ "Authentication-Results: mx.ours.example; dkim=pass header.d=a.example'b.example\n"
	  "Received: from s.example (s.example [198.51.100.7]) by mx.ours.example with ESMTP;\n"
	  "\tWed, 1 May 2024 09:00:05 +0900\n" HEAD "\nx\n",
		"results-value-odd" },
	{ HEAD "DKIM2-Signature: i=1\n\nx\n", "dkim2-not-evaluated" },
	{ HEAD "\nx\n.\nMAIL FROM:<a@b>\nRCPT TO:<c@d>\nDATA\n", "smtp-smuggling" },
	{ HEAD "\nx\r.\ry\n", "body-bare-cr" },
	{ HEAD "\nx\r.\ry\n", "body-dot-line-odd" },
	{ HEAD "\nx\n\nReceived: from a by b; 1 May 2024\nFrom: c@d\nTo: e@f\n\ny\n",
		"received-in-body" },
};

static void test_findings(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (int lines = 0; lines < SUITE_LINES; lines++) {
			g_autoptr(GBytes) bytes =
				suite_lines(slice_of(rows[i].message), (SuiteLines)lines);
			g_autoptr(Facts) facts = facts_new(bytes, NULL, NULL);

			g_test_message(
				"%s, %s", rows[i].finding, suite_lines_word((SuiteLines)lines));
			g_assert_nonnull(findings_find(facts->findings, rows[i].finding));
		}
}

static void test_texts(void)
{
	static const char message[] =
		"Received: from s.example (s.example [198.51.100.7]) by mx.ours.example with "
		"ESMTP;\n"
		"\tWed, 1 May 2024 09:00:05 +0900\n"
		"List-Id: A list\n <News.Example.JP>\nMessage-ID: <1@example.jp>\n"
		"Subject: =?UTF-8?B?44OG44K544OI?=\n" HEAD "Sender: s@example.jp\n\nbody\n";

	for (int lines = 0; lines < SUITE_LINES; lines++) {
		g_autoptr(GBytes) bytes = suite_lines(slice_of(message), (SuiteLines)lines);
		g_autoptr(Facts) facts = facts_new(bytes, NULL, NULL);
		g_autofree char *received = text_time_rfc3339(facts->received);
		g_autofree char *date = text_time_rfc3339(facts->date);

		g_test_message("%s", suite_lines_word((SuiteLines)lines));
		g_assert_cmpstr(facts->list_id, ==, "news.example.jp");
		g_assert_cmpstr(facts->message_id, ==, "<1@example.jp>");
		g_assert_cmpstr(facts->subject, ==, "\343\203\206\343\202\271\343\203\210");
		g_assert_cmpstr(received, ==, "2024-05-01T00:00:05Z");
		g_assert_cmpstr(date, ==, "2024-05-01T00:00:00Z");
		g_assert_cmpuint(facts->from_fields, ==, 1);
		g_assert_cmpuint(facts->from->addresses->len, ==, 1);
		g_assert_cmpuint(facts->sender->addresses->len, ==, 1);
		g_assert_cmpuint(facts->hops->len, ==, 1);
	}
}

/* What ordinary mail has must not be taken for a trick. */
static void test_ordinary(void)
{
	static const char *const messages[] = {
		"From: \"News, Inc.\" <news@mail.example.co.jp>\nReply-To: info@example.co.jp\n"
		"To: user@example.org\n\nx\n",
		"From: =?utf-8?B?44OG44K544OI?= <a@example.jp>\nTo: "
		"undisclosed-recipients:;\n\nx\n",
		"From: a@example.jp (A)\nSubject: a\tb\n\nx\n",
		"From: a@example.jp, b@example.jp\n\nx\n",
	};
	static const char *const codes[] = { "from-ambiguous", "from-no-address", "from-substitute",
		"reply-to-elsewhere", "domains-look-alike", "subject-control-character" };

	for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
		g_autoptr(GBytes) bytes = suite_lines(slice_of(messages[i]), SUITE_CRLF);
		g_autoptr(Facts) facts = facts_new(bytes, NULL, NULL);

		g_test_message("%s", messages[i]);
		for (size_t k = 0; k < G_N_ELEMENTS(codes); k++)
			g_assert_null(findings_find(facts->findings, codes[k]));
	}
}

/* An attached message's header is no second message. */
static void test_attached(void)
{
	static const char message[] = HEAD
		"Content-Type: message/rfc822\n\nReceived: from a by b; 1 May 2024\nFrom: c@d\n"
		"To: e@f\n\ny\n";
	g_autoptr(GBytes) bytes = suite_lines(slice_of(message), SUITE_LF);
	g_autoptr(Facts) facts = facts_new(bytes, NULL, NULL);

	g_assert_null(findings_find(facts->findings, "received-in-body"));
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/facts/findings", test_findings);
	g_test_add_func("/facts/texts", test_texts);
	g_test_add_func("/facts/ordinary", test_ordinary);
	g_test_add_func("/facts/attached", test_attached);
	return g_test_run();
}
