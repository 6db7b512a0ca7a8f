#include "engine/answer_store.h"

#include "dns/evidence_file.h"
#include "dns/evidence_index.h"

GString *answer_store_find(Evidence *evidence, const Question *question)
{
	Slice text = evidence_group_text(evidence, question->name, question->type);
	const Answer *answer;

	if (text.data != NULL)
		return g_string_new_len(text.data, (gssize)text.len);
	answer = evidence_find(evidence, question->name, question->type);
	return answer != NULL ? evidence_format(answer) : NULL;
}

GBytes *answer_store_keep(Evidence *evidence, const Answer *answer)
{
	g_autoptr(GString) group = evidence_format(answer);
	Slice name = slice_of(answer->question.name);
	GString *held = g_string_new_len(name.data, (gssize)name.len);
	GBytes *octets;
	EvidenceGroup kept = { .line = 0 };

	g_string_append_len(held, group->str, (gssize)group->len);
	octets = g_string_free_to_bytes(held);
	name = slice_sub(slice_of_bytes(octets), 0, name.len);
	kept.text = slice_sub(slice_of_bytes(octets), name.len, group->len);
	evidence_hold(evidence, octets);
	evidence_add_group(evidence, name, answer->question.type, &kept);
	g_bytes_unref(octets);
	return g_bytes_new(group->str, group->len);
}
