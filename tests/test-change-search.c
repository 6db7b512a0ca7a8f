/* Tests of auth/change_search.h: messages that are signed here, then changed as mail is changed on
 * its way, and found back under the name of what was done. */
#include "auth/change_search.h"
#include "base/limits.h"
#include "dkim_suite.h"
#include "mail_suite.h"
#include "spf_zone.h"

#include <string.h>
#include <time.h>

#define HEAD \
	"From: Alice <alice@example.com>\r\n" \
	"To: bob@example.net, carol@example.net\r\n" \
	"Subject: the minutes\r\n" \
	"Date: Tue, 24 Nov 2026 02:15:00 +0000\r\n" \
	"Message-ID: <1@example.com>\r\n"

static const char text[] = HEAD "\r\n"
				"Hello,\r\n"
				"\r\n"
				"From here on we agreed.\r\n"
				">From the other side came no word.\r\n"
				".. and two dots.\r\n"
				"See you,\r\n"
				"-- \r\n"
				"Alice\r\n";

static const char eight[] =
	HEAD "MIME-Version: 1.0\r\n"
	     "Content-Type: text/plain; charset=utf-8\r\n"
	     "Content-Transfer-Encoding: 8bit\r\n"
	     "\r\n"
	     "\xE3\x81\x93\xE3\x82\x93\xE3\x81\xAB\xE3\x81\xA1\xE3\x81\xAF = hello \r\n"
	     "second line\r\n";

static const char encoded[] =
	HEAD "MIME-Version: 1.0\r\n"
	     "Content-Type: text/plain; charset=utf-8\r\n"
	     "Content-Transfer-Encoding: base64\r\n"
	     "\r\n"
	     "SGVsbG8sDQoNCnRoaXMgaXMgYSBsZXR0ZXIgb2Ygc2V2ZXJhbCBsaW5lcywgbG9uZyBlbm91\r\n"
	     "Z2ggdG8gYmUgYnJva2VuLg0KDQpZb3VycywNCkFsaWNlDQo=\r\n";

#define ALTERNATIVE \
	"Content-Type: multipart/alternative; boundary=\"=_b\"\r\n" \
	"\r\n" \
	"--=_b\r\n" \
	"Content-Type: text/plain; charset=utf-8\r\n" \
	"Content-Transfer-Encoding: 8bit\r\n" \
	"\r\n" \
	"Gr\xC3\xBC\xC3\x9F" \
	"e\r\n" \
	"Alice\r\n" \
	"--=_b\r\n" \
	"Content-Type: text/html; charset=utf-8\r\n" \
	"Content-Transfer-Encoding: 8bit\r\n" \
	"\r\n" \
	"<html><head>\r\n" \
	"<title>x</title></head><body><p>Gr\xC3\xBC\xC3\x9F" \
	"e <a href=\"https://example.com/a?b=1&amp;c=2\">here</a></p>\r\n" \
	"<p>Alice</p></body></html>\r\n" \
	"--=_b--\r\n"

static const char parts[] = HEAD "MIME-Version: 1.0\r\n" ALTERNATIVE;

static const char fragment[] = HEAD "MIME-Version: 1.0\r\n"
				    "Content-Type: text/html; charset=utf-8\r\n"
				    "\r\n"
				    "<p>Hello</p>\r\n"
				    "<p>Alice</p>\r\n";

static SignerKey *rsa_key, *ed_key, *other_key;

/* --- rows: octets of the signed message that become others */

#define EDITS 4

typedef struct Row {
	const char *name;
	const char *message;
	SignOptions options;
	struct {
		const char *from, *to;
	} edits[EDITS];
	const char *body;   /* codes that explain it, "a+b"; NULL: nothing to explain; "": nothing
			       found */
	const char *header; /* likewise */
	const char *detail; /* of the first step found; NULL: not looked at */
} Row;

#define SIMPLE \
	{ \
		.canon = "simple/simple" \
	}
#define CONTENT \
	{ \
		.names = \
			"from:to:subject:date:mime-version:content-type:content-transfer-encoding" \
	}
#define OVERSIGNED \
	{ \
		.names = \
			"From:To:Subject:Date:Reply-To:Sender:List-Id:List-Unsubscribe:List-Post:" \
			"Importance" \
	}

