#include "dns/live_ask.h"

/* The first silence is answered after this; each later one after half as long again. With 2 % loss
 * that is best of what was measured; resolvers are asked four to five times in five seconds. */
#define FIRST_RETRY_MS 500
/* A third try goes without EDNS: there are boxes on the way that drop what they do not know. */
#define TRIES_WITH_EDNS 2u
#define TCP_TRIES       2u
/* Packets that cannot be read, and closed ports a server, before a question is given up. */
/* How long a packet waits where all connections are in use. */
#define HELD_MS               5
#define BROKEN_MAX            3u
#define REFUSALS_A_SERVER     2u
#define REFUSAL_RETRY_MS      100
#define OUTCOME_LAST_ASSIGNED 23u

/* A packet on its way. */
typedef struct Attempt {
	LiveAsk *ask;
	size_t server;
	uint16_t id;
	bool is_tcp;
	bool is_plain;
	bool is_unchecked;
} Attempt;

struct LiveAskEvent {
	Attempt *attempt;
	LiveEvent kind;
	GBytes *packet;
};

LiveAsk *live_ask_new(LiveShared *shared, const Question *question)
{
	LiveAsk *ask = g_new0(LiveAsk, 1);

	ask->references = 1;
	ask->shared = shared;
	ask->question = question_new(question->name, question->type);
	ask->server = SIZE_MAX;
	return ask;
}

void live_ask_renew(LiveAsk *ask)
{
	LiveAsk fresh = { .references = ask->references,
		.shared = ask->shared,
		.question = ask->question,
		.server = SIZE_MAX };

	answer_free(ask->failure);
	answer_free(ask->answer);
	*ask = fresh;
}

void live_ask_release(LiveAsk *ask)
{
	if (--ask->references > 0)
		return;
	question_free(ask->question);
	answer_free(ask->failure);
	answer_free(ask->answer);
	g_free(ask);
}

static LiveServer *server_at(const LiveAsk *ask, size_t index)
{
	return g_ptr_array_index(ask->shared->servers, index);
}

static void on_event(LiveEvent kind, Slice packet, gpointer data)
{
	Attempt *attempt = data;
	LiveAskEvent *event = g_new(LiveAskEvent, 1);

	*event = (LiveAskEvent) { attempt, kind,
		kind == LIVE_EVENT_PACKET ? g_bytes_new(packet.data, packet.len) : NULL };
	g_queue_push_tail(&attempt->ask->shared->events, event);
}

/* Writes what every answer says of how it came. */
static Answer *new_answer(
	const LiveAsk *ask, DnsOutcome outcome, size_t server, bool is_tcp, int64_t now)
{
	Answer *answer = answer_new(ask->question->name, ask->question->type);

	answer->outcome = outcome;
	answer->at = g_get_real_time() / 1000;
	answer->ms = (uint32_t)((now - ask->started) / 1000);
	answer->via =
		g_strdup_printf("%s/%s", server_at(ask, server)->label, is_tcp ? "tcp" : "udp");
	if (ask->tries > 1 || outcome == DNS_TIMEOUT || outcome == DNS_NETERR)
		answer->tries = ask->tries;
	return answer;
}

/* Takes answer over. */
static void finish(LiveAsk *ask, Answer *answer)
{
	ask->answer = answer;
	ask->is_done = true;
}

/* The end without a word from a server that answers the question: what one of them said instead, or
 * that there was none. */
static void give_up(LiveAsk *ask, DnsOutcome outcome, int64_t now)
{
	if (ask->failure != NULL && ask->is_unchecked)
		ask->failure->cd = (int)outcome;
	if (ask->failure != NULL)
		finish(ask, g_steal_pointer(&ask->failure));
	else
		finish(ask, new_answer(ask, outcome, ask->server, ask->is_tcp, now));
	ask->is_unheard = !ask->is_heard;
}

static void schedule(LiveAsk *ask, int64_t now)
{
	int64_t total = (int64_t)ask->shared->timeout_ms * 1000;
	int64_t wait = MIN(FIRST_RETRY_MS * INT64_C(1000), total / 4);

	for (unsigned i = 1; i < ask->tries && wait < total; i++)
		wait += wait / 2;
	if (ask->is_tcp)
		wait = MAX(wait, total / 3);
	ask->retry_at = now + wait;
}

/* The packet, or NULL where the name is none that can be asked. */
static GByteArray *encode(const LiveAsk *ask, const Attempt *attempt)
{
	PacketFlags flags = PACKET_PLAIN;

	if (!attempt->is_plain)
		flags |= PACKET_EDNS;
	if (attempt->is_unchecked)
		flags |= PACKET_CHECKING_DISABLED;
	return packet_question(ask->question, attempt->id, flags);
}

