#include "dns/evidence_set.h"

#include "dns/evidence_file.h"
#include "dns/evidence_parse.h"

#include <string.h>

struct EvidenceSet {
	GArray *groups;  /* of SetGroup */
	GPtrArray *held; /* of GBytes: what they point into */
};

EvidenceSet *evidence_set_new(void)
{
	EvidenceSet *set = g_new(EvidenceSet, 1);

	set->groups = g_array_new(FALSE, FALSE, sizeof(SetGroup));
	set->held = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	return set;
}

void evidence_set_free(EvidenceSet *set)
{
	if (set == NULL)
		return;
	g_array_unref(set->groups);
	g_ptr_array_unref(set->held);
	g_free(set);
}

/* Takes text over, and returns it. */
static Slice hold(EvidenceSet *set, GString *text)
{
	GBytes *bytes = g_string_free_to_bytes(text);

	g_ptr_array_add(set->held, bytes);
	return slice_of_bytes(bytes);
}

/* Nothing in it that a terminal would obey. */
static bool is_plain(Slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if ((c < 0x20 || c > 0x7E) && c != '\t' && c != '\n')
			return false;
	}
	return true;
}

static GString *with_plain_ends(Slice text)
{
	GString *out = g_string_sized_new(text.len);

	while (text.len > 0) {
		slice_append(out, slice_chop_eol(slice_take_line(&text)));
		g_string_append_c(out, '\n');
	}
	return out;
}

/* The group as kantei writes it, with a crc only where it had one. */
static GString *written_anew(const ParsedGroup *parsed)
{
	g_autofree char *name = slice_dup(parsed->name);
	g_autoptr(Answer) answer = group_answer(&parsed->head, name, parsed->records);
	GString *out = evidence_format(answer);
	const char *crc = strstr(out->str, " crc=");

	if (!parsed->head.has_crc)
		g_string_erase(out, crc - out->str, (gssize)strcspn(crc, "\n"));
	return out;
}

/* A group that is written by hand may have line ends of CR LF, and any octet. */
static Slice plain_text(EvidenceSet *set, const ParsedGroup *parsed)
{
	GString *text;

	if (is_plain(parsed->group.text))
		return parsed->group.text;
	text = with_plain_ends(parsed->group.text);
	if (!is_plain(slice_make(text->str, text->len))) {
		g_string_free(text, TRUE);
		text = written_anew(parsed);
	}
	return hold(set, text);
}

static void take_group(gpointer user, const ParsedGroup *parsed)
{
	EvidenceSet *set = user;
	SetGroup group = { .name = parsed->name,
		.text = plain_text(set, parsed),
		.at = parsed->head.at,
		.line = parsed->group.line,
		.type = parsed->head.type,
		.outcome = parsed->head.outcome };

	if (!parsed->is_bare)
		group.name =
			hold(set, g_string_new_len(parsed->name.data, (gssize)parsed->name.len));
	g_array_append_val(set->groups, group);
}

bool evidence_set_read(EvidenceSet *set, const char *path, GPtrArray *notes, uint64_t *ret_left_out,
	GError **reterr_error)
{
	guint count = set->groups->len;
	GBytes *octets =
		evidence_read_groups(path, take_group, set, notes, ret_left_out, reterr_error);

	if (octets == NULL) {
		g_array_set_size(set->groups, count);
		return false;
	}
	g_ptr_array_add(set->held, octets);
	return true;
}

void evidence_set_add(EvidenceSet *set, const Answer *answer)
{
	SetGroup group = { .name = hold(set, g_string_new(answer->question.name)),
		.text = hold(set, evidence_format(answer)),
		.at = answer->at,
		.type = answer->question.type,
		.outcome = answer->outcome };

	g_array_append_val(set->groups, group);
}

static int compare_slices(Slice a, Slice b)
{
	size_t len = MIN(a.len, b.len);
	int order = len > 0 ? memcmp(a.data, b.data, len) : 0;

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_questions(const SetGroup *a, const SetGroup *b)
{
	int order = compare_slices(a->name, b->name);

	return order != 0 ? order : strcmp(dns_type_word(a->type), dns_type_word(b->type));
}

static bool is_failure(const SetGroup *group)
{
	return group->outcome != DNS_NOERROR && group->outcome != DNS_NXDOMAIN;
}

static gint compare_as_added(gconstpointer a, gconstpointer b)
{
	return compare_questions(a, b);
}

static gint compare_to_unite(gconstpointer first, gconstpointer second)
{
	const SetGroup *a = first;
	const SetGroup *b = second;
	int order = compare_questions(a, b);

	if (order == 0)
		order = is_failure(b) - is_failure(a);
	if (order == 0)
		order = (a->at > b->at) - (a->at < b->at);
	return order != 0 ? order : compare_slices(a->text, b->text);
}

/* g_array_sort() keeps the order of equals. */
void evidence_set_sort(EvidenceSet *set)
{
	g_array_sort(set->groups, compare_as_added);
}

static SetGroup *group_at(const EvidenceSet *set, size_t index)
{
	return &g_array_index(set->groups, SetGroup, index);
}

size_t evidence_set_unite(EvidenceSet *set)
{
	size_t count = set->groups->len;
	size_t kept = 0;

	g_array_sort(set->groups, compare_to_unite);
	for (size_t i = 0; i < count; i++) {
		const SetGroup *group = group_at(set, i);

		if (kept == 0 || !slice_equal(group_at(set, kept - 1)->text, group->text))
			*group_at(set, kept++) = *group;
	}
	g_array_set_size(set->groups, (guint)kept);
	return count - kept;
}

size_t evidence_set_count(const EvidenceSet *set)
{
	return set->groups->len;
}

const SetGroup *evidence_set_get(const EvidenceSet *set, size_t index)
{
	return index < set->groups->len ? group_at(set, index) : NULL;
}

bool evidence_set_is_last(const EvidenceSet *set, size_t index)
{
	return index + 1 >= set->groups->len ||
	       compare_questions(group_at(set, index), group_at(set, index + 1)) != 0;
}

size_t evidence_set_span(const EvidenceSet *set, size_t index)
{
	size_t end = index;

	while (!evidence_set_is_last(set, end))
		end++;
	return end + 1 - index;
}

Answer *set_group_answer(const SetGroup *group)
{
	Answer *answer = evidence_parse_group(group->text);

	/* It was read when the file was. */
	g_assert(answer != NULL);
	answer->line = group->line;
	return answer;
}
