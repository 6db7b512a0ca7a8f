#include "message/fields.h"

#include "base/limits.h"
#include "base/printable.h"
#include "message/fields_part.h"

#include <string.h>

/* What is remarkable about a header. Each kind is told so many times, then only counted: a header
 * of a hundred thousand bad lines must not become as many findings. */
typedef enum Note {
	NOTE_MBOX_LINE,
	NOTE_MBOX_LINE_INSIDE,
	NOTE_BOM,
	NOTE_STARTS_WITH_FOLD,
	NOTE_LINE_MALFORMED,
	NOTE_NAME_MALFORMED,
	NOTE_FROM_NAME_FOLDED,
	NOTE_NAME_SPACE,
	NOTE_NAME_LONG,
	NOTE_HIDDEN_FROM,
	NOTE_NUL,
	NOTE_BARE_CR,
	NOTE_8BIT,
	NOTE_KINDS
} Note;

#define NOTES_PER_KIND 16u
/* RFC 5322, 2.1.1 gives a whole line 998 octets; the longest registered name has 42. */
#define LONG_NAME ((size_t)128)
/* Of a line that is shown in a finding. */
#define SHOWN_LINE ((size_t)120)

static const struct {
	const char *code;
	Severity severity;
	const char *text;
} notes[NOTE_KINDS] = {
	[NOTE_MBOX_LINE] = { "mbox-line-in-header", SEVERITY_INFO,
		N_("A line of an mbox stands before the header; it is no part of the message.") },
	[NOTE_MBOX_LINE_INSIDE] = { "mbox-line-in-header", SEVERITY_NOTICE,
		N_("A line of an mbox stands inside the header; it is left out.") },
	[NOTE_BOM] = { "header-starts-with-bom", SEVERITY_NOTICE,
		N_("The message begins with a byte order mark, which no mail system writes.") },
	[NOTE_STARTS_WITH_FOLD] = { "header-starts-with-fold", SEVERITY_ALERT,
		N_("The header begins with a continuation line that continues nothing; some "
		   "programs read a field there.") },
	[NOTE_LINE_MALFORMED] = { "header-line-malformed", SEVERITY_WARNING,
		N_("A line of the header is no field; it is left out.") },
	[NOTE_NAME_MALFORMED] = { "field-name-malformed", SEVERITY_WARNING,
		N_("A field name holds what no field name may hold.") },
	[NOTE_FROM_NAME_FOLDED] = { "from-name-folded", SEVERITY_ALERT,
		N_("The name of a From field is folded before its colon: it is no field, but some "
		   "programs read one.") },
	[NOTE_NAME_SPACE] = { "field-name-space", SEVERITY_WARNING,
		N_("White space stands between a field name and its colon; not every program "
		   "takes this for the field.") },
	[NOTE_NAME_LONG] = { "field-name-long", SEVERITY_NOTICE,
		N_("A field name is longer than any that is in use.") },
	[NOTE_HIDDEN_FROM] = { "from-hidden-in-fold", SEVERITY_ALERT,
		N_("A continuation line looks like a From field; some programs read it as one.") },
	[NOTE_NUL] = { "field-value-nul", SEVERITY_WARNING,
		N_("A field holds a NUL octet; programs differ on what comes behind it.") },
	[NOTE_BARE_CR] = { "field-value-bare-cr", SEVERITY_WARNING,
		N_("A field holds a carriage return that ends no line; some programs begin a new "
		   "line there.") },
	[NOTE_8BIT] = { "field-value-8bit", SEVERITY_INFO,
		N_("A field holds 8-bit octets that are not encoded.") },
};

typedef struct Scan {
	Slice message; /* offsets of findings count from its start */
	Findings *findings;
	unsigned told[NOTE_KINDS];
	GArray *list; /* of Field */
	bool is_inside;
} Scan;

static void note(Scan *scan, Note kind, Slice where, Slice shown)
{
	char *detail = NULL;

	if (scan->findings == NULL || scan->told[kind]++ >= NOTES_PER_KIND)
		return;
	if (shown.data != NULL)
		detail = printable_line(slice_sub(slice_trim_end(shown), 0, SHOWN_LINE));
	findings_add_at(scan->findings, notes[kind].code, notes[kind].severity, notes[kind].text,
		detail, scan->message, where);
}

static void tell_the_untold(const Scan *scan)
{
	for (size_t i = 0; scan->findings != NULL && i < NOTE_KINDS; i++)
		if (scan->told[i] > NOTES_PER_KIND)
			findings_add(scan->findings, "header-findings-left-out", SEVERITY_NOTICE,
				N_("There are more findings of a kind than are listed."),
				g_strdup_printf("%s: %u more", notes[i].code,
					scan->told[i] - NOTES_PER_KIND));
}

