#include "message/address.h"

#include "base/domain_name.h"
#include "base/limits.h"
#include "base/printable.h"
#include "message/address_check.h"
#include "message/address_spec.h"

#include <string.h>

/* Findings on malformed addresses of one field: ten thousand nested groups are one story. */
#define NOTES_PER_FIELD 16u
/* Addresses of a field whose texts are looked at for tricks. */
#define LIMIT_CHECKED 100u
/* Of a text that is shown in a finding. */
#define SHOWN_TEXT ((size_t)200)

typedef struct Reader {
	AddressList *list;
	guint first; /* of this field, in list */
	Slice message;
	Findings *findings;
	const AddressToken *tokens;
	guint count;
	unsigned told;
	unsigned told_malformed;
	bool is_quiet; /* nothing is checked but the grammar */
	bool is_full;
	bool has_odd_dots;
} Reader;

static void address_free(gpointer data)
{
	Address *address = data;

	g_free(address->display);
	g_free(address->addr_spec);
	g_free(address->local);
	g_free(address->domain);
	g_free(address);
}

AddressList *address_list_new(void)
{
	AddressList *list = g_new0(AddressList, 1);

	list->addresses = g_ptr_array_new_with_free_func(address_free);
	return list;
}

void address_list_free(AddressList *list)
{
	if (list == NULL)
		return;
	g_ptr_array_unref(list->addresses);
	g_free(list);
}

static Slice text_between(const Reader *reader, guint from, guint to)
{
	const AddressToken *last = &reader->tokens[to - 1];
	const char *start = reader->tokens[from].text.data;

	return slice_make(start, (size_t)(last->text.data + last->text.len - start));
}

static bool may_tell(Reader *reader)
{
	return reader->told++ < NOTES_PER_FIELD;
}

static char *shown(Slice text)
{
	return printable_line(slice_sub(text, 0, SHOWN_TEXT));
}

static char *as_utf8(GString *text)
{
	char *utf8 = printable_utf8(slice_make(text->str, text->len));

	g_string_free(text, TRUE);
	return utf8;
}

static char *domain_of(const Reader *reader, const AddressSpec *spec)
{
	GString *text = address_joined(reader->tokens, spec->at + 1, spec->last + 1, false);
	char *domain = domain_name_new(slice_make(text->str, text->len));

	g_string_free(text, TRUE);
	return domain;
}

static bool is_listed(const Reader *reader, const Address *address)
{
	for (guint i = reader->first; i < reader->list->addresses->len; i++)
		if (strcmp(address_list_get(reader->list, i)->addr_spec, address->addr_spec) == 0)
			return true;
	return false;
}

/* Dots at the ends of a local part, or two in a row: Japanese mobile carriers gave such addresses
 * out, and they break the grammar. */
static void look_at_dots(Reader *reader, const Address *address)
{
	const char *local = address->local;
	size_t len = strlen(local);

	if (len == 0 || address->addr_spec[0] == '"' ||
		(local[0] != '.' && local[len - 1] != '.' && strstr(local, "..") == NULL))
		return;
	reader->has_odd_dots = true;
	if (may_tell(reader))
		findings_add_at(reader->findings, "address-dots", SEVERITY_NOTICE,
			N_("A local part has dots where none may stand, as addresses of Japanese "
			   "mobile carriers do."),
			shown(slice_of(address->addr_spec)), reader->message, address->raw);
}

static void tell_malformed(Reader *reader, Slice where)
{
	reader->list->is_malformed = true;
	if (reader->told_malformed++ < NOTES_PER_FIELD)
		findings_add_at(reader->findings, "address-malformed", SEVERITY_WARNING,
			N_("A field of addresses breaks the grammar; every text that may be taken "
			   "for an address is listed."),
			shown(where), reader->message, where);
}

static bool has_control(Slice raw)
{
	for (size_t i = 0; i < raw.len; i++)
		if ((unsigned char)raw.data[i] < ' ' || raw.data[i] == 0x7F)
			return true;
	return false;
}

