#include "auth/key_check.h"

#include "base/text_time.h"

/* Records at one selector: there should be one (RFC 6376, 3.6.2.2). Each costs a key operation. */
#define LIMIT_KEY_RECORDS 8u

/* How good a record serves the signature; the best one counts. */
typedef enum Rank {
	RANK_NOTHING,
	RANK_NO_KEY,      /* none could be decoded */
	RANK_REVOKED,     /* says more than text that is no key */
	RANK_UNCHECKED,   /* a key of another algorithm */
	RANK_UNFIT_WRONG, /* the signature is not by this key, which could not serve anyway */
	RANK_FIT_WRONG,
	RANK_UNFIT_RIGHT, /* made with this key, which must not be used for it */
	RANK_FIT_RIGHT,
} Rank;

static Rank rank_of(const KeyCheck *check)
{
	bool fits = check->problem == KEY_OK;

	switch (check->signature) {
	case SIGNATURE_VALID:
	case SIGNATURE_ALTERED:
		return fits ? RANK_FIT_RIGHT : RANK_UNFIT_RIGHT;
	case SIGNATURE_INVALID:
		return fits ? RANK_FIT_WRONG : RANK_UNFIT_WRONG;
	case SIGNATURE_UNCHECKED:
		break;
	}
	if (check->problem == KEY_EMPTY)
		return RANK_REVOKED;
	return check->bits > 0 ? RANK_UNCHECKED : RANK_NO_KEY;
}

static KeyStatus status_of(KeyProblem problem)
{
	if (problem == KEY_OK)
		return KEY_FOUND;
	return problem == KEY_EMPTY ? KEY_REVOKED : KEY_UNUSABLE;
}

static void try_signature(KeyCheck *check, const SignatureTags *tags, const KeyRecord *record,
	const DigestValue *header)
{
	if (tags->signature == NULL || header->len == 0 || record->algorithm != tags->key_algorithm)
		return;
	check->signature = pubkey_check(record->key, tags->digest, header,
		slice_of_bytes(tags->signature), &check->signed_digest);
}

/* What a record's text says. */
typedef struct KnownKey {
	KeyProblem problem;
	KeyRecord *record; /* NULL where there is a problem */
} KnownKey;

static void known_key_free(gpointer data)
{
	KnownKey *known = data;

	key_record_free(known->record);
	g_free(known);
}

/* Decoding a key takes about as long as checking a signature with it. */
static const KnownKey *know_key(Memo *memo, Slice text)
{
	KnownKey *known = memo_find(memo, "key", text);

	if (known != NULL)
		return known;
	known = g_new0(KnownKey, 1);
	known->problem = key_record_parse(text, &known->record);
	return memo_keep(memo, "key", text, known, known_key_free);
}

/* What one record says of the signature. */
static void try_record(KeyCheck *check, const SignatureTags *tags, const KnownKey *known,
	const DigestValue *header)
{
	const KeyRecord *record = known->record;

	check->problem = known->problem;
	if (record != NULL) {
		check->algorithm = record->algorithm;
		check->bits = pubkey_bits(record->key);
		check->is_testing = record->is_testing;
		check->forbids_subdomain = record->forbids_subdomain;
		if (tags->is_algorithm_known) {
			check->problem = key_record_fit(record, tags->key_algorithm, tags->digest);
			try_signature(check, tags, record, header);
		}
	}
	check->status = status_of(check->problem);
}

KeyCheck key_check(const SignatureTags *tags, const DigestValue *header, Context *context)
{
	KeyCheck base = { .status = KEY_UNKNOWN, .at = TIME_UNKNOWN };
	const Answer *answer;
	KeyCheck best;

	if (tags->key_name == NULL)
		return base;
	answer = context_ask(context, tags->key_name, DNS_TXT, NULL);
	if (answer == NULL)
		return base;
	base.is_recorded = true;
	base.outcome = answer->outcome;
	base.security = answer->security;
	base.at = answer->at;
	if (!answer_is_usable(answer) || answer_is_chain_broken(answer))
		return base;
	base.records = answer_count(answer);
	base.status = KEY_MISSING;
	best = base;
	for (size_t i = 0; i < MIN(base.records, LIMIT_KEY_RECORDS); i++) {
		const GString *text = answer_rr(answer, i)->text;
		KeyCheck tried = base;

		try_record(&tried, tags, know_key(context->memo, slice_make(text->str, text->len)),
			header);
		if (i == 0 || rank_of(&tried) > rank_of(&best))
			best = tried;
	}
	return best;
}

