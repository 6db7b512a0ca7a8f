#include "auth/arc_chain.h"

#include "base/limits.h"

/* Takes over detail. */
static void note(ArcChain *chain, const char *reason, const char *text, char *detail)
{
	if (chain->reason != NULL) {
		g_free(detail);
		return;
	}
	chain->reason = reason;
	chain->text = text;
	chain->detail = detail;
}

static void link_free(gpointer data)
{
	ArcLink *link = data;

	signature_tags_free(link->message);
	signature_tags_free(link->seal);
	g_free(link);
}

void arc_chain_free(ArcChain *chain)
{
	if (chain == NULL)
		return;
	g_ptr_array_unref(chain->links);
	g_free(chain->detail);
	g_free(chain);
}

/* The link of that instance, with all below it. */
static ArcLink *link_at(ArcChain *chain, unsigned instance)
{
	while (chain->links->len < instance) {
		ArcLink *link = g_new0(ArcLink, 1);

		link->results_field = link->message_field = link->seal_field = NO_FIELD;
		g_ptr_array_add(chain->links, link);
	}
	return g_ptr_array_index(chain->links, instance - 1);
}

/* Without its end all the rest is comment. */
static Slice skip_comment(Slice text)
{
	size_t len = slice_comment_length(text);

	return slice_sub(text, len > 0 ? len : text.len, text.len);
}

static Slice skip_cfws(Slice text)
{
	text = slice_trim(text);
	while (text.len > 0 && text.data[0] == '(')
		text = slice_trim(skip_comment(text));
	return text;
}

/* [CFWS] position [CFWS], and nothing behind it; 0 where it is none. What is above the highest
 * position allowed comes back as one above it. */
static unsigned read_position(Slice text)
{
	Slice rest = skip_cfws(text);
	Slice digits = rest;
	guint64 position = 0;

	digits.len = 0;
	while (digits.len < rest.len && g_ascii_isdigit(rest.data[digits.len]))
		digits.len++;
	if (skip_cfws(slice_sub(rest, digits.len, rest.len)).len > 0 || digits.len > 2)
		return 0;
	if (!slice_parse_uint(digits, G_MAXUINT64, &position))
		return 0;
	return (unsigned)MIN(position, LIMIT_ARC_SETS + 1);
}

/* instance [CFWS] ";" of an ARC-Authentication-Results (4.1.1). */
static unsigned read_results_instance(Slice value)
{
	Slice first;

	if (slice_find_char(value, ';') < 0)
		return 0;
	first = skip_cfws(slice_take_until(&value, ';'));
	if (!slice_starts(first, "i"))
		return 0;
	first = skip_cfws(slice_sub(first, 1, first.len));
	if (!slice_starts(first, "="))
		return 0;
	return read_position(slice_sub(first, 1, first.len));
}

/* Counts a field in; NULL where it has no place. */
static ArcLink *place(ArcChain *chain, const Field *field, unsigned instance)
{
	chain->is_there = true;
	if (instance == 0) {
		note(chain, "instance-invalid", N_("An ARC field has no instance, or an odd one."),
			slice_dup(field->name));
		return NULL;
	}
	if (instance > LIMIT_ARC_SETS) {
		note(chain, "too-many-sets", N_("The chain has more than 50 sets."), NULL);
		return NULL;
	}
	return link_at(chain, instance);
}

static void note_repeated(ArcChain *chain, const Field *field, unsigned instance)
{
	g_autofree char *name = slice_dup(field->name);

	note(chain, "instance-repeated", N_("An ARC field stands twice with one instance."),
		g_strdup_printf("%s i=%u", name, instance));
}

static void add_results(ArcChain *chain, const Field *field, size_t index)
{
	unsigned instance = read_results_instance(field->value);
	ArcLink *link = place(chain, field, instance);

	if (link == NULL)
		return;
	if (link->results_field != NO_FIELD)
		note_repeated(chain, field, instance);
	else
		link->results_field = index;
}

