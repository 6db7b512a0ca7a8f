#include "engine/engine_part.h"

#include "analysis/unread.h"
#include "base/limits.h"
#include "message/converters.h"

/* What a member is given ahead, so that it never waits for the engine; one message at least. */
#define AHEAD_MESSAGES 32u
#define AHEAD_OCTETS   ((size_t)512 * 1024)
/* More converters than there are cannot be missing. */
#define RELOADS_MAX 200u
/* A fresh worker that ends as the first did is the message's doing. */
#define DEATHS_MAX 2u

/* --- giving out */

static bool has_room(const Member *member)
{
	return member->alone == NULL && member->sent.length < AHEAD_MESSAGES &&
	       (member->octets < AHEAD_OCTETS || member->sent.length == 0);
}

static Member *idlest_member(const Engine *engine)
{
	Member *idlest = NULL;

	for (guint i = 0; i < engine->members->len; i++) {
		Member *member = g_ptr_array_index(engine->members, i);

		if (has_room(member) && (idlest == NULL || member->octets < idlest->octets))
			idlest = member;
	}
	return idlest;
}

bool dispatch_has_room(const Engine *engine)
{
	return engine->pending.length == 0 && idlest_member(engine) != NULL;
}

static void send_frame(Member *member, Item *item, FrameKind kind, GByteArray *head, GBytes *tail)
{
	channel_send(member->channel, kind, head, tail);
	g_queue_push_tail(&member->sent, item);
	member->octets += g_bytes_get_size(item->raw->bytes);
	/* One that has something to do can wait for the next round. */
	if (member->sent.length == 1)
		channel_flush(member->channel);
}

static void give(Member *member, Item *item)
{
	item->member = member;
	item->rounds = 0;
	send_frame(member, item, FRAME_TASK, frame_task(item->id, item->number, item->raw),
		item->raw->bytes);
}

bool dispatch_is_ahead(const Engine *engine)
{
	for (guint i = 0; i < engine->members->len; i++) {
		const Member *member = g_ptr_array_index(engine->members, i);

		if (member->sent.length < AHEAD_MESSAGES / 2 && member->octets < AHEAD_OCTETS / 2)
			return false;
	}
	return true;
}

void dispatch_pending(Engine *engine)
{
	Member *member;

	while (engine->pending.length > 0 && (member = idlest_member(engine)) != NULL)
		give(member, g_queue_pop_head(&engine->pending));
}

void dispatch_answers(Engine *engine, Item *item)
{
	GByteArray *answers = g_steal_pointer(&item->answers);

	(void)engine;
	send_frame(item->member, item, FRAME_ANSWERS, answers, NULL);
}

/* --- what becomes of a message */

static void finish(Engine *engine, Item *item, EngineResult *result)
{
	g_clear_pointer(&result->attached, g_ptr_array_unref);
	item->result = *result;
	*result = (EngineResult) { .text = NULL };
	item->is_done = true;
	item->member = NULL;
	g_clear_pointer(&item->raw, raw_message_free);
	engine->octets -= item->octets;
	item->octets = item->result.text->len;
	engine->octets += item->octets;
}

static char *failure_text(const Source *source, Unread why, const char *how)
{
	g_autofree char *detail = how != NULL ? g_strdup_printf(" (%s)", how) : g_strdup("");

	g_autofree char *place = source_place(source);

	return g_strdup_printf("%s: message %s at offset %" G_GUINT64_FORMAT
			       " could not be analysed: %s%s",
		source->path, place, (guint64)source->offset, unread_text(why), detail);
}

static void fail(Engine *engine, Item *item, Unread why, const char *how)
{
	g_auto(EngineResult) result = engine_result_make();
	g_autoptr(Case) kase = NULL;

	item->failure = failure_text(item->raw->source, why, how);
	kase = case_new_unread(g_steal_pointer(&item->raw->source),
		g_steal_pointer(&item->raw->findings), why, &engine->options->kase);
	/* Whether a message is chosen by what it says cannot be told of one that is not read. */
	result.is_chosen = engine->sink->is_chosen == NULL;
	if (result.is_chosen)
		engine->sink->report(kase, &result, engine->sink->data);
	finish(engine, item, &result);
}

static void put_back(Engine *engine, Item *item)
{
	resolve_forget(engine, item);
	item->member = NULL;
	g_queue_push_head(&engine->pending, item);
}

/* --- replacing a member */

/* Everything that the member was given goes back, but one. */
static void put_back_all(Engine *engine, const Member *member, const Item *but)
{
	for (const GList *link = engine->items.tail; link != NULL; link = link->prev) {
		Item *item = link->data;

		if (item->member == member && item != but)
			put_back(engine, item);
	}
}

static void restart(Engine *engine, Member *member, Item *alone)
{
	g_autoptr(GError) error = NULL;

	if (!member_start(member, &engine->worker, &error)) {
		engine->sink->problem(error->message, engine->sink->data);
		engine->end = ENGINE_NO_WORKER;
		return;
	}
	if (alone == NULL)
		return;
	resolve_forget(engine, alone);
	member->alone = alone;
	give(member, alone);
}

/* Why a member is to be replaced. */
typedef enum Cause { CAUSE_ENDED, CAUSE_SPOKE_ILL, CAUSE_OVERDUE } Cause;

static Unread unread_cause(Cause cause, MemberEnd end)
{
	if (cause == CAUSE_OVERDUE)
		return UNREAD_TIMEOUT;
	return cause == CAUSE_ENDED && end == MEMBER_OUT_OF_MEMORY ? UNREAD_MEMORY : UNREAD_CRASH;
}