/* Control characters are read as part of a word, but no grammar has them. */
static void look_at_controls(Reader *reader, const AddressSpec *spec)
{
	for (guint i = spec->first; i <= spec->last; i++)
		if (reader->tokens[i].kind == TOKEN_WORD && has_control(reader->tokens[i].text)) {
			tell_malformed(reader, reader->tokens[i].text);
			return;
		}
}

/* Takes display over. only_new: not if the same address is there already. */
static void add_address(
	Reader *reader, const AddressSpec *spec, Slice raw, char *display, bool only_new)
{
	Address *address = g_new0(Address, 1);

	address->display = display;
	address->addr_spec =
		as_utf8(address_joined(reader->tokens, spec->first, spec->last + 1, false));
	address->local = as_utf8(address_joined(reader->tokens, spec->first, spec->at, true));
	address->domain = domain_of(reader, spec);
	address->raw = raw;
	reader->is_full |= reader->list->addresses->len >= LIMIT_ADDRESSES;
	if (reader->is_full || (only_new && is_listed(reader, address))) {
		address_free(address);
		return;
	}
	look_at_dots(reader, address);
	look_at_controls(reader, spec);
	g_ptr_array_add(reader->list->addresses, address);
	if (!reader->is_quiet && reader->list->addresses->len - reader->first <= LIMIT_CHECKED)
		address_check(address, reader->message, reader->findings);
}

/* Every local part, '@' and domain in the tokens that stand side by side. Returns how many
 * were not listed yet. */
static guint add_lookalikes(Reader *reader, guint from, guint to)
{
	guint before = reader->list->addresses->len;

	for (guint i = from + 1; i + 1 < to && !reader->is_full; i++) {
		const AddressToken *domain = &reader->tokens[i + 1];
		AddressSpec spec = { i - 1, i, i + 1 };

		if (!address_token_is(&reader->tokens[i], '@') ||
			!address_token_is_word(&reader->tokens[i - 1]) ||
			reader->tokens[i].has_space_before || domain->has_space_before ||
			(domain->kind != TOKEN_WORD && domain->kind != TOKEN_LITERAL))
			continue;
		while (spec.first > from && reader->tokens[spec.first].kind == TOKEN_WORD &&
			reader->tokens[spec.first - 1].kind == TOKEN_WORD &&
			!reader->tokens[spec.first].has_space_before)
			spec.first--;
		add_address(reader, &spec, text_between(reader, spec.first, i + 2), NULL, true);
	}
	return reader->list->addresses->len - before;
}

static bool has_at(const Reader *reader, guint from, guint to)
{
	for (guint i = from; i < to; i++)
		if (address_token_is(&reader->tokens[i], '@'))
			return true;
	return false;
}

/* "MAILER-DAEMON", "Name": hosts write such in their own name, and it is nobody's address. */
static void tell_no_domain(Reader *reader, Slice where)
{
	reader->list->is_malformed = true;
	if (reader->told_malformed++ < NOTES_PER_FIELD)
		findings_add_at(reader->findings, "address-without-domain", SEVERITY_NOTICE,
			N_("A text without a domain stands where an address should."), shown(where),
			reader->message, where);
}

static void read_malformed(Reader *reader, guint from, guint to)
{
	Slice raw = text_between(reader, from, to);
	bool is_address = has_at(reader, from, to);

	if (is_address)
		tell_malformed(reader, raw);
	else
		tell_no_domain(reader, raw);
	add_lookalikes(reader, from, to);
	if (!is_address && reader->told_malformed <= NOTES_PER_FIELD) {
		g_autofree char *text = address_phrase_text(reader->tokens, from, to);

		if (text != NULL && !reader->is_quiet)
			address_check_text(text, NULL, raw, reader->message, reader->findings);
	}
}

/* A quote or comment that is not closed: some programs take all that follows for its text. */
static bool is_unclosed(const AddressToken *token)
{
	return token->kind == TOKEN_JUNK &&
	       (token->text.data[0] == '"' || token->text.data[0] == '(');
}

