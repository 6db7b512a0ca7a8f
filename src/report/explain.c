/* The account of one message as text: what was checked, on what, with what result and why. */
#include "report/explain_account.h"
#include "report/explain_auth.h"
#include "report/explain_form.h"

#include "base/text_time.h"
#include "report/admit.h"
#include "report/checklist_report.h"

static const char *const heads[METHODS] = { "S/MIME", "SPF", "DKIM", "DMARC" };

/* The message that carries it, and where in that it was. */
static void part_lines(GString *out, const ReportStyle *style, const Source *source)
{
	const SourcePart *part = source->part;
	g_autofree char *carrier = NULL;
	g_autofree char *octets = NULL;

	if (part == NULL)
		return;
	carrier = source_place_of(source->index, part->carrier);
	octets = g_strdup_printf("%" G_GUINT64_FORMAT " + %" G_GUINT64_FORMAT "%s%s%s",
		(guint64)part->offset, (guint64)part->length,
		part->encoding != PART_BARE ? " (" : "",
		part->encoding != PART_BARE ? part_encoding_word(part->encoding) : "",
		part->encoding != PART_BARE ? ")" : "");
	explain_line(out, style, N_("Attached to"), carrier);
	explain_line(out, style, N_("  SHA-256 of that"), part->carrier_sha256);
	explain_line(out, style, N_("  offset + octets"), octets);
}

static void message_lines(GString *out, const ReportStyle *style, const Case *kase)
{
	const Facts *facts = kase->facts;
	const Source *source = kase->source;
	g_autofree char *number = source_place(source);
	g_autofree char *place = g_strdup_printf(
		"%s, #%s (%s)", source->path, number, store_kind_word(source->kind));
	g_autofree char *octets = g_strdup_printf("%" G_GUINT64_FORMAT " + %" G_GUINT64_FORMAT,
		(guint64)source->offset, (guint64)source->length);

	explain_head(out, style, N_("The message"));
	explain_line(out, style, N_("File"), place);
	explain_line(out, style, N_("Offset + octets"), octets);
	part_lines(out, style, source);
	explain_line(out, style, N_("SHA-256 as stored"), source->sha256);
	explain_wire_form(out, style, kase);
	for (guint i = 0; i < facts->from->addresses->len; i++) {
		const Address *from = address_list_get(facts->from, i);

		explain_line(out, style, "From", from->addr_spec);
		if (from->display != NULL)
			explain_line(out, style, N_("  shown as"), from->display);
	}
	explain_line(out, style, "Subject", facts->subject);
	explain_line(out, style, "Message-ID", facts->message_id);
	explain_time(out, style, "Date", facts->date);
	explain_time(out, style, N_("Received"), facts->received);
}

static void marks_lines(GString *out, const ReportStyle *style, const Case *kase)
{
	for (int i = 0; i < METHODS; i++) {
		const Verdict *verdict = case_verdict(kase, (Method)i);

		explain_mark(out, style, heads[i], kase->marks[i],
			case_result_word(kase, (Method)i), verdict->text,
			kase->is_stale[i] ? N_(" (evidence too late to say no)") : NULL);
	}
}

static void envelope_lines(GString *out, const ReportStyle *style, const Case *kase)
{
	const Envelope *envelope = &kase->facts->envelope;
	char ip[INET_ADDR_TEXT];

	explain_head(out, style, N_("The envelope, from captured headers"));
	explain_line(out, style, N_("Client address"),
		envelope->client_ip.family != 0 ? inet_addr_text(&envelope->client_ip, ip) : NULL);
	explain_line(out, style, N_("HELO (a claim)"), envelope->helo);
	explain_line(out, style, "MAIL FROM",
		envelope->mail_from != NULL && *envelope->mail_from == '\0' ? "<>"
									    : envelope->mail_from);
	explain_line(out, style, N_("Rule for the boundary"), boundary_rule_word(envelope->rule));
	explain_line(out, style, N_("Rule for MAIL FROM"),
		mail_from_rule_word(envelope->mail_from_rule));
	explain_hops(out, style, kase);
}

