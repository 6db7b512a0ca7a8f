#include "report/explain_account.h"

#include "analysis/claimed.h"
#include "analysis/clock_table.h"
#include "analysis/handling.h"
#include "analysis/redact.h"
#include "analysis/statement.h"
#include "analysis/wire_form.h"
#include "base/text_time.h"
#include "report/explain_auth.h"
#include "report/explain_form.h"

#include <string.h>

static void author_line(GString *out, const ReportStyle *style, const Case *kase)
{
	const AddressList *from = kase->facts->from;
	bool passes = kase->dmarc->verdict.is_final && kase->dmarc->verdict.result == RESULT_PASS;
	g_autofree char *text = NULL;

	if (from->addresses->len == 0) {
		explain_line(out, style, N_("Author"), NULL);
		return;
	}
	text = g_strdup_printf("%s: %s", address_list_get(from, 0)->addr_spec,
		style_text(style, !passes ? N_("its domain is not authenticated")
				  : claimed_author(kase)
					  ? N_("its domain passes by an envelope that is only "
					       "claimed")
					  : N_("its domain is authenticated")));
	explain_line(out, style, N_("Author"), text);
}

static void origin_line(GString *out, const ReportStyle *style, const Case *kase)
{
	const Envelope *envelope = &kase->facts->envelope;
	g_autofree char *received = text_time_rfc3339(kase->facts->received);
	g_autofree char *text = NULL;
	char ip[INET_ADDR_TEXT];

	if (envelope->client_ip.family != 0)
		text = g_strdup_printf("%s (%s), %s%s%s", inet_addr_text(&envelope->client_ip, ip),
			envelope->helo != NULL ? envelope->helo : "-",
			received != NULL ? received : "-", envelope->is_in_doubt ? "; " : "",
			envelope->is_in_doubt ? style_text(style, N_("in doubt")) : "");
	explain_line(out, style, N_("Came from"), text);
}

static void recorded_line(GString *out, const ReportStyle *style, const Case *kase)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < kase->differences->len; i++) {
		const Difference *difference = g_ptr_array_index(kase->differences, i);

		g_string_append_printf(text, "%s%s %s", i > 0 ? ", " : "",
			method_word(difference->method), difference->cause);
	}
	explain_line(out, style, N_("Recorded results"),
		text->len > 0 ? text->str : style_text(style, N_("none")));
}

static void clocks_line(GString *out, const ReportStyle *style, const Case *kase)
{
	g_autoptr(GPtrArray) table = clock_table_new(kase);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < table->len; i++) {
		const ClockEntry *entry = clock_table_entry(table, i);

		if (entry->contradiction != NULL)
			g_string_append_printf(text, "%s%s %s", text->len > 0 ? ", " : "",
				clock_source_word(entry->source), entry->contradiction);
	}
	explain_line(out, style, N_("Clocks"),
		text->len > 0 ? text->str : style_text(style, N_("no contradiction")));
}

static void findings_line(GString *out, const ReportStyle *style, const Case *kase)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (int severity = SEVERITY_ALERT; severity >= SEVERITY_WARNING; severity--)
		for (size_t i = 0; i < findings_count(kase->findings); i++) {
			const Finding *finding = findings_get(kase->findings, i);

			if (finding->severity == (Severity)severity)
				g_string_append_printf(text, "%s%s %s", text->len > 0 ? ", " : "",
					severity_word(finding->severity), finding->code);
		}
	explain_line(out, style, N_("Findings that weigh"),
		text->len > 0 ? text->str : style_text(style, N_("none")));
}

static void handling_line(GString *out, const ReportStyle *style, const Case *kase)
{
	Handling handling = handling_of(kase);
	g_autoptr(GString) text = g_string_new(style_text(style, handling_text(handling.kind)));

	g_string_append_printf(text, " (%s", handling_code(handling.kind));
	if (handling.signature != NULL && handling.signature->domain != NULL)
		g_string_append_printf(
			text, "; #%zu d=%s", handling.index, handling.signature->domain);
	g_string_append_c(text, ')');
	explain_line(out, style, N_("What happened"), text->str);
}

