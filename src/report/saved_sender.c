#include "report/saved_sender.h"

#include "base/text_time.h"
#include "report/json_read.h"
#include "survey/survey_tally.h"

#include <string.h>

/* What is read, and where it is at fault. */
typedef struct Reading {
	const json_t *object; /* that is being read */
	const char *name;     /* of it; "" is the line */
	GError **reterr_error;
} Reading;

static bool fail(const Reading *reading, const char *member)
{
	g_set_error(reading->reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"no sender of a survey: '%s%s%s' is missing, or of another kind", reading->name,
		*reading->name != '\0' ? "." : "", member);
	return false;
}

/* --- members */

static bool read_number(const Reading *reading, const char *member, uint64_t *ret_number)
{
	return json_number_of(reading->object, member, ret_number) || fail(reading, member);
}

static bool read_unsigned(const Reading *reading, const char *member, unsigned *ret_number)
{
	uint64_t number;

	if (!read_number(reading, member, &number))
		return false;
	*ret_number = (unsigned)number;
	return number <= UINT32_MAX || fail(reading, member);
}

static bool read_flag(const Reading *reading, const char *member, bool *ret_flag)
{
	return json_bool_of(reading->object, member, ret_flag) || fail(reading, member);
}

/* NULL where the member is null. */
static bool read_text(const Reading *reading, const char *member, char **ret_text)
{
	if (!json_is_null_of(reading->object, member) &&
		json_text_of(reading->object, member) == NULL)
		return fail(reading, member);
	*ret_text = g_strdup(json_text_of(reading->object, member));
	return true;
}

static bool read_some_text(const Reading *reading, const char *member, char **ret_text)
{
	*ret_text = g_strdup(json_text_of(reading->object, member));
	return *ret_text != NULL || fail(reading, member);
}

/* The words of an enumeration, from 0; NULL stands for a member that is null. */
typedef const char *WordAt(int index);

static bool read_word(
	const Reading *reading, const char *member, WordAt *word_at, int count, int *ret_index)
{
	const char *word = json_text_of(reading->object, member);

	if (word == NULL && !json_is_null_of(reading->object, member))
		return fail(reading, member);
	for (int i = 0; i < count; i++) {
		if (g_strcmp0(word, word_at(i)) == 0) {
			*ret_index = i;
			return true;
		}
	}
	return fail(reading, member);
}

static bool read_texts(const Reading *reading, const char *member, GPtrArray *texts)
{
	const json_t *array = json_array_of(reading->object, member);

	for (size_t i = 0; i < json_array_size(array); i++) {
		if (json_text_at(array, i) == NULL)
			return fail(reading, member);
		g_ptr_array_add(texts, g_strdup(json_text_at(array, i)));
	}
	return array != NULL || fail(reading, member);
}

static bool begin_object(
	const Reading *reading, const char *member, const char *name, Reading *ret_inner)
{
	*ret_inner =
		(Reading) { json_object_of(reading->object, member), name, reading->reterr_error };
	return ret_inner->object != NULL || fail(reading, member);
}

/* --- the basis, and what was found */

static const char *security_at(int index)
{
	return dns_security_word((DnsSecurity)index);
}

static bool read_outcome(const Reading *reading, Basis *basis)
{
	const char *word = json_text_of(reading->object, "outcome");

	basis->is_recorded = word != NULL;
	if (word == NULL)
		return json_is_null_of(reading->object, "outcome") || fail(reading, "outcome");
	return dns_outcome_parse(slice_of(word), &basis->outcome) || fail(reading, "outcome");
}

static bool read_basis(const Reading *reading, Basis *basis)
{
	const char *at = json_text_of(reading->object, "at");
	int security = 0;

	if (!read_outcome(reading, basis) ||
		!read_word(reading, "dnssec", security_at, DNSSEC_INSECURE + 1, &security))
		return false;
	basis->security = (DnsSecurity)security;
	basis->at = TIME_UNKNOWN;
	if (at == NULL)
		return json_is_null_of(reading->object, "at") || fail(reading, "at");
	return text_time_parse_rfc3339(slice_of(at), &basis->at) || fail(reading, "at");
}

/* Reports print code and text as they are. */
static bool is_plain(const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		if (!g_ascii_isprint(*text))
			return false;
	return text != NULL;
}

