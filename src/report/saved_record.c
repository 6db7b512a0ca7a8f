#include "report/saved_record.h"

#include "base/text_time.h"

#include "report/json_read.h"
#include "report/record.h"

#include <string.h>

#define SHA256_HEX ((size_t)64)

static bool fail(GError **reterr_error, const char *object, const char *member)
{
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"no record of a message: '%s%s%s' is missing, or of another kind", object,
		*member != '\0' ? "." : "", member);
	return false;
}

static const char *find_word(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; word != NULL && i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return words[i];
	return NULL;
}

static bool read_mark(const json_t *marks, Method method, Mark *ret_mark)
{
	const char *word = json_text_of(marks, method_word(method));

	for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++) {
		if (g_strcmp0(word, mark_word((Mark)mark)) == 0) {
			*ret_mark = (Mark)mark;
			return true;
		}
	}
	return false;
}

/* The word of the table: a DMARC that would pass if a record existed is called so. */
static const char *result_word(const json_t *verdict, Method method)
{
	static const char *const words[] = { "none", "pass", "fail", "softfail", "neutral",
		"policy", "temperror", "permerror" };
	const char *word = find_word(json_text_of(verdict, "result"), words, G_N_ELEMENTS(words));
	bool is_guess = false;

	if (method == METHOD_DMARC && word == words[0] &&
		json_bool_of(verdict, "bestguess", &is_guess) && is_guess)
		return "bestguesspass";
	return word;
}

static bool read_verdict(SavedRecord *record, Method method, GError **reterr_error)
{
	SavedVerdict *verdict = &record->verdicts[method];
	const char *name = method_word(method);
	const json_t *object = json_object_of(record->json, name);

	verdict->result = result_word(object, method);
	verdict->reason = json_text_of(object, "reason");
	if (verdict->result == NULL)
		return fail(reterr_error, name, "result");
	if (verdict->reason == NULL)
		return fail(reterr_error, name, "reason");
	if (!json_bool_of(object, "final", &verdict->is_final))
		return fail(reterr_error, name, "final");
	if (!read_mark(json_object_of(record->json, "marks"), method, &verdict->mark))
		return fail(reterr_error, "marks", name);
	record->facts.results[method] = verdict->result;
	record->facts.marks[method] = verdict->mark;
	/* Of what is final, only the age of the evidence makes nothing. */
	record->facts.is_stale[method] = verdict->is_final && verdict->mark == MARK_UNKNOWN;
	record->facts.recorded[method] =
		json_text_of(json_object_of(record->json, "recorded"), name);
	return true;
}

static bool is_sha256(const char *text)
{
	return text != NULL && strspn(text, "0123456789abcdef") == SHA256_HEX &&
	       strlen(text) == SHA256_HEX;
}

static bool read_source(SavedRecord *record, GError **reterr_error)
{
	const json_t *source = json_object_of(record->json, "source");

	record->facts.part = json_text_of(json_object_of(source, "attached"), "part");
	record->facts.path = json_text_of(source, "path");
	record->sha256 = json_text_of(source, "sha256");
	record->kind = json_text_of(source, "kind");
	record->from_line = json_text_of(source, "from_line");
	record->store_time = json_text_of(source, "store_time");
	record->unquoted = json_text_of(source, "unquoted");
	if (record->facts.path == NULL)
		return fail(reterr_error, "source", "path");
	if (!json_number_of(source, "index", &record->facts.index))
		return fail(reterr_error, "source", "index");
	if (!json_number_of(source, "offset", &record->offset))
		return fail(reterr_error, "source", "offset");
	return is_sha256(record->sha256) || fail(reterr_error, "source", "sha256");
}

static bool read_message(SavedRecord *record, GError **reterr_error)
{
	const json_t *message = json_object_of(record->json, "message");
	const json_t *from = json_array_of(message, "from");

	if (from == NULL)
		return fail(reterr_error, "message", "from");
	record->facts.from = json_text_at(from, 0);
	record->facts.sender = json_text_of(message, "author");
	record->facts.domain = json_text_of(message, "author_domain");
	record->facts.list_id = json_text_of(message, "list_id");
	record->facts.subject = json_text_of(message, "subject");
	record->facts.spf_record = json_text_of(json_object_of(record->json, "spf"), "record");
	record->message_id = json_text_of(message, "message_id");
	record->received = json_text_of(message, "received");
	record->facts.received = TIME_UNKNOWN;
	if (record->received != NULL)
		text_time_parse_rfc3339(slice_of(record->received), &record->facts.received);
	return true;
}

