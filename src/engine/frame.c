#include "engine/frame.h"

#include "base/limits.h"
#include "base/part_number.h"
#include "base/text_time.h"
#include "dns/name.h"
#include "engine/attached_frame.h"
#include "engine/pack.h"

#include <string.h>

/* What one evaluation may ask: every signature's key, the hops' SPF, the tree walks. */
#define QUESTIONS_MAX 4096u
/* A name in normal form has at most four octets for each of a packet's. */
#define NAME_OCTETS (4 * DNS_NAME_WIRE_MAX)
/* A label is the file's name, an address and the subject; an octet that is no text takes four, and
 * none of them is longer than a header may be. */
#define LABEL_OCTETS (12 * LIMIT_HEADER)
/* A word of RFC 8601, or what a receiver wrote for one. */
#define WORD_OCTETS LIMIT_HEADER

/* Files of one result: each signature has a few. */
#define FILES_MAX   (UINT64_C(8) * LIMIT_SIGNATURES)
#define FILE_OCTETS ((size_t)255)

/* --- a message */

static void pack_part(GByteArray *out, const SourcePart *part)
{
	pack_number(out, part != NULL);
	if (part == NULL)
		return;
	pack_text(out, part->number);
	pack_text(out, part->carrier);
	pack_text(out, part->carrier_sha256);
	pack_number(out, part->offset);
	pack_number(out, part->length);
	pack_number(out, part->encoding);
	pack_number(out, part->store);
	pack_number(out, part->is_verbatim);
}

static void unpack_sha256(Unpack *unpack, char *ret_hex, size_t size)
{
	g_autofree char *sha256 = unpack_text(unpack, size - 1);

	if (sha256 != NULL)
		g_strlcpy(ret_hex, sha256, size);
}

static SourcePart *unpack_part(Unpack *unpack)
{
	SourcePart *part;

	if (unpack_number(unpack, true) == 0)
		return NULL;
	part = source_part_new();
	part->number = unpack_text(unpack, PART_NUMBER_OCTETS);
	part->carrier = unpack_text(unpack, PART_NUMBER_OCTETS);
	unpack_sha256(unpack, part->carrier_sha256, sizeof part->carrier_sha256);
	part->offset = unpack_number(unpack, UINT64_MAX);
	part->length = unpack_number(unpack, UINT64_MAX);
	part->encoding = (PartEncoding)unpack_number(unpack, PART_UUENCODE);
	part->store = (StoreKind)unpack_number(unpack, STORE_ATTACHED);
	part->is_verbatim = unpack_number(unpack, true) != 0;
	return part;
}

static void pack_source(GByteArray *out, const Source *source)
{
	pack_text(out, source->path);
	pack_text(out, source->archive);
	pack_number(out, source->index);
	pack_number(out, source->offset);
	pack_number(out, source->length);
	pack_number(out, source->kind);
	pack_text(out, source->from_line);
	pack_text(out, source->from_line_sender);
	pack_number(out, (uint64_t)source->store_time);
	pack_text(out, source->flags);
	pack_number(out, source->expunged);
	pack_text(out, source->sha256);
	pack_part(out, source->part);
}

static Source *unpack_source(Unpack *unpack)
{
	Source *source = source_new();

	source->path = unpack_text(unpack, SIZE_MAX - 1);
	source->archive = unpack_text(unpack, SIZE_MAX - 1);
	source->index = unpack_number(unpack, UINT64_MAX);
	source->offset = unpack_number(unpack, UINT64_MAX);
	source->length = unpack_number(unpack, UINT64_MAX);
	source->kind = (StoreKind)unpack_number(unpack, STORE_ATTACHED);
	source->from_line = unpack_text(unpack, SIZE_MAX - 1);
	source->from_line_sender = unpack_text(unpack, SIZE_MAX - 1);
	source->store_time = (int64_t)unpack_number(unpack, UINT64_MAX);
	source->flags = unpack_text(unpack, SIZE_MAX - 1);
	source->expunged = unpack_number(unpack, true) != 0;
	unpack_sha256(unpack, source->sha256, sizeof source->sha256);
	source->part = unpack_part(unpack);
	return source;
}

static void pack_finding(GByteArray *out, const Finding *finding)
{
	pack_text(out, finding->code);
	pack_number(out, finding->severity);
	pack_text(out, finding->text);
	pack_text(out, finding->detail);
	pack_number(out, finding->has_place);
	pack_number(out, finding->offset);
	pack_number(out, finding->length);
}

/* Codes and sentences are static where they come from; here each distinct one is kept. */
static const char *unpack_static(Unpack *unpack)
{
	g_autofree char *text = unpack_text(unpack, SIZE_MAX - 1);

	return g_intern_string(text != NULL ? text : "");
}

