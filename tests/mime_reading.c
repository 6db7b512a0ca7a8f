#include "mime_reading.h"

#include "base/printable.h"
#include "base/text_time.h"
#include "message/content_type.h"
#include "message/decode.h"
#include "mime_json.h"

#include <string.h>

/* Of a text that is shown. */
#define SHOWN_TEXT ((size_t)24)

static void leaf_free(gpointer data)
{
	Leaf *leaf = data;

	g_free(leaf->section);
	g_free(leaf->word);
	g_free(leaf);
}

static Reading *reading_new(void)
{
	Reading *reading = g_new0(Reading, 1);

	reading->leaves = g_ptr_array_new_with_free_func(leaf_free);
	return reading;
}

void reading_free(Reading *reading)
{
	if (reading == NULL)
		return;
	g_free(reading->from);
	g_free(reading->subject);
	g_free(reading->date);
	g_free(reading->tree);
	g_ptr_array_unref(reading->leaves);
	g_free(reading);
}

/* Where a part begins, its body begins, and it ends. */
typedef struct Place {
	size_t start, body, end;
} Place;

/* A body that is empty or absent has no place of its own. text is valid UTF-8. */
static void add_leaf(Reading *reading, const char *section, Place place, const char *text)
{
	Leaf *leaf = g_new0(Leaf, 1);
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	g_autofree char *start =
		g_utf8_substring(text, 0, MIN((long)SHOWN_TEXT, g_utf8_strlen(text, -1)));
	g_autofree char *shown = printable_line(slice_of(start));
	g_autofree char *where =
		place.end > place.body
			? g_strdup_printf("%zu-%zu-%zu", place.start, place.body, place.end)
			: g_strdup_printf("%zu", place.start);

	leaf->section = g_strdup(section);
	leaf->word = g_strdup_printf("%s \"%s\" %zu:%.8s", where, shown, strlen(text), digest);
	g_ptr_array_add(reading->leaves, leaf);
}

static char *section_below(const char *section, size_t index)
{
	return g_strdup_printf("%s%s%zu", section, section[0] == '\0' ? "" : ".", index + 1);
}

static void add_person(GString *people, const char *name, const char *address)
{
	g_string_append_printf(people, "%s%s <%s>", people->len > 0 ? ", " : "",
		name != NULL ? name : "", address != NULL ? address : "");
}

/* --- ours */

char *reading_people(const AddressList *list)
{
	GString *people = g_string_new(NULL);

	for (guint i = 0; i < list->addresses->len; i++) {
		const Address *address = address_list_get(list, i);

		add_person(people, address->display, address->addr_spec);
	}
	return g_string_free(people, FALSE);
}

/* Of Content-Disposition, else of Content-Type. */
static char *our_name(const MimePart *part)
{
	size_t at = fields_find(part->fields, "Content-Disposition", 0);
	g_autoptr(ContentType) content =
		at < part->fields->count ? content_type_parse(part->fields->list[at].value) : NULL;

	for (guint i = 0; content != NULL && i < content->parameters->len; i++) {
		const MimeParameter *parameter = g_ptr_array_index(content->parameters, i);

		if (strcmp(parameter->name, "filename") == 0)
			return g_strdup(parameter->value);
	}
	return g_strdup(mime_parameter(part, "name"));
}

static char *our_text(const MimePart *part)
{
	g_autoptr(GBytes) octets = mime_decode_body(part);
	const char *charset = mime_parameter(part, "charset");
	char *text = NULL;

	if (octets == NULL)
		return g_strdup("(encoding not known)");
	if (charset != NULL)
		text = decode_charset(slice_of_bytes(octets), slice_of(charset));
	return text != NULL ? text : decode_charset(slice_of_bytes(octets), slice_of("us-ascii"));
}

static Place our_place(const MimePart *part, Slice message)
{
	Slice body = part->fields->body;
	Place place = { .start = slice_offset(message, part->whole) };

	place.end = place.start + part->whole.len;
	place.body = body.data != NULL ? slice_offset(message, body) : place.end;
	return place;
}

