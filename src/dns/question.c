#include "dns/question.h"

#include <string.h>

static const struct {
	DnsType type;
	const char *word;
} types[] = { { DNS_A, "A" }, { DNS_NS, "NS" }, { DNS_CNAME, "CNAME" }, { DNS_SOA, "SOA" },
	{ DNS_PTR, "PTR" }, { DNS_MX, "MX" }, { DNS_TXT, "TXT" }, { DNS_AAAA, "AAAA" } };

Question *question_new(const char *name, DnsType type)
{
	Question *question = g_new(Question, 1);

	question->name = g_strdup(name);
	question->type = type;
	return question;
}

void question_free(Question *question)
{
	if (question == NULL)
		return;
	g_free(question->name);
	g_free(question);
}

guint question_hash(gconstpointer data)
{
	const Question *question = data;

	return g_str_hash(question->name) * 31u + (guint)question->type;
}

gboolean question_equal(gconstpointer a, gconstpointer b)
{
	const Question *one = a;
	const Question *other = b;

	return one->type == other->type && strcmp(one->name, other->name) == 0;
}

static const char *find_word(DnsType type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (types[i].type == type)
			return types[i].word;
	return NULL;
}

const char *dns_type_word(DnsType type)
{
	const char *word = find_word(type);

	g_assert(word != NULL);
	return word;
}

const char *dns_type_text(DnsType type, char buffer[DNS_TYPE_TEXT])
{
	const char *word = find_word(type);

	if (word != NULL)
		return word;
	g_snprintf(buffer, DNS_TYPE_TEXT, "TYPE%u", (unsigned)type);
	return buffer;
}

bool dns_type_is_asked(DnsType type)
{
	return find_word(type) != NULL;
}

bool dns_type_parse(Slice word, DnsType *ret_type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		if (slice_is_nocase(word, types[i].word)) {
			*ret_type = types[i].type;
			return true;
		}
	}
	return false;
}
