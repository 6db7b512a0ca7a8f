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

const char *dns_type_word(DnsType type); /* "TXT", of a type that is asked; static */
#define DNS_TYPE_TEXT 16
/* The same of any type that a record may have: what is never asked is "TYPE99" (RFC 3597, 5). */
const char *dns_type_text(DnsType type, char buffer[DNS_TYPE_TEXT]);
bool dns_type_is_asked(DnsType type);
bool dns_type_parse(Slice word, DnsType *ret_type);