static const Row rows[] = {
	/* stores */
	{ "mboxo", text, { 0 }, { { "\r\nFrom here", "\r\n>From here" } }, "mboxo-quoting", NULL,
		NULL },
	{ "mboxrd", text, { 0 },
		{ { "\r\nFrom here", "\r\n>From here" }, { "\r\n>From the", "\r\n>>From the" } },
		"mboxrd-quoting", NULL, NULL },
	{ "un-quoted too far", text, { 0 }, { { "\r\n>From the", "\r\nFrom the" } },
		"from-unquoted", NULL, NULL },
	{ "one of two quoted", text, { 0 },
		{ { ">From the other", "From the other" }, { "\r\nFrom here", "\r\n>From here" } },
		"mboxo-quoting+from-unquoted", NULL, NULL },
	{ "dots doubled", text, { 0 }, { { "\r\n.. and", "\r\n... and" } }, "dots-doubled", NULL,
		NULL },
	/* line ends, white space, empty lines */
	{ "second CR", text, { 0 },
		{ { "Hello,\r\n", "Hello,\r\r\n" }, { "you,\r\n", "you,\r\r\n" } }, "cr-doubled",
		NULL, NULL },
	{ "CR inside", text, { 0 }, { { "Hello", "Hel\rlo" } }, "cr-inserted", NULL, NULL },
	{ "CR for line ends", text, { 0 }, { { "Hello,\r\n\r\nFrom", "Hello,\r\r\nFrom" } },
		"cr-for-line-end", NULL, NULL },
	{ "space at ends", text, SIMPLE, { { "Hello,", "Hello, \t" }, { "-- \r\n", "--\r\n" } }, "",
		NULL, NULL },
	{ "dashes without space", text, SIMPLE, { { "-- \r\n", "--\r\n" } },
		"signature-dash-space-lost", NULL, NULL },
	{ "empty lines first", text, { 0 }, { { "\r\n\r\nHello", "\r\n\r\n\r\n\r\nHello" } },
		"empty-lines-before", NULL, NULL },
	{ "empty lines at the end", text, SIMPLE, { { "Alice\r\n", "Alice\r\n\r\n" } }, NULL, NULL,
		NULL },
	{ "empty lines doubled", text, { 0 }, { { "Hello,\r\n\r\n", "Hello,\r\n\r\n\r\n" } },
		"empty-lines-doubled", NULL, NULL },
	{ "empty line lost", HEAD "\r\n\r\nHello\r\n", { 0 },
		{ { "\r\n\r\n\r\nHello", "\r\n\r\nHello" } }, "empty-line-before-lost", NULL,
		NULL },
	{ "spaced", HEAD "\r\na\r\nb\r\n\r\nc\r\n", { 0 },
		{ { "a\r\nb\r\n\r\nc\r\n", "a\r\n\r\nb\r\n\r\n\r\n\r\nc\r\n\r\n" } },
		"lines-spaced", NULL, NULL },
	/* footers */
	{ "footer", text, { 0 },
		{ { "\r\nAlice\r\n", "\r\nAlice\r\n____\r\nlist\r\nhttps://l\r\n" } },
		"footer-appended", NULL, "____\\x0D\\x0Alist\\x0D\\x0Ahttps://l" },
	{ "footer below the end of parts", parts, { 0 },
		{ { "--=_b--\r\n", "--=_b--\r\n\r\n--\r\nlist\r\n" } }, "footer-appended", NULL,
		"--\\x0D\\x0Alist" },
	{ "footer in a part", parts, { 0 },
		{ { "Alice\r\n--=_b", "Alice\r\n--\r\nlist\r\n--=_b" } }, "footer-appended", NULL,
		NULL },
	{ "footer in HTML", parts, { 0 }, { { "</body>", "<hr><p>list</p></body>" } },
		"footer-appended", NULL, "<hr><p>list</p>" },
	{ "footer inside base64", encoded, { 0 },
		{ { "Z2ggdG8gYmUgYnJva2VuLg0KDQpZb3VycywNCkFsaWNlDQo=",
			"Z2ggdG8gYmUgYnJva2VuLg0KDQpZb3VycywNCkFsaWNlDQotLSANCmxpc3QNCg==" } },
		"footer-appended", NULL, "-- \\x0D\\x0Alist" },
	{ "footer with l= that covers it not", text, { .has_length = true, .length = 30 },
		{ { "Alice\r\n", "Alice\r\nlist\r\n" } }, NULL, NULL, NULL },
	{ "part appended", parts, { 0 },
		{ { "--=_b--", "--=_b\r\nContent-Type: text/plain\r\n\r\nlist\r\n--=_b--" } },
		"part-appended", NULL, NULL },
	{ "part in front", parts, { 0 },
		{ { "\r\n\r\n--=_b\r\n",
			"\r\n\r\n--=_b\r\nContent-Type: text/plain\r\n\r\nlist\r\n--=_b\r\n" } },
		"part-prepended", NULL, NULL },
	{ "wrapped", parts, CONTENT,
		{ { ALTERNATIVE, "Content-Type: multipart/mixed; boundary=\"=_l\"\r\n"
				 "\r\n"
				 "--=_l\r\n" ALTERNATIVE "\r\n--=_l\r\n"
				 "Content-Type: text/plain; charset=us-ascii\r\n"
				 "\r\nlist\r\n--=_l--\r\n" } },
		"wrapped-in-multipart", "content-fields-of-part", NULL },
	{ "banner", text, { 0 }, { { "\r\n\r\nHello", "\r\n\r\nCAUTION: outside\r\n\r\nHello" } },
		"banner-prepended", NULL, "CAUTION: outside" },
	{ "banner in HTML", parts, { 0 }, { { "<body>", "<body><div>CAUTION</div>" } },
		"banner-prepended", NULL, "<div>CAUTION</div>" },
	/* HTML */
	{ "meta", parts, { 0 },
		{ { "<head>\r\n", "<head>\r\n<meta http-equiv=\"Content-Type\" "
				  "content=\"text/html; charset=utf-8\">\r\n" } },
		"html-meta-inserted", NULL, NULL },
	{ "meta, no line end", parts, { 0 },
		{ { "<title>", "<META content=\"text/html\" http-equiv=Content-Type><title>" } },
		"html-meta-inserted", NULL, NULL },
	{ "meta in a head of its own", fragment, { 0 },
		{ { "<p>Hello",
			"<head>\r\n<meta http-equiv=\"Content-Type\" content=\"text/html\">\r\n"
			"</head>\r\n<p>Hello" } },
		"html-meta-inserted", NULL, NULL },
	{ "wrapped HTML", fragment, { 0 },
		{ { "<p>Hello", "<html><head>\r\n<meta http-equiv=\"Content-Type\" "
				"content=\"text/html\">\r\n"
				"</head>\r\n<body>\r\n<p>Hello" },
			{ "Alice</p>\r\n", "Alice</p>\r\n</body>\r\n</html>\r\n" } },
		"html-wrapped", NULL, NULL },
	{ "Safe Links", parts, { 0 },
		{ { "\"https://example.com/a?b=1&amp;c=2\"",
			"\"https://eur01.safelinks.protection.outlook.com/"
			"?url=https%3A%2F%2Fexample.com"
			"%2Fa%3Fb%3D1%26c%3D2&amp;data=05%7C01&amp;reserved=0\" "
			"originalsrc=\"https://example.com/a?b=1&amp;c=2\" shash=\"abc=\"" } },
		"links-rewritten", NULL, "https://example.com/a?b=1&amp;c=2" },
	/* transfer encodings */
	{ "8bit to quoted-printable", eight, CONTENT,
		{ { "Encoding: 8bit", "Encoding: quoted-printable" },
			{ "\xE3\x81\x93\xE3\x82\x93\xE3\x81\xAB\xE3\x81\xA1\xE3\x81\xAF = hello "
			  "\r\n",
				"=E3=81=93=E3=82=93=E3=81=AB=E3=81=A1=E3=81=AF =3D "
				"hel=\r\nlo=20\r\n" } },
		"transfer-encoding-changed", "transfer-encoding-field-changed",
		"8bit -> quoted-printable" },
	{ "8bit to base64", eight, CONTENT,
		{ { "Encoding: 8bit", "Encoding: base64" },
			{ "\xE3\x81\x93\xE3\x82\x93\xE3\x81\xAB\xE3\x81\xA1\xE3\x81\xAF = hello "
			  "\r\n"
			  "second line\r\n",
				"44GT44KT44Gr44Gh44GvID0gaGVsbG8gDQpzZWNvbmQgbGluZQ0K\r\n" } },
		"transfer-encoding-changed", "transfer-encoding-field-changed", "8bit -> base64" },
	{ "base64 to 8bit", encoded, CONTENT,
		{ { "Encoding: base64", "Encoding: 8bit" },
			{ "SGVsbG8sDQoNCnRoaXMgaXMgYSBsZXR0ZXIgb2Ygc2V2ZXJhbCBsaW5lcywgbG9uZyBlbm91"
			  "\r\n"
			  "Z2ggdG8gYmUgYnJva2VuLg0KDQpZb3VycywNCkFsaWNlDQo=\r\n",
				"Hello,\r\n\r\nthis is a letter of several lines, long enough to "
				"be "
				"broken.\r\n\r\nYours,\r\nAlice\r\n" } },
		"transfer-encoding-changed", "transfer-encoding-field-changed", "base64 -> 8bit" },
	{ "a part to quoted-printable", parts, { 0 },
		{ { "8bit\r\n\r\nGr\xC3\xBC\xC3\x9F", "quoted-printable\r\n\r\nGr=C3=BC=C3=9F" } },
		"transfer-encoding-changed", NULL, NULL },
	{ "base64 in other lines", encoded, { 0 },
		{ { "SGVsbG8sDQoNCnRoaXMgaXMgYSBsZXR0ZXIgb2Ygc2V2ZXJhbCBsaW5lcywgbG9uZyBlbm91\r\n"
		    "Z2ggdG8g",
			"SGVsbG8sDQoNCnRoaXMgaXMgYSBsZXR0ZXIgb2Ygc2V2ZXJhbCBsaW5lcywgbG9uZyBlbm91Z2"
			"gg\r\n"
			"dG8g" } },
		"encoded-lines-rewrapped", NULL, NULL },
	/* two steps */
	{ "quoted, then a footer", text, { 0 },
		{ { "\r\nFrom here", "\r\n>From here" },
			{ "\r\nAlice\r\n", "\r\nAlice\r\nlist\r\n" } },
		"mboxo-quoting+footer-appended", NULL, NULL },
	{ "encoded anew, with a footer", eight, CONTENT,
		{ { "Encoding: 8bit", "Encoding: base64" },
			{ "\xE3\x81\x93\xE3\x82\x93\xE3\x81\xAB\xE3\x81\xA1\xE3\x81\xAF = hello "
			  "\r\n"
			  "second line\r\n",
				"44GT44KT44Gr44Gh44GvID0gaGVsbG8gDQpzZWNvbmQgbGluZQ0KLS0gDQpsaXN0DQ"
				"o=\r\n" } },
		"transfer-encoding-changed+footer-appended", "transfer-encoding-field-changed",
		NULL },
	{ "meta, and a part", parts, { 0 },
		{ { "<head>\r\n", "<head>\r\n<meta http-equiv=\"Content-Type\" "
				  "content=\"text/html\">\r\n" },
			{ "--=_b--", "--=_b\r\nContent-Type: text/plain\r\n\r\nlist\r\n--=_b--" } },
		"html-meta-inserted+part-appended", NULL, NULL },
	/* the Subject */
	{ "tag", text, { 0 }, { { "Subject: ", "Subject: [list 12] " } }, NULL, "subject-tag",
		"[list 12]" },
	{ "tag, simple", text, SIMPLE, { { "Subject: ", "Subject: [list 12] " } }, NULL,
		"subject-tag", "[list 12]" },
	{ "tag on a line of its own", text, SIMPLE, { { "Subject: ", "Subject: [list 12]\r\n " } },
		NULL, "subject-tag", "[list 12]" },
	{ "tag behind Re:", HEAD "Comments: x\r\n\r\nHello\r\n", { 0 },
		{ { "Subject: the", "Subject: [list] the" } }, NULL, "subject-tag", "[list]" },
	{ "EXTERNAL", text, { 0 }, { { "Subject: ", "Subject: EXTERNAL: " } }, NULL, "subject-tag",
		"EXTERNAL:" },
	{ "SPAM", text, { 0 }, { { "Subject: ", "Subject: *** SPAM *** " } }, NULL, "subject-tag",
		"*** SPAM ***" },
	{ "tag inside a Q word", text, { 0 },
		{ { "Subject: the minutes", "Subject: =?utf-8?q?=5Blist=5D_the_minutes?=" } }, NULL,
		"subject-tag", "[list]" },
	{ "tag in front of a B word",
		"From: a@example.com\r\nTo: b@example.net\r\n"
		"Subject: =?utf-8?B?44GT44KT44Gr44Gh44Gv?=\r\nDate: x\r\n\r\nHello\r\n",
		{ 0 },
		{ { "=?utf-8?B?44GT44KT44Gr44Gh44Gv?=",
			"=?utf-8?B?W2xpc3RdIOOBk+OCk+OBq+OBoeOBrw==?=" } },
		NULL, "subject-tag", "[list]" },
	{ "tag and footer", text, { 0 },
		{ { "Subject: ", "Subject: [list] " },
			{ "\r\nAlice\r\n", "\r\nAlice\r\nlist\r\n" } },
		"footer-appended", "subject-tag", NULL },
	/* fields */
	{ "From rewritten", text, { 0 },
		{ { "From: Alice <alice@example.com>", "From: Alice via List <list@example.org>\r\n"
						       "Reply-To: Alice <alice@example.com>" } },
		NULL, "field-rewritten-original-kept", "From <- Reply-To" },
	{ "list fields", text, OVERSIGNED,
		{ { "\r\nDate:",
			"\r\nList-Id: <l>\r\nList-Post: <mailto:l@example.org>\r\nDate:" } },
		NULL, "list-fields-added", NULL },
	{ "list fields and Reply-To", text, OVERSIGNED,
		{ { "\r\nDate:", "\r\nList-Id: <l>\r\nReply-To: l@example.org\r\nSender: "
				 "s@example.org\r\nDate:" } },
		NULL, "list-fields-added", NULL },
	{ "one field added", text, OVERSIGNED, { { "\r\nDate:", "\r\nImportance: high\r\nDate:" } },
		NULL, "field-added", "Importance" },
	{ "second Subject added", text, { .names = "from:to:subject:subject:date" },
		{ { "\r\nDate:", "\r\nSubject: other\r\nDate:" } }, NULL, "field-added",
		"Subject" },
	{ "MIME-Version dropped", eight, CONTENT, { { "MIME-Version: 1.0\r\n", "" } }, NULL,
		"field-dropped", "MIME-Version" },
	{ "Content-Type written anew", eight, CONTENT, { { "charset=utf-8", "charset=\"utf-8\"" } },
		NULL, "content-type-rewritten", "Content-Type" },
	{ "names re-cased", text,
		{ .canon = "simple/simple", .names = "From:To:Subject:Date:Message-ID" },
		{ { "Message-ID:", "Message-Id:" }, { "\r\nSubject:", "\r\nSUBJECT:" } }, NULL,
		"field-name-recased", NULL },
	{ "one name re-cased", text,
		{ .canon = "simple/simple", .names = "from:to:subject:date:message-id" },
		{ { "Message-ID:", "Message-Id:" } }, NULL, "field-name-recased", "Message-Id" },
	{ "refolded", text, SIMPLE, { { "net, carol", "net,\r\n\tcarol" } }, NULL, "field-refolded",
		"To" },
	{ "folded inside a word", text, { 0 }, { { "minutes", "minu\r\n tes" } }, NULL,
		"field-refolded", "Subject" },
	{ "space after commas", text, { 0 }, { { "net, carol", "net,carol" } }, NULL,
		"field-refolded", "To" },
	{ "the signature's own name re-cased", text, SIMPLE,
		{ { "DKIM-Signature:", "Dkim-Signature:" } }, NULL, "field-name-recased",
		"Dkim-Signature" },
	{ "name quoted", text, { 0 }, { { "From: Alice", "From: \"Alice\"" } }, NULL,
		"address-rewritten", "From" },
	{ "comment behind Date", text, { 0 }, { { "+0000\r\n", "+0000 (UTC)\r\n" } }, NULL,
		"date-rewritten", "Date" },
	{ "reordered", "From: a@example.com\r\nComments: one\r\nComments: two\r\n\r\nHello\r\n",
		{ .names = "from:comments:comments" },
		{ { "Comments: one\r\nComments: two", "Comments: two\r\nComments: one" } }, NULL,
		"fields-reordered", "comments" },
	{ "copied", text, { .more = "z=Subject:=20the=20minutes;" },
		{ { "the minutes", "the other minutes" } }, NULL, "field-changed-since-copy",
		NULL },
	/* two steps */
	{ "tag and Reply-To", text, OVERSIGNED,
		{ { "Subject: ", "Subject: [list] " },
			{ "\r\nDate:", "\r\nReply-To: l@example.org\r\nDate:" } },
		NULL, "subject-tag+field-added", NULL },
	{ "tag, and quotes", text, { 0 },
		{ { "Subject: ", "Subject: [list] " }, { "From: Alice", "From: \"Alice\"" } }, NULL,
		"subject-tag+address-rewritten", NULL },
	/* what nothing explains */
	{ "other words", text, { 0 }, { { "we agreed", "we did not agree" } }, "", NULL, NULL },
	{ "other Subject", text, { 0 }, { { "minutes", "hours" } }, NULL, "", NULL },
	{ "both", text, { 0 }, { { "minutes", "hours" }, { "we agreed", "all agreed" } }, "", "",
		NULL },
	{ "nothing changed", text, { 0 }, { { "Hello", "Hello" } }, NULL, NULL, NULL },
};