void explain_summary(GString *out, const ReportStyle *style, const Case *kase)
{
	author_line(out, style, kase);
	origin_line(out, style, kase);
	handling_line(out, style, kase);
	recorded_line(out, style, kase);
	clocks_line(out, style, kase);
	findings_line(out, style, kase);
}

void explain_wire_form(GString *out, const ReportStyle *style, const Case *kase)
{
	static const char *const quotings[] = { N_("none undone"), N_("mboxrd's undone"),
		N_("mboxo's undone") };
	WireForm form = wire_form(kase->facts);
	g_autofree char *hex = digest_hex(&form.sha256);
	g_autofree char *how = g_strdup_printf("%s; %s; %u", wire_line_ends(&form),
		style_text(style, quotings[kase->variant]), form.store_fields);

	if (kase->is_unread)
		return;
	explain_line(out, style, N_("SHA-256 as received"), hex);
	explain_line(out, style, N_("Stored with"), how);
	explain_line(out, style, "",
		style_text(style, N_("line ends; quoting of \"From \"; fields of the store")));
}

static void append_delay(GString *text, const Case *kase, guint index)
{
	int64_t date = facts_hop(kase->facts, index)->date;
	int64_t before = index + 1 < kase->facts->hops->len
				 ? facts_hop(kase->facts, index + 1)->date
				 : kase->facts->date;

	if (date != TIME_UNKNOWN && before != TIME_UNKNOWN)
		g_string_append_printf(
			text, " %+" G_GINT64_FORMAT " s", (gint64)((date - before) / 1000));
}

static void hop_line(GString *out, const ReportStyle *style, const Case *kase, guint index)
{
	const Envelope *envelope = &kase->facts->envelope;
	const Hop *hop = facts_hop(kase->facts, index);
	bool is_ours = index < facts_own_lines(kase->facts);
	g_autofree char *date = text_time_rfc3339(hop->date);
	g_autofree char *label = g_strdup_printf(
		"%c%c %u", envelope->hop == index ? '*' : ' ', is_ours ? '+' : ' ', index + 1);
	g_autoptr(GString) text = g_string_new(date != NULL ? date : "-");
	char ip[INET_ADDR_TEXT];

	append_delay(text, kase, index);
	g_string_append_printf(text, "  %s [%s] -> %s", hop->helo != NULL ? hop->helo : "-",
		inet_addr_text(&hop->ip, ip), hop->by != NULL ? hop->by : "-");
	if (hop->rdns != NULL)
		g_string_append_printf(text, "; %s %s", hop->rdns,
			style_text(style, hop->rdns_verified ? N_("(name looked up)")
							     : N_("(name not verified)")));
	if (hop->with != NULL)
		g_string_append_printf(text, "; %s", hop->with);
	if (hop->is_tls)
		g_string_append(text, "; TLS");
	if (hop->is_authenticated)
		g_string_append_printf(text, "; %s", style_text(style, N_("authenticated")));
	if (hop->id != NULL)
		g_string_append_printf(text, "; id %s", hop->id);
	if (hop->for_address != NULL)
		g_string_append_printf(text, "; for %s", hop->for_address);
	explain_line(out, style, label, text->str);
}

/* A line of the message as it stands there. */
static void raw_lines(GString *out, const ReportStyle *style, Slice raw)
{
	if (style->redactor != NULL) {
		explain_line(out, style, "", REDACTED);
		return;
	}
	for (Slice rest = slice_trim(raw); rest.len > 0;) {
		g_autofree char *line = slice_dup(slice_trim(slice_take_line(&rest)));

		explain_line(out, style, "", line);
	}
}

void explain_hops(GString *out, const ReportStyle *style, const Case *kase)
{
	const Facts *facts = kase->facts;

	if (facts->envelope.hop != NO_HOP) {
		const Hop *hop = facts_hop(facts, facts->envelope.hop);
		Slice raw = facts->fields->list[hop->field].raw;
		g_autofree char *place =
			g_strdup_printf("@%zu+%zu", slice_offset(facts->message, raw), raw.len);

		explain_line(out, style, N_("The line that gave it"), place);
		raw_lines(out, style, raw);
	}
	explain_line(out, style, N_("Hops, newest first"),
		style_text(style, N_("+ surely the receiver's, * the boundary; all else is a "
				     "claim")));
	for (guint i = 0; i < facts->hops->len; i++)
		hop_line(out, style, kase, i);
}