static void unpack_finding(Unpack *unpack, Findings *findings)
{
	const char *code = unpack_static(unpack);
	Severity severity = (Severity)unpack_number(unpack, SEVERITIES - 1);
	const char *text = unpack_static(unpack);
	char *detail = unpack_text(unpack, SIZE_MAX - 1);
	bool has_place = unpack_number(unpack, true) != 0;
	uint64_t offset = unpack_number(unpack, UINT64_MAX);
	uint64_t length = unpack_number(unpack, UINT64_MAX);

	if (has_place)
		findings_add_place(findings, code, severity, text, detail, offset, length);
	else
		findings_add(findings, code, severity, text, detail);
}

GByteArray *frame_task(uint64_t id, uint64_t number, const RawMessage *raw)
{
	GByteArray *out = g_byte_array_new();
	size_t count = raw->findings != NULL ? findings_count(raw->findings) : 0;

	pack_number(out, id);
	pack_number(out, number);
	pack_source(out, raw->source);
	pack_number(out, count);
	for (size_t i = 0; i < count; i++)
		pack_finding(out, findings_get(raw->findings, i));
	return out;
}

RawMessage *frame_read_task(GBytes *octets, uint64_t *ret_id, uint64_t *ret_number)
{
	Unpack unpack = { slice_of_bytes(octets), false };
	RawMessage *raw = g_new0(RawMessage, 1);
	uint64_t findings;

	*ret_id = unpack_number(&unpack, UINT64_MAX);
	*ret_number = unpack_number(&unpack, UINT64_MAX);
	raw->source = unpack_source(&unpack);
	raw->findings = findings_new();
	findings = unpack_number(&unpack, SIZE_MAX);
	for (uint64_t i = 0; i < findings && !unpack.is_broken; i++)
		unpack_finding(&unpack, raw->findings);
	raw->bytes = g_bytes_new_from_bytes(
		octets, g_bytes_get_size(octets) - unpack.rest.len, unpack.rest.len);
	if (!unpack.is_broken)
		return raw;
	raw_message_free(raw);
	return NULL;
}

/* --- answers and questions */

GByteArray *frame_answers(uint64_t id)
{
	GByteArray *out = g_byte_array_new();

	pack_number(out, id);
	return out;
}

void frame_add_answer(GByteArray *answers, Slice group)
{
	pack_octets(answers, group);
}

GArray *frame_read_answers(Slice octets, uint64_t *ret_id)
{
	GArray *groups = g_array_new(FALSE, FALSE, sizeof(Slice));
	Unpack unpack = { octets, false };

	*ret_id = unpack_number(&unpack, UINT64_MAX);
	while (!unpack.is_broken && unpack.rest.len > 0) {
		Slice group = unpack_octets(&unpack);

		if (group.data != NULL)
			g_array_append_val(groups, group);
	}
	return groups;
}

bool frame_put_lacking(int fd, uint64_t id, const GPtrArray *questions)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	pack_number(out, id);
	pack_number(out, questions->len);
	for (guint i = 0; i < questions->len; i++) {
		const Question *question = g_ptr_array_index(questions, i);

		pack_number(out, question->type);
		pack_text(out, question->name);
	}
	return channel_put(fd, FRAME_LACKING, out, SLICE_ABSENT);
}

/* The name stands in the evidence file, where anything but the normal form could be more than a
 * name. */
static bool is_normal(const char *name)
{
	g_autofree char *again = name != NULL ? dns_name_from_text(slice_of(name)) : NULL;
	bool is_root = name != NULL && *name == '\0';

	return is_root || (again != NULL && strcmp(again, name) == 0);
}

static bool unpack_question(Unpack *unpack, GPtrArray *questions)
{
	uint64_t type = unpack_number(unpack, UINT16_MAX);
	g_autofree char *name = unpack_text(unpack, NAME_OCTETS);

	if (!is_normal(name) || type > G_MAXUINT16 || !dns_type_is_asked((DnsType)type))
		return false;
	g_ptr_array_add(questions, question_new(name, (DnsType)type));
	return true;
}

bool frame_read_lacking(Slice octets, uint64_t *ret_id, GPtrArray **ret_questions)
{
	g_autoptr(GPtrArray) questions =
		g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
	Unpack unpack = { octets, false };
	uint64_t count;

	*ret_id = unpack_number(&unpack, UINT64_MAX);
	count = unpack_number(&unpack, QUESTIONS_MAX);
	for (uint64_t i = 0; i < count; i++)
		if (!unpack_question(&unpack, questions))
			return false;
	if (!unpack_is_done(&unpack) || count == 0)
		return false;
	*ret_questions = g_steal_pointer(&questions);
	return true;
}

/* --- a converter */

bool frame_put_missing(int fd, uint64_t id, unsigned converter)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	pack_number(out, id);
	pack_number(out, converter);
	return channel_put(fd, FRAME_MISSING, out, SLICE_ABSENT);
}

bool frame_read_missing(Slice octets, uint64_t *ret_id, uint64_t *ret_converter)
{
	Unpack unpack = { octets, false };

	*ret_id = unpack_number(&unpack, UINT64_MAX);
	*ret_converter = unpack_number(&unpack, UINT64_MAX);
	return unpack_is_done(&unpack);
}

/* --- a result */