static GBytes *replaced(Slice message, const char *from, const char *to)
{
	GString *out = g_string_new(NULL);
	ssize_t at = slice_find(message, slice_of(from));

	g_assert_cmpint(at, >=, 0);
	g_string_append_len(out, message.data, at);
	g_string_append(out, to);
	at += (ssize_t)strlen(from);
	g_string_append_len(out, message.data + at, (gssize)message.len - at);
	return g_string_free_to_bytes(out);
}

static GBytes *changed(const Row *row, const SignerKey *key)
{
	GBytes *message = signer_sign(key, slice_of(row->message), &row->options);

	for (int i = 0; i < EDITS && row->edits[i].from != NULL; i++) {
		GBytes *next =
			replaced(slice_of_bytes(message), row->edits[i].from, row->edits[i].to);

		g_bytes_unref(message);
		message = next;
	}
	return message;
}

static Stage *stage_of(GBytes *message, const SignerKey *key)
{
	g_autofree char *record = signer_key_record(key, NULL);
	Evidence *evidence = evidence_new();
	Stage *stage;

	suite_txt(evidence, "test._domainkey.example.com", record);
	stage = stage_new(message, evidence);
	stage_verify(stage);
	return stage;
}

static char *codes(const ChangeFound *found)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; found != NULL && i < found->steps->len; i++)
		g_string_append_printf(all, "%s%s", i > 0 ? "+" : "",
			change_code(change_found_step(found, i)->kind));
	return g_string_free(all, FALSE);
}