static bool is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* Without its LF and all CRs before it: CR CR LF comes from text that was converted twice. */
static Slice chop_line_end(Slice line)
{
	if (line.len == 0 || line.data[line.len - 1] != '\n')
		return line;
	line.len--;
	while (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

bool fields_is_empty_line(Slice line)
{
	return line.len > 0 && line.data[line.len - 1] == '\n' && chop_line_end(line).len == 0;
}

/* "From " of an mbox, quoted or not; "From :" is the obsolete form of the field. */
static bool is_mbox_line(Slice text)
{
	Slice line = slice_take_line(&text);

	while (line.len > 0 && line.data[0] == '>')
		line = slice_sub(line, 1, line.len);
	if (!slice_starts(line, "From "))
		return false;
	line = slice_trim(slice_sub(line, 5, line.len));
	return line.len == 0 || line.data[0] != ':';
}

/* The header and its end: octets up to the empty line. *ret_body is absent without that line. */
static Slice find_header(Slice message, Slice *ret_body)
{
	Slice rest = message;

	*ret_body = SLICE_ABSENT;
	while (rest.len > 0) {
		size_t at = slice_offset(message, rest);

		if (fields_is_empty_line(slice_take_line(&rest))) {
			*ret_body = rest;
			return slice_sub(message, 0, at);
		}
	}
	return message;
}

/* A line and the continuation lines below it. */
static Slice take_folded(Slice *rest)
{
	Slice start = *rest;

	slice_take_line(rest);
	while (rest->len > 0 && is_wsp(rest->data[0]))
		slice_take_line(rest);
	return slice_sub(start, 0, start.len - rest->len);
}

static bool is_store_name(Slice name)
{
	static const char *const names[] = { "Status", "X-Status", "X-Keywords", "X-UID", "X-IMAP",
		"X-IMAPbase", "Content-Length", "X-Mozilla-Status", "X-Mozilla-Status2",
		"X-Mozilla-Keys", "X-Account-Key", "X-UIDL", "X-GM-THRID", "X-Gmail-Labels" };

	if (name.len < 5 || name.len > 17 || strchr("SsXxCc", name.data[0]) == NULL)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (slice_is_nocase(name, names[i]))
			return true;
	return false;
}

/* ftext (RFC 5322, 2.2): printable US-ASCII without the colon. */
static bool is_field_name(Slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] <= ' ' || name.data[i] >= 0x7F)
			return false;
	return name.len > 0;
}

/* A From field that hides in the fold of another: "from", a colon, and an address in that line,
 * which the h= list of a signature does not have. */
static void look_for_hidden_from(Scan *scan, Slice raw)
{
	slice_take_line(&raw);
	while (raw.len > 0) {
		Slice line = slice_trim(slice_take_line(&raw));

		if (slice_starts_nocase(line, "from") && slice_find_char(line, '@') >= 0 &&
			slice_starts(slice_trim(slice_sub(line, 4, line.len)), ":"))
			note(scan, NOTE_HIDDEN_FROM, line, line);
	}
}

static void add_field(Scan *scan, Slice raw, Slice name, size_t colon)
{
	Field field = { .raw = raw, .name = name, .space_before_colon = name.len < colon };

	field.value = chop_line_end(slice_sub(raw, colon + 1, raw.len));
	field.by_store = is_store_name(name);
	if (!is_field_name(name))
		note(scan, NOTE_NAME_MALFORMED, name, name);
	if (field.space_before_colon)
		note(scan, NOTE_NAME_SPACE, slice_sub(raw, 0, colon + 1), name);
	if (name.len > LONG_NAME)
		note(scan, NOTE_NAME_LONG, name, name);
	look_for_hidden_from(scan, raw);
	g_array_append_val(scan->list, field);
}

/* No colon in its first line. A name that is folded before its colon is a trick by itself. */
static void leave_out(Scan *scan, Slice raw)
{
	Slice rest = raw;
	Slice name = slice_trim_end(slice_take_line(&rest));
	Slice tail = slice_trim(rest);

	if (!is_field_name(name) || tail.len == 0 || tail.data[0] != ':')
		note(scan, NOTE_LINE_MALFORMED, raw, raw);
	else if (slice_is_nocase(name, "From"))
		note(scan, NOTE_FROM_NAME_FOLDED, raw, raw);
	else
		note(scan, NOTE_NAME_MALFORMED, raw, raw);
}

static void read_field(Scan *scan, Slice raw)
{
	Slice line = raw;
	ssize_t colon = slice_find_char(slice_take_line(&line), ':');
	Slice name = SLICE_ABSENT;

	if (is_mbox_line(raw)) {
		note(scan, scan->is_inside ? NOTE_MBOX_LINE_INSIDE : NOTE_MBOX_LINE, raw, raw);
		return;
	}
	if (is_wsp(raw.data[0])) {
		note(scan, NOTE_STARTS_WITH_FOLD, raw, raw);
		return;
	}
	scan->is_inside = true;
	if (colon > 0) {
		name = slice_sub(raw, 0, (size_t)colon);
		while (name.len > 0 && is_wsp(name.data[name.len - 1]))
			name.len--;
	}
	if (name.len == 0)
		leave_out(scan, raw);
	else
		add_field(scan, raw, name, (size_t)colon);
}

static Slice skip_bom(Scan *scan, Slice header)
{
	if (!slice_starts(header, "\xEF\xBB\xBF"))
		return header;
	note(scan, NOTE_BOM, slice_sub(header, 0, 3), SLICE_ABSENT);
	return slice_sub(header, 3, header.len);
}