/* Sends to the server that was asked last. */
static void send_packet(LiveAsk *ask, int64_t now)
{
	LiveChannel *channel = live_server_channel(server_at(ask, ask->server), ask->is_tcp);
	g_autofree Attempt *attempt = g_new0(Attempt, 1);
	g_autoptr(GByteArray) packet = NULL;
	uint16_t id;

	ask->is_held = false;
	if (channel == NULL || !live_channel_take_id(channel, &id)) {
		ask->is_held = true;
		ask->retry_at = now + (int64_t)HELD_MS * 1000;
		return;
	}
	*attempt =
		(Attempt) { ask, ask->server, id, ask->is_tcp, ask->is_plain, ask->is_unchecked };
	attempt->is_plain |= server_at(ask, ask->server)->is_plain;
	attempt->is_plain |= !ask->is_tcp && !ask->is_unchecked && ask->tries >= TRIES_WITH_EDNS;
	ask->tries++;
	ask->tcp_tries += ask->is_tcp;
	schedule(ask, now);
	packet = encode(ask, attempt);
	if (packet == NULL) {
		live_channel_release_id(channel, attempt->id);
		finish(ask, new_answer(ask, DNS_NETERR, ask->server, ask->is_tcp, now));
		return;
	}
	ask->references++;
	live_channel_send(channel, attempt->id, slice_make((const char *)packet->data, packet->len),
		on_event, attempt);
	/* It is on_event's now, which may have been called already, but frees nothing. */
	attempt = NULL;
}

static void send_to_next(LiveAsk *ask, int64_t now)
{
	ask->server = live_servers_next(ask->shared->servers, ask->server, now);
	send_packet(ask, now);
}

void live_ask_start(LiveAsk *ask, int64_t now)
{
	ask->started = now;
	ask->deadline = now + (int64_t)ask->shared->timeout_ms * 1000;
	send_to_next(ask, now);
}

/* A server that has not failed yet is asked before a failure is believed. */
static bool send_to_another(LiveAsk *ask, int64_t now)
{
	size_t servers = ask->shared->servers->len;

	for (size_t i = 1; i < servers; i++) {
		size_t at = (ask->server + i) % servers;

		if ((ask->failed & UINT64_C(1) << at) != 0 ||
			live_server_is_dead(server_at(ask, at), now))
			continue;
		ask->server = at;
		ask->is_tcp = false;
		send_packet(ask, now);
		return true;
	}
	return false;
}

void live_ask_tick(LiveAsk *ask, int64_t now)
{
	if (ask->is_done || now < live_ask_due(ask))
		return;
	if (now >= ask->deadline) {
		give_up(ask, ask->broken > 0 ? DNS_NETERR : DNS_TIMEOUT, now);
		return;
	}
	if (ask->is_held) {
		send_packet(ask, now);
		return;
	}
	if (!ask->is_tcp)
		live_server_was_silent(server_at(ask, ask->server), now);
	if (ask->failure != NULL && !ask->is_unchecked) {
		if (!send_to_another(ask, now))
			give_up(ask, DNS_TIMEOUT, now);
	} else if (ask->is_tcp && ask->tcp_tries >= TCP_TRIES) {
		ask->retry_at = ask->deadline;
	} else {
		send_to_next(ask, now);
	}
}

int64_t live_ask_due(const LiveAsk *ask)
{
	return MIN(ask->deadline, ask->retry_at);
}

/* A server that cannot be reached. One that only takes no TCP is alive. */
static void handle_refusal(LiveAsk *ask, const Attempt *attempt, int64_t now)
{
	unsigned servers = ask->shared->servers->len;

	if (!attempt->is_tcp)
		live_server_refused(server_at(ask, attempt->server), now);
	ask->refused++;
	if (attempt->is_tcp ? ask->tcp_tries >= TCP_TRIES
			    : ask->refused >= REFUSALS_A_SERVER * servers)
		give_up(ask, DNS_NETERR, now);
	else
		ask->retry_at = now + (servers > 1 ? 0 : REFUSAL_RETRY_MS * 1000);
}

static void handle_broken(LiveAsk *ask, int64_t now)
{
	ask->broken++;
	if (ask->broken >= BROKEN_MAX)
		give_up(ask, DNS_NETERR, now);
	else
		ask->retry_at = now;
}

static DnsOutcome outcome_of(const PacketReply *reply)
{
	return reply->rcode <= OUTCOME_LAST_ASSIGNED ? (DnsOutcome)reply->rcode : DNS_NETERR;
}

/* RFC 6891, 7: a server without EDNS says FORMERR or NOTIMP, and has no OPT in its answer; one of
 * another version says so (BADVERS). */