/* What stands before an angle bracket is no phrase. It spoils the field only where it hides or
 * holds another address; writers often forget the quotes around a name. */
static void look_at_phrase(Reader *reader, guint from, guint to)
{
	bool is_phrase = true;
	bool is_open = false;

	for (guint i = from; i < to; i++) {
		is_phrase &= address_token_is_word(&reader->tokens[i]) ||
			     reader->tokens[i].kind == TOKEN_COMMENT;
		is_open |= is_unclosed(&reader->tokens[i]);
	}
	if (is_phrase)
		return;
	if (add_lookalikes(reader, from, to) > 0 || is_open)
		tell_malformed(reader, text_between(reader, from, to));
	else if (may_tell(reader))
		findings_add_at(reader->findings, "address-phrase-unquoted", SEVERITY_NOTICE,
			N_("The name beside an address holds characters that need quotes."),
			shown(text_between(reader, from, to)), reader->message,
			text_between(reader, from, to));
}

/* The first such special in the tokens, or to. */
static guint find_special(const Reader *reader, guint from, guint to, char special)
{
	guint i = from;

	while (i < to && !address_token_is(&reader->tokens[i], special))
		i++;
	return i;
}

/* Behind the route of "<@a,@b:c@d>" (obs-route; RFC 5321, C has it ignored). */
static guint skip_route(Reader *reader, guint from, guint to)
{
	guint start = address_skip_comments(reader->tokens, from, to);
	guint colon = find_special(reader, start, to, ':');

	if (start >= to || !address_token_is(&reader->tokens[start], '@') || colon == to)
		return from;
	if (may_tell(reader))
		findings_add_at(reader->findings, "address-source-route", SEVERITY_WARNING,
			N_("An address has a source route before it, which programs read "
			   "differently; it is ignored."),
			shown(text_between(reader, start, colon + 1)), reader->message,
			text_between(reader, start, colon + 1));
	return colon + 1;
}

static void read_name_addr(Reader *reader, guint from, guint to, guint open)
{
	guint close = find_special(reader, open, to, '>');
	AddressSpec spec;
	char *display;

	if (close == to || address_skip_comments(reader->tokens, close + 1, to) != to ||
		!address_spec_read(
			reader->tokens, skip_route(reader, open + 1, close), close, &spec)) {
		read_malformed(reader, from, to);
		return;
	}
	display = address_phrase_text(reader->tokens, from, open);
	if (display == NULL)
		display = address_comment_text(reader->tokens, from, to);
	add_address(reader, &spec, text_between(reader, from, to), display, false);
	look_at_phrase(reader, from, open);
}

/* What is a comment to the grammar is a name to some programs, and the address to others. address
 * is NULL where there is none. */
static void look_at_comments(Reader *reader, guint from, guint to, const Address *address)
{
	for (guint i = from; i < to && !reader->is_quiet; i++) {
		const AddressToken *token = &reader->tokens[i];
		g_autofree char *text = NULL;

		if (token->kind != TOKEN_COMMENT ||
			(slice_find_char(token->text, '@') < 0 &&
				slice_find(token->text, slice_of("=?")) < 0))
			continue;
		text = address_comment_text(reader->tokens, i, i + 1);
		if (text != NULL)
			address_check_text(text, address, text_between(reader, from, to),
				reader->message, reader->findings);
	}
}

static void read_element(Reader *reader, guint from, guint to)
{
	guint open = find_special(reader, from, to, '<');
	AddressSpec spec;

	if (address_skip_comments(reader->tokens, from, to) == to || reader->is_full)
		return;
	if (open < to)
		read_name_addr(reader, from, to, open);
	else if (address_spec_read(reader->tokens, from, to, &spec))
		add_address(reader, &spec, text_between(reader, from, to),
			address_comment_text(reader->tokens, from, to), false);
	else
		read_malformed(reader, from, to);
}

