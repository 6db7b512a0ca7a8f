/* What changed since a message was signed, as a member of a signature's record. */
#include "report/record_auth.h"

#include "report/json_value.h"

static void add_step(Json *array, const ChangeStep *step)
{
	const ReportStyle english = { .lang = LANG_EN };
	g_autoptr(GString) text = g_string_new(NULL);
	Json *object = json_add_object(array, NULL);

	style_append_counted(text, &english, change_text(step->kind), step->number);
	json_add_text(object, "code", change_code(step->kind));
	json_add_text(object, "text", text->str);
	json_add_text(object, "detail", step->detail);
}

static void add_place(Json *array, const ChangePlace *place)
{
	Json *object = json_add_object(array, NULL);

	json_add_number(object, "offset", place->offset);
	json_add_number(object, "length", place->length);
	json_add_text(object, "present", place->present);
	json_add_number(object, "signed_length", place->signed_length);
	json_add_text(object, "signed", place->was_signed);
}

/* null where it was not searched; no steps where nothing was found. */
static void add_found(Json *parent, const char *name, bool is_searched, const ChangeFound *found)
{
	Json *object;
	Json *steps;
	Json *places;

	if (!is_searched) {
		json_add_null(parent, name);
		return;
	}
	object = json_add_object(parent, name);
	steps = json_add_array(object, "steps");
	for (guint i = 0; found != NULL && i < found->steps->len; i++)
		add_step(steps, change_found_step(found, i));
	places = json_add_array(object, "places");
	for (guint i = 0; found != NULL && i < found->places->len; i++)
		add_place(places, change_found_place(found, i));
}

void record_add_changes(Json *signature, const ChangeSearch *search)
{
	Json *object;

	if (search == NULL) {
		json_add_null(signature, "changed_by");
		return;
	}
	object = json_add_object(signature, "changed_by");
	add_found(object, "body", search->is_body_searched, search->body);
	add_found(object, "header", search->is_header_searched, search->header);
	json_add_bool(object, "explains", search->is_explained);
	json_add_number(object, "tries", search->tries);
	json_add_number(object, "octets", search->octets);
	json_add_bool(object, "cut", search->is_cut);
}
