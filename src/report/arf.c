#include "report/arf.h"

#include "base/mbox_quoting.h"
#include "base/printable.h"
#include "base/text_time.h"
#include "report/arf_failure.h"
#include "report/authres.h"
#include "report/field_writer.h"
#include "report/record.h"
#include "report/record_path.h"

typedef struct Arf {
	GString *out;
	const ReportStyle *style;
	const json_t *record;
	ArfFailure failure;
	const char *signer; /* authserv-id */
	char *boundary;     /* holds a digest of the message, and so cannot be in it */
	int64_t date;       /* of the report */
} Arf;

static int64_t arrival_of(const json_t *record)
{
	const char *text = record_text(record, "message.received");
	int64_t time = TIME_UNKNOWN;

	if (text != NULL)
		text_time_parse_rfc3339(slice_of(text), &time);
	return time;
}

/* The clock that was given, else the arrival: a report says the same whenever it is made. */
static int64_t report_date(const Arf *arf)
{
	int64_t date = arf->style->now != TIME_UNKNOWN ? arf->style->now : arrival_of(arf->record);
	g_autofree char *text = text_time_rfc5322(date);

	return text != NULL ? date : 0;
}

/* A field of one value, which is safe already. */
static void add_field(Arf *arf, const char *name, const char *value)
{
	FieldWriter writer = field_open(arf->out, name);

	field_add(&writer, value);
	field_close(&writer);
}

static void add_address_field(Arf *arf, const char *name, const char *address, bool has_brackets)
{
	g_autofree char *value =
		has_brackets ? g_strconcat("<", address, ">", NULL) : g_strdup(address);

	if (address != NULL && (field_is_address(address) || (has_brackets && *address == '\0')))
		add_field(arf, name, value);
}

static void add_value_field(Arf *arf, const char *name, const char *text)
{
	g_autofree char *value = text != NULL && *text != '\0' ? field_value(text) : NULL;

	if (value != NULL)
		add_field(arf, name, value);
}

static bool is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < 0x20 || *text > 0x7E)
			return false;
	return true;
}

/* As many octets of whole characters as an encoded word holds (RFC 2047, 2). */
#define ENCODED_OCTETS ((size_t)42)

static size_t chunk_length(const char *text)
{
	const char *at = text;

	while (*at != '\0' && (size_t)(printable_next(at) - text) <= ENCODED_OCTETS)
		at = printable_next(at);
	return (size_t)(at - text);
}

static void add_encoded(FieldWriter *writer, const char *text)
{
	while (*text != '\0') {
		size_t len = chunk_length(text);
		g_autofree char *base64 = g_base64_encode((const guchar *)text, len);
		g_autofree char *word = g_strconcat("=?utf-8?B?", base64, "?=", NULL);

		field_add(writer, word);
		text += len;
	}
}

/* That of the message (RFC 5965, 2). */
static void add_subject(Arf *arf)
{
	const char *subject = record_text(arf->record, "message.subject");
	g_autofree char *safe = printable_line(slice_of(subject != NULL ? subject : ""));
	FieldWriter writer = field_open(arf->out, "Subject");

	if (is_plain(safe) && *safe != ' ' && strlen(safe) < 60 && strstr(safe, "=?") == NULL)
		field_add(&writer, *safe != '\0' ? safe : "(no subject)");
	else
		add_encoded(&writer, safe);
	field_close(&writer);
}

static void add_header(Arf *arf)
{
	g_autofree char *date = text_time_rfc5322(arf->date);
	g_autofree char *from = g_strconcat("kantei <postmaster@", arf->signer, ">", NULL);
	g_autofree char *id = g_strconcat("<", arf->boundary, "@", arf->signer, ">", NULL);
	g_autofree char *boundary = g_strconcat("boundary=\"", arf->boundary, "\"", NULL);
	FieldWriter writer;

	add_field(arf, "From", from);
	add_field(arf, "Date", date);
	add_subject(arf);
	add_field(arf, "Message-ID", id);
	add_field(arf, "MIME-Version", "1.0");
	writer = field_open(arf->out, "Content-Type");
	field_add(&writer, "multipart/report; report-type=feedback-report;");
	field_add(&writer, boundary);
	field_close(&writer);
}