/* One element of the list. */
static void read_mailbox(Reader *reader, guint from, guint to)
{
	guint before = reader->list->addresses->len;

	read_element(reader, from, to);
	if (before - reader->first < LIMIT_CHECKED)
		look_at_comments(reader, from, to,
			before < reader->list->addresses->len
				? address_list_get(reader->list, before)
				: NULL);
}

/* "name:" of a group. */
static void read_group_name(Reader *reader, guint from, guint colon, bool is_nested)
{
	bool is_name = address_skip_comments(reader->tokens, from, colon) < colon;

	for (guint i = from; i < colon; i++)
		is_name &= address_token_is_word(&reader->tokens[i]) ||
			   reader->tokens[i].kind == TOKEN_COMMENT;
	if (!is_name || is_nested) {
		read_malformed(reader, from, colon + 1);
		return;
	}
	if (may_tell(reader))
		findings_add_at(reader->findings, "address-group", SEVERITY_NOTICE,
			N_("A field of addresses has a named group in it."),
			shown(text_between(reader, from, colon)), reader->message,
			text_between(reader, from, colon));
}

/* Splits the tokens at commas, semicolons and the colons of groups, but not inside of angle
 * brackets that begin with a route. */
static void read_list(Reader *reader)
{
	bool in_group = false;
	bool in_route = false;
	guint from = 0;

	for (guint i = 0; i < reader->count; i++) {
		const AddressToken *token = &reader->tokens[i];

		if (address_token_is(token, '<'))
			in_route = i + 1 < reader->count &&
				   address_token_is(&reader->tokens[i + 1], '@');
		else if (address_token_is(token, '>'))
			in_route = false;
		if (in_route || token->kind != TOKEN_SPECIAL ||
			strchr(",;:", token->text.data[0]) == NULL)
			continue;
		if (address_token_is(token, ':')) {
			read_group_name(reader, from, i, in_group);
			in_group = true;
		} else {
			if (i > from)
				read_mailbox(reader, from, i);
			if (address_token_is(token, ';') && !in_group)
				tell_malformed(reader, token->text);
			in_group &= !address_token_is(token, ';');
		}
		from = i + 1;
	}
	if (from < reader->count)
		read_mailbox(reader, from, reader->count);
	if (in_group && reader->count > 0)
		tell_malformed(reader, text_between(reader, 0, reader->count));
}

static void tell_limits(Reader *reader, Slice value)
{
	if (value.len > LIMIT_ADDRESS_FIELD) {
		reader->list->is_malformed = true;
		findings_add_at(reader->findings, "address-field-too-long", SEVERITY_WARNING,
			N_("A field of addresses is longer than is read; the rest of it is left "
			   "out."),
			NULL, reader->message, value);
	}
	if (reader->is_full)
		findings_add_at(reader->findings, "too-many-addresses", SEVERITY_WARNING,
			N_("There are more addresses than are read; the rest is left out."), NULL,
			reader->message, value);
}

static void read_value(
	AddressList *list, Slice value, Slice message, Findings *findings, bool is_quiet)
{
	Slice read = slice_sub(value, 0, LIMIT_ADDRESS_FIELD);
	g_autoptr(GArray) tokens = address_lex(read);
	Reader reader = {
		.list = list,
		.first = list->addresses->len,
		.message = message,
		.findings = findings,
		.tokens = (const AddressToken *)(gconstpointer)tokens->data,
		.count = tokens->len,
		.is_quiet = is_quiet,
	};

	read_list(&reader);
	tell_limits(&reader, value);
	/* GMime is known not to read such addresses at all. */
	if (!is_quiet && !reader.has_odd_dots && !reader.is_full)
		address_second_opinion(list, reader.first, value, message, findings);
}

void address_list_add(AddressList *list, Slice value, Slice message, Findings *findings)
{
	read_value(list, value, message, findings, false);
}

void address_list_add_quietly(AddressList *list, Slice value, Slice message)
{
	g_autoptr(Findings) unheard = findings_new();

	read_value(list, value, message, unheard, true);
}
