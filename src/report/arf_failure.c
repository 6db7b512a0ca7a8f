#include "report/arf_failure.h"

#include "report/record_path.h"

/* A mark that is no for want of a pass; stale evidence leaves it unknown. */
static bool has_failed(const json_t *record, const char *method)
{
	static const char *const failures[] = { "fail", "softfail", "policy", "permerror", NULL };
	g_autofree char *mark = g_strconcat("marks.", method, NULL);
	g_autofree char *result = g_strconcat(method, ".result", NULL);
	const char *word = record_text(record, result);

	return g_strcmp0(record_text(record, mark), "no") == 0 && word != NULL &&
	       g_strv_contains(failures, word);
}

static const char *signature_failure(const json_t *signature)
{
	if (g_strcmp0(json_text_of(signature, "key"), "revoked") == 0)
		return "revoked";
	return g_strcmp0(json_text_of(signature, "body_hash"), "mismatch") == 0 ? "bodyhash"
										: "signature";
}

/* The first signature that counts; none of them passes. */
static bool find_signature(const json_t *record, ArfFailure *ret_failure)
{
	const json_t *signatures = record_at(record, "dkim.signatures");

	for (size_t i = 0; i < json_array_size(signatures); i++) {
		const json_t *signature = json_array_get(signatures, i);

		if (record_is(signature, "google") || !record_is(signature, "final"))
			continue;
		*ret_failure = (ArfFailure) { .type = signature_failure(signature),
			.method = "dkim",
			.signature = i,
			.domain = json_text_of(signature, "domain") };
		return true;
	}
	return false;
}

bool arf_failure_find(const json_t *record, ArfFailure *ret_failure)
{
	if (has_failed(record, "dmarc")) {
		*ret_failure = (ArfFailure) { .type = "dmarc",
			.method = "dmarc",
			.domain = record_text(record, "dmarc.domain") };
		return true;
	}
	if (has_failed(record, "dkim") && find_signature(record, ret_failure))
		return true;
	if (!has_failed(record, "spf"))
		return false;
	*ret_failure = (ArfFailure) {
		.type = "spf", .method = "spf", .domain = record_text(record, "spf.domain")
	};
	return true;
}
