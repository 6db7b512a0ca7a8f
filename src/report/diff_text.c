/* The comparison of two runs for people. */
#include "report/diff_report.h"

static const char *const heads[METHODS] = { "S/MIME", "SPF", "DKIM", "DMARC" };

static const char *const cause_names[CAUSE_KINDS] = {
	[CAUSE_OPTION] = N_("option"),
	[CAUSE_CLOCK] = N_("clock (--now)"),
	[CAUSE_TRUST] = N_("trust roots"),
	[CAUSE_SUFFIX_LIST] = N_("public suffix list"),
	[CAUSE_VERSION] = N_("version of kantei"),
	[CAUSE_LIBRARY] = N_("library"),
	[CAUSE_DNS] = N_("DNS answer"),
	[CAUSE_STORE] = N_("mailbox"),
	[CAUSE_NOT_RECORDED] = N_("not recorded"),
	[CAUSE_UNEXPLAINED] = N_("unexplained"),
};

static const char *arrow(const ReportStyle *style)
{
	return style->marks == MARKS_OXDASH ? "→" : "->";
}

static void append_title(GString *out, const ReportStyle *style, const char *english)
{
	style_paint(out, style, PAINT_BOLD, style_text(style, english));
}

static void append_value(GString *out, const ReportStyle *style, const char *value)
{
	if (value != NULL)
		style_append_safe(out, value);
	else
		g_string_append(out, style_text(style, N_("(none)")));
}

/* "dmarc: 9989 → 7489" behind what kind of thing it is. */
static void append_change(GString *out, const ReportStyle *style, CauseKind kind, const char *name,
	const char *a, const char *b)
{
	g_string_append(out, style_text(style, cause_names[kind]));
	if (name != NULL) {
		g_string_append_c(out, ' ');
		style_append_safe(out, name);
	}
	g_string_append(out, ": ");
	append_value(out, style, a);
	g_string_append_printf(out, " %s ", arrow(style));
	append_value(out, style, b);
	g_string_append_c(out, '\n');
}

static void append_side(
	GString *out, const ReportStyle *style, const char *name, const DiffSide *side)
{
	g_string_append_printf(out, "  %s: ", name);
	style_append_safe(out, side->path);
	g_string_append(out, " (kantei ");
	append_value(out, style, side->run != NULL ? saved_run_version(side->run) : NULL);
	style_append_number(out, style, N_(", {n} messages"), side->messages);
	if (side->runs > 1)
		style_append_number(out, style, N_(", {n} runs"), side->runs);
	g_string_append(out, ")\n");
}

static void append_runs(GString *out, const ReportStyle *style, const DiffHead *head)
{
	for (guint i = 0; head->runs != NULL && i < head->runs->len; i++) {
		const RunDifference *run = g_ptr_array_index(head->runs, i);

		g_string_append(out, "  ");
		append_change(out, style, (CauseKind)run->aspect, run->name, run->a, run->b);
	}
	if (g_strcmp0(head->a.evidence, head->b.evidence) != 0) {
		g_string_append_printf(
			out, "  %s: ", style_text(style, N_("evidence file (SHA-256)")));
		append_value(out, style, head->a.evidence);
		g_string_append_printf(out, " %s ", arrow(style));
		append_value(out, style, head->b.evidence);
		g_string_append_c(out, '\n');
	} else if (head->runs != NULL && head->runs->len == 0) {
		g_string_append_printf(
			out, "  %s\n", style_text(style, N_("nothing that a header names")));
	}
}

static void begin(GString *out, const ReportStyle *style, const DiffHead *head)
{
	append_title(out, style, N_("Two runs compared"));
	g_string_append_c(out, '\n');
	append_side(out, style, "A", &head->a);
	append_side(out, style, "B", &head->b);
	g_string_append_c(out, '\n');
	append_title(out, style, N_("What differs between the runs"));
	g_string_append_c(out, '\n');
	if (head->runs == NULL)
		g_string_append_printf(out, "  %s\n",
			style_text(style, N_("not known: a header of a run is not there")));
	append_runs(out, style, head);
}

static void append_place(GString *out, const SavedRecord *record)
{
	g_autofree char *place = source_place_of(record->facts.index, record->facts.part);

	style_append_safe(out, record->facts.path);
	g_string_append_c(out, '#');
	style_append_safe(out, place);
}