static bool is_code(const char *text)
{
	return is_plain(text) &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

static bool read_finding(const Reading *reading, const json_t *object, Findings *findings)
{
	const char *code = json_text_of(object, "code");
	const char *text = json_text_of(object, "text");
	Severity severity;

	if (!is_code(code) || !is_plain(text) ||
		!severity_parse(json_text_of(object, "severity"), &severity))
		return fail(reading, "findings");
	findings_add_saved(findings, code, severity, text, json_text_of(object, "detail"));
	return true;
}

static bool read_findings(const Reading *reading, Findings *findings)
{
	const json_t *array = json_array_of(reading->object, "findings");

	for (size_t i = 0; i < json_array_size(array); i++)
		if (!read_finding(reading, json_array_get(array, i), findings))
			return false;
	return array != NULL || fail(reading, "findings");
}

static const char *state_at(int index)
{
	return publication_word((Publication)index);
}

static bool read_state(const Reading *reading, Publication *ret_state)
{
	int index = 0;

	if (!read_word(reading, "state", state_at, PUBLICATIONS, &index))
		return false;
	*ret_state = (Publication)index;
	return true;
}

/* --- SPF */

/* As the report has it: none is null. */
static const char *all_at(int index)
{
	return index < SURVEY_TALLY_ALLS - 1 ? survey_tally_all(index) : NULL;
}

static bool read_all(const Reading *reading, SpfExam *spf)
{
	int index = 0;

	if (!read_word(reading, "all", all_at, SURVEY_TALLY_ALLS, &index))
		return false;
	spf->all = survey_tally_all(index)[0];
	return true;
}

static bool read_spf_record(const Reading *reading, SpfExam *spf)
{
	return read_state(reading, &spf->state) &&
	       read_flag(reading, "complete", &spf->is_complete) &&
	       read_text(reading, "record", &spf->record) && read_all(reading, spf);
}

static bool read_spf_extent(const Reading *reading, SpfExam *spf)
{
	return read_unsigned(reading, "lookups", &spf->lookups) &&
	       read_unsigned(reading, "void_lookups", &spf->void_lookups[0]) &&
	       read_unsigned(reading, "void_lookups_ip6", &spf->void_lookups[1]) &&
	       read_number(reading, "ip4", &spf->ip4) && read_number(reading, "ip6", &spf->ip6) &&
	       read_flag(reading, "open", &spf->is_open);
}

static bool read_spf(const Reading *line, SenderExam *exam)
{
	Reading reading;

	exam->spf = g_new0(SpfExam, 1);
	exam->spf->findings = findings_new();
	return begin_object(line, "spf", "spf", &reading) && read_spf_record(&reading, exam->spf) &&
	       read_spf_extent(&reading, exam->spf) && read_basis(&reading, &exam->spf->basis) &&
	       read_findings(&reading, exam->spf->findings);
}

/* --- DMARC */

static const char *policy_at(int index)
{
	return index == DMARC_POLICY_INVALID ? "invalid" : dmarc_policy_word((DmarcPolicy)index);
}

static bool read_policy(const Reading *reading, const char *member, DmarcPolicy *ret_policy)
{
	int index = 0;

	if (!read_word(reading, member, policy_at, DMARC_POLICY_REJECT + 1, &index))
		return false;
	*ret_policy = (DmarcPolicy)index;
	return true;
}

static bool read_policies(const Reading *reading, DmarcExam *dmarc)
{
	return read_policy(reading, "p", &dmarc->p) && read_policy(reading, "sp", &dmarc->sp) &&
	       read_policy(reading, "np", &dmarc->np) &&
	       read_flag(reading, "testing", &dmarc->is_testing) &&
	       read_policy(reading, "policy", &dmarc->policy);
}

static bool read_dmarc(const Reading *line, SenderExam *exam)
{
	DmarcExam *dmarc = g_new0(DmarcExam, 1);
	Reading reading;

	exam->dmarc = dmarc;
	dmarc->findings = findings_new();
	if (!begin_object(line, "dmarc", "dmarc", &reading) ||
		!read_state(&reading, &dmarc->state) ||
		!read_text(&reading, "record", &dmarc->record) ||
		!read_text(&reading, "found_at", &dmarc->found_at) ||
		!read_policies(&reading, dmarc) || !read_text(&reading, "rua", &dmarc->rua))
		return false;
	dmarc->is_own = g_strcmp0(dmarc->found_at, exam->domain) == 0;
	return read_basis(&reading, &dmarc->basis) && read_findings(&reading, dmarc->findings);
}

/* --- mail hosts */

static const char *mx_state_at(int index)
{
	return mx_state_word((MxState)index);
}

static bool read_mail_hosts(const Reading *line, SenderExam *exam)
{
	MxExam *mx = g_new0(MxExam, 1);
	Reading reading;
	int state = 0;

	exam->mx = mx;
	mx->hosts = g_ptr_array_new_with_free_func(g_free);
	if (!begin_object(line, "mx", "mx", &reading) ||
		!read_word(&reading, "state", mx_state_at, MX_STATES, &state))
		return false;
	mx->state = (MxState)state;
	return read_texts(&reading, "hosts", mx->hosts) && read_basis(&reading, &mx->basis);
}

/* --- keys */

static const char *status_at(int index)
{
	return key_status_word((KeyStatus)index);
}

static const char *problem_at(int index)
{
	return key_problem_word((KeyProblem)index);
}

/* As the report has it: without a key there is none. */
static const char *algorithm_at(int index)
{
	return index <= KEY_ED25519 ? key_algorithm_word((KeyAlgorithm)index) : NULL;
}

static bool read_key_words(const Reading *reading, KeyExam *key)
{
	int status = 0;
	int problem = 0;
	int algorithm = 0;

	if (!read_word(reading, "status", status_at, KEY_UNKNOWN + 1, &status) ||
		!read_word(reading, "problem", problem_at, KEY_WEAK + 1, &problem) ||
		!read_word(reading, "algorithm", algorithm_at, KEY_ED25519 + 2, &algorithm))
		return false;
	key->status = (KeyStatus)status;
	key->problem = (KeyProblem)problem;
	key->algorithm = algorithm <= KEY_ED25519 ? (KeyAlgorithm)algorithm : KEY_RSA;
	return true;
}

static bool read_key(const Reading *reading, KeyExam *key)
{
	unsigned records = 0;
	unsigned bits = 0;

	if (!read_some_text(reading, "selector", &key->selector) || !read_key_words(reading, key) ||
		!read_unsigned(reading, "records", &records) ||
		!read_unsigned(reading, "bits", &bits) ||
		!read_flag(reading, "testing", &key->is_testing))
		return false;
	key->records = records;
	key->bits = (int)(bits & INT_MAX);
	return read_basis(reading, &key->basis);
}

static void free_key_exam(gpointer data)
{
	key_exam_free(data);
}

static bool read_keys(const Reading *line, SenderExam *exam)
{
	const json_t *array = json_array_of(line->object, "keys");

	exam->keys = g_ptr_array_new_with_free_func(free_key_exam);
	for (size_t i = 0; i < json_array_size(array); i++) {
		Reading reading = { json_array_get(array, i), "keys", line->reterr_error };
		KeyExam *key = g_new0(KeyExam, 1);

		g_ptr_array_add(exam->keys, key);
		if (!read_key(&reading, key))
			return false;
	}
	return array != NULL || fail(line, "keys");
}

/* --- what is lacking */

static void free_question(gpointer data)
{
	question_free(data);
}

static bool read_lacking(const Reading *line, SenderExam *exam)
{
	const json_t *array = json_array_of(line->object, "lacking");

	exam->lacking = g_ptr_array_new_with_free_func(free_question);
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *object = json_array_get(array, i);
		const char *name = json_text_of(object, "name");
		const char *type = json_text_of(object, "type");
		DnsType parsed;

		if (name == NULL || type == NULL || !dns_type_parse(slice_of(type), &parsed))
			return fail(line, "lacking");
		g_ptr_array_add(exam->lacking, question_new(name, parsed));
	}
	return array != NULL || fail(line, "lacking");
}

