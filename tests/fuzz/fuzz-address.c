/* message/address.h: every address has its parts, in valid UTF-8, and its octets in the field. */
#include "message/address.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_text(const char *text)
{
	return text != NULL && g_utf8_validate(text, -1, NULL);
}

static void check_address(const Address *address, Slice value)
{
	g_assert_true(address->display == NULL || is_text(address->display));
	g_assert_true(is_text(address->addr_spec) && strchr(address->addr_spec, '@') != NULL);
	g_assert_true(is_text(address->local));
	g_assert_true(address->domain == NULL || is_text(address->domain));
	g_assert_true(slice_offset(value, address->raw) + address->raw.len <= value.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice value = slice_make(data != NULL ? (const char *)data : "", size);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(AddressList) list = address_list_new();
	bool is_malformed = false;
	g_autofree char *path = address_path(value, &is_malformed);

	g_assert_true(path == NULL || is_text(path));
	address_list_add(list, value, value, findings);
	for (guint i = 0; i < list->addresses->len; i++)
		check_address(address_list_get(list, i), value);
	for (size_t i = 0; i < findings_count(findings); i++) {
		const Finding *finding = findings_get(findings, i);

		g_assert_true(finding->detail == NULL || is_text(finding->detail));
		g_assert_true(finding->offset + finding->length <= size);
	}
	return 0;
}