static void pack_entry(GByteArray *out, const TableEntry *entry)
{
	pack_text(out, entry->key);
	pack_text(out, entry->label);
	pack_text(out, entry->sender);
	for (int i = 0; i < METHODS; i++) {
		pack_number(out, entry->marks[i]);
		pack_text(out, entry->results[i]);
	}
	pack_number(out, entry->stale);
	pack_number(out, entry->missing);
	pack_number(out, (uint64_t)entry->received);
	pack_number(out, entry->is_strict);
	pack_number(out, entry->is_checked);
	for (int i = 0; entry->is_checked && i < CHECK_ITEMS; i++)
		pack_number(out, entry->checks[i]);
}

static bool unpack_line(Unpack *unpack, size_t limit, char **ret_text)
{
	*ret_text = unpack_text(unpack, limit);
	return *ret_text == NULL || g_utf8_validate(*ret_text, -1, NULL);
}

/* One that has a name, as every time has that was read somewhere. */
static bool is_time(int64_t time)
{
	g_autofree char *text = text_time_rfc3339(time);

	return time == TIME_UNKNOWN || text != NULL;
}

static bool unpack_entry(Unpack *unpack, TableEntry *entry)
{
	bool is_good = unpack_line(unpack, LABEL_OCTETS, &entry->key) &&
		       unpack_line(unpack, LABEL_OCTETS, &entry->label) && entry->label != NULL &&
		       unpack_line(unpack, LABEL_OCTETS, &entry->sender);

	for (int i = 0; i < METHODS; i++) {
		entry->marks[i] = (Mark)unpack_number(unpack, MARK_UNKNOWN);
		is_good = unpack_line(unpack, WORD_OCTETS, &entry->results[i]) && is_good &&
			  entry->results[i] != NULL;
	}
	entry->stale = (unsigned)unpack_number(unpack, METHODS);
	entry->missing = (unsigned)unpack_number(unpack, METHODS);
	entry->received = (int64_t)unpack_number(unpack, UINT64_MAX);
	entry->is_strict = unpack_number(unpack, true) != 0;
	entry->is_checked = unpack_number(unpack, true) != 0;
	for (int i = 0; entry->is_checked && i < CHECK_ITEMS; i++)
		entry->checks[i] = (Mark)unpack_number(unpack, MARK_UNKNOWN);
	return is_good && is_time(entry->received);
}

static void pack_files(GByteArray *out, const GPtrArray *files)
{
	guint count = files != NULL ? files->len : 0;

	pack_number(out, count);
	for (guint i = 0; i < count; i++) {
		const ResultFile *file = g_ptr_array_index(files, i);

		pack_text(out, file->name);
		pack_octets(out, slice_of_bytes(file->octets));
	}
}

static bool unpack_files(Unpack *unpack, EngineResult *result)
{
	uint64_t count = unpack_number(unpack, FILES_MAX);

	for (uint64_t i = 0; i < count && !unpack->is_broken; i++) {
		char *name = unpack_text(unpack, FILE_OCTETS);
		Slice octets = unpack_octets(unpack);
		g_autoptr(GBytes) copy = g_bytes_new(octets.data, octets.len);

		if (name == NULL)
			return false;
		engine_result_add_file(result, name, copy);
	}
	return true;
}

bool frame_put_done(int fd, uint64_t id, const EngineResult *result)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	pack_number(out, id);
	pack_number(out, result->is_chosen);
	pack_number(out, result->is_in_doubt);
	pack_number(out, result->is_claimed);
	if (result->is_chosen) {
		pack_entry(out, &result->entry);
		pack_files(out, result->files);
	}
	attached_pack(out, result->attached);
	return channel_put(fd, FRAME_DONE, out, slice_make(result->text->str, result->text->len));
}

bool frame_read_done(Slice octets, uint64_t *ret_id, EngineResult *ret_result)
{
	g_auto(EngineResult) result = engine_result_make();
	Unpack unpack = { octets, false };
	bool is_good = true;

	*ret_id = unpack_number(&unpack, UINT64_MAX);
	result.is_chosen = unpack_number(&unpack, true) != 0;
	result.is_in_doubt = unpack_number(&unpack, true) != 0;
	result.is_claimed = unpack_number(&unpack, true) != 0;
	if (result.is_chosen)
		is_good = unpack_entry(&unpack, &result.entry) && unpack_files(&unpack, &result);
	is_good = is_good && attached_unpack(&unpack, &result.attached);
	if (unpack.is_broken || !is_good || (!result.is_chosen && unpack.rest.len > 0))
		return false;
	g_string_append_len(result.text, unpack.rest.data, (gssize)unpack.rest.len);
	*ret_result = result;
	result = (EngineResult) { .text = NULL };
	return true;
}

/* --- the first word */

bool frame_put_ready(int fd, unsigned confinement)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	pack_number(out, confinement);
	return channel_put(fd, FRAME_READY, out, SLICE_ABSENT);
}

bool frame_read_ready(Slice octets, unsigned *ret_confinement)
{
	Unpack unpack = { octets, false };

	*ret_confinement = (unsigned)unpack_number(&unpack, UINT16_MAX);
	return unpack_is_done(&unpack);
}
