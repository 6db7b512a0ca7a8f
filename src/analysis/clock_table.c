#include "analysis/clock_table.h"

#include "base/text_time.h"
#include "message/embedded_time.h"

/* Clocks of mail servers differ; by more than this, one of the two is wrong, or lies. */
#define SKEW_MS (INT64_C(15) * 60 * 1000)
/* What has no zone may be off by one, west or east. */
#define ZONE_MS (INT64_C(14) * 60 * 60 * 1000)
/* A message may be written long before it is sent, but its number is made with it. */
#define DRAFT_MS (INT64_C(7) * 24 * 60 * 60 * 1000)

typedef struct Builder {
	const Case *kase;
	GPtrArray *entries;
} Builder;

static void entry_free(gpointer data)
{
	ClockEntry *entry = data;

	g_free(entry->detail);
	g_free(entry);
}

/* Takes over detail; NULL where the moment is not known. */
static ClockEntry *add(Builder *builder, ClockSource source, int64_t time, char *detail)
{
	ClockEntry *entry;

	if (time == TIME_UNKNOWN) {
		g_free(detail);
		return NULL;
	}
	entry = g_new0(ClockEntry, 1);
	entry->source = source;
	entry->time = time;
	entry->detail = detail;
	g_ptr_array_add(builder->entries, entry);
	return entry;
}

static void set_place(const Builder *builder, ClockEntry *entry, Slice where)
{
	if (entry == NULL || where.data == NULL)
		return;
	entry->has_place = true;
	entry->offset = slice_offset(builder->kase->facts->message, where);
	entry->length = where.len;
}

static void set_field(const Builder *builder, ClockEntry *entry, size_t field)
{
	const Fields *fields = builder->kase->facts->fields;

	if (field < fields->count)
		set_place(builder, entry, fields->list[field].raw);
}

static void contradict(ClockEntry *entry, const char *code, const char *text)
{
	if (entry->contradiction != NULL)
		return;
	entry->contradiction = code;
	entry->contradicts = text;
}

static void add_header(Builder *builder)
{
	const Facts *facts = builder->kase->facts;
	ClockEntry *entry = add(builder, CLOCK_DATE, facts->date, NULL);
	size_t thread = fields_find(facts->fields, "Thread-Index", 0);
	int64_t time = TIME_UNKNOWN;

	set_field(builder, entry, fields_find(facts->fields, "Date", 0));
	if (thread < facts->fields->count &&
		embedded_time_of_thread(facts->fields->list[thread].value, &time))
		set_field(builder, add(builder, CLOCK_THREAD, time, NULL), thread);
}

static void add_hops(Builder *builder)
{
	const Facts *facts = builder->kase->facts;

	for (guint i = 0; i < facts->hops->len; i++) {
		const Hop *hop = facts_hop(facts, i);
		ClockEntry *entry = add(builder, CLOCK_HOP, hop->date,
			g_strdup_printf("#%u by %s", i + 1, hop->by != NULL ? hop->by : "?"));

		if (entry == NULL)
			continue;
		entry->is_ours = i < facts_own_lines(facts);
		set_field(builder, entry, hop->field);
	}
}

static void add_signatures(Builder *builder)
{
	const DkimVerdict *dkim = builder->kase->dkim;

	for (guint i = 0; i < dkim->signatures->len; i++) {
		const DkimSignature *signature = dkim_signature(dkim, i);
		g_autofree char *who = g_strdup_printf("d=%s s=%s",
			signature->domain != NULL ? signature->domain : "?",
			signature->selector != NULL ? signature->selector : "?");

		set_field(builder,
			add(builder, CLOCK_DKIM_SIGNED, signature->signed_at, g_strdup(who)),
			signature->field);
		set_field(builder,
			add(builder, CLOCK_DKIM_EXPIRES, signature->expires, g_strdup(who)),
			signature->field);
	}
}

static void add_seals(Builder *builder)
{
	const ArcVerdict *arc = builder->kase->arc;

	for (guint i = 0; i < arc->sets->len; i++) {
		const ArcSet *set = arc_set(arc, i);

		set_field(builder,
			add(builder, CLOCK_ARC_SEALED, set->sealed_at,
				g_strdup_printf("i=%u d=%s", set->instance,
					set->seal_domain != NULL ? set->seal_domain : "?")),
			set->seal_field);
	}
}

static void add_signers(Builder *builder)
{
	const SmimeVerdict *smime = builder->kase->smime;

	for (guint i = 0; i < smime->signers->len; i++) {
		const SmimeSigner *signer = g_ptr_array_index(smime->signers, i);

		add(builder, CLOCK_SMIME_SIGNED, signer->at_signing.time,
			g_strdup(signer->subject));
	}
}

static void add_embedded(Builder *builder, ClockSource source, Slice text, Slice place)
{
	EmbeddedTime found;

	if (text.data != NULL && embedded_time_find(text, &found))
		set_place(builder,
			add(builder, source, found.time,
				g_strdup_printf("%s%s", found.form,
					found.is_local ? ", zone not known" : "")),
			place);
}

static void add_message_id(Builder *builder)
{
	const Fields *fields = builder->kase->facts->fields;
	size_t at = fields_find(fields, "Message-ID", 0);

	if (at < fields->count)
		add_embedded(
			builder, CLOCK_MESSAGE_ID, fields->list[at].value, fields->list[at].raw);
}

