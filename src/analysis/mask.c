#include "analysis/mask.h"

#include "base/digest.h"
#include "base/domain_name.h"
#include "base/inet_addr.h"

#include <string.h>

/* Octets of a mask: enough that two texts of a large archive have not the same one. */
#define MASK_OCTETS ((size_t)8)

struct Redactor {
	GByteArray *key;
};

Redactor *redactor_new(Slice key)
{
	Redactor *redactor = g_new0(Redactor, 1);

	redactor->key = g_byte_array_new();
	if (key.len > 0)
		g_byte_array_append(redactor->key, (const guint8 *)key.data, (guint)key.len);
	return redactor;
}

void redactor_free(Redactor *redactor)
{
	if (redactor == NULL)
		return;
	g_byte_array_unref(redactor->key);
	g_free(redactor);
}

/* How long the key is tells one of zeros from none (RFC 2104, 2). */
char *redact_mask(const Redactor *redactor, const char *kind, const char *text)
{
	Slice key = slice_make((const char *)redactor->key->data, redactor->key->len);
	g_autofree char *whole =
		g_strdup_printf("kantei-redact %u %s %s", redactor->key->len, kind, text);
	DigestValue digest = digest_keyed(key, slice_of(whole));

	digest.len = MASK_OCTETS;
	return digest_hex(&digest);
}

char *redact_text(const Redactor *redactor, const char *text)
{
	g_autofree char *mask = text != NULL ? redact_mask(redactor, "text", text) : NULL;

	return mask != NULL ? g_strdup_printf("[redacted %s]", mask) : NULL;
}

char *redact_local(const Redactor *redactor, const char *local, const char *domain)
{
	g_autofree char *lower = g_ascii_strdown(local, -1);
	g_autofree char *lower_domain = g_ascii_strdown(domain, -1);
	g_autofree char *address = g_strconcat(lower, "@", lower_domain, NULL);
	g_autofree char *mask = redact_mask(redactor, "address", address);

	return g_strconcat("r", mask, NULL);
}

bool redact_is_domain(const char *text)
{
	g_autofree char *name = text != NULL ? domain_name_new(slice_of(text)) : NULL;

	return name != NULL && strchr(name, '.') != NULL;
}

static bool is_ip(const char *text)
{
	Slice inner = slice_of(text);
	InetAddr addr;

	if (slice_starts(inner, "[") && inner.data[inner.len - 1] == ']')
		inner = slice_sub(inner, 1, inner.len - 2);
	if (slice_starts_nocase(inner, "IPv6:"))
		inner = slice_sub(inner, strlen("IPv6:"), inner.len);
	return inet_addr_parse(inner, &addr);
}

char *redact_address(const Redactor *redactor, const char *address)
{
	const char *at = address != NULL ? strrchr(address, '@') : NULL;
	g_autofree char *local = NULL;
	g_autofree char *mask = NULL;

	if (address == NULL || *address == '\0')
		return g_strdup(address);
	if (at == NULL || (!redact_is_domain(at + 1) && !is_ip(at + 1)))
		return redact_text(redactor, address);
	if (at == address)
		return g_strdup(address);
	local = g_strndup(address, (gsize)(at - address));
	mask = redact_local(redactor, local, at + 1);
	return g_strconcat(mask, at, NULL);
}

/* --- one text of a case; each is replaced in its place */

void hide_as(char **text, char *mask)
{
	g_free(*text);
	*text = mask;
}

void hide_address(const Redactor *redactor, char **address)
{
	hide_as(address, redact_address(redactor, *address));
}

void hide_text(const Redactor *redactor, char **text)
{
	hide_as(text, redact_text(redactor, *text));
}

void hide_body(char **text)
{
	if (*text != NULL)
		hide_as(text, g_strdup(REDACTED));
}

void hide_host(const Redactor *redactor, char **host)
{
	if (*host != NULL && !redact_is_domain(*host) && !is_ip(*host))
		hide_text(redactor, host);
}

void hide_detail(char **detail)
{
	const char *text = *detail != NULL ? *detail : "";

	if (strspn(text, "0123456789.:+-/ TZ") != strlen(text))
		hide_body(detail);
}