static void append_message(GString *out, const SavedRecord *record)
{
	append_place(out, record);
	g_string_append(out, "  ");
	style_append_safe(out, record->facts.from != NULL ? record->facts.from : "-");
	g_string_append(out, "  ");
	style_append_safe(out, record->facts.subject != NULL ? record->facts.subject : "");
	g_string_append_c(out, '\n');
}

static void append_verdict(
	GString *out, const ReportStyle *style, Mark mark, const char *result, const char *reason)
{
	style_paint(out, style, style_mark_paint(mark), style_mark(style, mark));
	g_string_append_printf(out, " %s", result);
	if (reason != NULL) {
		g_string_append(out, " (");
		style_append_safe(out, reason);
		g_string_append_c(out, ')');
	}
}

static void append_answer(GString *out, const ReportStyle *style, const SavedAnswer *answer)
{
	if (answer->is_lacking) {
		g_string_append(out, style_text(style, N_("not in the evidence")));
		return;
	}
	style_append_safe(out, answer->outcome);
	g_string_append(out, ", ");
	style_append_number(out, style, N_("{n} record(s)"), answer->records);
	g_string_append(out, ", ");
	style_append_safe(out, answer->at != NULL ? answer->at : "-");
}

static void append_text(GString *out, const char *side, const char *text)
{
	if (text == NULL)
		return;
	g_string_append_printf(out, "      %s: ", side);
	style_append_safe(out, text);
	g_string_append_c(out, '\n');
}

static void append_dns_cause(GString *out, const ReportStyle *style, const DiffCause *cause)
{
	g_string_append_printf(out, "%s ", style_text(style, cause_names[CAUSE_DNS]));
	style_append_safe(out, cause->name);
	g_string_append_c(out, ' ');
	style_append_safe(out, cause->answer_a->type);
	g_string_append(out, ": ");
	append_answer(out, style, cause->answer_a);
	g_string_append_printf(out, " %s ", arrow(style));
	append_answer(out, style, cause->answer_b);
	g_string_append_c(out, '\n');
	if (g_strcmp0(cause->a, cause->b) != 0) {
		append_text(out, "A", cause->a);
		append_text(out, "B", cause->b);
	}
}

static void append_cause(GString *out, const ReportStyle *style, const DiffCause *cause)
{
	g_string_append(out, "    ");
	switch (cause->kind) {
	case CAUSE_DNS:
		append_dns_cause(out, style, cause);
		break;
	case CAUSE_NOT_RECORDED:
		g_string_append_printf(out, "%s\n",
			style_text(style, N_("The results do not say on what the verdict rests.")));
		break;
	case CAUSE_UNEXPLAINED:
		style_paint(out, style, PAINT_BAD,
			style_text(
				style, N_("ALERT: nothing that the verdict rests on differs. One "
					  "of the results was altered, or kantei is at fault.")));
		g_string_append_c(out, '\n');
		break;
	case CAUSE_OPTION:
	case CAUSE_CLOCK:
	case CAUSE_TRUST:
	case CAUSE_SUFFIX_LIST:
	case CAUSE_VERSION:
	case CAUSE_LIBRARY:
	case CAUSE_STORE:
		append_change(out, style, cause->kind, cause->name, cause->a, cause->b);
		break;
	}
}

static void append_method(
	GString *out, const ReportStyle *style, const RecordDiff *diff, Method method)
{
	const SavedVerdict *a = &diff->a->verdicts[method];
	const SavedVerdict *b = &diff->b->verdicts[method];
	const GArray *causes = diff->methods[method].causes;

	g_string_append(out, "  ");
	style_append(out, heads[method], 7);
	append_verdict(out, style, a->mark, a->result, a->reason);
	g_string_append_printf(out, " %s ", arrow(style));
	append_verdict(out, style, b->mark, b->result, b->reason);
	g_string_append_c(out, '\n');
	for (guint i = 0; i < causes->len; i++)
		append_cause(out, style, &g_array_index(causes, DiffCause, i));
}

