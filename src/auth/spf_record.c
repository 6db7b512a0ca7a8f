#include "auth/spf_record.h"

#include "auth/spf_macro.h"
#include "base/limits.h"

#include <arpa/inet.h>
#include <string.h>

#define SPF_VERSION "v=spf1"

typedef struct Parser {
	SpfRecord *record;
	bool has_all;
} Parser;

bool spf_record_is_one(Slice text)
{
	size_t len = strlen(SPF_VERSION);

	return slice_starts_nocase(text, SPF_VERSION) && (text.len == len || text.data[len] == ' ');
}

/* --- domain-spec */

/* toplabel: letters, digits and inner hyphens, and not digits alone. */
static bool is_toplabel(Slice label)
{
	bool is_number = true;

	if (label.len == 0 || label.data[0] == '-' || label.data[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++) {
		if (!g_ascii_isalnum(label.data[i]) && label.data[i] != '-')
			return false;
		is_number = is_number && g_ascii_isdigit(label.data[i]);
	}
	return !is_number;
}

/* What stands behind the last macro-expand; empty where the text ends with one. */
static Slice behind_macros(Slice text, bool *ret_has_macro)
{
	Slice tail = text;

	*ret_has_macro = false;
	while (text.len > 0) {
		if (text.data[0] == '%' && spf_macro_skip(&text, SPF_IN_TERM)) {
			*ret_has_macro = true;
			tail = text;
		} else {
			text = slice_sub(text, 1, text.len);
		}
	}
	return tail;
}

/* domain-spec = macro-string domain-end */
static bool is_domain_spec(Slice text)
{
	bool has_macro;
	Slice tail;
	size_t dot;

	if (text.len == 0 || !spf_macro_string_is_valid(text, SPF_IN_TERM))
		return false;
	tail = behind_macros(text, &has_macro);
	if (has_macro && tail.len == 0)
		return true;
	if (tail.data[tail.len - 1] == '.')
		tail.len--;
	for (dot = tail.len; dot > 0 && tail.data[dot - 1] != '.'; dot--)
		;
	return dot > 0 && is_toplabel(slice_sub(tail, dot, tail.len));
}

/* --- numbers and addresses */

/* A decimal without leading zeros, at most limit. */
static bool parse_number(Slice digits, guint64 limit, guint64 *ret_number)
{
	if (digits.len > 1 && digits.data[0] == '0')
		return false;
	return slice_parse_uint(digits, limit, ret_number);
}

static bool parse_prefix(Slice digits, guint64 limit, int *ret_prefix)
{
	guint64 number;

	if (!parse_number(digits, limit, &number))
		return false;
	*ret_prefix = (int)number;
	return true;
}

static bool parse_ip4_network(Slice text, InetAddr *ret_addr)
{
	InetAddr addr = { .family = 4 };

	for (size_t i = 0; i < 4; i++) {
		ssize_t dot = slice_find_char(text, '.');
		Slice qnum = i < 3 && dot >= 0 ? slice_sub(text, 0, (size_t)dot) : text;
		guint64 number;

		if ((i < 3 && dot < 0) || !parse_number(qnum, 255, &number))
			return false;
		addr.octets[i] = (unsigned char)number;
		text = slice_sub(text, qnum.len + 1, text.len);
	}
	*ret_addr = addr;
	return true;
}

/* Not inet_addr_parse(): brackets, zones and "IPv6:" are not in this grammar, and an IPv4-mapped
 * network stays one of IPv6, to which no client belongs. */
static bool parse_ip6_network(Slice text, InetAddr *ret_addr)
{
	InetAddr addr = { .family = 6 };
	char buffer[INET_ADDR_TEXT];

	if (text.len >= sizeof buffer)
		return false;
	memcpy(buffer, text.data, text.len);
	buffer[text.len] = '\0';
	if (inet_pton(AF_INET6, buffer, addr.octets) != 1)
		return false;
	*ret_addr = addr;
	return true;
}

static size_t digits_at_end(Slice text)
{
	size_t count = 0;

	while (count < text.len && g_ascii_isdigit(text.data[text.len - 1 - count]))
		count++;
	return count;
}

/* Cuts slashes and digits off the end of *text when they stand there with just these slashes. */
static bool cut_prefix(Slice *text, const char *slashes, Slice *ret_digits)
{
	size_t digits = digits_at_end(*text);
	size_t width = strlen(slashes);
	Slice before = slice_sub(*text, 0, text->len - digits);

	if (digits == 0 || before.len < width ||
		!slice_is(slice_sub(before, before.len - width, width), slashes))
		return false;
	*ret_digits = slice_sub(*text, before.len, digits);
	*text = slice_sub(before, 0, before.len - width);
	return true;
}

/* dual-cidr-length, cut off the end of *text. */
static bool cut_dual_cidr(Slice *text, SpfTerm *term)
{
	Slice digits;

	if (cut_prefix(text, "//", &digits) && !parse_prefix(digits, 128, &term->prefix6))
		return false;
	return !cut_prefix(text, "/", &digits) || parse_prefix(digits, 32, &term->prefix4);
}

/* --- terms. rest is what stands behind the name of the mechanism. */

static bool parse_all(Slice rest, SpfTerm *term)
{
	(void)term;
	return rest.len == 0;
}

static bool parse_domain(Slice rest, SpfTerm *term)
{
	if (rest.len == 0 || rest.data[0] != ':')
		return false;
	term->domain_spec = slice_sub(rest, 1, rest.len);
	return is_domain_spec(term->domain_spec);
}

static bool parse_ptr(Slice rest, SpfTerm *term)
{
	return rest.len == 0 || parse_domain(rest, term);
}

static bool parse_host(Slice rest, SpfTerm *term)
{
	return cut_dual_cidr(&rest, term) && parse_ptr(rest, term);
}

/* ":" network [ "/" prefix ]; takes the prefix off. */
static bool take_network(Slice rest, guint64 limit, int *ret_prefix, Slice *ret_network)
{
	Slice prefix = slice_sub(rest, 1, rest.len);

	if (rest.len == 0 || rest.data[0] != ':')
		return false;
	*ret_network = slice_take_until(&prefix, '/');
	return ret_network->len + 1 == rest.len || parse_prefix(prefix, limit, ret_prefix);
}

static bool parse_ip4(Slice rest, SpfTerm *term)
{
	Slice network;

	return take_network(rest, 32, &term->prefix4, &network) &&
	       parse_ip4_network(network, &term->network);
}

static bool parse_ip6(Slice rest, SpfTerm *term)
{
	Slice network;

	return take_network(rest, 128, &term->prefix6, &network) &&
	       parse_ip6_network(network, &term->network);
}

static const struct {
	const char *name;
	SpfTermKind kind;
	bool (*parse)(Slice rest, SpfTerm *term);
} mechanisms[] = {
	{ "all", SPF_TERM_ALL, parse_all },
	{ "include", SPF_TERM_INCLUDE, parse_domain },
	{ "a", SPF_TERM_A, parse_host },
	{ "mx", SPF_TERM_MX, parse_host },
	{ "ptr", SPF_TERM_PTR, parse_ptr },
	{ "ip4", SPF_TERM_IP4, parse_ip4 },
	{ "ip6", SPF_TERM_IP6, parse_ip6 },
	{ "exists", SPF_TERM_EXISTS, parse_domain },
};

static size_t mechanism_name_length(Slice text)
{
	size_t len = 0;

	while (len < text.len && g_ascii_isalnum(text.data[len]))
		len++;
	return len;
}

static bool parse_mechanism(Slice text, SpfTerm *term)
{
	Slice name = slice_sub(text, 0, mechanism_name_length(text));

	for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++) {
		if (!slice_is_nocase(name, mechanisms[i].name))
			continue;
		term->kind = mechanisms[i].kind;
		return mechanisms[i].parse(slice_sub(text, name.len, text.len), term);
	}
	return false;
}

