#include "auth/org_domain.h"

#include "base/digest.h"

#include <libpsl.h>
#include <stdio.h>

struct OrgDomains {
	psl_ctx_t *loaded; /* NULL: the list is libpsl's own */
	const psl_ctx_t *list;
	char *identity;
};

/* A list that is compiled (libpsl takes that too) is no text anyone can read. */
#define COMPILED_LIST ".DAFSA@PSL"

OrgDomains *org_domains_new_builtin(void)
{
	OrgDomains *domains = g_new0(OrgDomains, 1);

	domains->list = psl_builtin();
	domains->identity = g_strdup_printf("libpsl-%s:sha1:%s", psl_get_version(),
		domains->list != NULL ? psl_builtin_sha1sum() : "none");
	return domains;
}

static char *text_identity(Slice text)
{
	DigestValue digest = digest_of(DIGEST_SHA256, text);
	g_autofree char *hex = digest_hex(&digest);

	return g_strconcat("sha256:", hex, NULL);
}

static psl_ctx_t *load(Slice text)
{
	psl_ctx_t *loaded;
	FILE *file;

	if (text.len == 0 || slice_starts(text, COMPILED_LIST) || slice_find_char(text, '\0') >= 0)
		return NULL;
	/* fmemopen() never writes to what is opened for reading. */
	file = fmemopen((void *)(guintptr)text.data, text.len, "r");
	if (file == NULL)
		return NULL;
	loaded = psl_load_fp(file);
	fclose(file);
	return loaded;
}

OrgDomains *org_domains_new(Slice text, GError **reterr_error)
{
	g_autoptr(OrgDomains) domains = g_new0(OrgDomains, 1);

	domains->loaded = load(text);
	if (domains->loaded == NULL || psl_suffix_count(domains->loaded) == 0) {
		g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			"this is no public suffix list");
		return NULL;
	}
	domains->list = domains->loaded;
	domains->identity = text_identity(text);
	return g_steal_pointer(&domains);
}

void org_domains_free(OrgDomains *domains)
{
	if (domains == NULL)
		return;
	psl_free(domains->loaded);
	g_free(domains->identity);
	g_free(domains);
}

char *org_domain_by_list(const OrgDomains *domains, const char *name)
{
	const char *org = psl_registrable_domain(domains->list, name);

	return g_strdup(org != NULL ? org : name);
}

bool org_domain_is_suffix(const OrgDomains *domains, const char *name)
{
	return psl_is_public_suffix(domains->list, name) != 0;
}

const char *org_domains_identity(const OrgDomains *domains)
{
	return domains->identity;
}