/* Every place lies in the message, says what stands there, and what stood there. */
static void check_places(const Stage *stage, const ChangeFound *found)
{
	for (guint i = 0; found != NULL && i < found->places->len; i++) {
		const ChangePlace *place = change_found_place(found, i);
		g_autofree char *shown = NULL;

		g_assert_cmpuint(place->offset + place->length, <=, stage->facts->message.len);
		shown = change_shown(slice_sub(
			stage->facts->message, (size_t)place->offset, (size_t)place->length));
		g_assert_cmpstr(shown, ==, place->present);
		g_assert_cmpstr(place->present, !=, place->was_signed);
	}
	g_assert_true(found == NULL || found->places->len > 0);
}

static void check_side(const char *wanted, bool is_searched, const ChangeFound *found)
{
	g_autofree char *all = codes(found);

	g_assert_cmpint(is_searched, ==, wanted != NULL);
	g_assert_cmpstr(all, ==, wanted != NULL ? wanted : "");
}

static void check_row(const Row *row, GBytes *message, const SignerKey *key)
{
	g_autoptr(Stage) stage = stage_of(message, key);
	const DkimSignature *signature = stage_signature(stage, 0);
	AuthResult result = signature->verdict.result;
	g_autoptr(ChangeSearch) search = change_search(stage->facts, signature, stage->context);
	const ChangeFound *first;

	if (row->body == NULL && row->header == NULL) {
		g_assert_null(search);
		g_assert_cmpint((int)result, !=, RESULT_FAIL);
		return;
	}
	g_assert_nonnull(search);
	check_side(row->body, search->is_body_searched, search->body);
	check_side(row->header, search->is_header_searched, search->header);
	check_places(stage, search->body);
	check_places(stage, search->header);
	g_assert_cmpint(search->is_explained, ==,
		g_strcmp0(row->body, "") != 0 && g_strcmp0(row->header, "") != 0);
	g_assert_false(search->is_cut);
	g_assert_cmpuint(search->tries, <=, LIMIT_CHANGE_TRIES);
	first = search->body != NULL ? search->body : search->header;
	if (row->detail != NULL && first != NULL && strstr(row->detail, "\\x0D") == NULL)
		g_assert_cmpstr(change_found_step(first, 0)->detail, ==, row->detail);
	/* It explains, and is no verdict. */
	g_assert_cmpint((int)result, ==, RESULT_FAIL);
	g_assert_cmpint((int)signature->verdict.result, ==, RESULT_FAIL);
}