/* All boundaries of a message are made at once: the root's is enough. */
static void add_boundary(Builder *builder)
{
	const Facts *facts = builder->kase->facts;
	const char *boundary = facts->mime != NULL ? mime_parameter(facts->mime, "boundary") : NULL;
	size_t at = fields_find(facts->fields, "Content-Type", 0);

	if (boundary != NULL && at < facts->fields->count)
		add_embedded(builder, CLOCK_MIME_BOUNDARY, slice_of(boundary),
			facts->fields->list[at].raw);
}

static void add_store(Builder *builder)
{
	const Source *source = builder->kase->source;
	ClockEntry *entry = add(
		builder, CLOCK_STORE, source->store_time, g_strdup(store_kind_word(source->kind)));
	int64_t time = TIME_UNKNOWN;

	if (entry != NULL)
		entry->is_ours = true;
	if (source->from_line_sender != NULL &&
		embedded_time_of_gmail(slice_of(source->from_line_sender), &time))
		add(builder, CLOCK_EXPORT, time, NULL)->is_ours = true;
}

/* What a clock may be off by before it says anything. */
static int64_t slack_of(const ClockEntry *entry)
{
	bool has_no_zone =
		(entry->source == CLOCK_STORE && g_strcmp0(entry->detail, "mbox") == 0) ||
		(entry->detail != NULL && g_str_has_suffix(entry->detail, "zone not known"));

	return has_no_zone ? ZONE_MS + SKEW_MS : SKEW_MS;
}

static void check_reception(ClockEntry *entry, int64_t received)
{
	int64_t slack = slack_of(entry);

	if (entry->source == CLOCK_DKIM_EXPIRES && entry->time < received)
		contradict(entry, "expired-before-reception",
			N_("The signature had expired when the message was received."));
	else if (entry->source == CLOCK_STORE && entry->time < received - slack)
		contradict(entry, "stored-before-reception",
			N_("The store's time is before the time of reception."));
	else if (!entry->is_ours && entry->source != CLOCK_DKIM_EXPIRES &&
		 entry->time > received + slack)
		contradict(entry, "after-reception", N_("It lies after the time of reception."));
}

/* The message's number and its boundary are made when it is written, as Date is. */
static void check_date(ClockEntry *entry, int64_t date)
{
	int64_t distance = entry->time > date ? entry->time - date : date - entry->time;

	if ((entry->source == CLOCK_MESSAGE_ID || entry->source == CLOCK_MIME_BOUNDARY) &&
		distance > DRAFT_MS)
		contradict(entry, "far-from-date", N_("It is more than a week away from Date."));
	if (entry->source == CLOCK_DKIM_SIGNED && date - entry->time > SKEW_MS)
		contradict(entry, "signed-before-date",
			N_("The signature is older than the Date of the message."));
	if (entry->source == CLOCK_THREAD && entry->time - date > SKEW_MS)
		contradict(entry, "thread-after-date",
			N_("The conversation began after the Date of the message."));
}

/* Received lines are added topmost first, which is the newest. */
static void check_hops(const Builder *builder)
{
	const ClockEntry *above = NULL;

	for (guint i = 0; i < builder->entries->len; i++) {
		ClockEntry *entry = g_ptr_array_index(builder->entries, i);

		if (entry->source != CLOCK_HOP)
			continue;
		if (above != NULL && entry->time > above->time + SKEW_MS)
			contradict(entry, "later-than-next-hop",
				N_("It is later than the Received line above it."));
		above = entry;
	}
}

static void check(const Builder *builder)
{
	const Facts *facts = builder->kase->facts;

	check_hops(builder);
	for (guint i = 0; i < builder->entries->len; i++) {
		ClockEntry *entry = g_ptr_array_index(builder->entries, i);

		if (facts->received != TIME_UNKNOWN && facts->envelope.believed != NO_HOP)
			check_reception(entry, facts->received);
		if (facts->date != TIME_UNKNOWN)
			check_date(entry, facts->date);
	}
}

static gint compare(gconstpointer a, gconstpointer b)
{
	const ClockEntry *one = *(const ClockEntry *const *)a;
	const ClockEntry *other = *(const ClockEntry *const *)b;

	if (one->time != other->time)
		return one->time < other->time ? -1 : 1;
	return (int)one->source - (int)other->source;
}

GPtrArray *clock_table_new(const Case *kase)
{
	Builder builder = { kase, g_ptr_array_new_with_free_func(entry_free) };

	add_header(&builder);
	add_hops(&builder);
	add_signatures(&builder);
	add_seals(&builder);
	add_signers(&builder);
	add_message_id(&builder);
	add_boundary(&builder);
	add_store(&builder);
	check(&builder);
	/* A stable sort: lines of one moment stay in their order. */
	g_ptr_array_sort(builder.entries, compare);
	return builder.entries;
}

const char *clock_source_word(ClockSource source)
{
	static const char *const words[] = { "date", "received", "dkim-t", "dkim-x", "arc-t",
		"smime-signing-time", "message-id", "mime-boundary", "thread-index", "store",
		"export-number" };

	return words[source];
}
