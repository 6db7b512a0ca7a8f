#include "dns/zone_reader.h"

#include "dns/evidence_text.h"
#include "dns/name.h"
#include "dns/rdata.h"

#include <string.h>

/* How often what stands behind an entry without an end is looked at again, line by line. It may be
 * all of the file each time. */
#define RETRIES 16u

struct ZoneReader {
	Slice rest;
	uint64_t line; /* of the line that was last taken */
	char *origin;  /* NULL: none */
	char *owner;   /* of the last record; NULL: none */
	uint32_t ttl;  /* for records that have none of their own */
	bool has_default_ttl;
	unsigned retries;
	GString *entry; /* its lines as one, without comments and parentheses */
	bool is_owned;  /* the entry begins with its owner */
};

ZoneReader *zone_reader_new(Slice text, uint64_t first_line, const char *origin)
{
	ZoneReader *zone = g_new0(ZoneReader, 1);

	zone->rest = text;
	zone->line = first_line - 1;
	zone->origin = g_strdup(origin);
	zone->entry = g_string_new(NULL);
	return zone;
}

void zone_reader_free(ZoneReader *zone)
{
	if (zone == NULL)
		return;
	g_free(zone->origin);
	g_free(zone->owner);
	g_string_free(zone->entry, TRUE);
	g_free(zone);
}

/* Adds what stands in quotes, from the quote on; returns its length, 0 where it has no end. */
static size_t add_quoted(GString *entry, Slice text)
{
	size_t len = 1;

	while (len < text.len && text.data[len] != '"')
		len += text.data[len] == '\\' ? 2 : 1;
	if (len >= text.len)
		return 0;
	g_string_append_len(entry, text.data, (gssize)len + 1);
	return len + 1;
}

/* Adds a character that is in no quotes, and returns how many octets that took. */
static size_t add_bare(GString *entry, Slice text, unsigned *depth)
{
	size_t len = text.data[0] == '\\' && text.len > 1 ? 2 : 1;

	switch (text.data[0]) {
	case '(':
		++*depth;
		g_string_append_c(entry, ' ');
		break;
	case ')':
		--*depth;
		g_string_append_c(entry, ' ');
		break;
	default:
		g_string_append_len(entry, text.data, (gssize)len);
		break;
	}
	return len;
}

static const char *add_line(GString *entry, Slice line, unsigned *depth)
{
	size_t len;

	for (; line.len > 0 && line.data[0] != ';'; line = slice_sub(line, len, line.len)) {
		if (line.data[0] == ')' && *depth == 0)
			return "a parenthesis is closed that was not opened";
		len = line.data[0] == '"' ? add_quoted(entry, line) : add_bare(entry, line, depth);
		if (len == 0)
			return "a quoted string has no end on its line";
	}
	g_string_append_c(entry, ' ');
	return NULL;
}

static Slice take_line(ZoneReader *zone)
{
	zone->line++;
	return slice_chop_eol(slice_take_line(&zone->rest));
}

/* What stands behind an entry that cannot be read may be records, though it seemed to be inside. */
static void look_again(ZoneReader *zone, Slice behind, uint64_t line)
{
	if (zone->line == line || zone->retries == RETRIES)
		return;
	zone->retries++;
	zone->rest = behind;
	zone->line = line;
}

/* Takes the lines of an entry, of which the first one is taken. */
static const char *take_entry(ZoneReader *zone, Slice line)
{
	uint64_t first = zone->line;
	Slice behind = zone->rest;
	unsigned depth = 0;
	const char *problem;

	g_string_truncate(zone->entry, 0);
	zone->is_owned = line.len > 0 && !dns_is_blank(line.data[0]);
	for (;; line = take_line(zone)) {
		problem = add_line(zone->entry, line, &depth);
		if (problem == NULL && zone->entry->len > GROUP_LINE)
			problem = "the entry is too long";
		if (problem != NULL || depth == 0)
			break;
		if (zone->rest.len == 0) {
			problem = "a parenthesis is not closed";
			break;
		}
	}
	if (problem != NULL)
		look_again(zone, behind, first);
	return problem;
}

/* Takes a word; the empty one where there is no more. A quoted string is part of its word. */
static Slice take_word(Slice *rest)
{
	size_t len = 0;
	Slice word;

	while (rest->len > 0 && dns_is_blank(rest->data[0]))
		*rest = slice_sub(*rest, 1, rest->len);
	while (len < rest->len && !dns_is_blank(rest->data[len]))
		len += rest->data[len] == '\\' && len + 1 < rest->len ? 2 : 1;
	word = slice_sub(*rest, 0, len);
	*rest = slice_sub(*rest, len, rest->len);
	return word;
}

