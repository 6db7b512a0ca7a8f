#include "auth/dmarc_record.h"

#include "auth/tag_list.h"
#include "base/printable.h"

#include <string.h>

static bool is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

static Slice skip_wsp(Slice text)
{
	size_t n = 0;

	while (n < text.len && is_wsp(text.data[n]))
		n++;
	return slice_sub(text, n, text.len - n);
}

/* Takes word off the front of *text, and the white space behind it. */
static bool take_word(Slice *text, const char *word)
{
	size_t len = strlen(word);

	if (!slice_starts(*text, word))
		return false;
	*text = skip_wsp(slice_sub(*text, len, text->len - len));
	return true;
}

bool dmarc_record_is(Slice text)
{
	/* The name is an ABNF string, which knows no case; the value is case-sensitive. */
	if (!take_word(&text, "v") && !take_word(&text, "V"))
		return false;
	if (!take_word(&text, "=") || !take_word(&text, "DMARC1"))
		return false;
	return text.len == 0 || text.data[0] == ';';
}

static DmarcPolicy read_policy(Slice value)
{
	if (slice_is_nocase(value, "none"))
		return DMARC_POLICY_NONE;
	if (slice_is_nocase(value, "quarantine"))
		return DMARC_POLICY_QUARANTINE;
	if (slice_is_nocase(value, "reject"))
		return DMARC_POLICY_REJECT;
	return DMARC_POLICY_INVALID;
}

/* Both return false where the value is not one of the two (then it is the default, "no"). */
static bool read_flag(Slice value, const char *yes, const char *no, bool *ret_flag)
{
	*ret_flag = slice_is_nocase(value, yes);
	return *ret_flag || slice_is_nocase(value, no);
}

static bool read_psd(Slice value, DmarcPsd *ret_psd)
{
	bool is_yes = slice_is_nocase(value, "y");
	bool is_no = slice_is_nocase(value, "n");

	*ret_psd = is_yes ? DMARC_PSD_YES : is_no ? DMARC_PSD_NO : DMARC_PSD_UNSAID;
	return is_yes || is_no || slice_is_nocase(value, "u");
}

static bool read_percent(Slice value, unsigned *ret_percent)
{
	guint64 number;

	if (value.len > 3 || !slice_parse_uint(value, 100, &number))
		return false;
	*ret_percent = (unsigned)number;
	return true;
}

/* The characters of RFC 3986, 2; commas and exclamation points must be encoded in DMARC. */
static bool is_uri_char(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("-._~:/?#[]@$&'()*+;=%", c) != NULL);
}

/* scheme ":" something; what "mailto" is followed by must be an address. */
static bool is_report_uri(Slice uri)
{
	Slice rest = slice_sub(uri, 0, uri.len);
	Slice scheme = slice_take_until(&rest, ':');

	if (scheme.len == 0 || scheme.len == uri.len || rest.len == 0 ||
		!g_ascii_isalpha(scheme.data[0]))
		return false;
	for (size_t i = 0; i < scheme.len; i++)
		if (!g_ascii_isalnum(scheme.data[i]) && strchr("+-.", scheme.data[i]) == NULL)
			return false;
	for (size_t i = 0; i < rest.len; i++)
		if (!is_uri_char(rest.data[i]))
			return false;
	if (slice_is_nocase(scheme, "mailto")) {
		ssize_t at = slice_find_char(rest, '@');
		return at > 0 && (size_t)at + 1 < rest.len;
	}
	return true;
}

/* One is enough (9989, 4.10.1). The size behind "!" is obsolete and does not count. */
static bool has_report_uri(Slice list)
{
	while (list.len > 0) {
		Slice item = slice_take_until(&list, ',');

		if (is_report_uri(slice_trim(slice_take_until(&item, '!'))))
			return true;
	}
	return false;
}