static void read_part(
	Reading *reading, GString *tree, const MimePart *part, const char *section, Slice message)
{
	g_autofree char *name = our_name(part);

	g_string_append(tree, part->type);
	if (name != NULL)
		g_string_append_printf(tree, " \"%s\"", name);
	if (part->children->len == 0) {
		g_autofree char *text = our_text(part);

		add_leaf(reading, section, our_place(part, message), text);
		return;
	}
	for (guint i = 0; i < part->children->len; i++) {
		g_autofree char *inner = section_below(section, i);

		g_string_append(tree, i == 0 ? "(" : ", ");
		read_part(reading, tree, g_ptr_array_index(part->children, i), inner, message);
	}
	g_string_append_c(tree, ')');
}

Reading *reading_of_facts(const Facts *facts)
{
	Reading *reading = reading_new();
	GString *tree = g_string_new(NULL);

	reading->from = reading_people(facts->from);
	reading->subject = g_strdup(facts->subject != NULL ? facts->subject : "");
	reading->date = facts->date == TIME_UNKNOWN ? g_strdup("") : text_time_rfc3339(facts->date);
	read_part(reading, tree, facts->mime, "", facts->message);
	reading->tree = g_string_free(tree, FALSE);
	return reading;
}

/* --- theirs */

/* The value of the index-th header field of that name, or NULL. */
static const json_t *field_of(const json_t *part, const char *name, size_t index)
{
	const json_t *headers = json_object_get(part, "headers");

	for (size_t i = 0; i < json_array_size(headers); i++) {
		const json_t *field = json_array_get(headers, i);

		if (g_strcmp0(json_string_value(json_object_get(field, "name")), name) == 0 &&
			index-- == 0)
			return json_object_get(field, "value");
	}
	return NULL;
}

static void add_json_people(GString *people, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *each = json_array_get(list, i);

		if (json_object_get(each, "addresses") != NULL)
			add_json_people(people, json_object_get(each, "addresses"));
		else
			add_person(people, json_string_value(json_object_get(each, "name")),
				json_string_value(json_object_get(each, "address")));
	}
}

char *mime_json_people(const json_t *address)
{
	GString *people = g_string_new(NULL);

	add_json_people(people, json_object_get(address, "List"));
	add_json_people(people, json_object_get(address, "Group"));
	return g_string_free(people, FALSE);
}

static char *json_from(const json_t *root)
{
	GString *all = g_string_new(NULL);
	const json_t *value;

	for (size_t i = 0; (value = field_of(root, "from", i)) != NULL; i++) {
		g_autofree char *people = mime_json_people(json_object_get(value, "Address"));

		g_string_append_printf(all, "%s%s", all->len > 0 ? ", " : "", people);
	}
	return g_string_free(all, FALSE);
}

static int number(const json_t *object, const char *name)
{
	return (int)json_integer_value(json_object_get(object, name));
}

char *mime_json_date(const json_t *date)
{
	int zone = number(date, "tz_hour") * 60 + number(date, "tz_minute");
	int64_t time = TIME_UNKNOWN;

	if (json_is_true(json_object_get(date, "tz_before_gmt")))
		zone = -zone;
	if (!json_is_object(date) ||
		!text_time_from_civil(number(date, "year"), number(date, "month"),
			number(date, "day"), number(date, "hour"), number(date, "minute"),
			number(date, "second"), zone, &time))
		return g_strdup("");
	return text_time_rfc3339(time);
}

char *mime_json_text(const json_t *text)
{
	return printable_utf8(slice_make(
		json_is_string(text) ? json_string_value(text) : "", json_string_length(text)));
}

/* An attribute is an object or a pair. */
static char *attribute_piece(const json_t *attribute, const char *name, size_t index)
{
	return mime_json_text(json_is_array(attribute) ? json_array_get(attribute, index)
						       : json_object_get(attribute, name));
}

char *mime_json_attribute(const json_t *content, const char *name)
{
	const json_t *attributes = json_object_get(content, "attributes");

	for (size_t i = 0; i < json_array_size(attributes); i++) {
		const json_t *each = json_array_get(attributes, i);
		g_autofree char *found = attribute_piece(each, "name", 0);

		if (strcmp(found, name) == 0)
			return attribute_piece(each, "value", 1);
	}
	return NULL;
}

/* The language of RFC 2231 is no attribute of its own here. */
GPtrArray *mime_json_attributes(const json_t *content)
{
	const json_t *attributes = json_object_get(content, "attributes");
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < json_array_size(attributes); i++) {
		const json_t *each = json_array_get(attributes, i);
		g_autofree char *name = attribute_piece(each, "name", 0);
		g_autofree char *value = attribute_piece(each, "value", 1);

		if (!g_str_has_suffix(name, "-language"))
			g_ptr_array_add(texts, g_strdup_printf("%s=%s", name, value));
	}
	return texts;
}

