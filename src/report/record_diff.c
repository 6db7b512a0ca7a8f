#include "report/record_diff.h"

#include <string.h>

/* What a search for the causes of one message's changes knows. */
typedef struct Search {
	RecordDiff *diff;
	const GPtrArray *runs;
	GHashTable *asked_b; /* "TYPE name" -> const SavedAnswer * */
	bool lacks_digest;   /* of an answer that both have */
} Search;

static bool is_same_verdict(const SavedVerdict *a, const SavedVerdict *b)
{
	return strcmp(a->result, b->result) == 0 && strcmp(a->reason, b->reason) == 0 &&
	       a->is_final == b->is_final;
}

static void add_cause(Search *search, Method method, const DiffCause *cause)
{
	g_array_append_val(search->diff->methods[method].causes, *cause);
}

/* Only the mark can change with the time at which an answer was taken: from or to "unknown". */
static bool is_mark_of_time(const RecordDiff *diff, Method method)
{
	return (diff->a->verdicts[method].mark == MARK_UNKNOWN) !=
	       (diff->b->verdicts[method].mark == MARK_UNKNOWN);
}

/* What the signatures gave decides which octets of the message all methods are given. */
static bool is_unquoted_otherwise(const RecordDiff *diff)
{
	return g_strcmp0(diff->a->unquoted, diff->b->unquoted) != 0;
}

static bool may_change(const RecordDiff *diff, Method method, const RunDifference *run)
{
	if (run->aspect == RUN_OPTION && g_strcmp0(run->name, "horizon") == 0 &&
		!is_mark_of_time(diff, method))
		return false;
	return (run->methods & (1u << (unsigned)method)) != 0 || is_unquoted_otherwise(diff);
}

static void add_run_causes(Search *search, Method method)
{
	for (guint i = 0; search->runs != NULL && i < search->runs->len; i++) {
		const RunDifference *run = g_ptr_array_index(search->runs, i);
		DiffCause cause = {
			.kind = (CauseKind)run->aspect, .name = run->name, .a = run->a, .b = run->b
		};

		if (may_change(search->diff, method, run))
			add_cause(search, method, &cause);
	}
}

/* The store's line and time give the envelope and the reception where the header does not. */
static void add_store_causes(Search *search, Method method)
{
	const SavedRecord *a = search->diff->a;
	const SavedRecord *b = search->diff->b;
	const DiffCause members[] = {
		{ .name = "kind", .a = a->kind, .b = b->kind },
		{ .name = "from_line", .a = a->from_line, .b = b->from_line },
		{ .name = "store_time", .a = a->store_time, .b = b->store_time },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
		DiffCause cause = members[i];

		cause.kind = CAUSE_STORE;
		if (g_strcmp0(cause.a, cause.b) != 0)
			add_cause(search, method, &cause);
	}
}

static char *question_key(const SavedAnswer *answer)
{
	return g_strdup_printf("%s %s", answer->type, answer->name);
}

static bool says_the_same(const SavedAnswer *a, const SavedAnswer *b)
{
	if (a->is_lacking || b->is_lacking)
		return a->is_lacking == b->is_lacking;
	return strcmp(a->outcome, b->outcome) == 0 && a->records == b->records &&
	       g_strcmp0(a->security, b->security) == 0 &&
	       (a->digest == NULL || b->digest == NULL || strcmp(a->digest, b->digest) == 0);
}

/* Whether the method rests on the answer. DMARC rests on those of SPF and DKIM too. */
static bool rests_on(const RecordDiff *diff, Method method, unsigned by)
{
	unsigned mask = ASKED_BY(method);

	if (by == 0 || is_unquoted_otherwise(diff))
		return true;
	if (method == METHOD_DMARC)
		mask |= ASKED_BY(METHOD_SPF) | ASKED_BY(METHOD_DKIM);
	return (by & mask) != 0;
}

static bool may_be_of_time(const RecordDiff *diff, Method method)
{
	return is_same_verdict(&diff->a->verdicts[method], &diff->b->verdicts[method]) &&
	       is_mark_of_time(diff, method);
}

static void compare_answers(
	Search *search, Method method, const SavedAnswer *a, const SavedAnswer *b)
{
	const RecordDiff *diff = search->diff;
	bool is_same = says_the_same(a, b);
	DiffCause cause = { .kind = CAUSE_DNS,
		.name = a->name,
		.answer_a = a,
		.answer_b = b,
		.a = saved_record_text_of(diff->a, a),
		.b = saved_record_text_of(diff->b, b) };

	if (!rests_on(diff, method, a->by | b->by))
		return;
	search->lacks_digest |= !a->is_lacking && (a->digest == NULL || b->digest == NULL);
	if (!is_same || (may_be_of_time(diff, method) && g_strcmp0(a->at, b->at) != 0))
		add_cause(search, method, &cause);
}

static void add_dns_causes(Search *search, Method method)
{
	const GArray *answers = search->diff->answers_a;

	for (guint i = 0; i < answers->len; i++) {
		const SavedAnswer *a = &g_array_index(answers, SavedAnswer, i);
		g_autofree char *key = question_key(a);
		const SavedAnswer *b = g_hash_table_lookup(search->asked_b, key);

		if (b != NULL)
			compare_answers(search, method, a, b);
	}
}

static void find_causes(Search *search, Method method)
{
	GArray *causes = g_array_new(FALSE, FALSE, sizeof(DiffCause));
	DiffCause none = { .kind = CAUSE_UNEXPLAINED };

	search->diff->methods[method].causes = causes;
	search->lacks_digest = false;
	add_dns_causes(search, method);
	add_run_causes(search, method);
	add_store_causes(search, method);
	if (search->lacks_digest || search->runs == NULL)
		none.kind = CAUSE_NOT_RECORDED;
	if (causes->len == 0)
		add_cause(search, method, &none);
}

static GHashTable *index_answers(const GArray *answers)
{
	GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < answers->len; i++) {
		SavedAnswer *answer = &g_array_index(answers, SavedAnswer, i);

		g_hash_table_insert(index, question_key(answer), answer);
	}
	return index;
}

RecordDiff *record_diff_new(const SavedRecord *a, const SavedRecord *b, const GPtrArray *runs)
{
	RecordDiff *diff = g_new0(RecordDiff, 1);
	Search search = { .diff = diff, .runs = runs };

	diff->a = a;
	diff->b = b;
	diff->answers_a = saved_record_answers(a);
	diff->answers_b = saved_record_answers(b);
	search.asked_b = index_answers(diff->answers_b);
	for (int i = 0; i < METHODS; i++) {
		diff->methods[i].is_changed = !is_same_verdict(&a->verdicts[i], &b->verdicts[i]) ||
					      a->verdicts[i].mark != b->verdicts[i].mark;
		if (diff->methods[i].is_changed)
			find_causes(&search, (Method)i);
	}
	g_hash_table_unref(search.asked_b);
	return diff;
}

void record_diff_free(RecordDiff *diff)
{
	if (diff == NULL)
		return;
	for (int i = 0; i < METHODS; i++)
		if (diff->methods[i].causes != NULL)
			g_array_unref(diff->methods[i].causes);
	g_array_unref(diff->answers_a);
	g_array_unref(diff->answers_b);
	g_free(diff);
}

const char *cause_word(CauseKind kind)
{
	if (kind <= CAUSE_LIBRARY)
		return run_aspect_word((RunAspect)kind);
	static const char *const words[] = { "dns", "store", "not-recorded", "unexplained" };
	return words[kind - CAUSE_DNS];
}