static bool has_bare_return(GBytes *message)
{
	Slice rest = slice_of_bytes(message);

	while (rest.len > 0)
		if (slice_find_char(slice_chop_eol(slice_take_line(&rest)), '\r') >= 0)
			return true;
	return false;
}

static void check_rows(const SignerKey *key, const char *algorithm)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Row row = rows[i];
		GBytes *message;

		row.options.algorithm = algorithm;
		message = changed(&row, key);
		g_test_message("%s", row.name);
		/* Stores keep the line ends or make LF of them; that is no change. */
		if (!has_bare_return(message))
			check_row(&row, suite_lines(slice_of_bytes(message), SUITE_LF), key);
		check_row(&row, message, key);
	}
}

static void test_rsa(void)
{
	check_rows(rsa_key, NULL);
}

static void test_ed25519(void)
{
	check_rows(ed_key, "ed25519-sha256");
}

/* --- large bodies, and the limits */

typedef struct Large {
	const char *name;
	const char *head; /* of the part's lines */
	const char *line;
	const char *from, *to; /* what is done to it, near the end */
	const char *body;
} Large;

#define MARK "=_mark\r\n"

static const Large large[] = {
	{ "text", HEAD "\r\n", "a line of text of some sixty octets, as letters have them all.\r\n",
		MARK, MARK "____\r\nlist\r\n", "footer-appended" },
	{ "quoted-printable", HEAD "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		"=E3=81=93=E3=82=93=E3=81=AB=E3=81=A1=E3=81=AF =E3=81=93=E3=82=93=E3=81=AB=\r\n"
		"=E3=81=A1=E3=81=AF\r\n",
		MARK, MARK "list\r\n", "footer-appended" },
	{ "base64", HEAD "Content-Transfer-Encoding: base64\r\n\r\n",
		"SGVsbG8sDQoNCnRoaXMgaXMgYSBsZXR0ZXIgb2Ygc2V2ZXJhbCBsaW5lcywgbG9uZyBlbm91Z2dn\r\n",
		MARK, "", "" },
	{ "nothing but line ends", HEAD "\r\n", "\r\n", MARK, "changed", "" },
	{ "nothing but tags", HEAD "Content-Type: text/html\r\n\r\n", "<meta><body></body>", MARK,
		"changed", "" },
	{ "boundary lines", HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
		"--b\r\n\r\ntext\r\n", MARK, "changed", "" },
	{ "quoted lines", HEAD "\r\n", ">From \r\n>>From \r\nFrom \r\n..\r\r\n", MARK, "changed",
		"" },
	{ "long lines", HEAD "\r\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", MARK, "changed",
		"" },
	{ "links", HEAD "\r\n",
		"https://a.safelinks.protection.outlook.com/?url=https%3A%2F%2Fb&data=1\r\n", MARK,
		"changed", "" },
};

