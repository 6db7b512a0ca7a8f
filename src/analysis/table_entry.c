#include "analysis/table.h"

#include "analysis/compare.h"
#include "base/printable.h"

static const Address *first_from(const Case *kase)
{
	return kase->facts->from->addresses->len > 0 ? address_list_get(kase->facts->from, 0)
						     : NULL;
}

/* The domain in its normal form, the local part as written, for only its own host may fold its case
 * (RFC 5321, 2.4). */
char *table_sender_key(const Address *from)
{
	if (from->local == NULL || from->domain == NULL)
		return g_strdup(from->addr_spec);
	return g_strconcat(from->local, "@", from->domain, NULL);
}

static char *message_label(const EntryFacts *facts)
{
	g_autofree char *path = printable_utf8(slice_of(facts->path));

	g_autofree char *place = source_place_of(facts->index, facts->part);

	return g_strdup_printf("%s#%s  %s  %s", path, place,
		facts->from != NULL ? facts->from : "-",
		facts->subject != NULL ? facts->subject : "");
}

/* Messages without the property are units of their own, named by their place. */
static const char *unit_key(const EntryFacts *facts, TableUnit unit)
{
	switch (unit) {
	case UNIT_MESSAGE:
		return NULL;
	case UNIT_SENDER:
		return facts->sender;
	case UNIT_DOMAIN:
		return facts->domain;
	case UNIT_LIST:
		return facts->list_id;
	case UNIT_COLUMN:
		return NULL;
	}
	g_assert_not_reached();
}

static void take_recomputed(TableEntry *entry, const EntryFacts *facts, Method method)
{
	entry->marks[method] = facts->marks[method];
	entry->results[method] = g_strdup(facts->results[method]);
	entry->stale += facts->is_stale[method];
	entry->missing += facts->marks[method] == MARK_UNKNOWN && !facts->is_stale[method];
}

/* What the receiver wrote; S/MIME, which receivers hardly ever record, is ours where it is not
 * there. */
static void take_recorded(TableEntry *entry, const EntryFacts *facts, Method method)
{
	const char *recorded = facts->recorded[method];

	if (recorded == NULL && method == METHOD_SMIME) {
		take_recomputed(entry, facts, method);
		return;
	}
	if (recorded == NULL) {
		entry->marks[method] = MARK_UNKNOWN;
		entry->results[method] = g_strdup("-");
		entry->missing++;
		return;
	}
	entry->marks[method] =
		g_strcmp0(recorded_word(slice_of(recorded)), "pass") == 0 ? MARK_YES : MARK_NO;
	entry->results[method] = g_strdup(recorded);
}

bool table_spf_is_strict(Mark mark, const char *record)
{
	g_auto(GStrv) terms = record != NULL ? g_strsplit(record, " ", -1) : NULL;
	bool is_strict = false;

	for (char **term = terms; mark == MARK_YES && term != NULL && *term != NULL; term++)
		is_strict |= g_ascii_strcasecmp(*term, "-all") == 0;
	return is_strict;
}

void table_entry_fill(TableEntry *entry, const EntryFacts *facts, TableUnit unit, TableBasis basis)
{
	*entry = (TableEntry) { .key = g_strdup(unit_key(facts, unit)),
		.sender = g_strdup(facts->sender),
		.received = facts->received };
	entry->label = entry->key != NULL ? g_strdup(entry->key) : message_label(facts);
	for (int i = 0; i < METHODS; i++) {
		if (basis == BASIS_RECORDED)
			take_recorded(entry, facts, (Method)i);
		else
			take_recomputed(entry, facts, (Method)i);
	}
	entry->is_strict = table_spf_is_strict(entry->marks[METHOD_SPF], facts->spf_record);
}

void table_entry_from_case(TableEntry *entry, const Case *kase, TableUnit unit, TableBasis basis)
{
	const Address *from = first_from(kase);
	g_autofree char *sender = from != NULL ? table_sender_key(from) : NULL;
	EntryFacts facts = { .path = kase->source->path,
		.index = kase->source->index,
		.part = source_part_number(kase->source),
		.from = from != NULL ? from->addr_spec : NULL,
		.sender = sender,
		.domain = from != NULL ? from->domain : NULL,
		.list_id = kase->facts->list_id,
		.subject = kase->facts->subject,
		.spf_record = kase->spf->record,
		.received = kase->facts->received };

	for (int i = 0; i < METHODS; i++) {
		const RecordedResult *recorded = compare_recorded_result(kase, (Method)i);

		facts.marks[i] = kase->marks[i];
		facts.is_stale[i] = kase->is_stale[i];
		facts.results[i] = case_result_word(kase, (Method)i);
		facts.recorded[i] = recorded != NULL ? recorded->result : NULL;
	}
	table_entry_fill(entry, &facts, unit, basis);
}

void table_entry_check(TableEntry *entry, const Checklist *list)
{
	entry->is_checked = true;
	for (int i = 0; i < CHECK_ITEMS; i++)
		entry->checks[i] = list->items[i].mark;
}

void table_entry_clear(TableEntry *entry)
{
	g_free(entry->key);
	g_free(entry->label);
	g_free(entry->sender);
	for (int i = 0; i < METHODS; i++)
		g_free(entry->results[i]);
	*entry = (TableEntry) { .key = NULL };
}
