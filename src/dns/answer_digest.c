#include "dns/answer.h"

#include "base/digest.h"

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

const char *answer_digest(const Answer *answer)
{
	Answer *keeper = (Answer *)(guintptr)answer;

	if (answer->digest == NULL)
		keeper->digest = content_digest(answer);
	return answer->digest;
}