static bool is_absolute(Slice name)
{
	bool is_dot = false;

	for (size_t i = 0; i < name.len; i++) {
		is_dot = name.data[i] == '.';
		i += name.data[i] == '\\';
	}
	return is_dot;
}

/* The name in normal form, owned by the caller; NULL where it is none, or relative to nothing. */
static char *full_name(const ZoneReader *zone, Slice word)
{
	g_autoptr(GString) text = NULL;

	if (is_absolute(word))
		return dns_name_from_text(word);
	if (zone->origin == NULL || word.len == 0)
		return NULL;
	if (slice_is(word, "@"))
		return g_strdup(zone->origin);
	text = g_string_new_len(word.data, (gssize)word.len);
	g_string_append_printf(text, ".%s", zone->origin);
	return dns_name_from_text(slice_make(text->str, text->len));
}

/* Seconds, or numbers with units as BIND and NSD have them: "1h30m". */
static bool parse_ttl(Slice word, uint32_t *ret_ttl)
{
	static const char units[] = "smhdw";
	static const guint64 seconds[] = { 1, 60, 3600, 86400, 604800 };
	guint64 total = 0;
	bool is_good = word.len > 0;

	while (is_good && word.len > 0) {
		size_t digits = 0;
		const char *unit = units;
		guint64 number = 0;

		while (digits < word.len && g_ascii_isdigit(word.data[digits]))
			digits++;
		is_good = slice_parse_uint(slice_sub(word, 0, digits), UINT32_MAX, &number);
		if (digits < word.len)
			unit = strchr(units, g_ascii_tolower(word.data[digits]));
		is_good = is_good && unit != NULL && *unit != '\0';
		total += is_good ? number * seconds[unit - units] : 0;
		is_good = is_good && total <= UINT32_MAX;
		word = slice_sub(word, digits + 1, word.len);
	}
	if (is_good)
		*ret_ttl = (uint32_t)total;
	return is_good;
}

static const char *read_directive(ZoneReader *zone, Slice rest)
{
	Slice word = take_word(&rest);
	Slice value = take_word(&rest);

	if (slice_is_nocase(word, "$INCLUDE"))
		return "$INCLUDE is refused: no other file is read";
	if (slice_is_nocase(word, "$TTL")) {
		zone->has_default_ttl = parse_ttl(value, &zone->ttl);
		return zone->has_default_ttl ? NULL : "$TTL is no time";
	}
	if (slice_is_nocase(word, "$ORIGIN")) {
		/* Of one that cannot be read no name behind it is known. */
		char *origin = full_name(zone, value);

		g_free(zone->origin);
		zone->origin = origin;
		return origin != NULL ? NULL : "$ORIGIN is no name, or relative to none";
	}
	return "this directive is not read";
}

/* What stands behind the owner: TTL and class in any order, either may be absent. */
static Slice take_type(ZoneReader *zone, Slice *rest, uint32_t *ret_ttl, bool *ret_is_internet)
{
	Slice word = take_word(rest);

	*ret_ttl = zone->ttl;
	*ret_is_internet = true;
	for (int i = 0; i < 2; i++) {
		if (parse_ttl(word, ret_ttl)) {
			word = take_word(rest);
		} else if (slice_is_nocase(word, "IN")) {
			word = take_word(rest);
		} else if (slice_is_nocase(word, "CH") || slice_is_nocase(word, "HS")) {
			*ret_is_internet = false;
			word = take_word(rest);
		} else {
			break;
		}
	}
	if (!zone->has_default_ttl)
		zone->ttl = *ret_ttl;
	return word;
}

/* False where the word is no type; *ret_type is 0 for one that is never asked. */
static bool parse_type(Slice word, DnsType *ret_type)
{
	guint64 number;

	if (dns_type_parse(word, ret_type))
		return true;
	*ret_type = (DnsType)0;
	if (slice_starts_nocase(word, "TYPE") &&
		slice_parse_uint(slice_sub(word, 4, word.len), UINT16_MAX, &number)) {
		*ret_type = dns_type_is_asked((DnsType)number) ? (DnsType)number : (DnsType)0;
		return true;
	}
	for (size_t i = 0; i < word.len; i++)
		if (!g_ascii_isalnum(word.data[i]) && word.data[i] != '-')
			return false;
	return word.len > 0 && g_ascii_isalpha(word.data[0]);
}

