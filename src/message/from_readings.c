/* From as programs read it that do not keep to its grammar. */
#include "base/domain_name.h"
#include "base/limits.h"
#include "base/printable.h"
#include "message/address_lex.h"
#include "message/decode.h"
#include "message/facts_check.h"

#include <string.h>

/* Who takes which address for the author's. */
typedef enum Reading {
	READING_FIRST,         /* the first text that looks like an address */
	READING_LAST,          /* the last one */
	READING_FIRST_BRACKET, /* the first one behind "<" */
	READING_LAST_BRACKET,
	READING_DECODED, /* the first one once encoded words are decoded */
	READINGS
} Reading;

static const char *const words[READINGS] = { "first", "last", "first in brackets",
	"last in brackets", "decoded" };

typedef struct Readings {
	char *addresses[READINGS];
} Readings;

static bool is_local_octet(char c)
{
	return (unsigned char)c > ' ' && strchr("<>,;:()\"@\\", c) == NULL;
}

static bool is_domain_octet(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || ((unsigned char)c & 0x80);
}

/* The text around the '@' that looks like an address; len 0 where none does. */
static Slice address_around(Slice text, size_t at)
{
	size_t from = at;
	size_t to = at + 1;

	while (from > 0 && is_local_octet(text.data[from - 1]))
		from--;
	while (to < text.len && is_domain_octet(text.data[to]))
		to++;
	if (from == at || to == at + 1)
		return slice_sub(text, at, 0);
	return slice_sub(text, from, to - from);
}

static void set(Readings *readings, Reading reading, Slice address, bool is_last)
{
	char **to = &readings->addresses[reading];

	if (*to != NULL && !is_last)
		return;
	g_free(*to);
	*to = printable_line(address);
}

/* Every text in the value that looks like an address, in order. */
static void scan(Readings *readings, Slice text)
{
	for (size_t at = 0; at < text.len; at++) {
		Slice address = text.data[at] == '@' ? address_around(text, at) : SLICE_ABSENT;
		bool is_bracketed;

		if (address.len == 0)
			continue;
		is_bracketed = address.data > text.data && address.data[-1] == '<';
		set(readings, READING_FIRST, address, false);
		set(readings, READING_LAST, address, true);
		if (is_bracketed) {
			set(readings, READING_FIRST_BRACKET, address, false);
			set(readings, READING_LAST_BRACKET, address, true);
		}
	}
}

/* Without quoted strings and comments, which have a finding of their own. */
static GString *bare_text(Slice value)
{
	g_autoptr(GArray) tokens = address_lex(slice_sub(value, 0, LIMIT_ADDRESS_FIELD));
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < tokens->len; i++) {
		const AddressToken *token = &g_array_index(tokens, AddressToken, i);
		bool is_left_out = token->kind == TOKEN_QUOTED || token->kind == TOKEN_COMMENT;

		if (token->has_space_before || is_left_out)
			g_string_append_c(text, ' ');
		if (!is_left_out)
			g_string_append_len(text, token->text.data, (gssize)token->text.len);
	}
	return text;
}

static void scan_decoded(Readings *readings, Slice text)
{
	g_autofree char *decoded = decode_text(slice_sub(text, 0, LIMIT_DECODED_FIELD));
	Readings found = { { NULL } };

	scan(&found, slice_of(decoded));
	if (found.addresses[READING_FIRST] != NULL)
		set(readings, READING_DECODED, slice_of(found.addresses[READING_FIRST]), false);
	for (int i = 0; i < READINGS; i++)
		g_free(found.addresses[i]);
}

/* One field with one address that keeps to the grammar is read in one way; the text beside it is
 * looked at by address_check(). */
static bool is_plain(const Facts *facts)
{
	return facts->from_fields == 1 && !facts->from->is_malformed &&
	       facts->from->addresses->len == 1 &&
	       strstr(address_list_get(facts->from, 0)->addr_spec, "=?") == NULL;
}

/* A domain in normal form, or what stands there. */
static char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');
	char *domain = domain_name_new(slice_of(at + 1));

	return domain != NULL ? domain : g_strdup(at + 1);
}

static bool are_of_one_domain(const Readings *readings, const AddressList *from)
{
	g_autofree char *common = NULL;

	for (int i = 0; i < READINGS; i++) {
		g_autofree char *domain =
			readings->addresses[i] != NULL ? domain_of(readings->addresses[i]) : NULL;

		if (domain != NULL && common != NULL && strcmp(domain, common) != 0)
			return false;
		if (common == NULL)
			common = g_steal_pointer(&domain);
	}
	for (guint i = 0; common != NULL && i < from->addresses->len; i++) {
		const char *domain = address_list_get(from, i)->domain;

		if (domain != NULL && strcmp(domain, common) != 0)
			return false;
	}
	return true;
}

/* The readings that give this address, from the first that does: "first, decoded: a@b". */
static void describe_one(GString *text, const Readings *readings, int first)
{
	const char *address = readings->addresses[first];

	for (int i = 0; i < first; i++)
		if (g_strcmp0(readings->addresses[i], address) == 0)
			return;
	g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", words[first]);
	for (int i = first + 1; i < READINGS; i++)
		if (g_strcmp0(readings->addresses[i], address) == 0)
			g_string_append_printf(text, ", %s", words[i]);
	g_string_append_printf(text, ": %s", address);
}

static char *describe(const Readings *readings)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < READINGS; i++)
		if (readings->addresses[i] != NULL)
			describe_one(text, readings, i);
	return g_string_free(text, FALSE);
}

void facts_check_readings(Facts *facts)
{
	Readings readings = { { NULL } };
	size_t first = fields_find(facts->fields, "From", 0);

	if (facts->from_fields == 0 || is_plain(facts))
		return;
	for (size_t at = first; at < facts->fields->count;
		at = fields_find(facts->fields, "From", at + 1)) {
		g_autoptr(GString) text = bare_text(facts->fields->list[at].value);

		scan(&readings, slice_make(text->str, text->len));
		scan_decoded(&readings, slice_make(text->str, text->len));
	}
	if (!are_of_one_domain(&readings, facts->from))
		findings_add_at(facts->findings, "from-ambiguous", SEVERITY_WARNING,
			N_("From can be read in several ways, which name different domains."),
			describe(&readings), facts->message, facts->fields->list[first].raw);
	for (int i = 0; i < READINGS; i++)
		g_free(readings.addresses[i]);
}
