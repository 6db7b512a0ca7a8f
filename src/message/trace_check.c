/* What is remarkable about what the receiver wrote: a Return-Path with a route, results with values
 * that are read in two ways, results of others. */
#include "base/printable.h"
#include "message/facts_check.h"

#include <string.h>

static void tell(Facts *facts, const char *code, Severity severity, const char *text, char *detail,
	size_t field)
{
	findings_add_at(facts->findings, code, severity, text, detail, facts->message,
		facts->fields->list[field].raw);
}

/* "<@a,@b:c@d>" (RFC 5321, 4.1.2): the route is dropped when the path is read. */
static void check_route(Facts *facts)
{
	size_t field = facts->envelope.mail_from_field;
	Slice value;

	if (facts->envelope.mail_from_rule != MAIL_FROM_RETURN_PATH)
		return;
	value = slice_trim(facts->fields->list[field].value);
	if (slice_starts(value, "<@") || slice_starts(value, "@"))
		tell(facts, "return-path-source-route", SEVERITY_WARNING,
			N_("Return-Path has a source route, which programs read differently; it is "
			   "ignored."),
			printable_line(value), field);
}

static bool is_domain_octet(char c)
{
	return g_ascii_isalnum(c) || strchr("-._[]:", c) != NULL || ((unsigned char)c & 0x80);
}

/* The value of a property that holds a domain or an address, where readers that cut at a quote or a
 * parenthesis, or at the first '@', see another one. */
static bool is_odd(const char *value)
{
	g_autofree char *bare = g_str_has_prefix(value, "<") && g_str_has_suffix(value, ">")
					? g_strndup(value + 1, strlen(value) - 2)
					: g_strdup(value);
	const char *at = strrchr(bare, '@');
	const char *domain = at != NULL ? at + 1 : bare;

	if (at != NULL && bare[0] != '"' && strchr(bare, '@') != at)
		return true;
	for (; *domain != '\0'; domain++)
		if (!is_domain_octet(*domain))
			return true;
	return false;
}

static bool holds_domain(const RecordedProperty *property)
{
	static const char *const names[] = { "d", "from", "helo", "i", "mail", "mailfrom" };

	for (size_t i = 0; property->ptype != NULL && i < G_N_ELEMENTS(names); i++)
		if (g_strcmp0(property->name, names[i]) == 0)
			return strcmp(property->ptype, "smtp") == 0 ||
			       strcmp(property->ptype, "header") == 0;
	return false;
}

static const RecordedProperty *find_odd(const RecordedField *recorded)
{
	for (guint i = 0; i < recorded->results->len; i++) {
		const RecordedResult *result = g_ptr_array_index(recorded->results, i);

		for (guint k = 0; k < result->properties->len; k++) {
			const RecordedProperty *property = g_ptr_array_index(result->properties, k);

			if (holds_domain(property) && is_odd(property->value))
				return property;
		}
	}
	return NULL;
}

static void check_recorded(Facts *facts, const RecordedField *recorded)
{
	const RecordedProperty *odd = recorded->is_trusted ? find_odd(recorded) : NULL;

	if (odd != NULL)
		tell(facts, "results-value-odd", SEVERITY_WARNING,
			N_("A recorded result names a domain with characters in it that no domain "
			   "has: some programs cut it there and read another one."),
			printable_line(slice_of(odd->value)), recorded->field);
	if (!recorded->is_trusted && recorded->kind != RECORDED_ARC_AR)
		tell(facts, "results-of-outsider", SEVERITY_INFO,
			N_("Results were recorded by a host that is not known to be the "
			   "receiver's: a claim."),
			g_strdup(recorded->authserv_id), recorded->field);
}

void facts_check_trace(Facts *facts)
{
	check_route(facts);
	for (guint i = 0; i < facts->recorded->len; i++)
		check_recorded(facts, facts_recorded(facts, i));
}
