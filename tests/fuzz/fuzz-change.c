/* The search of what changed over any message, under signatures that are never right: every place
 * that it tells of lies in the message; the same twice. */
#include "auth/change_search.h"
#include "base/limits.h"
#include "dns/evidence_file.h"
#include "dns/evidence_text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NAMES \
	"from:to:subject:date:cc:reply-to:sender:message-id:mime-version:content-type:" \
	"content-transfer-encoding:list-id:references:received"

static const char *const signatures[] = {
	"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.com; s=s; h=" NAMES
	"; "
	"bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; z=Subject:a|From:b; "
	"b=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
	"\r\n",
	"DKIM-Signature: v=1; a=ed25519-sha256; c=simple/simple; d=example.com; s=s; h=" NAMES "; "
	"l=9; bh=AAAAQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; "
	"b=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
	"\r\n",
};

static Evidence *make_evidence(void)
{
	static const char group[] =
		";q s._domainkey.example.com. TXT NOERROR n=1\n"
		"s._domainkey.example.com.\t300\tIN\tTXT\t\"v=DKIM1; k=ed25519; "
		"p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n";
	Evidence *evidence = evidence_new();
	Answer *answer = evidence_parse_group(slice_of(group));

	g_assert_nonnull(answer);
	evidence_add(evidence, answer);
	return evidence;
}

static void check_found(const ChangeFound *found, Slice message)
{
	if (found == NULL)
		return;
	g_assert_cmpuint(found->steps->len, >, 0);
	g_assert_cmpuint(found->steps->len, <=, 2);
	for (guint i = 0; i < found->places->len; i++) {
		const ChangePlace *place = change_found_place(found, i);

		g_assert_cmpuint(place->offset + place->length, <=, message.len);
		g_assert_true(g_utf8_validate(place->present, -1, NULL));
	}
}

static void check_same(
	const Facts *facts, const DkimVerdict *dkim, Context *context, const ChangeSearch *search)
{
	g_autoptr(ChangeSearch) again = change_search(facts, dkim_signature(dkim, 0), context);

	g_assert_cmpuint(search->tries, ==, again->tries);
	g_assert_cmpuint(search->octets, ==, again->octets);
}

static void check_searches(const Facts *facts, const DkimVerdict *dkim, Context *context)
{
	g_autoptr(GPtrArray) searches = change_search_all(facts, dkim, context);

	for (guint i = 0; i < searches->len; i++) {
		const ChangeSearch *search = g_ptr_array_index(searches, i);

		if (search == NULL)
			continue;
		check_found(search->body, facts->message);
		check_found(search->header, facts->message);
		g_assert_cmpuint(search->tries, <=, LIMIT_CHANGE_TRIES);
	}
	/* Once is enough: it is not cheap. */
	if (searches->len == 1 && g_ptr_array_index(searches, 0) != NULL &&
		facts->fields->count % 2 == 0)
		check_same(facts, dkim, context, g_ptr_array_index(searches, 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < G_N_ELEMENTS(signatures); i++) {
		GString *text = g_string_new(signatures[i]);
		g_autoptr(GBytes) bytes = NULL;
		g_autoptr(Evidence) evidence = make_evidence();
		g_autoptr(Context) context = context_new(evidence);
		g_autoptr(Findings) findings = findings_new();
		g_autoptr(Source) source = source_new();
		g_autoptr(Facts) facts = NULL;
		g_autoptr(DkimVerdict) dkim = NULL;

		g_string_append_len(text, (const char *)data, (gssize)size);
		bytes = g_string_free_to_bytes(text);
		facts = facts_new(bytes, source, NULL);
		dkim = dkim_verify(facts, context, findings);
		check_searches(facts, dkim, context);
	}
	return 0;
}