static void free_key(gpointer data)
{
	pubkey_free(data);
}

GPtrArray *key_check_keys(const SignatureTags *tags, Context *context)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func(free_key);
	const Answer *answer =
		tags->key_name != NULL ? context_ask(context, tags->key_name, DNS_TXT, NULL) : NULL;

	if (answer == NULL || !answer_is_usable(answer) || answer_is_chain_broken(answer) ||
		!tags->is_algorithm_known)
		return keys;
	for (size_t i = 0; i < MIN(answer_count(answer), LIMIT_KEY_RECORDS); i++) {
		const GString *text = answer_rr(answer, i)->text;
		g_autoptr(KeyRecord) record = NULL;

		key_record_parse(slice_make(text->str, text->len), &record);
		if (record != NULL && record->algorithm == tags->key_algorithm)
			g_ptr_array_add(keys, g_steal_pointer(&record->key));
	}
	return keys;
}

void key_check_rest_on(const SignatureTags *tags, Context *context, Verdict *verdict)
{
	if (tags->key_name != NULL)
		context_ask(context, tags->key_name, DNS_TXT, verdict);
}

static void set_unusable(KeyProblem problem, const char *name, Verdict *verdict)
{
	static const struct {
		const char *reason;
		const char *text;
	} rows[] = {
		[KEY_NO_LIST] = { "key-malformed", N_("What stands at the selector is no key.") },
		[KEY_WRONG_VERSION] = { "key-version",
			N_("The key record is of another version than DKIM1.") },
		[KEY_NO_DATA] = { "key-malformed", N_("What stands at the selector is no key.") },
		[KEY_EMPTY] = { "key-revoked", N_("The key was revoked.") },
		[KEY_WRONG_TYPE] = { "key-type", N_("The key is of a type that is not known.") },
		[KEY_NOT_BASE64] = { "key-malformed", N_("The key record's p= is no base64.") },
		[KEY_BROKEN] = { "key-malformed", N_("The key record's p= holds no usable key.") },
		[KEY_OTHER_ALGORITHM] = { "key-algorithm",
			N_("The key is not for the algorithm of the signature.") },
		[KEY_OTHER_HASH] = { "key-hash",
			N_("The key record does not allow the hash of the signature.") },
		[KEY_OTHER_SERVICE] = { "key-service", N_("The key is not meant for mail.") },
		[KEY_WEAK] = { "key-weak", N_("The RSA key has less than 1024 bits.") },
	};

	verdict_set(verdict, RESULT_PERMERROR, rows[problem].reason, rows[problem].text,
		g_strdup(name));
}

bool key_check_settles(const KeyCheck *check, const SignatureTags *tags, Verdict *verdict)
{
	switch (check->status) {
	case KEY_FOUND:
		return false;
	case KEY_MISSING:
		verdict_set(verdict, RESULT_PERMERROR, "key-missing",
			N_("There is no key at the selector."), g_strdup(tags->key_name));
		return true;
	case KEY_REVOKED:
	case KEY_UNUSABLE:
		set_unusable(check->problem, tags->key_name, verdict);
		return true;
	case KEY_UNKNOWN:
		break;
	}
	if (check->is_recorded)
		verdict_set(verdict, RESULT_TEMPERROR, "key-unavailable",
			N_("The DNS did not answer for the key."),
			g_strdup_printf("%s %s", tags->key_name, dns_outcome_word(check->outcome)));
	else
		verdict_set_unknown(verdict, RESULT_TEMPERROR, "answer-missing",
			N_("The evidence has no answer for the key."), g_strdup(tags->key_name));
	return true;
}
