#include "auth/change.h"

#include "base/finding.h"
#include "base/printable.h"

/* Of octets that differ, as many as a reader takes in. */
#define SHOWN_OCTETS ((size_t)240)

static const struct {
	const char *code;
	const char *text;
} kinds[CHANGE_KINDS] = {
	[CHANGE_MBOXO_QUOTING] = { "mboxo-quoting",
		N_("A mailbox put \">\" before lines that begin with \"From \" (mboxo).") },
	[CHANGE_MBOXRD_QUOTING] = { "mboxrd-quoting",
		N_("A mailbox put \">\" before lines that begin with \"From \", quoted ones too "
		   "(mboxrd).") },
	[CHANGE_FROM_UNQUOTED] = { "from-unquoted",
		N_("A \">\" that stood before \"From \" at the beginning of lines was taken "
		   "away.") },
	[CHANGE_DOTS_DOUBLED] = { "dots-doubled", N_("Dots at the beginning of lines were doubled, "
						     "as SMTP has it, and not undone.") },
	[CHANGE_CR_DOUBLED] = { "cr-doubled", N_("Line ends got a second carriage return.") },
	[CHANGE_CR_INSERTED] = { "cr-inserted", N_("Carriage returns were put into lines.") },
	[CHANGE_CR_FOR_LINE_END] = { "cr-for-line-end",
		N_("Line ends became bare carriage returns.") },
	[CHANGE_LINES_BROKEN] = { "long-lines-broken",
		N_("Lines longer than SMTP allows were broken.") },
	[CHANGE_SPACE_AT_END_ADDED] = { "trailing-space-added",
		N_("White space was put at the ends of lines.") },
	[CHANGE_SPACE_OF_DASHES_LOST] = { "signature-dash-space-lost",
		N_("The space behind the \"--\" above a sender's signature block was taken "
		   "away.") },
	[CHANGE_EMPTY_LINES_BEFORE] = { "empty-lines-before",
		N_("Empty lines were put in front of the body.") },
	[CHANGE_EMPTY_LINE_BEFORE_LOST] = { "empty-line-before-lost",
		N_("Empty lines in front of the body were taken away.") },
	[CHANGE_EMPTY_LINES_DOUBLED] = { "empty-lines-doubled", N_("Empty lines were doubled.") },
	[CHANGE_LINES_SPACED] = { "lines-spaced", N_("An empty line was put behind every line.") },
	[CHANGE_RECODED] = { "transfer-encoding-changed",
		N_("The transfer encoding of the body or of a part was changed.") },
	[CHANGE_REWRAPPED] = { "encoded-lines-rewrapped",
		N_("The lines of encoded text were broken elsewhere.") },
	[CHANGE_META_INSERTED] = { "html-meta-inserted",
		N_("A <meta http-equiv=\"Content-Type\"> was put into the HTML, as Outlook and "
		   "Exchange do.") },
	[CHANGE_HTML_WRAPPED] = { "html-wrapped",
		N_("The HTML was rewritten: <html>, <head> and <body> were put around it, as "
		   "Outlook and Exchange do.") },
	[CHANGE_LINKS_REWRITTEN] = { "links-rewritten",
		N_("Links were rewritten to go through Safe Links, as Outlook and Exchange do.") },
	[CHANGE_PART_APPENDED] = { "part-appended",
		N_("A MIME part was appended, as lists do with a footer.") },
	[CHANGE_PART_PREPENDED] = { "part-prepended",
		N_("A MIME part was put in front of the others.") },
	[CHANGE_WRAPPED] = { "wrapped-in-multipart",
		N_("The whole body was made a part of a multipart, as lists do to add a footer.") },
	[CHANGE_FOOTER] = { "footer-appended", N_("A footer of {n} lines was appended.") },
	[CHANGE_BANNER] = { "banner-prepended",
		N_("A banner of {n} lines was put in front of the text.") },
	[CHANGE_FIELD_COPIED] = { "field-changed-since-copy",
		N_("Header fields were changed; those that the signature has copies of (z=) were "
		   "signed.") },
	[CHANGE_SUBJECT_TAG] = { "subject-tag",
		N_("A tag was put in front of the Subject, as lists and filters do.") },
	[CHANGE_FIELD_ORIGINAL_KEPT] = { "field-rewritten-original-kept",
		N_("A header field was rewritten; what it was is kept in another one.") },
	[CHANGE_LIST_FIELDS_ADDED] = { "list-fields-added",
		N_("A list added its header fields, which the signature said were not there.") },
	[CHANGE_FIELD_ADDED] = { "field-added", N_("A header field was added.") },
	[CHANGE_FIELD_DROPPED] = { "field-dropped", N_("A header field was taken away.") },
	[CHANGE_ENCODING_FIELD] = { "transfer-encoding-field-changed",
		N_("Content-Transfer-Encoding was changed, as a gateway does that encodes the body "
		   "anew.") },
	[CHANGE_TYPE_OF_PART] = { "content-fields-of-part",
		N_("Content-Type was replaced, as a list does that makes the body a part of a "
		   "multipart.") },
	[CHANGE_TYPE_REWRITTEN] = { "content-type-rewritten",
		N_("Content-Type was written in another way.") },
	[CHANGE_NAME_RECASED] = { "field-name-recased",
		N_("The names of header fields were written in other letters, large and small.") },
	[CHANGE_REFOLDED] = { "field-refolded",
		N_("Header fields were folded, or spaced, in another way.") },
	[CHANGE_ADDRESS_REWRITTEN] = { "address-rewritten",
		N_("An address was written in another way.") },
	[CHANGE_DATE_REWRITTEN] = { "date-rewritten", N_("Date was written in another way.") },
	[CHANGE_FIELDS_REORDERED] = { "fields-reordered",
		N_("Header fields of one name were put in another order.") },
};