/* --- the line */

static bool read_exam(const Reading *line, SenderExam *exam)
{
	if (!read_some_text(line, "sender", &exam->sender) || !read_keys(line, exam) ||
		!read_lacking(line, exam) || !read_text(line, "domain", &exam->domain))
		return false;
	return exam->domain == NULL ||
	       (read_spf(line, exam) && read_dmarc(line, exam) && read_mail_hosts(line, exam));
}

static bool read_line(const Reading *line, SavedSender *sender)
{
	sender->cells = g_ptr_array_new_with_free_func(g_free);
	sender->exam = g_new0(SenderExam, 1);
	return read_number(line, "row", &sender->row) && read_texts(line, "cells", sender->cells) &&
	       read_exam(line, sender->exam);
}

SavedSender *saved_sender_new(json_t *line, GError **reterr_error)
{
	g_autoptr(SavedSender) sender = g_new0(SavedSender, 1);
	const Reading reading = { line, "", reterr_error };
	bool is_good = read_line(&reading, sender);

	json_decref(line);
	return is_good ? g_steal_pointer(&sender) : NULL;
}

void saved_sender_free(SavedSender *sender)
{
	if (sender == NULL)
		return;
	g_clear_pointer(&sender->cells, g_ptr_array_unref);
	sender_exam_free(sender->exam);
	g_free(sender);
}
