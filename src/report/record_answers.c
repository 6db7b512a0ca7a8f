#include "report/record_answers.h"

#include "base/digest.h"
#include "base/text_time.h"
#include "report/json_value.h"

/* Octets of the digest that are shown: enough that two answers are never taken for one. */
#define SHOWN_OCTETS ((size_t)16)

static void add_text(Digest *digest, const char *text, const char *end)
{
	digest_add(digest, slice_of(text));
	digest_add(digest, slice_of(end));
}

/* The text of TXT is that of its strings joined: how it was cut means nothing. */
static void add_rdata(Digest *digest, const Rr *rr)
{
	g_autofree char *preference = NULL;
	char addr[INET_ADDR_TEXT];

	switch (rr->type) {
	case DNS_TXT:
		digest_add(digest, slice_make(rr->text->str, rr->text->len));
		break;
	case DNS_A:
	case DNS_AAAA:
		digest_add(digest, slice_of(inet_addr_text(&rr->addr, addr)));
		break;
	case DNS_MX:
		preference = g_strdup_printf("%u ", rr->preference);
		add_text(digest, preference, rr->name);
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		digest_add(digest, slice_of(rr->name));
		break;
	case DNS_SOA:
	default:
		digest_add(digest, slice_of(rr->presentation));
		break;
	}
}

/* What an answer says, without what differs from one asking to the next: the outcome, then owner,
 * type and rdata of each record, in order. No TTL, no time. */
static char *content_digest(const Answer *answer)
{
	g_autoptr(Digest) digest = digest_new(DIGEST_SHA256);
	char type[DNS_TYPE_TEXT];
	DigestValue value;

	add_text(digest, dns_outcome_word(answer->outcome), "\n");
	for (guint i = 0; i < answer->rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(answer->rrs, i);

		add_text(digest, rr->owner, "\t");
		add_text(digest, dns_type_text(rr->type, type), "\t");
		add_rdata(digest, rr);
		add_text(digest, "\n", NULL);
	}
	value = digest_finish(digest);
	value.len = MIN(value.len, SHOWN_OCTETS);
	return digest_hex(&value);
}

static void add_askers(Json *object, unsigned by)
{
	Json *array = json_add_array(object, "methods");

	for (unsigned i = 0; asker_word(i) != NULL; i++)
		if ((by & (1u << i)) != 0)
			json_add_text(array, NULL, asker_word(i));
}

void record_add_answers(Json *record, const Case *kase)
{
	Json *array = json_add_array(record, "answers");

	for (guint i = 0; i < kase->answers->len; i++) {
		const Answer *answer = g_ptr_array_index(kase->answers, i);
		Json *object = json_add_object(array, NULL);
		g_autofree char *at = text_time_rfc3339_ms(answer->at);
		g_autofree char *digest = content_digest(answer);

		json_add_text(object, "name", answer->question.name);
		json_add_text(object, "type", dns_type_word(answer->question.type));
		json_add_text(object, "outcome", dns_outcome_word(answer->outcome));
		json_add_number(object, "records", answer_count(answer));
		json_add_text(object, "at", at);
		json_add_text(object, "security", dns_security_word(answer->security));
		json_add_text(object, "digest", digest);
		add_askers(object, g_array_index(kase->answers_by, unsigned, i));
	}
}

void record_add_lacking(Json *record, const Case *kase)
{
	Json *array = json_add_array(record, "lacking");

	for (guint i = 0; i < kase->lacking->len; i++) {
		const Question *question = g_ptr_array_index(kase->lacking, i);
		Json *object = json_add_object(array, NULL);

		json_add_text(object, "name", question->name);
		json_add_text(object, "type", dns_type_word(question->type));
		add_askers(object, g_array_index(kase->lacking_by, unsigned, i));
	}
}
