#include "dns/rdata_part.h"

#include "base/limits.h"
#include "dns/name.h"

#include <string.h>

#define RDATA_MAX ((size_t)65535)

/* Takes what stands before the next blank or comment off the front of *rest; blanks before it are
 * dropped. Absent where there is no more. */
static Slice take_word(Slice *rest)
{
	size_t len = 0;
	Slice word;

	while (rest->len > 0 && dns_is_blank(rest->data[0]))
		*rest = slice_sub(*rest, 1, rest->len);
	if (rest->len == 0 || rest->data[0] == ';')
		return SLICE_ABSENT;
	while (len < rest->len && !dns_is_blank(rest->data[len]) && rest->data[len] != ';')
		len += rest->data[len] == '\\' && len + 1 < rest->len ? 2 : 1;
	word = slice_sub(*rest, 0, len);
	*rest = slice_sub(*rest, len, rest->len);
	return word;
}

static bool is_at_end(Slice rest)
{
	return take_word(&rest).data == NULL;
}

/* How many octets stand there as they are, before the string's end or an escape. */
static size_t bare_length(Slice rest, bool quoted)
{
	size_t len = 0;

	if (quoted)
		while (len < rest.len && rest.data[len] != '"' && rest.data[len] != '\\')
			len++;
	else
		while (len < rest.len && !dns_is_blank(rest.data[len]) && rest.data[len] != ';' &&
			rest.data[len] != '\\')
			len++;
	return len;
}

/* Takes one character-string, quoted or not, which begins *rest; out may be NULL. */
static bool take_string(Slice *rest, GString *out, size_t *total)
{
	bool quoted = rest->data[0] == '"';
	unsigned char octet;

	if (quoted)
		*rest = slice_sub(*rest, 1, rest->len);
	for (;;) {
		size_t len = bare_length(*rest, quoted);

		if (out != NULL)
			g_string_append_len(out, rest->data, (gssize)len);
		*total += len;
		*rest = slice_sub(*rest, len, rest->len);
		if (rest->len == 0 || rest->data[0] != '\\')
			break;
		if (!dns_take_octet(rest, &octet))
			return false;
		if (out != NULL)
			g_string_append_c(out, (char)octet);
		++*total;
	}
	if (*total > LIMIT_TXT || (quoted && rest->len == 0))
		return false;
	*rest = slice_sub(*rest, quoted ? 1 : 0, rest->len);
	return true;
}

/* rr may be NULL: then the text is only checked. */
static bool read_txt(Rr *rr, GString *presentation, Slice rest)
{
	g_autoptr(GString) octets = rr != NULL ? g_string_new(NULL) : NULL;
	size_t total = 0;
	unsigned count = 0;

	for (;; count++) {
		while (rest.len > 0 && dns_is_blank(rest.data[0]))
			rest = slice_sub(rest, 1, rest.len);
		if (rest.len == 0 || rest.data[0] == ';')
			break;
		if (!take_string(&rest, octets, &total))
			return false;
		if (rr != NULL) {
			rdata_add_string(rr, presentation, slice_make(octets->str, octets->len));
			g_string_truncate(octets, 0);
		}
	}
	return count > 0;
}

static bool is_name(Slice word)
{
	g_autofree char *name = NULL;

	if (word.len > 1 && word.data[word.len - 1] == '.' &&
		dns_name_is_plain(slice_sub(word, 0, word.len - 1)))
		return true;
	name = dns_name_from_text(word);
	return name != NULL;
}

static bool read_name(Rr *rr, GString *presentation, Slice *rest)
{
	Slice word = take_word(rest);

	return rr != NULL ? rdata_set_name(rr, presentation, dns_name_from_text(word))
			  : is_name(word);
}

static bool read_mx(Rr *rr, GString *presentation, Slice *rest)
{
	guint64 preference;

	if (!slice_parse_uint(take_word(rest), UINT16_MAX, &preference))
		return false;
	if (rr != NULL)
		rdata_set_preference(rr, presentation, (unsigned)preference);
	return read_name(rr, presentation, rest);
}

