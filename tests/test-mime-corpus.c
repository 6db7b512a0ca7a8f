/* The corpus of mail-parser: From, Subject, Date and the parts of every message, as LF and as CRLF,
 * against the JSON beside it; its vectors of single fields; its Maildir. */
#include "base/text_time.h"
#include "mailbox/mailbox.h"
#include "message/content_type.h"
#include "message/decode.h"
#include "mime_json.h"
#include "mime_reading.h"
#include "tally.h"

#include <string.h>

#define CORPUS "corpora/mime/stalwart-mail-parser/"

/* Two words of what ought to be the same in both forms. */
static char *both(const char *lf, const char *crlf)
{
	return strcmp(lf, crlf) == 0 ? g_strdup(lf) : g_strdup_printf("LF: %s; CRLF: %s", lf, crlf);
}

/* A message in both forms: [0] as LF, [1] as CRLF. */
typedef struct Pair {
	Reading *ours[2], *theirs[2];
} Pair;

static SuiteLines form_of(Slice stored, bool as_crlf)
{
	bool has_end = stored.len > 0 && stored.data[stored.len - 1] == '\n';

	if (as_crlf)
		return has_end ? SUITE_CRLF : SUITE_CRLF_NO_FINAL;
	return has_end ? SUITE_LF : SUITE_LF_NO_FINAL;
}

static Pair pair_of(const char *base)
{
	g_autofree char *eml = g_strconcat(base, ".eml", NULL);
	g_autoptr(GBytes) file = suite_file(eml);
	Slice stored = slice_of_bytes(file);
	Pair pair = { .ours = { NULL }, .theirs = { NULL } };

	for (int i = 0; i < 2; i++) {
		g_autofree char *json = g_strconcat(base, i == 0 ? ".json" : ".crlf.json", NULL);
		g_autoptr(GBytes) message = suite_lines(stored, form_of(stored, i == 1));
		Slice exact = suite_exact(slice_of_bytes(message));
		g_autoptr(GBytes) bytes =
			g_bytes_new_take((gpointer)(guintptr)exact.data, exact.len);
		g_autoptr(Facts) facts = facts_new(bytes, NULL, NULL);

		pair.ours[i] = reading_of_facts(facts);
		pair.theirs[i] = reading_of_json(json);
	}
	return pair;
}

static void pair_clear(Pair *pair)
{
	for (int i = 0; i < 2; i++) {
		reading_free(pair->ours[i]);
		reading_free(pair->theirs[i]);
	}
}

static void count(Tally *tally, const char *name, const char *what, const char *const theirs[2],
	const char *const ours[2])
{
	g_autofree char *title = g_strdup_printf("%s %s", name, what);
	g_autofree char *their_word = both(theirs[0], theirs[1]);
	g_autofree char *our_word = both(ours[0], ours[1]);

	tally_add(tally, title, their_word, our_word);
}

/* Leaves are compared where both have the same ones. */
static void count_leaves(Tally *tally, const char *name, const Pair *pair)
{
	for (int i = 0; i < 2; i++)
		if (strcmp(pair->ours[i]->tree, pair->theirs[i]->tree) != 0)
			return;
	for (guint k = 0; k < pair->ours[0]->leaves->len; k++) {
		const Leaf *leaf = reading_leaf(pair->ours[0], k);
		g_autofree char *what = g_strconcat("part ", leaf->section, NULL);

		count(tally, name, what,
			(const char *const[]) { reading_leaf(pair->theirs[0], k)->word,
				reading_leaf(pair->theirs[1], k)->word },
			(const char *const[]) { leaf->word, reading_leaf(pair->ours[1], k)->word });
	}
}

#define COUNT(member) \
	count(tally, name, #member, \
		(const char *const[]) { pair.theirs[0]->member, pair.theirs[1]->member }, \
		(const char *const[]) { pair.ours[0]->member, pair.ours[1]->member })

static void count_message(Tally *tally, Tally *leaves, const char *name)
{
	g_autofree char *base = g_strconcat(CORPUS "eml/", name, NULL);
	Pair pair = pair_of(base);

	COUNT(from);
	COUNT(subject);
	COUNT(date);
	COUNT(tree);
	count_leaves(leaves, name, &pair);
	pair_clear(&pair);
}

