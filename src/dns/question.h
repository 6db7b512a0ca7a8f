/* A question to the DNS: a name and a type. */
#pragma once

#include "base/slice.h"

typedef enum DnsType {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
} DnsType;

typedef struct Question {
	char *name; /* as domain_name_for_question() makes it: presentation form, no final dot */
	DnsType type;
} Question;

Question *question_new(const char *name, DnsType type);
void question_free(Question *question); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

/* For GHashTable. */
guint question_hash(gconstpointer question);
gboolean question_equal(gconstpointer a, gconstpointer b);

bool dns_type_is_known(guint64 number);
const char *dns_type_word(DnsType type); /* "TXT"; "TYPE99" is not needed and not known */
bool dns_type_parse(Slice word, DnsType *ret_type);
