#include "message/boundary.h"

#include "base/printable.h"
#include "message/boundary_part.h"
#include "message/organisation.h"

#include <string.h>

BoundaryOptions *boundary_options_new(void)
{
	BoundaryOptions *options = g_new0(BoundaryOptions, 1);

	options->border_hosts = g_ptr_array_new_with_free_func(g_free);
	options->border_nets = g_array_new(FALSE, FALSE, sizeof(BorderNet));
	options->authserv_ids = g_ptr_array_new_with_free_func(g_free);
	return options;
}

void boundary_options_free(BoundaryOptions *options)
{
	if (options == NULL)
		return;
	g_ptr_array_unref(options->border_hosts);
	g_array_unref(options->border_nets);
	g_ptr_array_unref(options->authserv_ids);
	g_free(options->helo);
	g_free(options->mail_from);
	g_free(options);
}

void envelope_clear(Envelope *envelope)
{
	g_free(envelope->helo);
	g_free(envelope->mail_from);
	*envelope = (Envelope) { .hop = NO_HOP, .believed = NO_HOP, .mail_from_field = NO_FIELD };
}

const char *boundary_rule_word(BoundaryRule rule)
{
	static const char *const words[] = { "none", "option", "border", "trusted-results",
		"inferred" };

	return words[rule];
}

const char *mail_from_rule_word(MailFromRule rule)
{
	static const char *const words[] = { "none", "option", "return-path", "recorded",
		"mbox-line" };

	return words[rule];
}

/* The client of the line is one of ours, so that the next line is too. */
static bool border_goes_on(const HopChain *chain, size_t index)
{
	return chain->is_ours[index] || chain->places[index] == HOP_SUBMISSION;
}

/* The first line that one of the border hosts wrote; the first at all where networks are given.
 * NO_HOP where no line is known to be ours. */
static size_t border_start(const HopChain *chain, const BoundaryOptions *options)
{
	for (size_t i = 0; i < chain->count; i++)
		if (is_border_host(options, facts_hop(chain->facts, i)->by))
			return i;
	return options->border_nets->len > 0 ? 0 : NO_HOP;
}

/* From there down as long as the client is ours: a relay is internal while its address is in the
 * internal networks (SpamAssassin's way), and a line below the first other client is a claim, even
 * where it names a border host. chain->count where all are ours. */
static size_t boundary_by_border(const HopChain *chain, const BoundaryOptions *options)
{
	size_t hop = border_start(chain, options);

	while (hop < chain->count && border_goes_on(chain, hop))
		hop++;
	return hop;
}

static bool has_border(const BoundaryOptions *options)
{
	return options != NULL && (options->border_hosts->len > 0 || options->border_nets->len > 0);
}

/* Rules (2) to (4); chain->count where there is no line to be believed. */
static size_t find_line(
	Facts *facts, const HopChain *chain, const BoundaryOptions *options, BoundaryRule *ret_rule)
{
	size_t hop = has_border(options) ? boundary_by_border(chain, options) : NO_HOP;

	*ret_rule = BOUNDARY_BORDER;
	if (has_border(options) && hop == NO_HOP)
		findings_add(facts->findings, "border-not-found", SEVERITY_NOTICE,
			N_("No Received line was written by one of the border hosts given."), NULL);
	if (hop == NO_HOP) {
		*ret_rule = BOUNDARY_TRUSTED_RESULTS;
		hop = boundary_by_results(chain, options);
	}
	if (hop == NO_HOP) {
		*ret_rule = BOUNDARY_INFERRED;
		hop = chain->outside;
	}
	if (hop >= chain->count)
		*ret_rule = BOUNDARY_NONE;
	return MIN(hop, chain->count);
}

static size_t hop_with_ip(const Facts *facts, const InetAddr *ip)
{
	for (guint i = 0; i < facts->hops->len; i++)
		if (inet_addr_equal(&facts_hop(facts, i)->ip, ip))
			return i;
	return NO_HOP;
}

/* Rule (1): each piece that is given counts instead of what the line says. It is the envelope of
 * what was received, and not of what that carries. */
static void apply_options(Facts *facts, const BoundaryOptions *options)
{
	Envelope *envelope = &facts->envelope;

	if (options == NULL || facts_is_attached(facts))
		return;
	if (options->client_ip.family != 0) {
		envelope->client_ip = options->client_ip;
		envelope->rule = BOUNDARY_OPTION;
		envelope->is_in_doubt = false;
		envelope->hop = hop_with_ip(facts, &options->client_ip);
	}
	if (options->helo != NULL || envelope->rule == BOUNDARY_OPTION) {
		g_free(envelope->helo);
		envelope->helo = g_strdup(options->helo);
		if (options->helo == NULL && envelope->hop != NO_HOP)
			envelope->helo = g_strdup(facts_hop(facts, envelope->hop)->helo);
	}
}

