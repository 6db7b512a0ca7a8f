#include "message/auth_results.h"

#include "base/limits.h"
#include "message/ar_token.h"

#include <string.h>

/* Methods of RFC 8601, 2.7, of its registry, and those that receivers invented. */
static const char *const known_methods[] = { "arc", "auth", "bimi", "compauth", "dara", "dkim",
	"dkim-adsp", "dkim-atps", "dmarc", "domainkeys", "dnswl", "iprev", "rrvs", "sender-id",
	"smime", "spf", "vbr" };

static bool is_known_method(Slice name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known_methods); i++)
		if (slice_is_nocase(name, known_methods[i]))
			return true;
	return false;
}

const char *recorded_word(Slice result)
{
	static const struct {
		const char *result, *word;
	} words[] = { { "pass", "pass" }, { "fail", "fail" }, { "softfail", "softfail" },
		{ "neutral", "neutral" }, { "none", "none" }, { "policy", "policy" },
		{ "temperror", "temperror" }, { "permerror", "permerror" }, { "hardfail", "fail" },
		{ "success", "pass" }, { "dkim_pass", "pass" }, { "dkim_fail", "fail" },
		{ "bestguesspass", "none" } };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (slice_is_nocase(result, words[i].result))
			return words[i].word;
	return NULL;
}

/* "key [/ version] =" or "ptype . property =", or neither. */
typedef struct Key {
	Slice ptype; /* absent where there is no dot */
	Slice name;
	guint64 version;
	bool has_value; /* an "=" follows, and is taken */
} Key;

static Key take_key(ArReader *reader)
{
	Key key = { .name = ar_take_keyword(reader), .version = 1 };

	ar_skip_cfws(reader);
	if (key.name.len > 0 && ar_take_char(reader, '.')) {
		ar_skip_cfws(reader);
		key.ptype = key.name;
		key.name = ar_take_keyword(reader);
	} else if (ar_take_char(reader, '/')) {
		ar_skip_cfws(reader);
		if (!slice_parse_uint(ar_take_keyword(reader), 99, &key.version))
			key.version = 0;
	}
	ar_skip_cfws(reader);
	key.has_value = key.name.len > 0 && ar_take_char(reader, '=');
	return key;
}

/* What is being read: properties that stand before their method wait for it (Yahoo). */
typedef struct Segment {
	RecordedField *field;
	RecordedResult *result; /* of this segment; owned by field, or by dropped */
	RecordedResult *early;  /* owned: properties without a method so far, or NULL */
	GPtrArray *dropped;     /* results of method versions that are not known */
} Segment;

static void adopt_early(Segment *segment)
{
	if (segment->early == NULL)
		return;
	for (guint i = 0; i < segment->early->properties->len; i++) {
		RecordedProperty *property = g_ptr_array_index(segment->early->properties, i);

		recorded_result_add(segment->result, slice_of(property->ptype),
			slice_of(property->name), g_strdup(property->value));
	}
	g_clear_pointer(&segment->early, recorded_result_free);
}

static void add_property(Segment *segment, const Key *key, char *value)
{
	RecordedResult *to = segment->result;

	if (to == NULL && segment->early == NULL)
		segment->early = recorded_result_new(SLICE_ABSENT, SLICE_ABSENT);
	if (!recorded_result_add(to != NULL ? to : segment->early, key->ptype, key->name, value))
		segment->field->is_malformed = true;
}

static void begin_result(Segment *segment, const Key *key, Slice word)
{
	Slice method = slice_is_nocase(key->name, "spfResult") ? slice_of("spf") : key->name;

	segment->result = recorded_result_new(method, word);
	if (segment->result->result == NULL)
		segment->field->is_malformed = true;
	/* RFC 8601, 2.2: a method of a version that is not known is not interpreted. */
	g_ptr_array_add(
		key->version == 1 ? segment->field->results : segment->dropped, segment->result);
	adopt_early(segment);
}

/* "from=yahoo.com" before a method looks like one; what it says is no result. */
static bool begins_result(const Key *key, Slice word)
{
	return is_known_method(key->name) || recorded_word(word) != NULL ||
	       slice_starts_nocase(key->name, "x-");
}

static void read_method(Segment *segment, ArReader *reader, const Key *key)
{
	ArReader ahead = *reader;
	Slice word;

	ar_skip_cfws(&ahead);
	word = ar_take_result(&ahead);
	if (!begins_result(key, word)) {
		add_property(segment, key, ar_take_value(reader));
		return;
	}
	*reader = ahead;
	begin_result(segment, key, word);
}

static void read_reason(Segment *segment, ArReader *reader)
{
	char *value;

	ar_skip_cfws(reader);
	value = ar_take_value(reader);
	if (segment->result->reason != NULL) {
		segment->field->is_malformed = true;
		g_free(value);
		return;
	}
	segment->result->reason = value;
}

static void read_pair(Segment *segment, ArReader *reader, const Key *key)
{
	bool is_bare = key->ptype.data == NULL;

	if (is_bare && segment->result == NULL)
		read_method(segment, reader, key);
	else if (is_bare && slice_is_nocase(key->name, "reason"))
		read_reason(segment, reader);
	else
		add_property(segment, key, ar_take_value(reader));
	/* A second method without a ";" may be the sender's words in the first one's value. */
	if (is_bare && segment->result != NULL && is_known_method(key->name) &&
		!slice_is_nocase(key->name, segment->result->method))
		segment->field->is_malformed = true;
}

