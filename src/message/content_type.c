#include "message/content_type.h"

#include "base/printable.h"
#include "message/charset.h"
#include "message/decode.h"
#include "message/transfer.h"

#include <string.h>

/* Real fields have under ten, RFC 2231 pieces counted; duplicates are looked for pair by pair. */
#define LIMIT_PARAMETERS 200u
/* RFC 2231 pieces of one parameter. */
#define LIMIT_SECTION 200u

/* A parameter, or an RFC 2231 piece of one, as it is written. */
typedef struct Piece {
	char *name; /* lower case, without "*0*" */
	GString *value;
	guint64 section; /* 0 where it is no piece */
	bool is_section;
	bool is_extended; /* percent-encoded; the first of its parameter names the charset */
} Piece;

static void piece_free(gpointer data)
{
	Piece *piece = data;

	g_free(piece->name);
	g_string_free(piece->value, TRUE);
	g_free(piece);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Takes a comment with all that is nested in it; one that does not end takes all there is. */
static void skip_comment(Slice *rest)
{
	size_t len = slice_comment_length(*rest);

	*rest = slice_sub(*rest, len > 0 ? len : rest->len, rest->len);
}

/* White space and comments (RFC 5322, 3.2.2). */
static void skip_cfws(Slice *rest)
{
	while (rest->len > 0 && (is_space(rest->data[0]) || rest->data[0] == '(')) {
		if (rest->data[0] == '(')
			skip_comment(rest);
		else
			*rest = slice_sub(*rest, 1, rest->len);
	}
}

/* Octets up to white space or one of stops. */
static Slice take_run(Slice *rest, const char *stops)
{
	Slice run = *rest;

	for (run.len = 0; run.len < rest->len; run.len++) {
		char c = rest->data[run.len];

		if (is_space(c) || (c != '\0' && strchr(stops, c) != NULL))
			break;
	}
	*rest = slice_sub(*rest, run.len, rest->len);
	return run;
}

/* Takes a quoted string; one that does not end takes all there is. */
static GString *take_quoted(Slice *rest, bool *ret_is_closed)
{
	GString *text = g_string_new(NULL);
	size_t i = 1;

	*ret_is_closed = false;
	for (; i < rest->len && rest->data[i] != '"'; i++) {
		char c = rest->data[i];

		if (c == '\\' && i + 1 < rest->len)
			g_string_append_c(text, rest->data[++i]);
		else if (c != '\r' && c != '\n')
			g_string_append_c(text, c);
	}
	*ret_is_closed = i < rest->len;
	*rest = slice_sub(*rest, i + 1, rest->len);
	return text;
}

/* "name*3*" is piece 3 of name, extended. */
static void split_name(Piece *piece, Slice name)
{
	Slice rest = name;
	Slice base;
	g_autofree char *lower = NULL;

	if (name.len > 1 && name.data[name.len - 1] == '*') {
		piece->is_extended = true;
		name.len--;
	}
	rest = name;
	base = slice_take_until(&rest, '*');
	if (base.len < name.len && slice_parse_uint(rest, LIMIT_SECTION - 1, &piece->section)) {
		piece->is_section = true;
		name = base;
	}
	lower = slice_dup_lower(name);
	piece->name = printable_utf8(slice_of(lower));
}

static GString *take_value(ContentType *content, Slice *rest)
{
	bool is_closed = true;
	GString *value;

	if (rest->len > 0 && rest->data[0] == '"') {
		value = take_quoted(rest, &is_closed);
		content->is_malformed |= !is_closed;
	} else {
		/* Unquoted boundaries hold '=', '/' and ':' often enough to take them all. */
		Slice token = take_run(rest, ";(");

		value = g_string_new_len(token.data, (gssize)token.len);
	}
	return value;
}

/* Takes a parameter; NULL where there is no name, or no value. */
static Piece *take_piece(ContentType *content, Slice *rest)
{
	Slice name = take_run(rest, "=;(\"");
	Piece *piece;

	skip_cfws(rest);
	if (name.len == 0 || slice_find_char(name, '\0') >= 0 || rest->len == 0 ||
		rest->data[0] != '=') {
		content->is_malformed = true;
		/* Whatever stopped the name must not stop it for ever. */
		*rest = slice_sub(*rest, name.len == 0 ? 1 : 0, rest->len);
		return NULL;
	}
	*rest = slice_sub(*rest, 1, rest->len);
	skip_cfws(rest);
	piece = g_new0(Piece, 1);
	split_name(piece, name);
	piece->value = take_value(content, rest);
	return piece;
}

static GPtrArray *take_pieces(ContentType *content, Slice rest)
{
	GPtrArray *pieces = g_ptr_array_new_with_free_func(piece_free);

	for (skip_cfws(&rest); rest.len > 0; skip_cfws(&rest)) {
		Piece *piece;

		if (rest.data[0] == ';') {
			rest = slice_sub(rest, 1, rest.len);
			continue;
		}
		if (pieces->len >= LIMIT_PARAMETERS) {
			content->is_cut = true;
			break;
		}
		piece = take_piece(content, &rest);
		if (piece != NULL)
			g_ptr_array_add(pieces, piece);
	}
	return pieces;
}

static Piece *piece_at(const GPtrArray *pieces, guint index)
{
	return (Piece *)g_ptr_array_index(pieces, index);
}

/* The piece of that name and section behind index from, or NULL. */
static const Piece *find_section(
	const GPtrArray *pieces, const char *name, guint64 section, guint from)
{
	for (guint i = from; i < pieces->len; i++) {
		const Piece *piece = piece_at(pieces, i);

		if (piece->is_section && piece->section == section &&
			strcmp(piece->name, name) == 0)
			return piece;
	}
	return NULL;
}

/* Takes "charset'language'" off the front of the first extended value. */
static Slice take_charset(Slice *text)
{
	Slice rest = *text;
	Slice charset = slice_take_until(&rest, '\'');

	if (slice_find_char(*text, '\'') < 0 || slice_find_char(rest, '\'') < 0)
		return slice_sub(*text, 0, 0);
	slice_take_until(&rest, '\'');
	*text = rest;
	return charset;
}

static void append_piece(GString *octets, const Piece *piece, Slice text)
{
	if (piece->is_extended)
		transfer_percent(octets, text);
	else
		g_string_append_len(octets, text.data, (gssize)text.len);
}

/* The octets of the parameter that begins with first, and their charset. */
static GString *join(const GPtrArray *pieces, guint first, Slice *ret_charset)
{
	const Piece *piece = piece_at(pieces, first);
	Slice text = slice_make(piece->value->str, piece->value->len);
	GString *octets = g_string_new(NULL);

	*ret_charset = piece->is_extended ? take_charset(&text) : SLICE_ABSENT;
	append_piece(octets, piece, text);
	for (guint64 section = 1; piece != NULL && piece->is_section; section++) {
		piece = find_section(pieces, piece->name, section, 0);
		if (piece != NULL)
			append_piece(
				octets, piece, slice_make(piece->value->str, piece->value->len));
	}
	return octets;
}

static void add_parameter(ContentType *content, const GPtrArray *pieces, guint first)
{
	Slice charset = SLICE_ABSENT;
	GString *octets = join(pieces, first, &charset);
	Slice text = slice_make(octets->str, octets->len);
	MimeParameter *parameter = g_new0(MimeParameter, 1);

	parameter->name = g_strdup(piece_at(pieces, first)->name);
	for (guint i = 0; i < content->parameters->len; i++)
		content->is_repeated |=
			strcmp(((const MimeParameter *)g_ptr_array_index(content->parameters, i))
					->name,
				parameter->name) == 0;
	parameter->value = charset.len > 0 ? decode_charset(text, charset) : NULL;
	if (parameter->value == NULL)
		parameter->value = charset_guess(text);
	g_ptr_array_add(content->parameters, parameter);
	if (content->boundary == NULL && strcmp(parameter->name, "boundary") == 0)
		content->boundary = octets;
	else
		g_string_free(octets, TRUE);
}

/* A piece 0 or a whole parameter begins one; a piece 0 that is there twice counts once. */
static void add_parameters(ContentType *content, const GPtrArray *pieces)
{
	for (guint i = 0; i < pieces->len; i++) {
		const Piece *piece = piece_at(pieces, i);

		if (piece->is_section && piece->section > 0)
			content->is_malformed |= find_section(pieces, piece->name, 0, 0) == NULL;
		else if (piece->is_section && find_section(pieces, piece->name, 0, 0) != piece)
			content->is_repeated = true;
		else
			add_parameter(content, pieces, i);
	}
}

static char *take_type(Slice *rest)
{
	Slice type;
	Slice subtype;

	skip_cfws(rest);
	type = take_run(rest, "/;(\"=");
	skip_cfws(rest);
	if (type.len == 0 || rest->len == 0 || rest->data[0] != '/')
		return NULL;
	*rest = slice_sub(*rest, 1, rest->len);
	skip_cfws(rest);
	subtype = take_run(rest, ";(\"=");
	if (subtype.len == 0 || !g_utf8_validate_len(type.data, type.len, NULL) ||
		!g_utf8_validate_len(subtype.data, subtype.len, NULL))
		return NULL;
	return g_strdup_printf(
		"%.*s/%.*s", (int)type.len, type.data, (int)subtype.len, subtype.data);
}

void mime_parameter_free(MimeParameter *parameter)
{
	if (parameter == NULL)
		return;
	g_free(parameter->name);
	g_free(parameter->value);
	g_free(parameter);
}

static void free_parameter(gpointer data)
{
	mime_parameter_free(data);
}

ContentType *content_type_parse(Slice value)
{
	ContentType *content = g_new0(ContentType, 1);
	g_autoptr(GPtrArray) pieces = NULL;
	g_autofree char *type = take_type(&value);

	content->parameters = g_ptr_array_new_with_free_func(free_parameter);
	content->type = type != NULL ? g_ascii_strdown(type, -1) : NULL;
	content->is_malformed = type == NULL;
	pieces = take_pieces(content, value);
	add_parameters(content, pieces);
	return content;
}

void content_type_free(ContentType *content)
{
	if (content == NULL)
		return;
	g_free(content->type);
	g_clear_pointer(&content->parameters, g_ptr_array_unref);
	if (content->boundary != NULL)
		g_string_free(content->boundary, TRUE);
	g_free(content);
}

char *content_token(Slice value)
{
	Slice token;
	char *text;

	skip_cfws(&value);
	token = take_run(&value, ";(\"");
	text = g_utf8_validate_len(token.data, token.len, NULL) ? slice_dup_lower(token) : NULL;
	return text != NULL ? text : g_strdup("");
}