static GBytes *large_message(const Large *row, size_t octets)
{
	g_autoptr(GString) message = g_string_sized_new(octets + 1000);
	SignOptions options = { 0 };
	g_autoptr(GBytes) signed_one = NULL;

	g_string_append(message, row->head);
	while (message->len < octets)
		g_string_append(message, row->line);
	g_string_append(message, MARK);
	signed_one = signer_sign(rsa_key, slice_make(message->str, message->len), &options);
	return replaced(slice_of_bytes(signed_one), row->from, row->to);
}

/* Of 5 MB; the clock only says in the log what it took, as the limits count. */
static void test_large(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(large); i++) {
		g_autoptr(Stage) stage = stage_of(large_message(&large[i], 5000000), rsa_key);
		clock_t before = clock();
		g_autoptr(ChangeSearch) search =
			change_search(stage->facts, stage_signature(stage, 0), stage->context);
		g_autofree char *all = NULL;

		g_assert_nonnull(search);
		all = codes(search->body);
		g_test_message("%s: %s, %u tries, %" G_GUINT64_FORMAT " octets, %.2f s%s",
			large[i].name, all, search->tries, search->octets,
			(double)(clock() - before) / CLOCKS_PER_SEC, search->is_cut ? ", cut" : "");
		g_assert_cmpstr(all, ==, large[i].body);
		g_assert_cmpuint(search->octets, <=, LIMIT_CHANGE_OCTETS);
		g_assert_cmpuint(search->tries, <=, LIMIT_CHANGE_TRIES);
		check_places(stage, search->body);
	}
}