/* Which words of the data are names, and which are times; bit n stands for word n. */
static const struct {
	DnsType type;
	unsigned names, times;
} forms[] = { { DNS_NS, 1u << 0, 0 }, { DNS_CNAME, 1u << 0, 0 }, { DNS_PTR, 1u << 0, 0 },
	{ DNS_MX, 1u << 1, 0 },
	{ DNS_SOA, 1u << 0 | 1u << 1, 1u << 3 | 1u << 4 | 1u << 5 | 1u << 6 } };

static bool add_word(
	const ZoneReader *zone, GString *data, Slice word, unsigned names, unsigned times)
{
	uint32_t seconds = 0;

	if (names % 2 == 1) {
		g_autofree char *name = full_name(zone, word);

		if (name != NULL)
			g_string_append_printf(data, "%s. ", name);
		return name != NULL;
	}
	if (times % 2 == 1) {
		bool is_time = parse_ttl(word, &seconds);

		g_string_append_printf(data, "%u ", seconds);
		return is_time;
	}
	slice_append(data, word);
	g_string_append_c(data, ' ');
	return true;
}

/* The data with whole names and plain numbers, owned by the caller; NULL where a name is none. */
static GString *full_data(const ZoneReader *zone, DnsType type, Slice rest)
{
	g_autoptr(GString) data = g_string_sized_new(rest.len);
	unsigned names = 0;
	unsigned times = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		if (forms[i].type == type) {
			names = forms[i].names;
			times = forms[i].times;
		}
	}
	if (slice_starts(slice_trim(rest), "\\#"))
		names = times = 0;
	for (; (names | times) != 0; names >>= 1, times >>= 1)
		if (!add_word(zone, data, take_word(&rest), names, times))
			return NULL;
	slice_append(data, rest);
	return g_steal_pointer(&data);
}

static const char *read_data(ZoneReader *zone, Rr *rr, Slice rest)
{
	g_autoptr(GString) data = full_data(zone, rr->type, rest);

	if (data == NULL)
		return "a name in the data is none, or relative to no $ORIGIN";
	rr->owner = g_strdup(zone->owner);
	return rdata_from_text(rr, slice_make(data->str, data->len))
		       ? NULL
		       : "the record's data cannot be read";
}

static const char *read_owner(ZoneReader *zone, Slice *rest)
{
	char *owner;

	if (!zone->is_owned)
		return zone->owner != NULL ? NULL : "the record has no owner";
	/* One that cannot be read is nobody's: lines that go on with it would be given to another.
	 */
	owner = full_name(zone, take_word(rest));
	g_free(zone->owner);
	zone->owner = owner;
	return owner != NULL ? NULL : "the owner is no name, or relative to no $ORIGIN";
}

static ZoneStep read_record(ZoneReader *zone, Slice rest, ZoneItem *ret_item)
{
	g_autoptr(Rr) rr = g_new0(Rr, 1);
	bool is_internet;

	ret_item->problem = read_owner(zone, &rest);
	if (ret_item->problem != NULL)
		return ZONE_BAD;
	if (!parse_type(take_type(zone, &rest, &rr->ttl, &is_internet), &rr->type)) {
		ret_item->problem = "this is no record: it has no type";
		return ZONE_BAD;
	}
	if (!is_internet || rr->type == (DnsType)0)
		return ZONE_OTHER;
	ret_item->problem = read_data(zone, rr, rest);
	if (ret_item->problem != NULL)
		return ZONE_BAD;
	ret_item->rr = g_steal_pointer(&rr);
	return ZONE_RECORD;
}

/* Nothing but a directive that was obeyed is ZONE_END. */
static ZoneStep read_entry(ZoneReader *zone, ZoneItem *ret_item)
{
	Slice entry = slice_make(zone->entry->str, zone->entry->len);

	if (slice_trim(entry).len == 0)
		return ZONE_END;
	if (!zone->is_owned || entry.data[0] != '$')
		return read_record(zone, entry, ret_item);
	ret_item->problem = read_directive(zone, entry);
	return ret_item->problem != NULL ? ZONE_BAD : ZONE_END;
}

ZoneStep zone_reader_next(ZoneReader *zone, ZoneItem *ret_item)
{
	ZoneStep step = ZONE_END;

	while (zone->rest.len > 0 && step == ZONE_END) {
		Slice line = take_line(zone);

		*ret_item = (ZoneItem) { .line = zone->line };
		if (group_is_head(line)) {
			ret_item->question = line;
			return ZONE_QUESTION;
		}
		ret_item->problem = take_entry(zone, line);
		if (ret_item->problem == NULL) {
			step = read_entry(zone, ret_item);
		} else {
			if (zone->is_owned)
				g_clear_pointer(&zone->owner, g_free);
			step = ZONE_BAD;
		}
	}
	return step;
}