/* An mbox line continues nothing and is not continued. */
static Slice take_field(Slice *rest)
{
	return is_mbox_line(*rest) ? slice_take_line(rest) : take_folded(rest);
}

static void read_header(Scan *scan, Slice header)
{
	Slice rest = skip_bom(scan, header);

	while (rest.len > 0) {
		Slice raw = take_field(&rest);

		if (slice_offset(header, raw) + raw.len > LIMIT_HEADER) {
			if (scan->findings != NULL)
				findings_add_at(scan->findings, "header-too-long", SEVERITY_WARNING,
					N_("The header is longer than is read; the rest of it is "
					   "left "
					   "out."),
					NULL, scan->message, raw);
			return;
		}
		if (scan->list->len >= LIMIT_FIELDS) {
			if (scan->findings != NULL)
				findings_add_at(scan->findings, "header-too-many-fields",
					SEVERITY_WARNING,
					N_("The header has more fields than are read; the rest of "
					   "them is left out."),
					NULL, scan->message, raw);
			return;
		}
		read_field(scan, raw);
	}
}

/* The first CR that neither ends a line nor stands among the CRs that do; or -1. */
static ssize_t find_bare_cr(Slice text)
{
	for (size_t i = 0; i < text.len;) {
		ssize_t at = slice_find_char(slice_sub(text, i, text.len), '\r');
		size_t end;

		if (at < 0)
			return -1;
		for (end = i + (size_t)at; end < text.len && text.data[end] == '\r'; end++)
			;
		if (end == text.len || text.data[end] != '\n')
			return (ssize_t)(i + (size_t)at);
		i = end;
	}
	return -1;
}

static ssize_t find_8bit(Slice text)
{
	size_t i = 0;

	for (; i + sizeof(uint64_t) <= text.len; i += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, text.data + i, sizeof word);
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	for (; i < text.len; i++)
		if (((unsigned char)text.data[i] & 0x80) != 0)
			return (ssize_t)i;
	return -1;
}

static void note_octet(Scan *scan, const Field *field, Note kind, ssize_t at)
{
	if (at >= 0)
		note(scan, kind, slice_sub(field->value, (size_t)at, 1), field->name);
}

/* One look at the whole header tells most messages that no field needs one. */
static void look_at_octets(Scan *scan, Slice header)
{
	bool nul = slice_find_char(header, '\0') >= 0;
	bool cr = find_bare_cr(header) >= 0;
	bool high = find_8bit(header) >= 0;

	for (guint i = 0; (nul || cr || high) && i < scan->list->len; i++) {
		const Field *field = &g_array_index(scan->list, Field, i);

		if (nul)
			note_octet(scan, field, NOTE_NUL, slice_find_char(field->value, '\0'));
		if (cr)
			note_octet(scan, field, NOTE_BARE_CR, find_bare_cr(field->value));
		if (high)
			note_octet(scan, field, NOTE_8BIT, find_8bit(field->value));
	}
}

Fields *fields_parse_part(Slice part, Slice message, Findings *findings)
{
	Fields *fields = g_new0(Fields, 1);
	Scan scan = { .message = message, .findings = findings };

	scan.list = g_array_new(FALSE, FALSE, sizeof(Field));
	fields->message = part;
	fields->header = find_header(part, &fields->body);
	read_header(&scan, fields->header);
	if (findings != NULL)
		look_at_octets(&scan, fields->header);
	tell_the_untold(&scan);
	fields->count = scan.list->len;
	fields->list = (Field *)(gpointer)g_array_free(scan.list, FALSE);
	return fields;
}

Fields *fields_parse(Slice message, Findings *findings)
{
	Fields *fields = fields_parse_part(message, message, findings);

	if (findings != NULL && fields->body.data == NULL)
		findings_add(findings, "header-without-end", SEVERITY_NOTICE,
			N_("No empty line ends the header; the message has no body."), NULL);
	if (findings != NULL && fields->count == 0)
		findings_add(findings, "header-empty", SEVERITY_WARNING,
			N_("The message has no header field."), NULL);
	return fields;
}

void fields_free(Fields *fields)
{
	if (fields == NULL)
		return;
	g_free(fields->list);
	g_free(fields);
}

size_t fields_find(const Fields *fields, const char *name, size_t from)
{
	Slice wanted = slice_of(name);

	for (size_t i = from; i < fields->count; i++)
		if (fields->list[i].name.len == wanted.len &&
			slice_equal_nocase(fields->list[i].name, wanted))
			return i;
	return fields->count;
}

size_t fields_count(const Fields *fields, const char *name)
{
	size_t count = 0;

	for (size_t i = fields_find(fields, name, 0); i < fields->count;
		i = fields_find(fields, name, i + 1))
		count++;
	return count;
}

GString *field_unfold(const Field *field)
{
	Slice rest = field->value;
	GString *text = g_string_sized_new(rest.len + 1);

	while (rest.len > 0) {
		Slice line = chop_line_end(slice_take_line(&rest));

		g_string_append_len(text, line.data, (gssize)line.len);
	}
	return text;
}
