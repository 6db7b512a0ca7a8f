#include "message/ar_token.h"

#include "message/trace_text.h"

#include <string.h>

/* Each parenthesis that nothing closes costs a scan to the end. */
#define LIMIT_UNCLOSED 8u

static void skip(ArReader *reader, size_t len)
{
	reader->rest = slice_sub(reader->rest, len, reader->rest.len);
}

static bool is_keyword_char(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_';
}

static bool is_value_end(char c)
{
	return trace_is_blank(c) || c == ';';
}

bool ar_at_end(const ArReader *reader)
{
	return reader->rest.len == 0;
}

/* The length of the comment at that place of the rest; 0 where none closes. */
static size_t comment_length(ArReader *reader, size_t at)
{
	Slice text = slice_sub(reader->rest, at, reader->rest.len);
	size_t len = reader->unclosed < LIMIT_UNCLOSED ? slice_comment_length(text) : 0;

	reader->unclosed += len == 0;
	return len;
}

static bool skip_comment(ArReader *reader)
{
	size_t len = comment_length(reader, 0);

	if (len == 0)
		return false;
	if (reader->comment->len > 0)
		g_string_append_c(reader->comment, ' ');
	g_string_append_len(reader->comment, reader->rest.data + 1, (gssize)len - 2);
	skip(reader, len);
	return true;
}

void ar_skip_cfws(ArReader *reader)
{
	while (reader->rest.len > 0) {
		if (trace_is_blank(reader->rest.data[0]))
			skip(reader, 1);
		else if (reader->rest.data[0] != '(' || !skip_comment(reader))
			return;
	}
}

char *ar_take_comment(ArReader *reader)
{
	char *text = trace_text(slice_make(reader->comment->str, reader->comment->len));

	g_string_truncate(reader->comment, 0);
	return text;
}

bool ar_take_char(ArReader *reader, char c)
{
	if (reader->rest.len == 0 || reader->rest.data[0] != c)
		return false;
	skip(reader, 1);
	return true;
}

static Slice take(ArReader *reader, size_t len)
{
	Slice taken = slice_sub(reader->rest, 0, len);

	skip(reader, len);
	return taken;
}

Slice ar_take_keyword(ArReader *reader)
{
	size_t len = 0;

	while (len < reader->rest.len && is_keyword_char(reader->rest.data[len]))
		len++;
	return take(reader, len);
}

Slice ar_take_result(ArReader *reader)
{
	size_t len = 0;

	while (len < reader->rest.len && !is_value_end(reader->rest.data[len]) &&
		reader->rest.data[len] != '(' && reader->rest.data[len] != ',')
		len++;
	return take(reader, len);
}

void ar_skip_junk(ArReader *reader)
{
	size_t len = 1;

	while (len < reader->rest.len && !is_value_end(reader->rest.data[len]))
		len++;
	skip(reader, len);
}

/* Blanks behind the "=" belong to an empty value when "ptype.property=" follows them. */
static bool is_property_ahead(Slice rest)
{
	size_t at = 0;
	size_t dots = 0;

	while (at < rest.len && (is_keyword_char(rest.data[at]) || rest.data[at] == '.'))
		dots += rest.data[at++] == '.';
	return dots == 1 && at < rest.len && rest.data[at] == '=';
}

/* A quoted-string counts only where it is the whole value or a local-part: a quote that somebody
 * slipped into a name does not swallow what follows. */
static size_t quoted_value_length(Slice rest)
{
	size_t len = rest.len > 0 && rest.data[0] == '"' ? trace_quoted_length(rest) : 0;

	if (len == 0 || len == rest.len || is_value_end(rest.data[len]) || rest.data[len] == '@')
		return len;
	return 0;
}

/* From there to the end of the value. What stands in parentheses is taken whole: by RFC 8601 it is
 * a comment, so that no ";" in it ends anything. */
static size_t value_length(ArReader *reader, size_t from)
{
	size_t len = from;

	while (len < reader->rest.len && !is_value_end(reader->rest.data[len])) {
		size_t comment = reader->rest.data[len] == '(' ? comment_length(reader, len) : 0;

		len += MAX(comment, 1);
	}
	return len;
}

char *ar_take_value(ArReader *reader)
{
	Slice before = reader->rest;
	size_t quoted;
	size_t len;
	char *text;

	if (reader->rest.len > 0 && trace_is_blank(reader->rest.data[0])) {
		ar_skip_cfws(reader);
		if (is_property_ahead(reader->rest)) {
			reader->rest = before;
			return g_strdup("");
		}
	}
	quoted = quoted_value_length(reader->rest);
	len = value_length(reader, quoted);
	if (quoted > 0 && len == quoted)
		return trace_unquote(take(reader, len));
	text = trace_text(take(reader, len));
	return text != NULL ? text : g_strdup("");
}

static void property_free(RecordedProperty *property)
{
	g_free(property->ptype);
	g_free(property->name);
	g_free(property->value);
	g_free(property);
}

static char *lower_or_null(const char *text)
{
	return text != NULL ? g_ascii_strdown(text, -1) : NULL;
}

RecordedResult *recorded_result_new(Slice method, Slice result)
{
	RecordedResult *made = g_new0(RecordedResult, 1);
	const char *word = recorded_word(result);

	made->method = trace_text_lower(method);
	made->result = trace_text_lower(result);
	made->word = lower_or_null(word);
	made->properties = g_ptr_array_new_with_free_func((GDestroyNotify)property_free);
	return made;
}

void recorded_result_free(RecordedResult *result)
{
	if (result == NULL)
		return;
	g_free(result->method);
	g_free(result->result);
	g_free(result->word);
	g_free(result->reason);
	g_free(result->comment);
	g_ptr_array_unref(result->properties);
	g_free(result);
}

bool recorded_result_add(RecordedResult *result, Slice ptype, Slice name, char *value)
{
	RecordedProperty *property;

	if (result->properties->len >= LIMIT_RECORDED_PROPERTIES) {
		g_free(value);
		return false;
	}
	property = g_new0(RecordedProperty, 1);
	property->ptype = trace_text_lower(ptype);
	property->name = trace_text_lower(name);
	property->value = value;
	g_ptr_array_add(result->properties, property);
	return true;
}