static void difference_lines(GString *out, const ReportStyle *style, const Case *kase)
{
	if (kase->differences->len == 0)
		return;
	explain_head(out, style, N_("Recorded by the receiver, and recomputed"));
	for (guint i = 0; i < kase->differences->len; i++) {
		const Difference *difference = g_ptr_array_index(kase->differences, i);
		g_autofree char *text = g_strdup_printf("%s / %s (%s): %s", difference->recorded,
			difference->recomputed, difference->cause,
			style_text(style, difference->text));

		explain_line(out, style, heads[difference->method], text);
	}
}

static void finding_lines(GString *out, const ReportStyle *style, const Case *kase)
{
	explain_head(out, style, N_("Findings"));
	if (findings_count(kase->findings) == 0)
		explain_line(out, style, "", style_text(style, N_("none")));
	for (int severity = SEVERITY_ALERT; severity >= SEVERITY_INFO; severity--)
		for (size_t i = 0; i < findings_count(kase->findings); i++)
			if (findings_get(kase->findings, i)->severity == (Severity)severity)
				explain_finding(out, style, findings_get(kase->findings, i));
}

static void answer_lines(GString *out, const ReportStyle *style, const Case *kase)
{
	explain_head(out, style, N_("DNS answers it rests on"));
	for (guint i = 0; i < kase->answers->len; i++) {
		const Answer *answer = g_ptr_array_index(kase->answers, i);
		g_autofree char *at = text_time_rfc3339_ms(answer->at);
		g_autofree char *text = g_strdup_printf("%s %s %s n=%" G_GSIZE_FORMAT " sec=%s",
			answer->question.name, dns_type_word(answer->question.type),
			dns_outcome_word(answer->outcome), answer_count(answer),
			dns_security_word(answer->security));

		explain_line(out, style, at != NULL ? at : "-", text);
	}
	for (guint i = 0; i < kase->lacking->len; i++) {
		const Question *question = g_ptr_array_index(kase->lacking, i);
		g_autofree char *text =
			g_strdup_printf("%s %s", question->name, dns_type_word(question->type));

		explain_line(out, style, N_("not in the evidence"), text);
	}
}

static void limit_lines(GString *out, const ReportStyle *style, const Case *kase)
{
	static const char *const limits[] = {
		N_("Who typed the message: a signature shows that a holder of the key signed it."),
		N_("That Date and the header fields below the boundary are true."),
		N_("That the records of the day of reception were those that are in the evidence, "
		   "where the evidence is of another day."),
		N_("That the envelope was the one read here: it is taken from header fields that "
		   "the "
		   "receiver wrote."),
	};

	explain_head(out, style, N_("What this does not prove"));
	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++)
		explain_item(out, style, limits[i], NULL);
	if (kase->source->part != NULL)
		explain_item(out, style,
			N_("That the attached message ever was on its way by itself, or was "
			   "received when its lines say: it is here because the message that "
			   "carries it holds it."),
			NULL);
}

void explain_case(GString *out, const ReportStyle *style, const Case *kase)
{
	explain_head(out, style, N_("Account of one message"));
	marks_lines(out, style, kase);
	explain_summary(out, style, kase);
	message_lines(out, style, kase);
	envelope_lines(out, style, kase);
	explain_spf(out, style, kase);
	explain_dkim(out, style, kase);
	explain_dmarc(out, style, kase);
	explain_arc(out, style, kase);
	explain_smime(out, style, kase);
	difference_lines(out, style, kase);
	if (style->checklist)
		checklist_explain(out, style, kase);
	explain_clocks(out, style, kase);
	finding_lines(out, style, kase);
	answer_lines(out, style, kase);
	explain_statements(out, style, kase);
	limit_lines(out, style, kase);
}

static void end(
	GString *out, const ReportStyle *style, const Table *table, const RunSummary *summary)
{
	explain_head(out, style, N_("How this account was made"));
	explain_number(out, style, N_("Messages explained"), table_messages(table));
	explain_custody(out, style, summary);
	explain_line(out, style, N_("Evidence (SHA-256)"), summary->evidence);
	if (summary->problems > 0)
		explain_number(out, style, N_("Inputs with problems"), summary->problems);
	if (summary->is_interrupted)
		explain_line(out, style, "",
			style_text(
				style, N_("Interrupted: only what was done so far is counted.")));
}

static bool admits(Slice text, const ReportStyle *style, const Source *source)
{
	(void)source;
	return admit_lines(text, style, SIZE_MAX);
}

const Printer explain_printer = { .message = explain_case, .end = end, .admits = admits };