/* Returns false where the value is wrong; unknown tags are ignored. */
static bool read_tag(DmarcRecord *record, Slice name, Slice value)
{
	if (slice_is_nocase(name, "p"))
		return (record->p = read_policy(value)) != DMARC_POLICY_INVALID;
	if (slice_is_nocase(name, "sp"))
		return (record->sp = read_policy(value)) != DMARC_POLICY_INVALID;
	if (slice_is_nocase(name, "np"))
		return (record->np = read_policy(value)) != DMARC_POLICY_INVALID;
	if (slice_is_nocase(name, "adkim"))
		return read_flag(value, "s", "r", &record->is_dkim_strict);
	if (slice_is_nocase(name, "aspf"))
		return read_flag(value, "s", "r", &record->is_spf_strict);
	if (slice_is_nocase(name, "t"))
		return read_flag(value, "y", "n", &record->is_testing);
	if (slice_is_nocase(name, "psd"))
		return read_psd(value, &record->psd);
	if (slice_is_nocase(name, "pct"))
		return read_percent(value, &record->percent);
	if (slice_is_nocase(name, "rua"))
		return record->has_report_uri = has_report_uri(value);
	return true;
}

static void note_fault(DmarcRecord *record, Slice where)
{
	if (record->fault == NULL)
		record->fault = printable_line(where);
}

/* The specification "name=value" as it stands. */
static Slice whole_spec(Slice name, Slice value)
{
	return slice_make(name.data, (size_t)(value.data + value.len - name.data));
}

/* DKIM's lists know "p" and "P" apart, DMARC's grammar does not: both in one list are one tag said
 * twice. *reterr_where is the second. */
static bool has_repeated_name(const TagList *tags, Slice *reterr_where)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	size_t count = tag_list_count(tags);

	for (size_t i = 0; i < count; i++) {
		Slice name;
		Slice value;

		tag_list_at(tags, i, &name, &value);
		if (!g_hash_table_add(seen, slice_dup_lower(name))) {
			*reterr_where = whole_spec(name, value);
			return true;
		}
	}
	return false;
}

static void read_tags(DmarcRecord *record, const TagList *tags)
{
	size_t count = tag_list_count(tags);

	for (size_t i = 0; i < count; i++) {
		Slice name;
		Slice value;

		tag_list_at(tags, i, &name, &value);
		if (!read_tag(record, name, value))
			note_fault(record, whole_spec(name, value));
	}
}

/* Without empty specs ("; ;"): nothing is said there, so nothing is wrong enough to throw a policy
 * away for. */
static GString *drop_empty_specs(Slice text)
{
	GString *kept = g_string_sized_new(text.len);

	while (text.len > 0) {
		Slice spec = slice_trim(slice_take_until(&text, ';'));

		if (spec.len == 0)
			continue;
		if (kept->len > 0)
			g_string_append_c(kept, ';');
		g_string_append_len(kept, spec.data, (gssize)spec.len);
	}
	return kept;
}

DmarcRecord *dmarc_record_parse(Slice text)
{
	DmarcRecord *record = g_new0(DmarcRecord, 1);
	g_autoptr(TagList) tags = NULL;
	GString *kept = drop_empty_specs(text);
	Slice where = SLICE_ABSENT;

	record->text = printable_line(text);
	record->percent = 100;
	if (tag_list_parse(slice_make(kept->str, kept->len), &tags, &where) != TAG_OK ||
		has_repeated_name(tags, &where)) {
		record->is_malformed = true;
		note_fault(record, where);
	} else {
		read_tags(record, tags);
	}
	g_string_free(kept, TRUE);
	return record;
}

void dmarc_record_free(DmarcRecord *record)
{
	if (record == NULL)
		return;
	g_free(record->text);
	g_free(record->fault);
	g_free(record);
}

DmarcUse dmarc_record_use(const DmarcRecord *record, DmarcRule rule)
{
	bool has_policy = record->p > DMARC_POLICY_INVALID && record->sp != DMARC_POLICY_INVALID &&
			  (rule == DMARC_RULE_7489 || record->np != DMARC_POLICY_INVALID);

	if (record->is_malformed)
		return DMARC_USE_IS_MALFORMED;
	if (has_policy)
		return DMARC_USE_FULL;
	return record->has_report_uri ? DMARC_USE_AS_NONE : DMARC_USE_NOT_AT_ALL;
}

DmarcPolicy dmarc_policy_tested(DmarcPolicy policy)
{
	return policy == DMARC_POLICY_REJECT ? DMARC_POLICY_QUARANTINE : DMARC_POLICY_NONE;
}

const char *dmarc_policy_word(DmarcPolicy policy)
{
	static const char *const words[] = { NULL, NULL, "none", "quarantine", "reject" };

	return words[policy];
}
