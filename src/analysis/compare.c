#include "analysis/compare.h"

#include <string.h>

typedef struct Cause {
	const char *code;
	const char *text;
} Cause;

static const Cause agrees = { "agrees", N_("The recorded result agrees with the recomputed one.") };
static const Cause not_evaluable = { "not-evaluable",
	N_("The result cannot be recomputed from what is there.") };
static const Cause other_hop = { "other-hop",
	N_("The receiver judged another hop: the recorded result is that of another client "
	   "address.") };
static const Cause dns_changed = { "dns-changed",
	N_("The DNS answers are not those that the receiver saw.") };
static const Cause key_gone = { "key-gone", N_("The key is no longer published.") };
static const Cause altered = { "message-altered",
	N_("The message is not as it was when the receiver checked it.") };
static const Cause rule_changed = { "rule-changed",
	N_("The receiver judged by the other DMARC rules.") };
static const Cause inputs_differ = { "inputs-differ",
	N_("SPF or DKIM, on which DMARC rests, gave another result then.") };
static const Cause outside = { "outside-boundary",
	N_("Recorded by somebody outside the receiving organisation: a claim.") };
static const Cause unexplained = { "unexplained", N_("No cause was found.") };

static void difference_free(gpointer data)
{
	Difference *difference = data;

	g_free(difference->recorded);
	g_free(difference);
}

static const RecordedResult *find_in_field(const RecordedField *field, const char *method)
{
	for (guint i = 0; i < field->results->len; i++) {
		const RecordedResult *result = g_ptr_array_index(field->results, i);

		if (strcmp(result->method, method) == 0)
			return result;
	}
	return NULL;
}

static bool is_pass(const RecordedResult *result)
{
	return g_strcmp0(result->word, "pass") == 0;
}

/* The topmost field of that trust which has a result of method; in it a pass counts first, as
 * several signatures have a result each. */
static const RecordedResult *find_result(const Case *kase, const char *method, bool is_trusted)
{
	for (guint i = 0; i < kase->facts->recorded->len; i++) {
		const RecordedField *field = facts_recorded(kase->facts, i);
		const RecordedResult *first = NULL;

		if (field->is_trusted != is_trusted)
			continue;
		first = find_in_field(field, method);
		for (guint k = 0; first != NULL && k < field->results->len; k++) {
			const RecordedResult *result = g_ptr_array_index(field->results, k);

			if (strcmp(result->method, method) == 0 && is_pass(result))
				return result;
		}
		if (first != NULL)
			return first;
	}
	return NULL;
}

const RecordedResult *compare_recorded_result(const Case *kase, Method method)
{
	return find_result(kase, method_word(method), true);
}

/* The words in which both are compared: the dialect's own where we have the same. */
static bool is_same_result(const Case *kase, Method method, const RecordedResult *recorded)
{
	const char *ours = case_result_word(kase, method);

	return strcmp(recorded->result, ours) == 0 || g_strcmp0(recorded->word, ours) == 0;
}

static Cause spf_cause(const Case *kase, const RecordedResult *recorded)
{
	for (guint i = 0; i < kase->spf_hops->len; i++) {
		const SpfHop *hop = g_ptr_array_index(kase->spf_hops, i);

		if (g_strcmp0(recorded->word, auth_result_word(hop->spf->verdict.result)) == 0)
			return other_hop;
	}
	return dns_changed;
}

static Cause dkim_cause(const Case *kase)
{
	const DkimSignature *best = kase->dkim->best < kase->dkim->signatures->len
					    ? dkim_signature(kase->dkim, kase->dkim->best)
					    : NULL;

	if (best == NULL)
		return unexplained;
	if (best->key == KEY_MISSING || best->key == KEY_REVOKED)
		return key_gone;
	if (best->body_hash == BODY_HASH_MISMATCH || best->header_signature == SIGNATURE_ALTERED)
		return altered;
	return best->header_signature == SIGNATURE_INVALID ? dns_changed : unexplained;
}

static bool has_other_input(const Case *kase)
{
	for (int method = METHOD_SPF; method <= METHOD_DKIM; method++) {
		const RecordedResult *recorded = compare_recorded_result(kase, (Method)method);

		if (recorded != NULL && !is_same_result(kase, (Method)method, recorded))
			return true;
	}
	return false;
}

static Cause dmarc_cause(const Case *kase, const RecordedResult *recorded)
{
	const DmarcView *other =
		kase->dmarc->rule == DMARC_RULE_7489 ? kase->dmarc->rfc9989 : kase->dmarc->rfc7489;

	if (other != NULL &&
		g_strcmp0(recorded->word, auth_result_word(other->verdict.result)) == 0)
		return rule_changed;
	return has_other_input(kase) ? inputs_differ : dns_changed;
}

static Cause find_cause(const Case *kase, Method method, const RecordedResult *recorded)
{
	if (is_same_result(kase, method, recorded))
		return agrees;
	if (!case_verdict(kase, method)->is_final)
		return not_evaluable;
	switch (method) {
	case METHOD_SPF:
		return spf_cause(kase, recorded);
	case METHOD_DKIM:
		return dkim_cause(kase);
	case METHOD_DMARC:
		return dmarc_cause(kase, recorded);
	case METHOD_SMIME:
		return unexplained;
	}
	g_assert_not_reached();
}

static void add_difference(Case *kase, Method method, const RecordedResult *recorded, Cause cause)
{
	Difference *difference = g_new0(Difference, 1);

	difference->method = method;
	difference->recorded = g_strdup(recorded->result);
	difference->recomputed = case_result_word(kase, method);
	difference->cause = cause.code;
	difference->text = cause.text;
	g_ptr_array_add(kase->differences, difference);
}

void compare_recorded(Case *kase)
{
	kase->differences = g_ptr_array_new_with_free_func(difference_free);
	for (int i = 0; i < METHODS; i++) {
		Method method = (Method)i;
		const RecordedResult *recorded = compare_recorded_result(kase, method);
		const RecordedResult *claimed = find_result(kase, method_word(method), false);

		if (recorded != NULL)
			add_difference(kase, method, recorded, find_cause(kase, method, recorded));
		else if (claimed != NULL)
			add_difference(kase, method, claimed, outside);
	}
}
