#include "survey/key_exam.h"

#include "base/domain_name.h"

/* Records at one selector: there should be one (RFC 6376, 3.6.2.2). */
#define LIMIT_KEY_RECORDS 8u

/* What a verifier would do with it: RSA-SHA256, or Ed25519-SHA256. */
static KeyProblem fit(const KeyRecord *record)
{
	return key_record_fit(record, record->algorithm, DIGEST_SHA256);
}

static KeyStatus status_of(KeyProblem problem)
{
	if (problem == KEY_OK)
		return KEY_FOUND;
	return problem == KEY_EMPTY ? KEY_REVOKED : KEY_UNUSABLE;
}

static void take_record(KeyExam *exam, const Rr *rr)
{
	g_autoptr(KeyRecord) record = NULL;

	exam->bits = 0;
	exam->is_testing = false;
	exam->problem = key_record_parse(slice_make(rr->text->str, rr->text->len), &record);
	if (record != NULL) {
		exam->algorithm = record->algorithm;
		exam->bits = pubkey_bits(record->key);
		exam->is_testing = record->is_testing;
		exam->problem = fit(record);
	}
	exam->status = status_of(exam->problem);
}

/* The first that can be used counts; where none can, the last. */
static void take_answer(KeyExam *exam, const Answer *answer)
{
	exam->records = answer_count(answer);
	exam->status = KEY_MISSING;
	for (size_t i = 0; i < MIN(exam->records, LIMIT_KEY_RECORDS) && exam->status != KEY_FOUND;
		i++)
		take_record(exam, answer_rr(answer, i));
}

KeyExam *key_exam_new(const char *selector, const char *domain, Context *context)
{
	KeyExam *exam = g_new0(KeyExam, 1);
	g_autofree char *name = g_strdup_printf("%s._domainkey.%s", selector, domain);
	const Answer *answer = NULL;

	exam->selector = g_strdup(selector);
	exam->name = domain_name_new(slice_of(name));
	exam->status = KEY_UNKNOWN;
	if (exam->name != NULL)
		answer = context_ask(context, exam->name, DNS_TXT, NULL);
	exam->basis = basis_of(answer);
	if (basis_is_good(answer))
		take_answer(exam, answer);
	return exam;
}

void key_exam_free(KeyExam *exam)
{
	if (exam == NULL)
		return;
	g_free(exam->selector);
	g_free(exam->name);
	g_free(exam);
}

const char *key_problem_word(KeyProblem problem)
{
	static const char *const words[] = { NULL, "no-list", "version", "no-data", "empty", "type",
		"not-base64", "broken", "algorithm", "hash", "service", "weak" };

	return words[problem];
}
