#include "analysis/table.h"

#include "analysis/compare.h"

static const Address *first_from(const Case *kase)
{
	return kase->facts->from->addresses->len > 0 ? address_list_get(kase->facts->from, 0)
						     : NULL;
}

static char *message_label(const Case *kase)
{
	const Address *from = first_from(kase);
	const char *subject = kase->facts->subject;

	return g_strdup_printf("%s#%" G_GUINT64_FORMAT "  %s  %s", kase->source->path,
		(guint64)kase->source->index, from != NULL ? from->addr_spec : "-",
		subject != NULL ? subject : "");
}

/* The address as it is compared: the domain in its normal form, the local part as written, for
 * only its own host may fold its case (RFC 5321, 2.4). */
static char *sender_key(const Address *from)
{
	if (from->local == NULL || from->domain == NULL)
		return g_strdup(from->addr_spec);
	return g_strconcat(from->local, "@", from->domain, NULL);
}

/* Messages without the property are units of their own, named by their place. */
static char *unit_key(const Case *kase, TableUnit unit)
{
	const Address *from = first_from(kase);

	switch (unit) {
	case UNIT_MESSAGE:
		return NULL;
	case UNIT_SENDER:
		return from != NULL ? sender_key(from) : NULL;
	case UNIT_DOMAIN:
		return from != NULL ? g_strdup(from->domain) : NULL;
	case UNIT_LIST:
		return g_strdup(kase->facts->list_id);
	}
	g_assert_not_reached();
}

static void take_recomputed(TableEntry *entry, const Case *kase, Method method)
{
	entry->marks[method] = kase->marks[method];
	entry->results[method] = g_strdup(case_result_word(kase, method));
	entry->stale += kase->is_stale[method];
	entry->missing += kase->marks[method] == MARK_UNKNOWN && !kase->is_stale[method];
}

/* What the receiver wrote; S/MIME, which receivers hardly ever record, is ours where it is not
 * there. */
static void take_recorded(TableEntry *entry, const Case *kase, Method method)
{
	const RecordedResult *recorded = compare_recorded_result(kase, method);

	if (recorded == NULL && method == METHOD_SMIME) {
		take_recomputed(entry, kase, method);
		return;
	}
	if (recorded == NULL) {
		entry->marks[method] = MARK_UNKNOWN;
		entry->results[method] = g_strdup("-");
		entry->missing++;
		return;
	}
	entry->marks[method] = g_strcmp0(recorded->word, "pass") == 0 ? MARK_YES : MARK_NO;
	entry->results[method] = g_strdup(recorded->result);
}

void table_entry_from_case(TableEntry *entry, const Case *kase, TableUnit unit, TableBasis basis)
{
	*entry = (TableEntry) { .key = unit_key(kase, unit) };
	entry->label = entry->key != NULL ? g_strdup(entry->key) : message_label(kase);
	for (int i = 0; i < METHODS; i++) {
		if (basis == BASIS_RECORDED)
			take_recorded(entry, kase, (Method)i);
		else
			take_recomputed(entry, kase, (Method)i);
	}
}

void table_entry_clear(TableEntry *entry)
{
	g_free(entry->key);
	g_free(entry->label);
	for (int i = 0; i < METHODS; i++)
		g_free(entry->results[i]);
	*entry = (TableEntry) { .key = NULL };
}