static bool check_schema(const json_t *json, GError **reterr_error)
{
	uint64_t schema;

	if (!json_number_of(json, "schema", &schema))
		return fail(reterr_error, "schema", "");
	if (schema == RECORD_SCHEMA)
		return true;
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"a record of schema %" G_GUINT64_FORMAT "; this version of kantei reads schema %d",
		(guint64)schema, RECORD_SCHEMA);
	return false;
}

SavedRecord *saved_record_new(json_t *line, GError **reterr_error)
{
	g_autoptr(SavedRecord) record = g_new0(SavedRecord, 1);

	record->json = line;
	if (!check_schema(line, reterr_error) || !read_source(record, reterr_error) ||
		!read_message(record, reterr_error))
		return NULL;
	for (int method = 0; method < METHODS; method++)
		if (!read_verdict(record, (Method)method, reterr_error))
			return NULL;
	return g_steal_pointer(&record);
}

void saved_record_free(SavedRecord *record)
{
	if (record == NULL)
		return;
	json_decref(record->json);
	g_free(record);
}

void saved_record_append(GString *out, const SavedRecord *record)
{
	json_append_line(out, record->json);
}

static unsigned read_askers(const json_t *object)
{
	const json_t *methods = json_array_of(object, "methods");
	unsigned by = 0;

	for (size_t i = 0; i < json_array_size(methods); i++)
		for (unsigned k = 0; asker_word(k) != NULL; k++)
			if (g_strcmp0(json_text_at(methods, i), asker_word(k)) == 0)
				by |= 1u << k;
	return by;
}

static void add_answer(GArray *answers, const json_t *object, bool is_lacking)
{
	SavedAnswer answer = { .name = json_text_of(object, "name"),
		.type = json_text_of(object, "type"),
		.is_lacking = is_lacking,
		.outcome = json_text_of(object, "outcome"),
		.at = json_text_of(object, "at"),
		.security = json_text_of(object, "security"),
		.digest = json_text_of(object, "digest"),
		.by = read_askers(object) };

	json_number_of(object, "records", &answer.records);
	if (answer.name != NULL && answer.type != NULL && (is_lacking || answer.outcome != NULL))
		g_array_append_val(answers, answer);
}

GArray *saved_record_answers(const SavedRecord *record)
{
	static const char *const members[] = { "answers", "lacking" };
	GArray *answers = g_array_new(FALSE, FALSE, sizeof(SavedAnswer));

	for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
		const json_t *array = json_array_of(record->json, members[i]);

		for (size_t k = 0; k < json_array_size(array); k++)
			add_answer(answers, json_array_get(array, k), i == 1);
	}
	return answers;
}

static const char *dmarc_text(const SavedRecord *record, const char *name)
{
	static const char *const views[] = { "rfc9989", "rfc7489" };
	const json_t *dmarc = json_object_of(record->json, "dmarc");

	if (!g_str_has_prefix(name, "_dmarc."))
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(views); i++) {
		const json_t *view = json_object_of(dmarc, views[i]);

		if (g_strcmp0(json_text_of(view, "record_domain"), name + strlen("_dmarc.")) == 0)
			return json_text_of(view, "record");
	}
	return NULL;
}

static const char *spf_text(const json_t *spf, const char *name)
{
	return g_strcmp0(json_text_of(spf, "domain"), name) == 0 ? json_text_of(spf, "record")
								 : NULL;
}

const char *saved_record_text_of(const SavedRecord *record, const SavedAnswer *answer)
{
	const json_t *spf = json_object_of(record->json, "spf");
	const char *text;

	if (answer->is_lacking || strcmp(answer->type, "TXT") != 0)
		return NULL;
	text = dmarc_text(record, answer->name);
	if (text == NULL)
		text = spf_text(spf, answer->name);
	return text != NULL ? text : spf_text(json_object_of(spf, "helo"), answer->name);
}
