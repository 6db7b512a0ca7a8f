#include "message/boundary_part.h"

#include "base/printable.h"

#include <string.h>

static void set_mail_from(Envelope *envelope, char *path, MailFromRule rule, size_t field)
{
	envelope->mail_from = path;
	envelope->mail_from_rule = rule;
	envelope->mail_from_field = field;
}

/* The delivering host writes Return-Path at the top (RFC 5321, 4.4); further down it is what some
 * earlier host, or the sender, left there. */
static bool from_return_path(Facts *facts)
{
	size_t at = fields_find(facts->fields, "Return-Path", 0);
	const Field *field;
	bool is_malformed = false;
	char *path;

	if (at == facts->fields->count)
		return false;
	field = &facts->fields->list[at];
	if (facts->hops->len > 0 && hops_above(facts, at) > facts->envelope.believed) {
		findings_add_at(facts->findings, "return-path-below-boundary", SEVERITY_NOTICE,
			N_("Return-Path stands below the boundary; it is a claim."), NULL,
			facts->message, field->raw);
		return false;
	}
	path = address_path(field->value, &is_malformed);
	if (path == NULL || is_malformed)
		findings_add_at(facts->findings, "return-path-malformed", SEVERITY_WARNING,
			N_("Return-Path does not hold a path as SMTP has it."),
			printable_line(slice_trim(field->value)), facts->message, field->raw);
	if (path != NULL)
		set_mail_from(&facts->envelope, path, MAIL_FROM_RETURN_PATH, at);
	return path != NULL;
}

static const char *mail_from_property(const RecordedResult *result)
{
	static const struct {
		const char *ptype, *name;
	} properties[] = { { NULL, "envelope-from" }, { "smtp", "mailfrom" }, { "smtp", "mail" } };

	for (size_t i = 0; i < G_N_ELEMENTS(properties); i++) {
		const char *value =
			recorded_property(result, properties[i].ptype, properties[i].name);

		if (value != NULL && *value != '\0')
			return value;
	}
	return NULL;
}

/* The path in a recorded property: an address, "<>", or, where the receiver recorded only that, a
 * domain, which stays one: nobody said what the local part was. */
static char *recorded_path(const char *value)
{
	bool is_malformed = false;

	if (strchr(value, '@') == NULL && value[0] != '<')
		return strchr(value, '.') != NULL ? g_strdup(value) : NULL;
	if (value[0] == '@')
		return g_strdup(value + 1);
	return address_path(slice_of(value), &is_malformed);
}

/* A full address is worth more than a domain alone: with_domains is the second try. */
static bool from_results(Facts *facts, bool with_domains)
{
	for (guint i = 0; i < facts->recorded->len; i++) {
		const RecordedField *recorded = facts_recorded(facts, i);

		for (guint j = 0; recorded->is_trusted && j < recorded->results->len; j++) {
			const RecordedResult *result = g_ptr_array_index(recorded->results, j);
			const char *value = mail_from_property(result);
			char *path;

			if (g_strcmp0(result->method, "spf") != 0 || value == NULL ||
				(!with_domains && strchr(value + 1, '@') == NULL &&
					strcmp(value, "<>") != 0))
				continue;
			path = recorded_path(value);
			if (path == NULL)
				continue;
			set_mail_from(&facts->envelope, path, MAIL_FROM_RECORDED, recorded->field);
			return true;
		}
	}
	return false;
}

/* Weak: a store may write what it likes there; Google's export writes a number "@xxx". Delivering
 * hosts write MAILER-DAEMON for the null reverse-path. */
static void from_mbox_line(Facts *facts)
{
	const char *sender = facts->source != NULL ? facts->source->from_line_sender : NULL;
	const char *at = sender != NULL ? strrchr(sender, '@') : NULL;
	bool is_null = sender != NULL && g_ascii_strcasecmp(sender, "MAILER-DAEMON") == 0;

	if (!is_null && (at == NULL || strchr(at, '.') == NULL))
		return;
	set_mail_from(
		&facts->envelope, g_strdup(is_null ? "" : sender), MAIL_FROM_MBOX_LINE, NO_FIELD);
	findings_add(facts->findings, "mail-from-of-mbox-line", SEVERITY_INFO,
		N_("MAIL FROM is taken from the mbox line, which is weak evidence."),
		g_strdup(sender));
}

void boundary_mail_from(Facts *facts, const BoundaryOptions *options)
{
	if (options != NULL && options->mail_from != NULL && !facts_is_attached(facts))
		set_mail_from(
			&facts->envelope, g_strdup(options->mail_from), MAIL_FROM_OPTION, NO_FIELD);
	else if (!from_return_path(facts) && !from_results(facts, false) &&
		 !from_results(facts, true))
		from_mbox_line(facts);
}
