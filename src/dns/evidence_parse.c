#include "dns/evidence_parse.h"
#include "dns/evidence_file.h"
#include "dns/name.h"

#include "base/printable.h"

#include <string.h>

/* A file that is damaged throughout is told by its first notes. */
#define NOTES_OF_A_FILE 1000u
/* Another kind of file has nothing but such places. */
#define NOTES_OF_STRAYS 10u

typedef struct Reader {
	Slice rest;
	uint64_t line; /* of the line last taken, from 1 */
	char *name;
	EvidenceTake take;
	gpointer user;
	GPtrArray *notes;
	unsigned noted;
	uint64_t left_unsaid;
	uint64_t left_out;    /* groups and lines that were lost */
	uint64_t groups;      /* that could be read */
	uint64_t without_crc; /* of them */
	uint64_t strays;      /* places where records stand without a group */
	bool has_header;
	bool is_stray; /* lines of records belong to no group that could be read */
	bool is_foreign;
} Reader;

static void add_note(Reader *reader, uint64_t line, const char *text)
{
	g_ptr_array_add(reader->notes,
		g_strdup_printf("%s:%" G_GUINT64_FORMAT ": %s", reader->name, line, text));
}

static void note(Reader *reader, uint64_t line, const char *text)
{
	if (reader->noted >= NOTES_OF_A_FILE) {
		reader->left_unsaid++;
		return;
	}
	reader->noted++;
	add_note(reader, line, text);
}

static Slice take_line(Reader *reader)
{
	reader->line++;
	return slice_take_line(&reader->rest);
}

static bool has_line_end(Slice line)
{
	return line.len > 0 && line.data[line.len - 1] == '\n';
}

/* A record's line: no comment, not blank. */
static bool is_record(Slice line)
{
	return slice_trim(line).len > 0 && line.data[0] != ';';
}

/* Takes the lines of the group's records, whole ones, as far as they go. */
static Slice take_records(Reader *reader, const GroupHead *head, unsigned *ret_count)
{
	unsigned max = head->has_count ? head->count : GROUP_RECORDS;
	Slice all = reader->rest;
	unsigned count;

	for (count = 0; count < max; count++) {
		Slice rest = reader->rest;
		Slice line = slice_take_line(&rest);

		if (!is_record(line) || !has_line_end(line))
			break;
		reader->rest = rest;
		reader->line++;
	}
	*ret_count = count;
	return slice_sub(all, 0, slice_offset(all, reader->rest));
}

static GString *without_cr(Slice text)
{
	GString *out = g_string_sized_new(text.len);

	while (text.len > 0) {
		Slice line = slice_chop_eol(slice_take_line(&text));

		g_string_append_len(out, line.data, (gssize)line.len);
		g_string_append_c(out, '\n');
	}
	return out;
}

static const char *crc_problem(const GroupHead *head, Slice records)
{
	g_autoptr(GString) converted = NULL;

	if (!head->has_crc || group_crc(head, records) == head->crc)
		return NULL;
	converted = without_cr(records);
	if (group_crc(head, slice_make(converted->str, converted->len)) == head->crc)
		return "left out: its line ends were converted to CR LF, so its crc is wrong; "
		       "convert the file back to LF";
	return "left out: its crc is wrong, the group is damaged or was edited by hand (whoever "
	       "edits it takes crc= out)";
}

static const char *count_problem(Reader *reader, const GroupHead *head, unsigned count)
{
	if (!head->has_count || count == head->count)
		return NULL;
	if (reader->rest.len == 0 || slice_find_char(reader->rest, '\n') < 0) {
		reader->rest = slice_sub(reader->rest, reader->rest.len, 0);
		return "left out: a torn tail, the file ends before the group does";
	}
	return "left out: it has fewer records than n= says; a torn group, or n= is wrong";
}

/* Why one of the lines cannot be read, or NULL. Types that nobody asks for are passed over. */
static const char *lines_problem(Reader *reader, Slice records, uint64_t line)
{
	while (records.len > 0) {
		Slice record = slice_chop_eol(slice_take_line(&records));

		switch (group_line_check(record)) {
		case GROUP_LINE_BAD:
			return "left out: one of its records cannot be read";
		case GROUP_LINE_UNKNOWN_TYPE:
			note(reader, line, "a record of a type that is not known is passed over");
			break;
		case GROUP_LINE_RECORD:
			break;
		}
	}
	return NULL;
}

static bool is_usual_name(Slice owner)
{
	return owner.len > 1 && owner.data[owner.len - 1] == '.' &&
	       dns_name_is_plain(slice_sub(owner, 0, owner.len - 1));
}

/* The usual name is found again in the text itself. */
static const char *take_group(Reader *reader, ParsedGroup *group)
{
	Slice owner = group->head.owner;
	Slice bare = slice_sub(owner, 0, owner.len - 1);
	g_autofree char *name = NULL;

	group->is_bare = is_usual_name(owner);
	if (!group->is_bare) {
		name = group_question_name(&group->head);
		if (name == NULL)
			return "left out: the question is no name";
		group->is_bare = slice_is(bare, name);
	}
	group->name = group->is_bare ? bare : slice_of(name);
	group->group.text.len += group->records.len;
	reader->groups++;
	reader->without_crc += !group->head.has_crc;
	reader->take(reader->user, group);
	return NULL;
}