static bool is_edns_refused(const PacketReply *reply)
{
	bool refuses = reply->rcode == DNS_FORMERR || reply->rcode == DNS_NOTIMP;

	return (refuses && !reply->has_edns) || reply->rcode == 16;
}

static bool is_failure(const PacketReply *reply)
{
	return reply->rcode != DNS_NOERROR && reply->rcode != DNS_NXDOMAIN;
}

static Answer *answer_of_reply(
	const LiveAsk *ask, const Attempt *attempt, PacketReply *reply, int64_t now)
{
	Answer *answer = new_answer(ask, outcome_of(reply), attempt->server, attempt->is_tcp, now);
	bool has_data = false;

	g_ptr_array_unref(answer->rrs);
	answer->rrs = g_steal_pointer(&reply->rrs);
	for (guint i = 0; i < answer->rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(answer->rrs, i);

		has_data |= rr->type == answer->question.type;
	}
	if (!is_failure(reply)) {
		answer->security = reply->authentic ? DNSSEC_AD : DNSSEC_NO;
		answer->soa = has_data ? -1 : reply->soa;
	}
	answer->ede = reply->ede;
	return answer;
}

/* What the same question gives without validation tells a bogus answer from a server in trouble. */
static void ask_unchecked(LiveAsk *ask, const Attempt *attempt, Answer *bogus, int64_t now)
{
	answer_free(ask->failure);
	ask->failure = bogus;
	ask->is_unchecked = true;
	ask->is_tcp = false;
	ask->server = attempt->server;
	send_packet(ask, now);
}

static void handle_unchecked(LiveAsk *ask, const PacketReply *reply, int64_t now)
{
	if (!is_failure(reply))
		ask->failure->security = DNSSEC_BOGUS;
	give_up(ask, outcome_of(reply), now);
}

static void handle_failure(LiveAsk *ask, const Attempt *attempt, PacketReply *reply, int64_t now)
{
	Answer *answer = answer_of_reply(ask, attempt, reply, now);

	g_ptr_array_set_size(answer->rrs, 0);
	if (reply->rcode == DNS_SERVFAIL && packet_ede_is_dnssec(reply->ede)) {
		ask_unchecked(ask, attempt, answer, now);
		return;
	}
	ask->failed |= UINT64_C(1) << attempt->server;
	if (ask->failure == NULL)
		ask->failure = g_steal_pointer(&answer);
	answer_free(answer);
	if (!send_to_another(ask, now))
		give_up(ask, DNS_SERVFAIL, now);
}

static void handle_reply(LiveAsk *ask, const Attempt *attempt, PacketReply *reply, int64_t now)
{
	if (!attempt->is_plain && is_edns_refused(reply)) {
		ask->is_plain = true;
		ask->server = attempt->server;
		ask->tcp_tries = 0;
		send_packet(ask, now);
	} else if (ask->is_unchecked) {
		handle_unchecked(ask, reply, now);
	} else if (is_failure(reply)) {
		handle_failure(ask, attempt, reply, now);
	} else {
		server_at(ask, attempt->server)->is_plain |= ask->is_plain;
		finish(ask, answer_of_reply(ask, attempt, reply, now));
	}
}

static void go_tcp(LiveAsk *ask, const Attempt *attempt, int64_t now)
{
	ask->server = attempt->server;
	ask->is_tcp = true;
	ask->tcp_tries = 0;
	send_packet(ask, now);
}

static void handle_packet(LiveAsk *ask, const Attempt *attempt, GBytes *packet, int64_t now)
{
	g_auto(PacketReply) reply = { .rrs = NULL };

	live_server_spoke(server_at(ask, attempt->server));
	ask->is_heard = true;
	ask->shared->spoke_at = now;
	if (packet_read(slice_of_bytes(packet), ask->question, &reply) != PACKET_OK ||
		(reply.truncated && attempt->is_tcp))
		handle_broken(ask, now);
	else if (!reply.truncated)
		handle_reply(ask, attempt, &reply, now);
	else if (!ask->is_tcp)
		go_tcp(ask, attempt, now);
}

void live_ask_handle(LiveAskEvent *event, int64_t now)
{
	Attempt *attempt = event->attempt;
	LiveAsk *ask = attempt->ask;
	bool is_late = ask->is_done || attempt->is_unchecked != ask->is_unchecked;

	if (!is_late && event->kind == LIVE_EVENT_PACKET)
		handle_packet(ask, attempt, event->packet, now);
	else if (!is_late && event->kind == LIVE_EVENT_NETERR)
		handle_refusal(ask, attempt, now);
	if (event->packet != NULL)
		g_bytes_unref(event->packet);
	g_free(event);
	g_free(attempt);
	live_ask_release(ask);
}