static SpfTerm empty_term(Slice text)
{
	return (SpfTerm) { .qualifier = '+',
		.text = text,
		.domain_spec = SLICE_ABSENT,
		.prefix4 = SPF_NO_PREFIX,
		.prefix6 = SPF_NO_PREFIX };
}

/* directive = [ qualifier ] mechanism */
static bool add_directive(Parser *parser, Slice text, SpfFault *reterr_fault)
{
	SpfTerm term = empty_term(text);
	Slice mechanism = text;

	if (text.data[0] != '\0' && strchr("+-~?", text.data[0]) != NULL) {
		term.qualifier = text.data[0];
		mechanism = slice_sub(text, 1, text.len);
	}
	if (!parse_mechanism(mechanism, &term)) {
		*reterr_fault = (SpfFault) { SPF_FAULT_TERM, text };
		return false;
	}
	if (parser->record->terms->len >= LIMIT_SPF_TERMS) {
		*reterr_fault = (SpfFault) { SPF_FAULT_TERMS, text };
		return false;
	}
	parser->has_all = parser->has_all || term.kind == SPF_TERM_ALL;
	g_array_append_val(parser->record->terms, term);
	return true;
}

/* The length of a modifier's name, when the text is "name=…"; else 0. */
static size_t modifier_name_length(Slice text)
{
	size_t len = 0;

	if (!g_ascii_isalpha(text.data[0]))
		return 0;
	while (len < text.len && (g_ascii_isalnum(text.data[len]) || text.data[len] == '-' ||
					 text.data[len] == '_' || text.data[len] == '.'))
		len++;
	return len < text.len && text.data[len] == '=' ? len : 0;
}