static unsigned tags_instance(const SignatureTags *tags)
{
	Slice instance = tags->tags != NULL ? tag_list_get(tags->tags, "i") : SLICE_ABSENT;

	return instance.data != NULL ? read_position(instance) : 0;
}

/* Puts a signature where it belongs; the topmost of those that share a place stays. */
static void add_signature(ArcChain *chain, SignatureKind kind, const Field *field, size_t index)
{
	g_autoptr(SignatureTags) tags = signature_tags_read(kind, field);
	unsigned instance = tags_instance(tags);
	ArcLink *link = place(chain, field, instance);
	bool is_seal = kind == SIGNATURE_OF_ARC_SEAL;

	if (link == NULL)
		return;
	if ((is_seal ? link->seal : link->message) != NULL) {
		note_repeated(chain, field, instance);
	} else if (is_seal) {
		link->seal_field = index;
		link->seal = g_steal_pointer(&tags);
	} else {
		link->message_field = index;
		link->message = g_steal_pointer(&tags);
	}
}

/* Fields of all sets and some to spare; what is behind them is not read. */
#define LIMIT_ARC_FIELDS (4 * LIMIT_ARC_SETS)

static void collect(ArcChain *chain, const Fields *fields)
{
	unsigned count = 0;

	for (size_t i = 0; i < fields->count; i++) {
		const Field *field = &fields->list[i];

		if (!slice_starts_nocase(field->name, "ARC-"))
			continue;
		if (count++ == LIMIT_ARC_FIELDS) {
			note(chain, "too-many-sets", N_("The chain has more than 50 sets."), NULL);
			return;
		}
		if (slice_is_nocase(field->name, "ARC-Authentication-Results"))
			add_results(chain, field, i);
		else if (slice_is_nocase(field->name, "ARC-Message-Signature"))
			add_signature(chain, SIGNATURE_OF_ARC_MESSAGE, field, i);
		else if (slice_is_nocase(field->name, "ARC-Seal"))
			add_signature(chain, SIGNATURE_OF_ARC_SEAL, field, i);
	}
}

static bool has_cv(const ArcLink *link, const char *word)
{
	Slice cv = link->seal != NULL && link->seal->tags != NULL
			   ? tag_list_get(link->seal->tags, "cv")
			   : SLICE_ABSENT;

	return cv.data != NULL && slice_is_nocase(cv, word);
}

/* Step 3. */
static void judge_link(ArcChain *chain, const ArcLink *link, unsigned instance)
{
	g_autofree char *place_text = g_strdup_printf("i=%u", instance);

	if (link->results_field == NO_FIELD)
		note(chain, "results-missing",
			N_("A set of the chain lacks its ARC-Authentication-Results."),
			g_strdup(place_text));
	if (link->message_field == NO_FIELD)
		note(chain, "message-signature-missing",
			N_("A set of the chain lacks its ARC-Message-Signature."),
			g_strdup(place_text));
	if (link->seal_field == NO_FIELD)
		note(chain, "seal-missing", N_("A set of the chain lacks its ARC-Seal."),
			g_strdup(place_text));
	if (!has_cv(link, instance == 1 ? "none" : "pass"))
		note(chain, "chain-status-invalid",
			N_("A seal's cv= is not what it must be at its place."),
			g_strdup(place_text));
}

static void judge(ArcChain *chain)
{
	guint count = chain->links->len;

	/* Step 2: where the newest set says that the chain had failed, nothing else counts. */
	if (count > 0 && has_cv(arc_chain_link(chain, count - 1), "fail")) {
		g_clear_pointer(&chain->detail, g_free);
		chain->reason = NULL;
		note(chain, "chain-failed-before",
			N_("The newest seal says that the chain had failed before it."),
			g_strdup_printf("i=%u", count));
		return;
	}
	for (guint i = 0; i < count; i++)
		judge_link(chain, arc_chain_link(chain, i), i + 1);
}

ArcChain *arc_chain_collect(const Fields *fields)
{
	ArcChain *chain = g_new0(ArcChain, 1);

	chain->links = g_ptr_array_new_with_free_func(link_free);
	collect(chain, fields);
	judge(chain);
	return chain;
}
