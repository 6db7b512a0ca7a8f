/* The comparison of two runs as JSON Lines: what was compared, a line a message, the summary. */
#include "report/diff_report.h"

#include "report/json_read.h"
#include "report/json_value.h"

#define DIFF_SCHEMA 1

static const Method order[METHODS] = { METHOD_SPF, METHOD_DKIM, METHOD_DMARC, METHOD_SMIME };

static void end_line(GString *out, Json *line)
{
	json_end(line);
	g_string_append_c(out, '\n');
}

static void add_side(Json *parent, const char *name, const DiffSide *side)
{
	Json *object = json_add_object(parent, name);

	json_add_text(object, "path", side->path);
	json_add_number(object, "messages", side->messages);
	json_add_number(object, "runs", side->runs);
	json_add_text(object, "kantei", side->run != NULL ? saved_run_version(side->run) : NULL);
	json_add_text(object, "evidence", side->evidence);
}

static void begin(GString *out, const ReportStyle *style, const DiffHead *head)
{
	Json *line = json_begin(out);
	Json *object = json_add_object(line, "diff");
	Json *array;

	(void)style;
	json_add_number(object, "schema", DIFF_SCHEMA);
	add_side(object, "a", &head->a);
	add_side(object, "b", &head->b);
	array = json_add_array(object, "differences");
	for (guint i = 0; head->runs != NULL && i < head->runs->len; i++) {
		const RunDifference *difference = g_ptr_array_index(head->runs, i);
		Json *entry = json_add_object(array, NULL);

		json_add_text(entry, "kind", run_aspect_word(difference->aspect));
		json_add_text(entry, "name", difference->name);
		json_add_text(entry, "a", difference->a);
		json_add_text(entry, "b", difference->b);
	}
	end_line(out, line);
}

static void add_place(Json *parent, const char *name, const SavedRecord *record)
{
	Json *object;

	if (record == NULL) {
		json_add_null(parent, name);
		return;
	}
	object = json_add_object(parent, name);
	json_add_text(object, "path", record->facts.path);
	json_add_number(object, "index", record->facts.index);
	if (record->facts.part != NULL)
		json_add_text(object, "part", record->facts.part);
	json_add_number(object, "offset", record->offset);
}

static void add_verdict(Json *parent, const char *name, const SavedRecord *record, Method method)
{
	const SavedVerdict *verdict;
	Json *object;

	if (record == NULL) {
		json_add_null(parent, name);
		return;
	}
	verdict = &record->verdicts[method];
	object = json_add_object(parent, name);
	json_add_text(object, "result", verdict->result);
	json_add_text(object, "reason", verdict->reason);
	json_add_bool(object, "final", verdict->is_final);
	json_add_text(object, "mark", mark_word(verdict->mark));
}

static void add_answer(Json *parent, const char *name, const SavedAnswer *answer, const char *text)
{
	Json *object;

	if (answer->is_lacking) {
		json_add_null(parent, name);
		return;
	}
	object = json_add_object(parent, name);
	json_add_text(object, "outcome", answer->outcome);
	json_add_number(object, "records", answer->records);
	json_add_text(object, "at", answer->at);
	json_add_text(object, "security", answer->security);
	json_add_text(object, "digest", answer->digest);
	json_add_text(object, "text", text);
}

static void add_dns_cause(Json *answers, const DiffCause *cause)
{
	Json *entry = json_add_object(answers, NULL);

	json_add_text(entry, "name", cause->name);
	json_add_text(entry, "type", cause->answer_a->type);
	add_answer(entry, "a", cause->answer_a, cause->a);
	add_answer(entry, "b", cause->answer_b, cause->b);
}

static void add_other_cause(Json *causes, const DiffCause *cause)
{
	Json *entry = json_add_object(causes, NULL);

	json_add_text(entry, "kind", cause_word(cause->kind));
	json_add_text(entry, "name", cause->name);
	json_add_text(entry, "a", cause->a);
	json_add_text(entry, "b", cause->b);
}

