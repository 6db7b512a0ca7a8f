#include "auth/change_work.h"

/* In the order in which a message comes back from what was done to it: the last store first, then
 * gateways, then lists. Of two steps the first is of an earlier family than the second; the other
 * way round gives the same text, or the search would have to be twice as long. */
static const struct {
	ChangeFamily run;
	bool is_last; /* has too many texts to go on from each */
} families[] = {
	{ change_mboxo, false },
	{ change_mboxrd, false },
	{ change_from_unquoted, false },
	{ change_dots, false },
	{ change_carriage_returns, false },
	{ change_spaces, false },
	{ change_empty_lines, false },
	{ change_broken_lines, false },
	{ change_recoded, false },
	{ change_links, false },
	{ change_html, false },
	{ change_parts, false },
	{ change_banner, true },
	{ change_footer, true },
};

/* One step alone: the most common first, as a large message may not be gone through for all. */
static const ChangeFamily singles[] = { change_footer, change_mboxo, change_mboxrd, change_parts,
	change_recoded, change_html, change_links, change_spaces, change_empty_lines, change_banner,
	change_from_unquoted, change_dots, change_carriage_returns, change_broken_lines };

bool change_charge(ChangeBudget *budget, unsigned tries, uint64_t octets)
{
	if (tries > budget->tries || octets > budget->octets) {
		budget->is_spent = true;
		return false;
	}
	budget->tries -= tries;
	budget->octets -= octets;
	return true;
}

static void draft_clear(ChangeDraft *draft)
{
	g_clear_pointer(&draft->leaves, g_ptr_array_unref);
	g_clear_pointer(&draft->mime, mime_part_free);
}

const MimePart *change_mime(ChangeBody *work)
{
	ChangeDraft *draft = work->draft;

	if (draft->mime == NULL) {
		g_autoptr(Findings) findings = findings_new();

		draft->mime = mime_parse(draft->message, findings);
	}
	return draft->mime;
}

const GPtrArray *change_leaves(ChangeBody *work)
{
	if (work->draft->leaves == NULL)
		work->draft->leaves = change_leaves_new(change_mime(work));
	return work->draft->leaves;
}

size_t change_body_at(const ChangeDraft *draft)
{
	return slice_offset(draft->message, draft->body);
}

static GString *made(const ChangeBody *work)
{
	return work->made[work->first != NULL];
}

GString *change_begin(ChangeBody *work, Slice old)
{
	GString *out = g_string_truncate(made(work), 0);

	g_string_append_len(
		out, work->draft->message.data, (gssize)slice_offset(work->draft->message, old));
	return out;
}

void change_end(ChangeBody *work, Slice old)
{
	Slice message = work->draft->message;
	size_t behind = slice_offset(message, old) + old.len;

	g_string_append_len(made(work), message.data + behind, (gssize)(message.len - behind));
}

void change_make_edited(
	ChangeBody *work, const ChangeLeaf *leaf, const ChangeEdit *edits, size_t count)
{
	change_leaf_edit(leaf, edits, count, change_begin(work, leaf->octets));
	change_end(work, leaf->octets);
}

static bool begin_family(ChangeBody *work)
{
	/* Each goes through the whole of it, whether it finds something or not. */
	if (!change_charge(work->budget, 0, work->draft->message.len))
		work->is_over = true;
	return !work->is_over;
}

static void run_singles(ChangeBody *work)
{
	for (guint i = 0; i < G_N_ELEMENTS(singles) && begin_family(work); i++)
		singles[i](work);
}

/* The first steps of two, or the second ones. */
static void run_families(ChangeBody *work, guint from)
{
	for (guint i = from; i < G_N_ELEMENTS(families) && !work->is_over; i++) {
		if (work->first == NULL && families[i].is_last)
			continue;
		work->family = i;
		if (begin_family(work))
			families[i].run(work);
	}
}

/* What was made is a draft of its own, from which a second step goes on. */
static void go_on(ChangeBody *work, const ChangeStep *step, size_t body_at)
{
	ChangeDraft *before = work->draft;
	guint family = work->family;
	const GString *message = made(work);
	ChangeDraft draft = { .message = slice_make(message->str, message->len) };

	draft.body = slice_sub(draft.message, body_at, message->len);
	work->draft = &draft;
	work->first = step;
	run_families(work, family + 1);
	work->first = NULL;
	work->draft = before;
	work->family = family;
	draft_clear(&draft);
}

void change_match(ChangeBody *work, ChangeStep *step, size_t body_at)
{
	const GString *message = made(work);

	work->found = change_found_new();
	if (work->first != NULL)
		g_ptr_array_add(work->found->steps, change_step_copy(work->first));
	g_ptr_array_add(work->found->steps, step);
	change_places(work->found, work->present->message, work->present->body,
		slice_make(message->str + body_at, message->len - body_at));
	work->is_over = true;
}

bool change_body_is_signed(const ChangeBody *work, CanonBody body)
{
	if (work->limit != CANON_WHOLE_BODY && work->limit > body.length)
		return false;
	return digest_equal(&body.digest, &work->wanted);
}

bool change_try(ChangeBody *work, ChangeStep *step, size_t body_at)
{
	g_autoptr(ChangeStep) own = step;
	const GString *message = made(work);
	Slice body = slice_make(message->str + body_at, message->len - body_at);

	if (work->is_pairing && work->first == NULL)
		go_on(work, own, body_at);
	else if (!change_charge(work->budget, 1, message->len))
		work->is_over = true;
	else if (change_body_is_signed(
			 work, canon_body(body, work->canon, work->digest, work->limit)))
		change_match(work, g_steal_pointer(&own), body_at);
	return work->is_over;
}

ChangeFound *change_body_search(ChangeBody *work, Slice message, Slice body)
{
	ChangeDraft present = { .message = message, .body = body };

	for (size_t i = 0; i < G_N_ELEMENTS(work->made); i++)
		work->made[i] = g_string_new(NULL);
	work->present = &present;
	work->draft = &present;
	run_singles(work);
	work->is_pairing = true;
	if (!work->is_over)
		run_families(work, 0);
	draft_clear(&present);
	for (size_t i = 0; i < G_N_ELEMENTS(work->made); i++)
		g_string_free(work->made[i], TRUE);
	return work->found;
}