char *mime_json_type(const json_t *content, const char *fallback)
{
	const char *type = json_string_value(json_object_get(content, "c_type"));
	const char *subtype = json_string_value(json_object_get(content, "c_subtype"));

	return subtype == NULL ? g_strdup(fallback) : g_strdup_printf("%s/%s", type, subtype);
}

static char *json_octets(const json_t *array)
{
	GString *octets = g_string_new(NULL);
	char *text;

	for (size_t i = 0; i < json_array_size(array); i++)
		g_string_append_c(octets, (char)json_integer_value(json_array_get(array, i)));
	text = printable_utf8(slice_make(octets->str, octets->len));
	g_string_free(octets, TRUE);
	return text;
}

/* Text is decoded from its charset there, octets are as they are. */
static char *json_content(const json_t *body)
{
	static const char *const kinds[] = { "Text", "Html", "Binary", "InlineBinary" };
	const json_t *content = NULL;

	for (size_t i = 0; content == NULL && i < G_N_ELEMENTS(kinds); i++)
		content = json_object_get(body, kinds[i]);
	return json_is_array(content) ? json_octets(content) : mime_json_text(content);
}

static void read_json(
	Reading *reading, GString *tree, const json_t *parts, size_t index, const char *section);

/* What stands below a part: the parts of a multipart by their numbers, or a message of its own. */
static void read_json_below(Reading *reading, GString *tree, const json_t *parts,
	const json_t *body, const char *section)
{
	const json_t *children = json_object_get(body, "Multipart");
	const json_t *inner = json_object_get(json_object_get(body, "Message"), "parts");
	size_t count = inner != NULL ? 1 : json_array_size(children);

	for (size_t i = 0; i < count; i++) {
		g_autofree char *below = section_below(section, i);

		g_string_append(tree, i == 0 ? "(" : ", ");
		if (inner != NULL)
			read_json(reading, tree, inner, 0, below);
		else
			read_json(reading, tree, parts,
				(size_t)json_integer_value(json_array_get(children, i)), below);
	}
	g_string_append(tree, count > 0 ? ")" : "()");
}

static void read_json(
	Reading *reading, GString *tree, const json_t *parts, size_t index, const char *section)
{
	const json_t *part = json_array_get(parts, index);
	const json_t *body = json_object_get(part, "body");
	bool is_message = json_object_get(body, "Message") != NULL;
	const json_t *content = json_object_get(field_of(part, "content_type", 0), "ContentType");
	g_autofree char *name = mime_json_attribute(
		json_object_get(field_of(part, "content_disposition", 0), "ContentType"),
		"filename");
	g_autofree char *type =
		mime_json_type(content, is_message ? "message/rfc822" : "text/plain");

	if (name == NULL)
		name = mime_json_attribute(content, "name");
	g_string_append(tree, type);
	if (name != NULL)
		g_string_append_printf(tree, " \"%s\"", name);
	if (is_message || json_object_get(body, "Multipart") != NULL) {
		read_json_below(reading, tree, parts, body, section);
	} else {
		Place place = { (size_t)number(part, "offset_header"),
			(size_t)number(part, "offset_body"), (size_t)number(part, "offset_end") };
		g_autofree char *text = json_content(body);

		add_leaf(reading, section, place, text);
	}
}

json_t *mime_json_load(const char *path)
{
	g_autoptr(GBytes) file = suite_file(path);
	json_error_t error;
	json_t *json = json_loadb(
		g_bytes_get_data(file, NULL), g_bytes_get_size(file), JSON_ALLOW_NUL, &error);

	if (json == NULL)
		g_error("%s: %s", path, error.text);
	return json;
}

Reading *reading_of_json(const char *path)
{
	json_t *json = mime_json_load(path);
	const json_t *parts = json_object_get(json, "parts");
	const json_t *root = json_array_get(parts, 0);
	Reading *reading = reading_new();
	GString *tree = g_string_new(NULL);

	reading->from = json_from(root);
	reading->subject = mime_json_text(json_object_get(field_of(root, "subject", 0), "Text"));
	reading->date = mime_json_date(json_object_get(field_of(root, "date", 0), "DateTime"));
	read_json(reading, tree, parts, 0, "");
	reading->tree = g_string_free(tree, FALSE);
	json_decref(json);
	return reading;
}
