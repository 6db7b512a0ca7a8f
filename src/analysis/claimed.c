#include "analysis/claimed.h"

static bool passes(const Verdict *verdict)
{
	return verdict->is_final && verdict->result == RESULT_PASS;
}

bool claimed_spf(const Case *kase)
{
	return facts_is_attached(kase->facts) && passes(&kase->spf->verdict);
}

static bool has_aligned_signature(const Case *kase)
{
	const DmarcView *view = dmarc_view(kase->dmarc);

	for (guint i = 0; view != NULL && view->dkim != NULL && i < view->dkim->len; i++) {
		const DmarcAlignment *alignment = g_ptr_array_index(view->dkim, i);

		if (alignment->is_aligned)
			return true;
	}
	return false;
}

bool claimed_author(const Case *kase)
{
	return facts_is_attached(kase->facts) && passes(&kase->dmarc->verdict) &&
	       !has_aligned_signature(kase);
}

/* The line that names the client; where none does, the start of the message. */
static Slice client_line(const Case *kase)
{
	size_t hop = kase->facts->envelope.hop;

	return hop != NO_HOP ? kase->facts->fields->list[facts_hop(kase->facts, hop)->field].raw
			     : slice_sub(kase->facts->message, 0, 0);
}

void claimed_find(Case *kase)
{
	if (!claimed_spf(kase) && !claimed_author(kase))
		return;
	findings_add_at(kase->findings, "attached-envelope-claimed", SEVERITY_WARNING,
		N_("SPF passes for the client that a Received line of the attached message names. "
		   "Whoever sent the message that carries it can have written that line: what "
		   "rests on it proves nothing of the author."),
		g_strdup(claimed_author(kase) ? "spf, dmarc" : "spf"), kase->facts->message,
		client_line(kase));
}