static void open_part(Arf *arf, const char *type, const char *encoding)
{
	g_string_append_printf(arf->out, "\n--%s\nContent-Type: %s\n", arf->boundary, type);
	if (encoding != NULL)
		g_string_append_printf(arf->out, "Content-Transfer-Encoding: %s\n", encoding);
	g_string_append_c(arf->out, '\n');
}

static char *client_of(const json_t *record)
{
	const char *client = record_text(record, "envelope.client_ip");

	return client != NULL ? field_text(client) : NULL;
}

static void add_reception(Arf *arf)
{
	g_autofree char *client = client_of(arf->record);
	g_autofree char *date = text_time_rfc5322(arrival_of(arf->record));
	bool is_attached = record_at(arf->record, "source.attached") != NULL;

	if (is_attached)
		g_string_append(arf->out,
			"It was attached to another message, whose sender can have written all of "
			"it.\nIts own lines say: ");
	g_string_append_printf(arf->out, "%s received from %s on\n%s.\n\n",
		is_attached ? "it was" : "It was", client != NULL ? client : "an unknown client",
		date != NULL ? date : "an unknown date");
}

static void add_explanation(Arf *arf)
{
	open_part(arf, "text/plain; charset=us-ascii", "7bit");
	g_string_append(
		arf->out, "This is a report on a message that fails an authentication method.\n");
	add_reception(arf);
	g_string_append(arf->out,
		"Nothing in it was recorded on that day: kantei, which analyses stored mail,\n"
		"evaluated the message again, with DNS answers that may be of another day.\n"
		"The message follows behind the fields of the report.\n");
}

/* The view of DMARC that counts. */
static const json_t *view_of(const json_t *record)
{
	bool is_old = g_strcmp0(record_text(record, "dmarc.rule"), "7489") == 0;

	return record_at(record, is_old ? "dmarc.rfc7489" : "dmarc.rfc9989");
}

/* The mechanisms that produced an aligned identity (RFC 7489, 7.3.1; RFC 9991). */
static void add_alignment(Arf *arf)
{
	const json_t *view = view_of(arf->record);
	const json_t *dkim = json_array_of(view, "dkim");
	bool has_spf = record_is(view, "spf.aligned");
	bool has_dkim = false;

	for (size_t i = 0; i < json_array_size(dkim); i++)
		has_dkim |= record_is(json_array_get(dkim, i), "aligned");
	add_field(arf, "Identity-Alignment",
		has_dkim ? (has_spf ? "dkim, spf" : "dkim") : (has_spf ? "spf" : "none"));
}

static void add_signature(Arf *arf)
{
	const json_t *signature =
		json_array_get(record_at(arf->record, "dkim.signatures"), arf->failure.signature);

	if (signature == NULL || strcmp(arf->failure.method, "spf") == 0)
		return;
	add_value_field(arf, "DKIM-Domain", json_text_of(signature, "domain"));
	add_address_field(arf, "DKIM-Identity", json_text_of(signature, "identity"), false);
	add_value_field(arf, "DKIM-Selector", json_text_of(signature, "selector"));
}

/* The record that was asked first; a record of kantei has no others. */
static void add_spf_dns(Arf *arf)
{
	const char *domain = record_text(arf->record, "spf.domain");
	const char *record = record_text(arf->record, "spf.record");
	g_autofree char *quoted = record != NULL ? field_quoted(record) : NULL;
	FieldWriter writer;

	if (quoted == NULL || domain == NULL || !field_is_domain(domain) ||
		strcmp(arf->failure.method, "dkim") == 0)
		return;
	writer = field_open(arf->out, "SPF-DNS");
	field_add(&writer, "txt :");
	field_add(&writer, domain);
	field_add(&writer, ":");
	field_add(&writer, quoted);
	field_close(&writer);
}