/* Those that are answers of the DNS, or the others. */
static void add_causes(Json *object, const GArray *list, bool is_dns)
{
	Json *array = json_add_array(object, is_dns ? "answers" : "causes");

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const DiffCause *cause = &g_array_index(list, DiffCause, i);

		if ((cause->kind == CAUSE_DNS) != is_dns)
			continue;
		if (is_dns)
			add_dns_cause(array, cause);
		else
			add_other_cause(array, cause);
	}
}

static void append_message(GString *out, const char *state, const SavedRecord *a,
	const SavedRecord *b, const MethodDiff *methods)
{
	const SavedRecord *either = a != NULL ? a : b;
	Json *line = json_begin(out);
	Json *object;
	Json *array;

	json_add_text(line, "state", state);
	add_place(line, "a", a);
	add_place(line, "b", b);
	json_add_text(line, "sha256", either->sha256);
	object = json_add_object(line, "message");
	json_add_text(object, "from", either->facts.from);
	json_add_text(object, "subject", either->facts.subject);
	json_add_text(object, "message_id", either->message_id);
	json_add_text(object, "received", either->received);
	array = json_add_array(line, "methods");
	for (int i = 0; i < METHODS; i++) {
		Method method = order[i];

		if (methods != NULL && !methods[method].is_changed)
			continue;
		object = json_add_object(array, NULL);
		json_add_text(object, "method", method_word(method));
		add_verdict(object, "a", a, method);
		add_verdict(object, "b", b, method);
		add_causes(object, methods != NULL ? methods[method].causes : NULL, true);
		add_causes(object, methods != NULL ? methods[method].causes : NULL, false);
	}
	end_line(out, line);
}

static void changed(GString *out, const ReportStyle *style, const RecordDiff *diff)
{
	(void)style;
	append_message(out, "changed", diff->a, diff->b, diff->methods);
}

static void only_head(GString *out, const ReportStyle *style, DiffOnly only, uint64_t count)
{
	(void)out;
	(void)style;
	(void)only;
	(void)count;
}

static void only(GString *out, const ReportStyle *style, DiffOnly only, const SavedRecord *record)
{
	(void)style;
	append_message(out, only == ONLY_A ? "only-a" : "only-b", only == ONLY_A ? record : NULL,
		only == ONLY_B ? record : NULL, NULL);
}

static void add_transitions(Json *summary, const DiffTally *tally)
{
	Json *array = json_add_array(summary, "transitions");

	for (guint i = 0; i < tally->transitions->len; i++) {
		const Transition *transition = &g_array_index(tally->transitions, Transition, i);
		Json *entry = json_add_object(array, NULL);
		Json *side;

		json_add_text(entry, "method", method_word(transition->method));
		side = json_add_object(entry, "a");
		json_add_text(side, "result", transition->result_a);
		json_add_text(side, "mark", mark_word(transition->mark_a));
		side = json_add_object(entry, "b");
		json_add_text(side, "result", transition->result_b);
		json_add_text(side, "mark", mark_word(transition->mark_b));
		json_add_number(entry, "count", transition->count);
	}
}

static void end(GString *out, const ReportStyle *style, const DiffTally *tally)
{
	Json *line = json_begin(out);
	Json *summary = json_add_object(line, "summary");
	Json *object;

	(void)style;
	json_add_number(summary, "both", tally->both);
	json_add_number(summary, "only_a", tally->only_a);
	json_add_number(summary, "only_b", tally->only_b);
	json_add_number(summary, "changed", tally->changed);
	object = json_add_object(summary, "methods");
	for (int i = 0; i < METHODS; i++)
		json_add_number(object, method_word(order[i]), tally->methods[order[i]]);
	object = json_add_object(summary, "causes");
	for (int i = 0; i < CAUSE_KINDS; i++)
		json_add_number(object, cause_word((CauseKind)i), tally->causes[i]);
	add_transitions(summary, tally);
	json_add_number(summary, "problems", tally->problems);
	end_line(out, line);
}

const DiffPrinter diff_jsonl_printer = {
	.begin = begin, .changed = changed, .only_head = only_head, .only = only, .end = end
};
