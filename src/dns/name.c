#include "dns/name.h"

#include <string.h>

/* "DDD" behind a backslash. */
static bool take_decimal(Slice *rest, unsigned char *ret_octet)
{
	guint64 number;

	if (rest->len < 3 || !slice_parse_uint(slice_sub(*rest, 0, 3), 255, &number))
		return false;
	*rest = slice_sub(*rest, 3, rest->len);
	*ret_octet = (unsigned char)number;
	return true;
}

bool dns_take_octet(Slice *rest, unsigned char *ret_octet)
{
	bool escaped;

	if (rest->len == 0)
		return false;
	escaped = rest->data[0] == '\\';
	if (escaped) {
		*rest = slice_sub(*rest, 1, rest->len);
		if (rest->len == 0)
			return false;
		if (g_ascii_isdigit(rest->data[0]))
			return take_decimal(rest, ret_octet);
	}
	*ret_octet = (unsigned char)rest->data[0];
	*rest = slice_sub(*rest, 1, rest->len);
	return true;
}

static bool is_bare(unsigned char octet)
{
	static const bool marks[256] = { ['"'] = true,
		['('] = true,
		[')'] = true,
		[';'] = true,
		['@'] = true,
		['$'] = true,
		['\\'] = true,
		['.'] = true };

	return octet > 0x20 && octet < 0x7F && !marks[octet];
}

void dns_name_add_octet(GString *name, unsigned char octet)
{
	static const char digits[] = "0123456789";

	if (is_bare(octet)) {
		g_string_append_c(name, g_ascii_tolower((char)octet));
	} else {
		g_string_append_c(name, '\\');
		g_string_append_c(name, digits[octet / 100]);
		g_string_append_c(name, digits[octet / 10 % 10]);
		g_string_append_c(name, digits[octet % 10]);
	}
}

bool dns_name_is_plain(Slice text)
{
	size_t label = 0;

	if (text.len == 0 || text.len + 2 > DNS_NAME_WIRE_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c == '.') {
			if (label == 0)
				return false;
			label = 0;
		} else if (++label > DNS_LABEL_MAX || !is_bare(c) || (c >= 'A' && c <= 'Z')) {
			return false;
		}
	}
	return label > 0;
}

/* Takes one label up to its dot, which is taken too. False where it is empty or too long. */
static bool take_label(Slice *rest, unsigned char label[DNS_LABEL_MAX], size_t *ret_len)
{
	size_t len = 0;

	while (rest->len > 0 && rest->data[0] != '.') {
		if (len == DNS_LABEL_MAX || !dns_take_octet(rest, &label[len]))
			return false;
		len++;
	}
	if (rest->len > 0)
		*rest = slice_sub(*rest, 1, rest->len);
	*ret_len = len;
	return len > 0;
}

char *dns_name_from_text(Slice text)
{
	GString *name;
	size_t wire = 1;
	bool good = text.len > 0;

	if (slice_is(text, "."))
		return g_strdup("");
	name = g_string_sized_new(text.len);
	while (good && text.len > 0) {
		unsigned char label[DNS_LABEL_MAX];
		size_t len = 0;

		good = take_label(&text, label, &len);
		wire += len + 1;
		if (name->len > 0)
			g_string_append_c(name, '.');
		for (size_t i = 0; good && i < len; i++)
			dns_name_add_octet(name, label[i]);
		good = good && wire <= DNS_NAME_WIRE_MAX;
	}
	return g_string_free(name, !good);
}

bool dns_name_to_wire(const char *name, GByteArray *wire)
{
	guint start = wire->len;
	Slice rest = slice_of(name);
	unsigned char label[DNS_LABEL_MAX];

	while (rest.len > 0) {
		size_t len = 0;
		guint8 length;

		if (!take_label(&rest, label, &len) ||
			wire->len - start + len + 2 > DNS_NAME_WIRE_MAX) {
			g_byte_array_set_size(wire, start);
			return false;
		}
		length = (guint8)len;
		g_byte_array_append(wire, &length, 1);
		g_byte_array_append(wire, label, (guint)len);
	}
	g_byte_array_append(wire, (const guint8 *)"", 1);
	return true;
}