/* --- the limits, and what cannot be searched */

static ChangeSearch *search_of(Stage *stage)
{
	return change_search(stage->facts, stage_signature(stage, 0), stage->context);
}

/* Many fields in forms of their own give more pairs than may be tried. */
static void test_spent(void)
{
	g_autoptr(GString) message = g_string_new(HEAD);
	g_autoptr(GString) names = g_string_new("from:to:subject:date:message-id");
	SignOptions options = { .canon = "simple/simple" };
	g_autoptr(GBytes) signed_one = NULL;
	g_autoptr(Stage) stage = NULL;
	g_autoptr(ChangeSearch) search = NULL;
	g_autoptr(ChangeSearch) again = NULL;

	for (int i = 0; i < 30; i++) {
		g_string_append_printf(message, "X-Field-%d: a, b;\r\n c\r\n", i);
		g_string_append_printf(names, ":x-field-%d", i);
	}
	g_string_append(message, "\r\nHello\r\n");
	options.names = names->str;
	signed_one = signer_sign(rsa_key, slice_make(message->str, message->len), &options);
	stage = stage_of(replaced(slice_of_bytes(signed_one), "minutes", "hours"), rsa_key);
	search = search_of(stage);
	g_assert_null(search->header);
	g_assert_true(search->is_cut);
	g_assert_false(search->is_explained);
	g_assert_cmpuint(search->tries, ==, LIMIT_CHANGE_TRIES);
	/* Counted, not timed. */
	again = search_of(stage);
	g_assert_cmpuint(again->tries, ==, search->tries);
	g_assert_cmpuint(again->octets, ==, search->octets);
}