static void add_feedback(Arf *arf)
{
	g_autofree char *date = text_time_rfc5322(arrival_of(arf->record));
	g_autofree char *client = client_of(arf->record);

	open_part(arf, "message/feedback-report", NULL);
	add_field(arf, "Feedback-Type", "auth-failure");
	add_field(arf, "User-Agent", "kantei/" PACKAGE_VERSION);
	add_field(arf, "Version", "1");
	add_address_field(
		arf, "Original-Mail-From", record_text(arf->record, "envelope.mail_from"), true);
	if (date != NULL)
		add_field(arf, "Arrival-Date", date);
	if (client != NULL)
		add_field(arf, "Source-IP", client);
	if (arf->failure.domain != NULL && field_is_domain(arf->failure.domain))
		add_field(arf, "Reported-Domain", arf->failure.domain);
	authres_append_method(
		arf->out, arf->record, arf->signer, arf->failure.method, arf->failure.signature);
	add_field(arf, "Auth-Failure", arf->failure.type);
	if (strcmp(arf->failure.method, "dmarc") == 0)
		add_alignment(arf);
	add_signature(arf);
	add_spf_dns(arf);
}

/* "binary" where a line is longer than mail may have them, or is no line (RFC 2045, 2.7). */
static const char *encoding_of(Slice message)
{
	const char *encoding = "7bit";

	while (message.len > 0) {
		Slice line = slice_chop_eol(slice_take_line(&message));

		if (line.len > 998 || memchr(line.data, '\0', line.len) != NULL ||
			memchr(line.data, '\r', line.len) != NULL)
			return "binary";
		for (size_t i = 0; i < line.len; i++)
			if ((unsigned char)line.data[i] > 0x7F)
				encoding = "8bit";
	}
	return encoding;
}

/* Up to the empty line, without it. */
static Slice header_of(Slice message)
{
	Slice rest = message;

	while (rest.len > 0) {
		Slice line = slice_take_line(&rest);

		if (slice_chop_eol(line).len == 0)
			return slice_sub(message, 0, slice_offset(message, line));
	}
	return message;
}

static void add_message(Arf *arf, Slice message)
{
	bool is_whole = !arf->style->headers_only;
	Slice shown = is_whole ? message : header_of(message);

	open_part(arf, is_whole ? "message/rfc822" : "text/rfc822-headers", encoding_of(shown));
	slice_append(arf->out, shown);
	g_string_append_printf(arf->out, "\n--%s--\n", arf->boundary);
}

static void append_as_mbox(GString *out, const Arf *arf)
{
	g_autofree char *date = text_time_asctime(arf->date);
	Slice text = slice_make(arf->out->str, arf->out->len);

	g_string_append_printf(out, "From postmaster@%s %s\n", arf->signer, date);
	while (text.len > 0) {
		Slice line = slice_take_line(&text);

		if (mbox_must_quote(line))
			g_string_append_c(out, '>');
		slice_append(out, line);
	}
	g_string_append_c(out, '\n');
}

static char *boundary_of(const json_t *record)
{
	const char *digest = record_text(record, "source.sha256");

	return g_strdup_printf("kantei-%.40s", digest != NULL ? digest : "");
}

void arf_append(GString *out, const ReportStyle *style, const json_t *record, Slice message)
{
	Arf arf = { .style = style, .record = record, .signer = style->authserv_id };

	if (!arf_failure_find(record, &arf.failure))
		return;
	if (arf.signer == NULL || !field_is_domain(arf.signer))
		arf.signer = AUTHRES_NOBODY;
	arf.out = g_string_new(NULL);
	arf.boundary = boundary_of(record);
	arf.date = report_date(&arf);
	add_header(&arf);
	add_explanation(&arf);
	add_feedback(&arf);
	add_message(&arf, message);
	if (style->is_single)
		g_string_append_len(out, arf.out->str, (gssize)arf.out->len);
	else
		append_as_mbox(out, &arf);
	g_free(arf.boundary);
	g_string_free(arf.out, TRUE);
}

/* arf_append() is all of it. */
const Printer arf_printer = { NULL };
