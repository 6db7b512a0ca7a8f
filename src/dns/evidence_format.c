#include "dns/evidence_file.h"
#include "dns/evidence_text.h"
#include "dns/rdata.h"

#include "base/text_time.h"

#include <string.h>

static void append_outcome(GString *out, int outcome)
{
	g_string_append(out, dns_outcome_word((DnsOutcome)outcome));
}

/* A blank in it would be read as the end of the word. */
static void append_word(GString *out, const char *word)
{
	for (; *word != '\0'; word++)
		g_string_append_c(out, g_ascii_isgraph(*word) ? *word : '_');
}

static void append_what_applies(GString *out, const Answer *answer)
{
	if (answer->soa >= 0)
		g_string_append_printf(out, " soa=%" G_GINT64_FORMAT, answer->soa);
	if (answer->ede >= 0)
		g_string_append_printf(out, " ede=%d", answer->ede);
	if (answer->cd >= 0) {
		g_string_append(out, " cd=");
		append_outcome(out, answer->cd);
	}
	if (answer->tries > 0)
		g_string_append_printf(out, " tries=%u", answer->tries);
}

static void append_head(GString *out, const Answer *answer)
{
	g_autofree char *at = text_time_rfc3339_ms(answer->at);

	g_string_append_printf(
		out, ";q %s. %s ", answer->question.name, dns_type_word(answer->question.type));
	append_outcome(out, (int)answer->outcome);
	g_string_append_printf(out, " n=%u", answer->rrs->len);
	append_what_applies(out, answer);
	if (at != NULL)
		g_string_append_printf(out, " at=%s", at);
	if (at != NULL || answer->ms > 0)
		g_string_append_printf(out, " ms=%u", answer->ms);
	if (answer->via != NULL && answer->via[0] != '\0') {
		g_string_append(out, " via=");
		append_word(out, answer->via);
	}
	g_string_append_printf(out, " sec=%s", dns_security_word(answer->security));
}

static void append_record(GString *out, const Rr *rr)
{
	char buffer[DNS_TYPE_TEXT];
	g_autofree char *made = rr->presentation == NULL ? rdata_text(rr) : NULL;

	g_string_append_printf(
		out, "%s.\t%u\tIN\t%s\t", rr->owner, rr->ttl, dns_type_text(rr->type, buffer));
	g_string_append(out, made != NULL ? made : rr->presentation);
	g_string_append_c(out, '\n');
}

GString *evidence_format(const Answer *answer)
{
	GString *out = g_string_new(NULL);
	g_autoptr(GString) records = g_string_new(NULL);
	GroupHead head = { .has_crc = true };

	append_head(out, answer);
	for (guint i = 0; i < answer->rrs->len; i++)
		append_record(records, g_ptr_array_index(answer->rrs, i));
	head.covered = slice_make(out->str, out->len);
	g_string_append_printf(
		out, " crc=%08x\n", group_crc(&head, slice_make(records->str, records->len)));
	g_string_append_len(out, records->str, (gssize)records->len);
	return out;
}

/* The lines behind the head are as many as it says, whole and readable. */
static bool are_records_good(const GroupHead *head, Slice records)
{
	unsigned count = 0;

	for (Slice rest = records; rest.len > 0; count++) {
		Slice line = slice_take_line(&rest);

		if (line.data[line.len - 1] != '\n' ||
			group_line_check(slice_chop_eol(line)) == GROUP_LINE_BAD)
			return false;
	}
	if (head->has_count ? count != head->count : count > GROUP_RECORDS)
		return false;
	return !head->has_crc || head->crc == group_crc(head, records);
}

Answer *evidence_parse_group(Slice group)
{
	Slice records = group;
	Slice line = slice_take_line(&records);
	g_autofree char *name = NULL;
	GroupHead head;

	if (line.len == 0 || line.data[line.len - 1] != '\n' || !group_is_head(line))
		return NULL;
	if (group_head_parse(slice_chop_eol(line), &head) != NULL)
		return NULL;
	name = group_question_name(&head);
	if (name == NULL || !are_records_good(&head, records))
		return NULL;
	return group_answer(&head, name, records);
}
