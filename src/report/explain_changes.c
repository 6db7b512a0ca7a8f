/* What changed since a message was signed: a part of its account. */
#include "report/explain_auth.h"
#include "report/explain_form.h"

static void step_line(
	GString *out, const ReportStyle *style, const char *label, const ChangeStep *step)
{
	g_autoptr(GString) text = g_string_new(NULL);

	style_append_counted(text, style, change_text(step->kind), step->number);
	g_string_append_printf(text, " (%s)", change_code(step->kind));
	if (step->detail != NULL)
		g_string_append_printf(text, " [%s]", step->detail);
	explain_line(out, style, label, text->str);
}

static void place_lines(GString *out, const ReportStyle *style, const ChangePlace *place)
{
	g_autofree char *present = g_strdup_printf(
		"@%" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT " \"%s\"%s", (guint64)place->offset,
		(guint64)place->length, place->present, place->is_present_cut ? " ..." : "");
	g_autofree char *was =
		g_strdup_printf("\"%s\"%s", place->was_signed, place->is_signed_cut ? " ..." : "");

	explain_line(out, style, N_("  present"), present);
	explain_line(out, style, N_("  signed"), was);
}

static void found_lines(
	GString *out, const ReportStyle *style, const char *label, const ChangeFound *found)
{
	if (found == NULL) {
		explain_line(out, style, label,
			style_text(style, N_("none of the changes that were tried")));
		return;
	}
	for (guint i = 0; i < found->steps->len; i++)
		step_line(out, style, i == 0 ? label : N_("  and before that"),
			change_found_step(found, i));
	for (guint i = 0; i < found->places->len; i++)
		place_lines(out, style, change_found_place(found, i));
}

static const char *outcome_of(const ChangeSearch *search)
{
	if (search->is_explained)
		return N_("With this undone the signature verifies. It explains, and is no "
			  "verdict: the result stays.");
	if (search->body != NULL)
		return N_("With this undone the body hash matches; the header signature is still "
			  "not right, or cannot be checked.");
	if (search->header != NULL)
		return N_("With this undone the header signature is right; the body hash still "
			  "does not match.");
	return NULL;
}

void explain_changes(GString *out, const ReportStyle *style, const ChangeSearch *search)
{
	const char *outcome;

	if (search == NULL)
		return;
	outcome = outcome_of(search);
	if (search->is_body_searched)
		found_lines(out, style, N_("Explained by (body)"), search->body);
	if (search->is_header_searched)
		found_lines(out, style, N_("Explained by (header)"), search->header);
	if (outcome != NULL)
		explain_line(out, style, N_("What that gives"), style_text(style, outcome));
	explain_number(out, style, N_("Texts tried"), search->tries);
	if (search->is_cut)
		explain_line(out, style, "",
			style_text(style,
				N_("The search ended at its limits: not everything was tried.")));
}
