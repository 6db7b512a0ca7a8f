/* Received-SPF (RFC 7208, 9.1), with or without the semicolons, in any case. */
#include "message/ar_token.h"

#include <string.h>

/* "mx.example.jp: domain of …": the host that checked, where there is no receiver=. */
static char *host_of_comment(const char *comment)
{
	const char *colon = comment != NULL ? strchr(comment, ':') : NULL;
	size_t len = colon != NULL ? (size_t)(colon - comment) : 0;

	if (len == 0 || colon[1] != ' ' || memchr(comment, ' ', len) != NULL ||
		memchr(comment, '.', len) == NULL)
		return NULL;
	return g_ascii_strdown(comment, (gssize)len);
}

/* A comment that the sender's parentheses upset: it ends at the first one that closes. */
static void skip_broken_comment(RecordedField *field, ArReader *reader)
{
	ssize_t close = slice_find_char(reader->rest, ')');

	field->is_malformed = true;
	reader->rest = slice_sub(reader->rest, close < 0 ? 1 : (size_t)close + 1, reader->rest.len);
}

static void read_pairs(RecordedField *field, RecordedResult *result, ArReader *reader)
{
	for (ar_skip_cfws(reader); !ar_at_end(reader); ar_skip_cfws(reader)) {
		Slice before = reader->rest;
		Slice key;

		if (ar_take_char(reader, ';') || ar_take_char(reader, ','))
			continue;
		key = ar_take_keyword(reader);
		ar_skip_cfws(reader);
		if (key.len == 0 || !ar_take_char(reader, '=')) {
			reader->rest = before;
			ar_skip_junk(reader);
			field->is_malformed = true;
		} else if (!recorded_result_add(result, SLICE_ABSENT, key, ar_take_value(reader))) {
			field->is_malformed = true;
			return;
		}
	}
}

void received_spf_read(RecordedField *field, Slice value)
{
	g_autoptr(GString) comment = g_string_new(NULL);
	ArReader reader = { .rest = value, .comment = comment };
	RecordedResult *result;
	const char *receiver;

	ar_skip_cfws(&reader);
	g_free(ar_take_comment(&reader));
	result = recorded_result_new(slice_of("spf"), ar_take_result(&reader));
	g_ptr_array_add(field->results, result);
	if (result->word == NULL)
		field->is_malformed = true;
	ar_skip_cfws(&reader);
	if (!ar_at_end(&reader) && reader.rest.data[0] == '(')
		skip_broken_comment(field, &reader);
	result->comment = ar_take_comment(&reader);
	read_pairs(field, result, &reader);
	receiver = recorded_property(result, NULL, "receiver");
	field->authserv_id = receiver != NULL && *receiver != '\0'
				     ? g_ascii_strdown(receiver, -1)
				     : host_of_comment(result->comment);
}