const char *change_code(ChangeKind kind)
{
	return kinds[kind].code;
}

const char *change_text(ChangeKind kind)
{
	return kinds[kind].text;
}

ChangeStep *change_step_new(ChangeKind kind, uint64_t number, char *detail)
{
	ChangeStep *step = g_new0(ChangeStep, 1);

	step->kind = kind;
	step->number = number;
	step->detail = detail;
	return step;
}

ChangeStep *change_step_copy(const ChangeStep *step)
{
	return change_step_new(step->kind, step->number, g_strdup(step->detail));
}

void change_step_free(ChangeStep *step)
{
	if (step == NULL)
		return;
	g_free(step->detail);
	g_free(step);
}

static void step_free(gpointer data)
{
	change_step_free(data);
}

static void place_free(gpointer data)
{
	ChangePlace *place = data;

	g_free(place->present);
	g_free(place->was_signed);
	g_free(place);
}

ChangeFound *change_found_new(void)
{
	ChangeFound *found = g_new0(ChangeFound, 1);

	found->steps = g_ptr_array_new_with_free_func(step_free);
	found->places = g_ptr_array_new_with_free_func(place_free);
	return found;
}

char *change_shown(Slice octets)
{
	return printable_line(slice_sub(octets, 0, SHOWN_OCTETS));
}

void change_found_add_place(ChangeFound *found, Slice message, Slice present, Slice was_signed)
{
	ChangePlace *place = g_new0(ChangePlace, 1);

	place->offset = slice_offset(message, present);
	place->length = present.len;
	place->signed_length = was_signed.len;
	place->present = change_shown(present);
	place->was_signed = change_shown(was_signed);
	place->is_present_cut = present.len > SHOWN_OCTETS;
	place->is_signed_cut = was_signed.len > SHOWN_OCTETS;
	g_ptr_array_add(found->places, place);
}

void change_found_free(ChangeFound *found)
{
	if (found == NULL)
		return;
	g_ptr_array_unref(found->steps);
	g_ptr_array_unref(found->places);
	g_free(found);
}