static bool read_addr(Rr *rr, GString *presentation, DnsType type, Slice *rest)
{
	Slice word = take_word(rest);
	const char *allowed = type == DNS_A ? "0123456789." : "0123456789abcdefABCDEF:.";
	InetAddr addr;

	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] == '\0' || strchr(allowed, word.data[i]) == NULL)
			return false;
	if ((type == DNS_AAAA) != (slice_find_char(word, ':') >= 0) ||
		!inet_addr_parse(word, &addr))
		return false;
	if (rr != NULL)
		rdata_set_addr(rr, presentation, &addr);
	return true;
}

static bool read_soa(Rr *rr, GString *presentation, Slice *rest)
{
	g_autofree char *mailbox = NULL;

	if (!read_name(rr, presentation, rest))
		return false;
	mailbox = dns_name_from_text(take_word(rest));
	if (mailbox == NULL)
		return false;
	if (rr != NULL)
		g_string_append_printf(presentation, " %s.", mailbox);
	for (int i = 0; i < 5; i++) {
		guint64 number;

		if (!slice_parse_uint(take_word(rest), UINT32_MAX, &number))
			return false;
		if (rr != NULL)
			g_string_append_printf(presentation, " %" G_GUINT64_FORMAT, number);
	}
	return true;
}

/* A type that we do not ask for: its text as it is, made safe. */
static bool read_other(Rr *rr, GString *presentation, Slice *rest)
{
	Slice text = slice_trim(*rest);

	for (size_t i = 0; rr != NULL && i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c >= 0x20 && c < 0x7F)
			g_string_append_c(presentation, (char)c);
		else
			g_string_append_printf(presentation, "\\%03u", c);
	}
	*rest = slice_sub(*rest, rest->len, 0);
	return true;
}

static bool read_plain(Rr *rr, GString *presentation, DnsType type, Slice rest)
{
	bool good;

	switch (type) {
	case DNS_TXT:
		return read_txt(rr, presentation, rest);
	case DNS_A:
	case DNS_AAAA:
		good = read_addr(rr, presentation, type, &rest);
		break;
	case DNS_MX:
		good = read_mx(rr, presentation, &rest);
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		good = read_name(rr, presentation, &rest);
		break;
	case DNS_SOA:
		good = read_soa(rr, presentation, &rest);
		break;
	default:
		good = read_other(rr, presentation, &rest);
		break;
	}
	return good && is_at_end(rest);
}

/* The octets of "\# length hexadecimal…" (RFC 3597, 5); NULL where it is no such thing. */
static GByteArray *generic_octets(Slice rest)
{
	g_autoptr(GByteArray) octets = g_byte_array_new();
	int high = -1;
	guint64 len;

	if (!slice_is(take_word(&rest), "\\#") ||
		!slice_parse_uint(take_word(&rest), RDATA_MAX, &len))
		return NULL;
	for (; !is_at_end(rest);) {
		Slice word = take_word(&rest);

		for (size_t i = 0; i < word.len; i++) {
			int digit = g_ascii_xdigit_value(word.data[i]);
			guint8 octet = (guint8)(high * 16 + digit);

			if (digit < 0 || octets->len > len)
				return NULL;
			if (high >= 0)
				g_byte_array_append(octets, &octet, 1);
			high = high >= 0 ? -1 : digit;
		}
	}
	return high < 0 && octets->len == len ? g_steal_pointer(&octets) : NULL;
}

static bool read_generic(Rr *rr, Slice text)
{
	g_autoptr(GByteArray) octets = generic_octets(text);
	Wire wire;

	if (octets == NULL)
		return false;
	wire = (Wire) { slice_make((const char *)octets->data, octets->len), 0 };
	return rdata_from_wire(rr, &wire, octets->len);
}

static bool is_generic(DnsType type, Slice text)
{
	return dns_type_is_asked(type) && slice_is(take_word(&text), "\\#");
}

bool rdata_from_text(Rr *rr, Slice text)
{
	GString *presentation;
	bool good;

	if (is_generic(rr->type, text))
		return read_generic(rr, text);
	presentation = g_string_new(NULL);
	if (rr->type == DNS_TXT)
		rr->text = g_string_new(NULL);
	good = read_plain(rr, presentation, rr->type, text);
	rr->presentation = g_string_free(presentation, FALSE);
	return good;
}

bool rdata_is_readable(DnsType type, Slice text)
{
	if (is_generic(type, text)) {
		g_autoptr(Rr) rr = g_new0(Rr, 1);

		rr->type = type;
		return read_generic(rr, text);
	}
	return read_plain(NULL, NULL, type, text);
}