static bool is_same_place(const SavedRecord *a, const SavedRecord *b)
{
	return a->facts.index == b->facts.index && g_strcmp0(a->facts.part, b->facts.part) == 0 &&
	       g_strcmp0(a->facts.path, b->facts.path) == 0;
}

static void changed(GString *out, const ReportStyle *style, const RecordDiff *diff)
{
	g_string_append_c(out, '\n');
	append_message(out, diff->a);
	if (!is_same_place(diff->a, diff->b)) {
		g_string_append_printf(out, "  %s ", style_text(style, N_("in B:")));
		append_place(out, diff->b);
		g_string_append_c(out, '\n');
	}
	for (int i = 0; i < METHODS; i++)
		if (diff->methods[i].is_changed)
			append_method(out, style, diff, (Method)i);
}

static const char *only_title(DiffOnly only)
{
	return only == ONLY_A ? N_("Only in A") : N_("Only in B");
}

static void only_head(GString *out, const ReportStyle *style, DiffOnly only, uint64_t count)
{
	if (count == 0)
		return;
	g_string_append_c(out, '\n');
	append_title(out, style, only_title(only));
	g_string_append_printf(out, ": %" G_GUINT64_FORMAT "\n", (guint64)count);
}

static void only(GString *out, const ReportStyle *style, DiffOnly only, const SavedRecord *record)
{
	(void)only;
	g_string_append(out, "  ");
	append_message(out, record);
	g_string_append(out, "   ");
	for (int i = 0; i < METHODS; i++) {
		g_string_append_printf(out, " %s ", heads[i]);
		append_verdict(
			out, style, record->verdicts[i].mark, record->verdicts[i].result, NULL);
	}
	g_string_append_c(out, '\n');
}

static void append_number(
	GString *out, const ReportStyle *style, const char *label, uint64_t number)
{
	g_string_append_printf(
		out, "%s: %" G_GUINT64_FORMAT "\n", style_text(style, label), (guint64)number);
}

static bool is_same_word(const Transition *transition)
{
	return transition->mark_a == transition->mark_b &&
	       g_strcmp0(transition->result_a, transition->result_b) == 0;
}

static void append_transitions(GString *out, const ReportStyle *style, const DiffTally *tally)
{
	for (guint i = 0; i < tally->transitions->len; i++) {
		const Transition *transition = &g_array_index(tally->transitions, Transition, i);

		g_string_append(out, "  ");
		style_append(out, heads[transition->method], 7);
		append_verdict(out, style, transition->mark_a, transition->result_a, NULL);
		g_string_append_printf(out, " %s ", arrow(style));
		append_verdict(out, style, transition->mark_b, transition->result_b, NULL);
		if (is_same_word(transition))
			g_string_append(out, style_text(style, N_(" (another reason)")));
		g_string_append_printf(
			out, ": %" G_GUINT64_FORMAT "\n", (guint64)transition->count);
	}
}

static void append_causes(GString *out, const ReportStyle *style, const DiffTally *tally)
{
	for (int i = 0; i < CAUSE_KINDS; i++) {
		if (tally->causes[i] == 0)
			continue;
		g_string_append(out, "  ");
		append_number(out, style, cause_names[i], tally->causes[i]);
	}
}

static void end(GString *out, const ReportStyle *style, const DiffTally *tally)
{
	if (tally->changed > 0) {
		g_string_append_c(out, '\n');
		append_title(out, style, N_("Verdicts that changed"));
		g_string_append_c(out, '\n');
		append_transitions(out, style, tally);
		g_string_append_c(out, '\n');
		append_title(out, style, N_("What is responsible, alone or with others"));
		g_string_append_c(out, '\n');
		append_causes(out, style, tally);
	}
	g_string_append_c(out, '\n');
	append_number(out, style, N_("Messages in both"), tally->both);
	append_number(out, style, N_("Messages with a verdict that changed"), tally->changed);
	append_number(out, style, only_title(ONLY_A), tally->only_a);
	append_number(out, style, only_title(ONLY_B), tally->only_b);
	if (tally->problems > 0)
		append_number(out, style, N_("Inputs that could not be read or analysed"),
			tally->problems);
}

const DiffPrinter diff_text_printer = {
	.begin = begin, .changed = changed, .only_head = only_head, .only = only, .end = end
};