static void tell_of_doubt(Facts *facts)
{
	const Envelope *envelope = &facts->envelope;
	Slice line;

	if (!envelope->is_in_doubt || envelope->hop == NO_HOP)
		return;
	line = facts->fields->list[facts_hop(facts, envelope->believed)->field].raw;
	if (envelope->is_below_submission)
		findings_add_at(facts->findings, "boundary-below-submission", SEVERITY_NOTICE,
			N_("The boundary stands below an authenticated submission: its line, and "
			   "all below, is only that user's word."),
			NULL, facts->message, line);
	else
		findings_add_at(facts->findings, "boundary-in-doubt", SEVERITY_NOTICE,
			N_("The client in this line was passed over because its name or network is "
			   "near the receiver's. A customer's or a neighbour's may be, too, who "
			   "could then have written what stands below; --border with its name or "
			   "network settles it."),
			NULL, facts->message, line);
}

static void tell_of_line(Facts *facts, const HopChain *chain, size_t boundary)
{
	if (chain->count == 0) {
		findings_add(facts->findings, "envelope-no-received", SEVERITY_NOTICE,
			N_("There is no Received line, so the message does not tell its SMTP "
			   "client."),
			NULL);
	} else if (boundary == chain->count) {
		findings_add(facts->findings, "envelope-internal-submission", SEVERITY_NOTICE,
			N_("Every Received line is of the organisation's own hosts or of a "
			   "submission; there is no SMTP client to be judged."),
			NULL);
	} else if (facts_hop(facts, boundary)->ip.family == 0) {
		findings_add_at(facts->findings, "boundary-without-address", SEVERITY_NOTICE,
			N_("The boundary's Received line does not tell the client's address."),
			NULL, facts->message,
			facts->fields->list[facts_hop(facts, boundary)->field].raw);
	}
	tell_of_doubt(facts);
}

/* The lowest line that is ours for sure: the boundary, or the first above it whose client was
 * passed over for less than proof. */
static void find_believed(Envelope *envelope, const HopChain *chain, size_t boundary)
{
	size_t believed = 0;

	while (believed < boundary && chain->is_ours[believed])
		believed++;
	envelope->is_in_doubt = believed < boundary && boundary < chain->count;
	for (size_t i = believed; i < boundary; i++)
		envelope->is_below_submission |= chain->places[i] == HOP_SUBMISSION;
	envelope->believed = chain->count == 0 ? NO_HOP : MIN(believed, chain->count - 1);
}

static void find_plausible(Facts *facts, const HopChain *chain)
{
	Envelope *envelope = &facts->envelope;

	for (size_t i = 0; i < chain->count; i++) {
		const Hop *hop = facts_hop(facts, i);

		if (i == envelope->hop || hop->is_authenticated || !hop_ip_is_public(&hop->ip) ||
			chain->is_ours[i])
			continue;
		if (envelope->plausible_count == LIMIT_SPF_HOPS) {
			findings_add(facts->findings, "plausible-hops-left-out", SEVERITY_INFO,
				N_("More hops might have been the boundary than SPF is evaluated "
				   "for."),
				NULL);
			return;
		}
		envelope->plausible[envelope->plausible_count++] = i;
	}
}

/* What our organisation recorded of the client, as a check of the line that was chosen. */
static void check_recorded_ip(Facts *facts)
{
	for (guint i = 0; i < facts->recorded->len; i++) {
		const RecordedField *recorded = facts_recorded(facts, i);
		const RecordedResult *result;
		const char *value;
		InetAddr ip;

		if (!recorded->is_trusted || recorded->kind != RECORDED_RECEIVED_SPF)
			continue;
		result = g_ptr_array_index(recorded->results, 0);
		value = recorded_property(result, NULL, "client-ip");
		if (value != NULL && inet_addr_parse(slice_of(value), &ip) &&
			facts->envelope.client_ip.family != 0 &&
			!inet_addr_equal(&ip, &facts->envelope.client_ip))
			findings_add_at(facts->findings, "envelope-client-ip-differs",
				SEVERITY_WARNING,
				N_("The receiving host recorded another client address than the "
				   "boundary's line has."),
				g_strdup(value), facts->message,
				facts->fields->list[recorded->field].raw);
	}
}

void boundary_find(Facts *facts, const BoundaryOptions *options)
{
	HopChain chain = hop_chain(facts, options);
	Envelope *envelope = &facts->envelope;
	size_t boundary;

	envelope_clear(envelope);
	boundary = find_line(facts, &chain, options, &envelope->rule);
	find_believed(envelope, &chain, boundary);
	if (boundary < chain.count) {
		const Hop *hop = facts_hop(facts, boundary);

		envelope->hop = boundary;
		envelope->client_ip = hop->ip;
		envelope->helo = g_strdup(hop->helo);
	}
	apply_options(facts, options);
	if (envelope->rule != BOUNDARY_OPTION)
		tell_of_line(facts, &chain, boundary);
	boundary_trust(facts, options);
	boundary_mail_from(facts, options);
	check_recorded_ip(facts);
	find_plausible(facts, &chain);
}