void explain_clocks(GString *out, const ReportStyle *style, const Case *kase)
{
	g_autoptr(GPtrArray) table = clock_table_new(kase);

	explain_head(out, style, N_("Clocks, earliest first (UTC)"));
	for (guint i = 0; i < table->len; i++) {
		const ClockEntry *entry = clock_table_entry(table, i);
		g_autofree char *time = text_time_rfc3339(entry->time);
		g_autofree char *text = g_strdup_printf("%s %s%s%s%s%s", entry->is_ours ? "+" : " ",
			clock_source_word(entry->source), entry->detail != NULL ? " " : "",
			entry->detail != NULL ? entry->detail : "",
			entry->contradiction != NULL ? "  << " : "",
			entry->contradiction != NULL ? style_text(style, entry->contradicts) : "");

		explain_line(out, style, time != NULL ? time : "-", text);
	}
}

void explain_statements(GString *out, const ReportStyle *style, const Case *kase)
{
	static const char *const titles[] = { N_("Proven"), N_("Likely"), N_("Only claimed"),
		N_("Not known") };
	g_autoptr(GPtrArray) statements = statements_new(kase);
	int tier = -1;

	explain_head(out, style, N_("What follows"));
	for (guint i = 0; i < statements->len; i++) {
		const Statement *statement = statement_get(statements, i);

		if ((int)statement->tier != tier) {
			tier = (int)statement->tier;
			explain_group(out, style, titles[statement->tier]);
		}
		explain_item(out, style, statement->text, statement->args);
	}
}

static void input_lines(GString *out, const ReportStyle *style, const GPtrArray *inputs)
{
	for (guint i = 0; inputs != NULL && i < inputs->len; i++) {
		const InputDigest *input = g_ptr_array_index(inputs, i);
		bool is_same = g_strcmp0(input->before, input->after) == 0;
		g_autofree char *octets =
			g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)input->length);

		explain_line(out, style, N_("Input"), input->path);
		explain_line(out, style, N_("  octets"), octets);
		explain_line(out, style, N_("  SHA-256 before"), input->before);
		explain_line(out, style, N_("  SHA-256 after"),
			is_same ? style_text(style, N_("the same")) : input->after);
	}
}

/* A word of the command line as a shell would have to be given it. */
static void append_word(GString *text, const char *word)
{
	g_autofree char *quoted = NULL;

	if (*word != '\0' && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					  "0123456789-_=+,./:@%") == strlen(word)) {
		g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", word);
		return;
	}
	quoted = g_shell_quote(word);
	g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", quoted);
}

void explain_custody(GString *out, const ReportStyle *style, const RunSummary *summary)
{
	const RunInfo *run = summary->run;
	g_autoptr(GString) options = g_string_new(NULL);
	g_autoptr(GString) command = g_string_new(NULL);
	g_autofree char *now = text_time_rfc3339(run->now);

	explain_line(out, style, "kantei", run->version);
	for (guint i = 0; i < run->libraries->len; i++)
		explain_line(out, style, i == 0 ? N_("Libraries") : "",
			g_ptr_array_index(run->libraries, i));
	for (guint i = 0; run->command != NULL && i < run->command->len; i++)
		append_word(command, g_ptr_array_index(run->command, i));
	explain_line(out, style, N_("Command line"), command->str);
	for (guint i = 0; i < run->options->len; i++)
		append_word(options, g_ptr_array_index(run->options, i));
	explain_line(out, style, N_("Options"), options->str);
	if (style->redactor != NULL)
		explain_line(out, style, "", style_redaction(style));
	if (now != NULL)
		explain_line(out, style, N_("Clock (--now)"), now);
	input_lines(out, style, summary->inputs);
	explain_line(out, style, N_("Trust roots (SHA-256)"), run->trust);
	explain_line(out, style, N_("Public suffix list"), run->suffix_list);
}