static bool add_redirect(Parser *parser, Slice text, Slice value)
{
	SpfTerm *term = g_new(SpfTerm, 1);

	*term = empty_term(text);
	term->kind = SPF_TERM_REDIRECT;
	term->domain_spec = value;
	parser->record->redirect = term;
	return is_domain_spec(value);
}

static bool add_modifier(Parser *parser, Slice text, size_t name_len, SpfFault *reterr_fault)
{
	Slice name = slice_sub(text, 0, name_len);
	Slice value = slice_sub(text, name_len + 1, text.len);
	SpfRecord *record = parser->record;
	bool is_redirect = slice_is_nocase(name, "redirect");
	bool is_exp = slice_is_nocase(name, "exp");
	bool is_valid;

	*reterr_fault = (SpfFault) { SPF_FAULT_REPEATED, text };
	if ((is_redirect && record->redirect != NULL) || (is_exp && record->exp.data != NULL))
		return false;
	reterr_fault->kind = SPF_FAULT_TERM;
	if (is_redirect)
		return add_redirect(parser, text, value);
	is_valid = is_exp ? is_domain_spec(value) : spf_macro_string_is_valid(value, SPF_IN_TERM);
	if (is_exp)
		record->exp = value;
	return is_valid;
}

static bool add_term(Parser *parser, Slice text, SpfFault *reterr_fault)
{
	size_t name_len = modifier_name_length(text);

	return name_len > 0 ? add_modifier(parser, text, name_len, reterr_fault)
			    : add_directive(parser, text, reterr_fault);
}

static bool has_good_octets(Slice text, SpfFault *reterr_fault)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!g_ascii_isprint(text.data[i])) {
			*reterr_fault = (SpfFault) { SPF_FAULT_OCTET, slice_sub(text, i, 1) };
			return false;
		}
	}
	return true;
}

static bool parse_terms(Parser *parser, Slice text, SpfFault *reterr_fault)
{
	while (text.len > 0) {
		Slice term = slice_take_until(&text, ' ');

		if (term.len > 0 && !add_term(parser, term, reterr_fault))
			return false;
	}
	return true;
}

/* A fault points into the copy; the caller has the original. */
static Slice moved(Slice where, Slice from, Slice to)
{
	return slice_sub(to, slice_offset(from, where), where.len);
}

SpfRecord *spf_record_parse(Slice text, SpfFault *reterr_fault)
{
	g_autoptr(SpfRecord) record = NULL;
	Parser parser = { NULL, false };
	Slice copy;

	if (!has_good_octets(text, reterr_fault))
		return NULL;
	record = g_new0(SpfRecord, 1);
	record->text = g_strndup(text.data, text.len);
	record->terms = g_array_new(FALSE, FALSE, sizeof(SpfTerm));
	parser.record = record;
	copy = slice_make(record->text, text.len);
	if (!parse_terms(&parser, slice_sub(copy, strlen(SPF_VERSION), copy.len), reterr_fault)) {
		reterr_fault->where = moved(reterr_fault->where, copy, text);
		return NULL;
	}
	if (parser.has_all)
		g_clear_pointer(&record->redirect, g_free);
	return g_steal_pointer(&record);
}

void spf_record_free(SpfRecord *record)
{
	if (record == NULL)
		return;
	g_free(record->text);
	g_array_unref(record->terms);
	g_free(record->redirect);
	g_free(record);
}

bool spf_term_is_lookup(const SpfTerm *term)
{
	return term->kind != SPF_TERM_ALL && term->kind != SPF_TERM_IP4 &&
	       term->kind != SPF_TERM_IP6;
}
