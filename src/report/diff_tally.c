#include "report/diff_report.h"

#include <string.h>

DiffTally *diff_tally_new(void)
{
	DiffTally *tally = g_new0(DiffTally, 1);

	tally->transitions = g_array_new(FALSE, FALSE, sizeof(Transition));
	return tally;
}

void diff_tally_free(DiffTally *tally)
{
	if (tally == NULL)
		return;
	g_array_unref(tally->transitions);
	g_free(tally);
}

static bool is_same_transition(const Transition *a, const Transition *b)
{
	return a->method == b->method && a->mark_a == b->mark_a && a->mark_b == b->mark_b &&
	       strcmp(a->result_a, b->result_a) == 0 && strcmp(a->result_b, b->result_b) == 0;
}

/* There are no more of them than pairs of marks and words. */
static void count_transition(DiffTally *tally, const RecordDiff *diff, Method method)
{
	const SavedVerdict *a = &diff->a->verdicts[method];
	const SavedVerdict *b = &diff->b->verdicts[method];
	Transition made = { .method = method,
		.mark_a = a->mark,
		.mark_b = b->mark,
		.result_a = a->result,
		.result_b = b->result,
		.count = 1 };

	for (guint i = 0; i < tally->transitions->len; i++) {
		Transition *known = &g_array_index(tally->transitions, Transition, i);

		if (is_same_transition(known, &made)) {
			known->count++;
			return;
		}
	}
	g_array_append_val(tally->transitions, made);
}

static void count_causes(DiffTally *tally, const GArray *causes)
{
	bool is_there[CAUSE_KINDS] = { false };

	for (guint i = 0; i < causes->len; i++)
		is_there[g_array_index(causes, DiffCause, i).kind] = true;
	for (int kind = 0; kind < CAUSE_KINDS; kind++)
		tally->causes[kind] += is_there[kind];
}

void diff_tally_add(DiffTally *tally, const RecordDiff *diff)
{
	bool is_changed = false;

	for (int i = 0; i < METHODS; i++) {
		if (!diff->methods[i].is_changed)
			continue;
		is_changed = true;
		tally->methods[i]++;
		count_transition(tally, diff, (Method)i);
		count_causes(tally, diff->methods[i].causes);
	}
	tally->changed += is_changed;
}

static gint compare_transitions(gconstpointer a, gconstpointer b)
{
	const Transition *one = a;
	const Transition *other = b;
	int order;

	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	if (one->method != other->method)
		return one->method < other->method ? -1 : 1;
	order = strcmp(one->result_a, other->result_a);
	if (order == 0)
		order = strcmp(one->result_b, other->result_b);
	if (order == 0)
		order = (int)one->mark_a * 4 + (int)one->mark_b - (int)other->mark_a * 4 -
			(int)other->mark_b;
	return order;
}

void diff_tally_sort(DiffTally *tally)
{
	g_array_sort(tally->transitions, compare_transitions);
}