static GBytes *with_footer_and_tag(const SignerKey *key)
{
	SignOptions options = { 0 };
	g_autoptr(GBytes) signed_one = signer_sign(key, slice_of(text), &options);
	g_autoptr(GBytes) tagged =
		replaced(slice_of_bytes(signed_one), "Subject: ", "Subject: [list] ");

	return replaced(slice_of_bytes(tagged), "\r\nAlice\r\n", "\r\nAlice\r\nlist\r\n");
}

/* What another key made tells nothing of the header; the body is searched all the same. */
static void test_other_key(void)
{
	g_autoptr(Stage) stage = stage_of(with_footer_and_tag(other_key), rsa_key);
	g_autoptr(ChangeSearch) search = search_of(stage);

	g_assert_cmpint((int)stage_signature(stage, 0)->header_signature, ==, SIGNATURE_INVALID);
	g_assert_false(search->is_header_searched);
	g_assert_nonnull(search->body);
	g_assert_false(search->is_explained);
}

static void test_no_key(void)
{
	g_autoptr(Stage) stage = stage_new(with_footer_and_tag(rsa_key), NULL);
	g_autoptr(ChangeSearch) search = NULL;

	stage_verify(stage);
	search = search_of(stage);
	g_assert_false(search->is_header_searched);
	g_assert_nonnull(search->body);
	g_assert_false(search->is_explained);
}

static void test_many_signatures(void)
{
	GBytes *message = g_bytes_new_static(text, strlen(text));
	g_autoptr(Stage) stage = NULL;
	g_autoptr(GPtrArray) searches = NULL;
	unsigned made = 0;

	for (unsigned i = 0; i < LIMIT_CHANGE_SIGNATURES + 2; i++) {
		SignOptions options = { 0 };
		GBytes *next = signer_sign(rsa_key, slice_of_bytes(message), &options);

		g_bytes_unref(message);
		message = next;
	}
	stage = stage_of(
		replaced(slice_of_bytes(message), "\r\nAlice\r\n", "\r\nAlice\r\nlist\r\n"),
		rsa_key);
	g_bytes_unref(message);
	searches = change_search_all(stage->facts, stage->dkim, stage->context);
	g_assert_cmpuint(searches->len, ==, LIMIT_CHANGE_SIGNATURES + 2);
	for (guint i = 0; i < searches->len; i++)
		made += ((ChangeSearch *)g_ptr_array_index(searches, i))->is_body_searched;
	g_assert_cmpuint(made, ==, LIMIT_CHANGE_SIGNATURES);
	g_assert_true(((ChangeSearch *)g_ptr_array_index(searches, searches->len - 1))->is_cut);
}

/* --- published messages */

static const struct {
	const char *file, *dns, *body, *header;
} published[] = {
	/* The text of the RFC has lost the white space of the message. */
	{ "corpora/dkim/rfc/rfc6376-A.2.literal-from-text.eml", "corpora/dkim/rfc/dns.json", "",
		"" },
	{ "corpora/dkim/dkim_verifier/rfc6376-A.2-body_modified.eml",
		"corpora/dkim/dkim_verifier/dns.json", "", NULL },
	{ "corpora/dkim/dkim_verifier/rfc6376-A.2-header_subject_modified.eml",
		"corpora/dkim/dkim_verifier/dns.json", NULL, "" },
};

static void test_published(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
		Evidence *evidence = evidence_new();
		g_autoptr(SpfZone) zone = spf_zone_new();
		g_autoptr(Stage) stage = stage_new(suite_file(published[i].file), evidence);
		g_autoptr(ChangeSearch) search = NULL;

		g_test_message("%s", published[i].file);
		dns_json_load(zone, published[i].dns);
		spf_zone_fill(zone, evidence);
		stage_verify(stage);
		search = search_of(stage);
		g_assert_nonnull(search);
		check_side(published[i].body, search->is_body_searched, search->body);
		check_side(published[i].header, search->is_header_searched, search->header);
	}
}

int main(int argc, char **argv)
{
	int status;

	suite_init(&argc, &argv);
	rsa_key = signer_key_new(1024);
	other_key = signer_key_new(1024);
	ed_key = signer_key_new(0);
	g_test_add_func("/change/rsa", test_rsa);
	g_test_add_func("/change/ed25519", test_ed25519);
	g_test_add_func("/change/large", test_large);
	g_test_add_func("/change/spent", test_spent);
	g_test_add_func("/change/other-key", test_other_key);
	g_test_add_func("/change/no-key", test_no_key);
	g_test_add_func("/change/many-signatures", test_many_signatures);
	g_test_add_func("/change/published", test_published);
	status = g_test_run();
	signer_key_free(rsa_key);
	signer_key_free(other_key);
	signer_key_free(ed_key);
	return status;
}