static void bury(Engine *engine, Member *member, Cause cause)
{
	Item *item = g_queue_peek_head(&member->sent);
	bool was_ready = member->is_ready;
	g_autofree char *how = NULL;
	MemberEnd end = member_stop(member, &how);
	Unread why = unread_cause(cause, end);
	const char *detail = cause == CAUSE_SPOKE_ILL ? "it said what a worker may not say" : how;

	engine->status.restarts++;
	put_back_all(engine, member, item);
	if (!was_ready) {
		g_autofree char *text = g_strdup_printf("a worker ended before it began (%s)", how);

		engine->sink->problem(text, engine->sink->data);
		engine->end = ENGINE_NO_WORKER;
		return;
	}
	if (item != NULL && (cause == CAUSE_OVERDUE || ++item->deaths >= DEATHS_MAX)) {
		fail(engine, item, why, why == UNREAD_CRASH ? detail : NULL);
		item = NULL;
	}
	restart(engine, member, item);
}

void dispatch_overdue(Engine *engine, Member *member)
{
	bury(engine, member, CAUSE_OVERDUE);
}

/* --- what a member says */

typedef enum Said {
	SAID_WELL,
	SAID_ILL,  /* it may not say that */
	SAID_LAST, /* and was replaced */
} Said;

/* What the member is at, if that is the message of this number. */
static Item *pop_sent(Member *member, uint64_t id)
{
	Item *item = g_queue_peek_head(&member->sent);

	if (item == NULL || item->id != id)
		return NULL;
	g_queue_pop_head(&member->sent);
	member->octets -= g_bytes_get_size(item->raw->bytes);
	return item;
}

static Said take_ready(Member *member, Slice octets)
{
	bool is_first = !member->is_ready;

	member->is_ready = true;
	return frame_read_ready(octets, &member->confinement) && is_first ? SAID_WELL : SAID_ILL;
}

static Said take_lacking(Engine *engine, Member *member, Slice octets)
{
	g_autoptr(GPtrArray) questions = NULL;
	Item *item;
	uint64_t id;

	if (engine->options->live == NULL || !frame_read_lacking(octets, &id, &questions))
		return SAID_ILL;
	item = pop_sent(member, id);
	if (item == NULL)
		return SAID_ILL;
	if (++item->rounds >= LIMIT_ROUNDS) {
		/* It is the message's all the same. */
		g_queue_push_head(&member->sent, item);
		return SAID_ILL;
	}
	resolve_lacking(engine, item, questions);
	return SAID_WELL;
}

static bool is_result_of(const Engine *engine, const Item *item, const EngineResult *result)
{
	const EngineSink *sink = engine->sink;

	if (!attach_is_sound(engine, item, result))
		return false;
	if (!result->is_chosen)
		return sink->is_chosen != NULL;
	return sink->is_sound(result, item->raw->source, item->number, sink->data);
}

static Said take_done(Engine *engine, Member *member, Slice octets)
{
	Item *item = g_queue_peek_head(&member->sent);
	g_auto(EngineResult) result = { .text = NULL };
	uint64_t id;

	if (!frame_read_done(octets, &id, &result) || item == NULL || item->id != id ||
		!is_result_of(engine, item, &result))
		return SAID_ILL;
	pop_sent(member, id);
	member->alone = NULL;
	if (result.attached != NULL)
		attach_items(engine, item, result.attached);
	finish(engine, item, &result);
	return SAID_WELL;
}

/* This worker cannot open the converter, but another one can have it. */
static Said take_missing(Engine *engine, Member *member, Slice octets)
{
	Item *item = g_queue_peek_head(&member->sent);
	Item *alone = member->alone;
	uint64_t id, converter;

	if (!frame_read_missing(octets, &id, &converter) || item == NULL || item->id != id ||
		++item->reloads > RELOADS_MAX || !converters_load(converter))
		return SAID_ILL;
	member_stop(member, NULL);
	put_back_all(engine, member, alone);
	restart(engine, member, alone);
	return SAID_LAST;
}

static Said take_frame(Engine *engine, Member *member, uint64_t kind, Slice octets)
{
	if (kind == FRAME_READY)
		return take_ready(member, octets);
	if (!member->is_ready)
		return SAID_ILL;
	switch (kind) {
	case FRAME_LACKING:
		return take_lacking(engine, member, octets);
	case FRAME_DONE:
		return take_done(engine, member, octets);
	case FRAME_MISSING:
		return take_missing(engine, member, octets);
	default:
		return SAID_ILL;
	}
}

static Said take_frames(Engine *engine, Member *member)
{
	Said said = SAID_WELL;
	ChannelStep step = CHANNEL_FRAME;

	while (said == SAID_WELL && step == CHANNEL_FRAME) {
		Slice octets;
		uint64_t kind;

		step = channel_next(member->channel, &kind, &octets);
		if (step == CHANNEL_FRAME)
			said = take_frame(engine, member, kind, octets);
	}
	return step == CHANNEL_BROKEN ? SAID_ILL : said;
}

void dispatch_serve(Engine *engine, Member *member)
{
	bool is_open = channel_flush(member->channel);
	Said said;

	/* What it said before it ended counts. */
	is_open = channel_fill(member->channel) && is_open;
	said = take_frames(engine, member);
	if (said == SAID_ILL)
		bury(engine, member, CAUSE_SPOKE_ILL);
	else if (said == SAID_WELL && !is_open)
		bury(engine, member, CAUSE_ENDED);
}
