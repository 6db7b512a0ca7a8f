#include "dns/answer.h"

#include "base/limits.h"
#include "base/text_time.h"

#include <string.h>

#define OUTCOME_MAX 23u /* the largest response code that IANA has assigned to messages */

Answer *answer_new(const char *name, DnsType type)
{
	Answer *answer = g_new0(Answer, 1);

	answer->question.name = g_strdup(name);
	answer->question.type = type;
	answer->rrs = g_ptr_array_new_with_free_func((GDestroyNotify)rr_free);
	answer->at = TIME_UNKNOWN;
	answer->soa = -1;
	answer->ede = -1;
	answer->cd = -1;
	return answer;
}

void answer_free(Answer *answer)
{
	if (answer == NULL)
		return;
	g_free(answer->question.name);
	g_ptr_array_unref(answer->rrs);
	g_free(answer->via);
	g_free(answer->digest);
	g_free(answer);
}

void rr_free(Rr *rr)
{
	if (rr == NULL)
		return;
	g_free(rr->owner);
	if (rr->text != NULL)
		g_string_free(rr->text, TRUE);
	g_free(rr->name);
	g_free(rr->presentation);
	g_free(rr);
}

Rr *rr_copy(const Rr *rr)
{
	Rr *copy = g_new(Rr, 1);

	*copy = *rr;
	copy->owner = g_strdup(rr->owner);
	copy->text =
		rr->text != NULL ? g_string_new_len(rr->text->str, (gssize)rr->text->len) : NULL;
	copy->name = g_strdup(rr->name);
	copy->presentation = g_strdup(rr->presentation);
	return copy;
}

static const Rr *find_cname(const Answer *answer, const char *owner)
{
	for (guint i = 0; i < answer->rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(answer->rrs, i);

		if (rr->type == DNS_CNAME && strcmp(rr->owner, owner) == 0)
			return rr;
	}
	return NULL;
}

/* The end of the chain, or NULL where it has none within the limit. */
static const char *chain_end(const Answer *answer)
{
	const char *name = answer->question.name;

	if (answer->question.type == DNS_CNAME)
		return name;
	for (unsigned hops = 0; hops <= LIMIT_CNAME_CHAIN; hops++) {
		const Rr *cname = find_cname(answer, name);

		if (cname == NULL)
			return name;
		name = cname->name;
	}
	return NULL;
}

bool answer_is_chain_broken(const Answer *answer)
{
	return chain_end(answer) == NULL;
}

const char *answer_canonical_name(const Answer *answer)
{
	const char *end = chain_end(answer);

	return end != NULL ? end : answer->question.name;
}

static bool is_answering(const Answer *answer, const Rr *rr, const char *end)
{
	return rr->type == answer->question.type && strcmp(rr->owner, end) == 0;
}

const Rr *answer_rr(const Answer *answer, size_t index)
{
	const char *end = chain_end(answer);

	for (guint i = 0; end != NULL && i < answer->rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(answer->rrs, i);

		if (is_answering(answer, rr, end) && index-- == 0)
			return rr;
	}
	return NULL;
}

size_t answer_count(const Answer *answer)
{
	const char *end = chain_end(answer);
	size_t count = 0;

	for (guint i = 0; end != NULL && i < answer->rrs->len; i++)
		count += is_answering(answer, g_ptr_array_index(answer->rrs, i), end);
	return count;
}

bool answer_is_usable(const Answer *answer)
{
	return answer->outcome == DNS_NOERROR || answer->outcome == DNS_NXDOMAIN;
}

const char *dns_outcome_word(DnsOutcome outcome)
{
	static const char *const words[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",
		"REFUSED", "RCODE6", "RCODE7", "RCODE8", "RCODE9", "RCODE10", "RCODE11", "RCODE12",
		"RCODE13", "RCODE14", "RCODE15", "RCODE16", "RCODE17", "RCODE18", "RCODE19",
		"RCODE20", "RCODE21", "RCODE22", "RCODE23" };

	if (outcome == DNS_TIMEOUT)
		return "TIMEOUT";
	if (outcome == DNS_NETERR || (size_t)outcome >= G_N_ELEMENTS(words))
		return "NETERR";
	return words[outcome];
}

const char *answer_status(const Answer *answer)
{
	return answer->outcome == DNS_NOERROR && answer_count(answer) == 0
		       ? "NODATA"
		       : dns_outcome_word(answer->outcome);
}

int64_t answer_ttl(const Answer *answer)
{
	int64_t ttl = answer->soa;

	for (guint i = 0; i < answer->rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(answer->rrs, i);

		ttl = ttl < 0 ? (int64_t)rr->ttl : MIN(ttl, (int64_t)rr->ttl);
	}
	return ttl;
}

bool dns_outcome_parse(Slice word, DnsOutcome *ret_outcome)
{
	guint64 number;

	for (unsigned i = 0; i <= DNS_REFUSED; i++) {
		if (slice_is_nocase(word, dns_outcome_word((DnsOutcome)i))) {
			*ret_outcome = (DnsOutcome)i;
			return true;
		}
	}
	if (slice_is_nocase(word, "TIMEOUT"))
		*ret_outcome = DNS_TIMEOUT;
	else if (slice_is_nocase(word, "NETERR"))
		*ret_outcome = DNS_NETERR;
	else if (slice_starts_nocase(word, "RCODE") &&
		 slice_parse_uint(slice_sub(word, 5, word.len), OUTCOME_MAX, &number))
		*ret_outcome = (DnsOutcome)number;
	else
		return false;
	return true;
}

const char *dns_security_word(DnsSecurity security)
{
	static const char *const words[] = { "?", "no", "ad", "bogus", "secure", "insecure" };

	return words[security];
}