static void keep_comment(Segment *segment, ArReader *reader)
{
	g_autofree char *text = ar_take_comment(reader);
	char *both;

	if (text == NULL || segment->result == NULL)
		return;
	both = segment->result->comment != NULL
		       ? g_strconcat(segment->result->comment, " ", text, NULL)
		       : g_strdup(text);
	g_free(segment->result->comment);
	segment->result->comment = both;
}

/* One "; methodspec [reasonspec] *propspec"; "none" alone says that nothing was done. */
static void read_segment(Segment *segment, ArReader *reader)
{
	segment->result = NULL;
	for (;;) {
		Slice before;
		Key key;

		ar_skip_cfws(reader);
		keep_comment(segment, reader);
		if (ar_at_end(reader) || ar_take_char(reader, ';'))
			return;
		before = reader->rest;
		key = take_key(reader);
		keep_comment(segment, reader);
		if (key.has_value) {
			read_pair(segment, reader, &key);
		} else if (!slice_is_nocase(key.name, "none") || segment->result != NULL) {
			reader->rest = before;
			ar_skip_junk(reader);
			segment->field->is_malformed = true;
		}
	}
}

/* A first word with a "=" behind it is no authserv-id: Exchange Online has none. */
static bool has_authserv_id(const ArReader *reader)
{
	g_autoptr(GString) comment = g_string_new(NULL);
	ArReader ahead = { .rest = reader->rest, .comment = comment };
	Key key = take_key(&ahead);

	return !key.has_value;
}

/* False where the field is of a version that is not known (RFC 8601, 2.2). */
static bool read_authserv_id(RecordedField *field, ArReader *reader)
{
	guint64 version = 1;
	Slice before;
	Slice word;

	ar_skip_cfws(reader);
	if (ar_at_end(reader) || !has_authserv_id(reader))
		return true;
	if (reader->rest.data[0] != ';') {
		g_autofree char *id = ar_take_value(reader);

		field->authserv_id = g_ascii_strdown(id, -1);
	}
	ar_skip_cfws(reader);
	before = reader->rest;
	word = ar_take_keyword(reader);
	if (word.len > 0 && !slice_parse_uint(word, 1000, &version)) {
		version = 1;
		reader->rest = before;
	}
	ar_skip_cfws(reader);
	if (!ar_at_end(reader) && !ar_take_char(reader, ';'))
		field->is_malformed = true;
	g_free(ar_take_comment(reader));
	return version == 1;
}

void authentication_results_read(RecordedField *field, Slice value)
{
	g_autoptr(GString) comment = g_string_new(NULL);
	g_autoptr(GPtrArray) dropped =
		g_ptr_array_new_with_free_func((GDestroyNotify)recorded_result_free);
	ArReader reader = { .rest = value, .comment = comment };
	Segment segment = { .field = field, .dropped = dropped };

	if (!read_authserv_id(field, &reader)) {
		field->is_malformed = true;
		return;
	}
	while (!ar_at_end(&reader)) {
		if (field->results->len + dropped->len >= LIMIT_RECORDED_RESULTS) {
			field->is_malformed = true;
			break;
		}
		read_segment(&segment, &reader);
	}
	if (segment.early != NULL)
		field->is_malformed = true;
	recorded_result_free(segment.early);
}

/* "i=1;" before the authserv-id (RFC 8617, 4.1.1). */
static Slice take_instance(RecordedField *field, Slice value)
{
	Slice rest = value;
	Slice tag = slice_take_until(&rest, ';');
	Slice name = slice_trim(slice_take_until(&tag, '='));
	guint64 instance;

	if (!slice_is_nocase(name, "i") || !slice_parse_uint(slice_trim(tag), 1000, &instance)) {
		field->is_malformed = true;
		return value;
	}
	field->instance = (unsigned)instance;
	return rest;
}

RecordedField *recorded_field_parse(RecordedKind kind, Slice value)
{
	RecordedField *field = g_new0(RecordedField, 1);

	field->kind = kind;
	field->results = g_ptr_array_new_with_free_func((GDestroyNotify)recorded_result_free);
	if (kind == RECORDED_RECEIVED_SPF)
		received_spf_read(field, value);
	else if (kind == RECORDED_ARC_AR)
		authentication_results_read(field, take_instance(field, value));
	else
		authentication_results_read(field, value);
	return field;
}

void recorded_field_free(RecordedField *field)
{
	if (field == NULL)
		return;
	g_free(field->authserv_id);
	g_ptr_array_unref(field->results);
	g_free(field);
}

const char *recorded_property(const RecordedResult *result, const char *ptype, const char *name)
{
	for (guint i = 0; i < result->properties->len; i++) {
		const RecordedProperty *property = g_ptr_array_index(result->properties, i);

		if (g_strcmp0(property->name, name) == 0 &&
			(ptype == NULL || g_strcmp0(property->ptype, ptype) == 0))
			return property->value;
	}
	return NULL;
}
