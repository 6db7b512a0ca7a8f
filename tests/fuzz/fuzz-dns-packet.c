/* Packets of a hostile server: what is read fits the question, and can be kept as evidence. */
#include "dns/evidence_file.h"
#include "dns/packet.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void keep(const Question *question, PacketReply *reply)
{
	g_autoptr(Answer) answer = answer_new(question->name, question->type);
	g_autoptr(GString) text = NULL;
	g_autoptr(Answer) again = NULL;

	answer->outcome = DNS_NOERROR;
	for (guint i = 0; i < reply->rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(reply->rrs, i);

		g_assert_true(rr->type == question->type || rr->type == DNS_CNAME);
		g_assert_nonnull(rr->presentation);
		g_assert_null(strchr(rr->presentation, '\n'));
	}
	g_ptr_array_unref(answer->rrs);
	answer->rrs = g_ptr_array_ref(reply->rrs);
	text = evidence_format(answer);
	again = evidence_parse_group(slice_make(text->str, text->len));
	g_assert_nonnull(again);
	g_assert_cmpuint(answer_count(answer), ==, answer_count(again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const DnsType types[] = { DNS_TXT, DNS_A, DNS_AAAA, DNS_MX, DNS_PTR };
	char name[] = "a.example";
	Question question = { name, DNS_TXT };
	Slice packet = slice_make((const char *)data, size);

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		g_auto(PacketReply) reply = { .rcode = 0 };

		question.type = types[i];
		if (packet_read(packet, &question, &reply) == PACKET_OK && !reply.truncated)
			keep(&question, &reply);
	}
	return 0;
}