static void test_messages(void)
{
	static const struct {
		const char *dir;
		unsigned messages;
	} dirs[] = { { "malformed", 23 }, { "rfc", 10 }, { "thirdparty", 20 } };
	Tally *tally = tally_new("mime/messages");
	Tally *leaves = tally_new("mime/parts");

	for (size_t d = 0; d < G_N_ELEMENTS(dirs); d++)
		for (unsigned n = 0; n < dirs[d].messages; n++) {
			g_autofree char *name = g_strdup_printf("%s/%03u", dirs[d].dir, n);

			count_message(tally, leaves, name);
		}
	tally_end(tally);
	tally_end(leaves);
}

/* --- vectors of single fields */

/* What kantei makes of a value; owned by the caller. */
typedef char *(*OurWord)(Slice value);
/* What the set expects of it. */
typedef char *(*TheirWord)(const json_t *expected);

static char *our_people(Slice value)
{
	g_autoptr(AddressList) list = address_list_new();
	g_autoptr(Findings) findings = findings_new();

	address_list_add(list, value, value, findings);
	return reading_people(list);
}

static char *our_date(Slice value)
{
	int64_t time;

	return text_time_parse_rfc5322(slice_trim(value), &time) ? text_time_rfc3339(time)
								 : g_strdup("");
}

static int compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "type/subtype; name=value; …" in the order of the names; "" without a type. */
static char *content_word(const char *type, GPtrArray *parameters)
{
	GString *text = g_string_new(type);

	g_ptr_array_sort(parameters, compare_texts);
	for (guint i = 0; type[0] != '\0' && i < parameters->len; i++)
		g_string_append_printf(
			text, "; %s", (const char *)g_ptr_array_index(parameters, i));
	return g_string_free(text, FALSE);
}

static char *our_content(Slice value)
{
	g_autoptr(ContentType) content = content_type_parse(value);
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < content->parameters->len; i++) {
		const MimeParameter *parameter = g_ptr_array_index(content->parameters, i);

		g_ptr_array_add(texts, g_strdup_printf("%s=%s", parameter->name, parameter->value));
	}
	return content_word(content->type != NULL ? content->type : "", texts);
}

static char *their_content(const json_t *expected)
{
	g_autofree char *type = mime_json_type(expected, "");
	g_autoptr(GPtrArray) texts = mime_json_attributes(expected);

	return content_word(type, texts);
}

/* Line ends would break the table. */
static char *one_line(char *text)
{
	g_auto(GStrv) pieces = g_strsplit_set(text, "\r\n\t", -1);

	g_free(text);
	return g_strjoinv("|", pieces);
}

static void count_vectors(const char *set, const char *file, OurWord ours, TheirWord theirs)
{
	g_autofree char *path = g_strdup_printf(CORPUS "%s", file);
	json_t *json = mime_json_load(path);
	Tally *tally = tally_new(set);

	for (size_t i = 0; i < json_array_size(json); i++) {
		const json_t *vector = json_array_get(json, i);
		const json_t *header = json_object_get(vector, "header");
		g_autofree char *name = g_strdup_printf("%zu", i + 1);
		Slice exact = suite_exact(
			slice_make(json_string_value(header), json_string_length(header)));
		g_autofree char *our_word = one_line(ours(exact));
		g_autofree char *their_word = one_line(theirs(json_object_get(vector, "expected")));

		tally_add(tally, name, their_word, our_word);
		g_free((gpointer)(guintptr)exact.data);
	}
	tally_end(tally);
	json_decref(json);
}

static void test_vectors(void)
{
	count_vectors("mime/addresses", "address.json", our_people, mime_json_people);
	count_vectors("mime/dates", "date.json", our_date, mime_json_date);
	count_vectors("mime/content-types", "content_type.json", our_content, their_content);
	count_vectors("mime/texts", "unstructured.json", decode_text, mime_json_text);
}

/* --- the Maildir */

static void test_maildir(void)
{
	g_autofree char *path = suite_path(CORPUS "maildir");
	g_autoptr(Mailbox) mailbox = mailbox_open(path, MAILBOX_AUTO);
	RawMessage *raw = NULL;
	unsigned messages = 0;

	while (mailbox_next(mailbox, &raw, NULL) == MAILBOX_MESSAGE) {
		g_autoptr(Facts) facts = facts_new(raw->bytes, raw->source, NULL);

		g_test_message("%s", raw->source->path);
		g_assert_cmpint(raw->source->kind, ==, STORE_MAILDIR);
		g_assert_nonnull(facts->mime);
		messages++;
		g_clear_pointer(&raw, raw_message_free);
	}
	g_assert_cmpuint(messages, ==, 6);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/mime-corpus/messages", test_messages);
	g_test_add_func("/mime-corpus/vectors", test_vectors);
	g_test_add_func("/mime-corpus/maildir", test_maildir);
	return g_test_run();
}