static const char *read_group(Reader *reader, Slice head_line)
{
	ParsedGroup group = { .group = { head_line, reader->line } };
	unsigned count;
	const char *problem = group_head_parse(slice_chop_eol(head_line), &group.head);

	if (problem != NULL)
		return problem;
	group.records = take_records(reader, &group.head, &count);
	problem = count_problem(reader, &group.head, count);
	if (problem == NULL)
		problem = crc_problem(&group.head, group.records);
	if (problem == NULL)
		problem = lines_problem(reader, group.records, group.group.line);
	return problem != NULL ? problem : take_group(reader, &group);
}

static void read_header(Reader *reader, Slice line)
{
	Slice version = slice_trim(slice_sub(line, strlen(EVIDENCE_HEADER), line.len));

	reader->has_header = true;
	if (slice_is(slice_take_until(&version, ' '), EVIDENCE_VERSION))
		return;
	reader->is_foreign = true;
	note(reader, reader->line, "the file is of a version that this kantei does not know");
}

/* Lines that stand outside of a group are told once, not each. */
static void read_stray(Reader *reader)
{
	reader->left_out += !reader->is_stray;
	if (!reader->is_stray && ++reader->strays <= NOTES_OF_STRAYS)
		note(reader, reader->line, "passed over: records without a ;q line before them");
	reader->is_stray = true;
}

/* The file was begun, and no more. */
static bool is_torn_header(const Reader *reader, Slice line)
{
	Slice whole = slice_of(EVIDENCE_HEADER " " EVIDENCE_VERSION);

	return reader->line == 1 && slice_equal(slice_sub(whole, 0, line.len), line);
}

static void read_line(Reader *reader)
{
	Slice line = take_line(reader);
	uint64_t number = reader->line;
	const char *problem;

	if (!has_line_end(line)) {
		reader->has_header = reader->has_header || is_torn_header(reader, line);
		reader->left_out++;
		note(reader, number, "left out: a torn tail, the last line has no line end");
		return;
	}
	if (group_is_head(line)) {
		problem = read_group(reader, line);
		reader->is_stray = problem != NULL;
		reader->left_out += problem != NULL;
		if (problem != NULL)
			note(reader, number, problem);
	} else if (slice_starts(line, EVIDENCE_HEADER)) {
		read_header(reader, line);
	} else if (is_record(line)) {
		read_stray(reader);
	} else {
		reader->is_stray = false;
	}
}

static void say_number(Reader *reader, uint64_t line, uint64_t number, const char *what)
{
	g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT " %s", number, what);

	if (number > 0)
		add_note(reader, line, text);
}

static void say_at_the_end(Reader *reader)
{
	uint64_t strays = reader->strays;

	say_number(reader, reader->line, strays > NOTES_OF_STRAYS ? strays - NOTES_OF_STRAYS : 0,
		"more places where records without a ;q line are passed over");
	say_number(reader, reader->line, reader->left_unsaid, "more such lines");
	say_number(reader, 1, reader->without_crc,
		"groups have no crc, as in a file written by hand: nothing proves that they are "
		"as they were received");
}

static EvidenceOf what_it_is(const Reader *reader)
{
	if (reader->is_foreign)
		return EVIDENCE_OF_LATER_VERSION;
	return reader->has_header || reader->groups > 0 || reader->line == 0
		       ? EVIDENCE_OF_OURS
		       : EVIDENCE_OF_OTHER_KIND;
}

static Slice drop_byte_order_mark(Slice text)
{
	return slice_starts(text, "\xEF\xBB\xBF") ? slice_sub(text, 3, text.len) : text;
}

EvidenceOf evidence_parse_groups(Slice text, const char *name, EvidenceTake take, gpointer user,
	GPtrArray *notes, uint64_t *ret_left_out)
{
	Reader reader = { .rest = drop_byte_order_mark(text),
		.name = printable_line(slice_of(name)),
		.take = take,
		.user = user,
		.notes = notes };

	if (reader.rest.len > 0 && !slice_starts(reader.rest, EVIDENCE_HEADER))
		note(&reader, 1, "no " EVIDENCE_HEADER " line: taken for written by hand");
	while (reader.rest.len > 0 && !reader.is_foreign)
		read_line(&reader);
	say_at_the_end(&reader);
	g_free(reader.name);
	*ret_left_out = reader.left_out;
	return what_it_is(&reader);
}

/* Another spelling of a name than the usual one is made into an answer at once. */
static void keep_group(gpointer user, const ParsedGroup *group)
{
	Evidence *evidence = user;
	g_autofree char *name = NULL;
	Answer *answer;

	if (group->is_bare) {
		evidence_add_group(evidence, group->name, group->head.type, &group->group);
		return;
	}
	name = slice_dup(group->name);
	answer = group_answer(&group->head, name, group->records);
	answer->line = group->group.line;
	evidence_add(evidence, answer);
}

EvidenceOf evidence_parse_held(
	GBytes *octets, const char *name, Evidence *evidence, GPtrArray *notes)
{
	uint64_t left_out;

	evidence_hold(evidence, octets);
	return evidence_parse_groups(
		slice_of_bytes(octets), name, keep_group, evidence, notes, &left_out);
}

void evidence_parse(Slice text, const char *name, Evidence *evidence, GPtrArray *notes)
{
	g_autoptr(GBytes) octets = g_bytes_new(text.data, text.len);

	evidence_parse_held(octets, name, evidence, notes);
}
