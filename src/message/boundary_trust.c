/* Which recorded results are our organisation's own (RFC 8601, 1.6, 2.5 and 5). */
#include "message/boundary_part.h"

#include "message/organisation.h"

#include <string.h>

/* The Received lines that are surely ours. */
static size_t lines_believed(const Facts *facts)
{
	return facts->envelope.believed == NO_HOP ? 0 : facts->envelope.believed + 1;
}

static bool has_ids(const BoundaryOptions *options)
{
	return options != NULL && options->authserv_ids->len > 0;
}

/* Gmail signs its Received-SPF "google.com", the rest "mx.google.com". */
static bool is_same_id(const char *given, const char *id)
{
	return g_ascii_strcasecmp(given, id) == 0 ||
	       (g_ascii_strcasecmp(id, "google.com") == 0 && host_is_within(given, id));
}

static bool is_given_id(const BoundaryOptions *options, const char *id)
{
	for (guint i = 0; id != NULL && i < options->authserv_ids->len; i++)
		if (is_same_id(g_ptr_array_index(options->authserv_ids, i), id))
			return true;
	return false;
}

bool results_are_ours(const Facts *facts, const BoundaryOptions *options,
	const RecordedField *recorded, size_t hops)
{
	if (has_ids(options))
		return is_given_id(options, recorded->authserv_id);
	for (size_t i = 0; i < hops && i < facts->hops->len; i++) {
		const char *by = facts_hop(facts, i)->by;

		if (recorded->authserv_id != NULL
				? hosts_are_neighbours(recorded->authserv_id, by)
				: recorded->kind == RECORDED_AR && host_is_exchange_online(by))
			return true;
	}
	return false;
}

/* All lines above the results were written inside; a host of the authserv-id's own organisation,
 * given by the user, may also have handed the message on from there. */
static bool stands_inside(
	const HopChain *chain, const BoundaryOptions *options, const RecordedField *recorded)
{
	size_t above = hops_above(chain->facts, recorded->field);

	for (size_t i = chain->outside; i < above; i++) {
		const Hop *hop = facts_hop(chain->facts, i);

		if (chain->places[i] == HOP_OUTSIDE &&
			!(has_ids(options) && hop->rdns_verified &&
				hosts_are_neighbours(hop->rdns, recorded->authserv_id)))
			return false;
	}
	return true;
}

size_t boundary_by_results(const HopChain *chain, const BoundaryOptions *options)
{
	size_t found = NO_HOP;

	for (guint i = 0; i < chain->facts->recorded->len; i++) {
		const RecordedField *recorded = facts_recorded(chain->facts, i);

		if (results_are_ours(chain->facts, options, recorded, chain->outside + 1) &&
			stands_inside(chain, options, recorded))
			found = hops_above(chain->facts, recorded->field);
	}
	while (found < chain->count &&
		(chain->places[found] == HOP_LOCAL || chain->places[found] == HOP_PRIVATE ||
			chain->places[found] == HOP_SUBMISSION))
		found++;
	return found < chain->count ? found : NO_HOP;
}

/* Gmail writes its Received-SPF and Authentication-Results, one of each, directly below its own
 * Received line. What a sender put there stands below them. */
static bool is_gmail_field(const Facts *facts, const RecordedField *recorded)
{
	bool seen[RECORDED_ARC_AR + 1] = { false };
	const Hop *hop;
	size_t next;

	if (facts->envelope.hop == NO_HOP || facts->envelope.is_in_doubt)
		return false;
	hop = facts_hop(facts, facts->envelope.hop);
	if (!host_is_within(hop->by, "google.com") ||
		!host_is_within(recorded->authserv_id, "google.com"))
		return false;
	next = hop->field + 1;
	for (guint i = 0; i < facts->recorded->len; i++) {
		const RecordedField *each = facts_recorded(facts, i);

		if (each->field < next)
			continue;
		if (each->field > next || each->kind == RECORDED_ARC_AR || seen[each->kind])
			return false;
		if (each == recorded)
			return true;
		seen[each->kind] = true;
		next++;
	}
	return false;
}

/* The very name that our own results or lines have. */
static bool is_our_name(
	const Facts *facts, const BoundaryOptions *options, const RecordedField *recorded)
{
	size_t lines = lines_believed(facts);

	if (has_ids(options))
		return is_given_id(options, recorded->authserv_id);
	for (size_t i = 0; i < lines; i++) {
		const char *by = facts_hop(facts, i)->by;

		if (by != NULL && recorded->authserv_id != NULL &&
			g_ascii_strcasecmp(by, recorded->authserv_id) == 0)
			return true;
	}
	return false;
}

/* What filters of a host write, and where: at the top, before any field of the message itself. */
static bool is_of_filter(const Field *field)
{
	return slice_is_nocase(field->name, "Authentication-Results") ||
	       slice_is_nocase(field->name, "Received-SPF") ||
	       slice_starts_nocase(field->name, "X-");
}

/* Between the lowest line that is surely ours and the field stands nothing but what filters write.
 */
static bool may_be_of_filter(const Facts *facts, const RecordedField *recorded)
{
	size_t line = facts->envelope.believed;

	if (line == NO_HOP)
		return false;
	for (size_t i = facts_hop(facts, line)->field + 1; i < recorded->field; i++)
		if (!is_of_filter(&facts->fields->list[i]))
			return false;
	return true;
}

static void tell_forged(Facts *facts, const BoundaryOptions *options, const RecordedField *recorded)
{
	Slice raw = facts->fields->list[recorded->field].raw;

	if (!is_our_name(facts, options, recorded))
		return;
	if (may_be_of_filter(facts, recorded))
		findings_add_at(facts->findings, "results-below-own-line", SEVERITY_NOTICE,
			N_("Results in the name of the receiving host stand directly below its own "
			   "Received line, where a filter of that host may have written them or "
			   "the sender; they are not believed."),
			g_strdup(recorded->authserv_id), facts->message, raw);
	else
		findings_add_at(facts->findings, "results-forged-below-boundary",
			has_ids(options) ? SEVERITY_ALERT : SEVERITY_WARNING,
			N_("Results in the name of the receiving host stand below the boundary, "
			   "where the sender could write them; they are not believed."),
			g_strdup(recorded->authserv_id), facts->message, raw);
}

void boundary_trust(Facts *facts, const BoundaryOptions *options)
{
	size_t lines = lines_believed(facts);

	for (guint i = 0; i < facts->recorded->len; i++) {
		RecordedField *recorded = g_ptr_array_index(facts->recorded, i);
		size_t above = hops_above(facts, recorded->field);
		bool is_ours = results_are_ours(facts, options, recorded, lines);

		recorded->is_trusted =
			is_ours && (above < MAX(lines, 1) || is_gmail_field(facts, recorded));
		if (above >= MAX(lines, 1) && !recorded->is_trusted)
			tell_forged(facts, options, recorded);
	}
}
