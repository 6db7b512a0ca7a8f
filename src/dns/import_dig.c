#include "dns/import.h"

#include "base/text_time.h"
#include "dns/evidence_text.h"
#include "dns/name.h"
#include "dns/packet.h"
#include "dns/zone_reader.h"

#include <string.h>

/* One answer as far as it was read. */
typedef struct Reply {
	uint64_t line; /* of its first line; 0: none has begun */
	const char *problem;
	bool is_other; /* a question of a type or class that is never asked */
	bool is_truncated, is_authentic;
	Answer *answer; /* NULL until the question is read */
	DnsOutcome outcome;
	int64_t counted; /* records of the answer section by the header, or -1 */
	int64_t records; /* that are there */
	int ede;
	int64_t soa;
	int64_t at;
	uint32_t ms;
	char *via;
	GPtrArray *rrs;
} Reply;

typedef struct DigImport {
	Import *import;
	Slice rest;
	uint64_t line; /* of the line last taken */
	bool is_stray; /* the lines belong to no answer, and that was said */
	Reply reply;
} DigImport;

static void reply_begin(Reply *reply, uint64_t line)
{
	*reply = (Reply) { .line = line,
		.counted = -1,
		.ede = -1,
		.soa = -1,
		.at = TIME_UNKNOWN,
		.rrs = g_ptr_array_new_with_free_func((GDestroyNotify)rr_free) };
}

static void reply_clear(Reply *reply)
{
	answer_free(reply->answer);
	g_free(reply->via);
	g_clear_pointer(&reply->rrs, g_ptr_array_unref);
	*reply = (Reply) { .line = 0 };
}

static void say(DigImport *dig, uint64_t line, const char *text)
{
	dig->import->problem(dig->import->user, line, text);
}

static bool skip(Slice *text, const char *prefix)
{
	if (!slice_starts(*text, prefix))
		return false;
	*text = slice_sub(*text, strlen(prefix), text->len);
	return true;
}

static Slice take_word(Slice *rest)
{
	size_t len = 0;
	Slice word;

	while (rest->len > 0 && (rest->data[0] == ' ' || rest->data[0] == '\t'))
		*rest = slice_sub(*rest, 1, rest->len);
	while (len < rest->len && rest->data[len] != ' ' && rest->data[len] != '\t')
		len++;
	word = slice_sub(*rest, 0, len);
	*rest = slice_sub(*rest, len, rest->len);
	return word;
}

/* The response codes that dig has names for beyond those of dns_outcome_word(). */
static bool parse_status(Slice word, DnsOutcome *ret_outcome)
{
	static const struct {
		const char *word;
		unsigned code;
	} more[] = { { "YXDOMAIN", 6 }, { "YXRRSET", 7 }, { "NXRRSET", 8 }, { "NOTAUTH", 9 },
		{ "NOTZONE", 10 }, { "BADVERS", 16 }, { "BADCOOKIE", 23 } };

	for (size_t i = 0; i < G_N_ELEMENTS(more); i++) {
		if (slice_is(word, more[i].word)) {
			*ret_outcome = (DnsOutcome)more[i].code;
			return true;
		}
	}
	return !slice_is(word, "TIMEOUT") && !slice_is(word, "NETERR") &&
	       dns_outcome_parse(word, ret_outcome);
}

/* ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4242" */
static void read_header(DigImport *dig, Slice rest)
{
	Reply *reply = &dig->reply;

	if (!skip(&rest, " opcode: QUERY, status: "))
		reply->problem = "left out: this is no answer to a query";
	else if (!parse_status(slice_take_until(&rest, ','), &reply->outcome))
		reply->problem = "left out: its status is not known";
}

/* ";; flags: qr rd ra ad; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1" */
static void read_flags(DigImport *dig, Slice rest)
{
	Slice flags = slice_take_until(&rest, ';');
	guint64 number;

	while (flags.len > 0) {
		Slice flag = slice_take_until(&flags, ' ');

		dig->reply.is_authentic |= slice_is(flag, "ad");
		dig->reply.is_truncated |= slice_is(flag, "tc");
	}
	slice_take_until(&rest, ',');
	if (skip(&rest, " ANSWER: ") &&
		slice_parse_uint(slice_take_until(&rest, ','), UINT16_MAX, &number))
		dig->reply.counted = (int64_t)number;
}

/* "; EDE: 6 (DNSSEC Bogus)"; of several one that tells of DNSSEC, or the first. */
static void read_ede(DigImport *dig, Slice rest)
{
	Reply *reply = &dig->reply;
	guint64 code;

	if (!slice_parse_uint(take_word(&rest), UINT16_MAX, &code))
		return;
	if (reply->ede < 0 ||
		(packet_ede_is_dnssec((int)code) && !packet_ede_is_dnssec(reply->ede)))
		reply->ede = (int)code;
}

/* ";example.com.			IN	TXT" */
static void read_question(DigImport *dig, Slice rest)
{
	g_autofree char *name = dns_name_from_text(take_word(&rest));
	Slice class = take_word(&rest);
	DnsType type;

	if (dig->reply.answer != NULL)
		return;
	if (name == NULL)
		dig->reply.problem = "left out: its question is no name";
	else if (slice_is(class, "IN") && dns_type_parse(take_word(&rest), &type))
		dig->reply.answer = answer_new(name, type);
	else
		dig->reply.is_other = true;
}

/* ";; WHEN: Tue Nov 24 02:15:00 UTC 2026", by the clock of whoever asked. */
static void read_when(DigImport *dig, Slice rest)
{
	Slice words = rest;
	Slice zone = SLICE_ABSENT;
	int64_t at;

	for (int i = 0; i < 5; i++)
		zone = take_word(&words);
	if (text_time_is_zone(zone) && text_time_parse_asctime(rest, &at))
		dig->reply.at = at;
}

/* ";; SERVER: 192.0.2.53#53(192.0.2.53) (UDP)" as "192.0.2.53@53/udp"; old ones do not say how. */
static void read_server(DigImport *dig, Slice rest)
{
	Slice server = take_word(&rest);
	Slice how = slice_trim(rest);
	Slice host = slice_take_until(&server, '#');
	Slice port = slice_take_until(&server, '(');
	InetAddr addr;
	char text[INET_ADDR_TEXT];
	guint64 number;

	if (!inet_addr_parse(host, &addr) || !slice_parse_uint(port, UINT16_MAX, &number))
		return;
	g_free(dig->reply.via);
	dig->reply.via = g_strdup_printf("%s@%u%s", inet_addr_text(&addr, text), (unsigned)number,
		slice_is(how, "(UDP)")   ? "/udp"
		: slice_is(how, "(TCP)") ? "/tcp"
					 : "");
}

/* ";; Query time: 4 msec", or usec with -u. */
static void read_time(DigImport *dig, Slice rest)
{
	guint64 number;

	if (slice_parse_uint(take_word(&rest), UINT32_MAX, &number))
		dig->reply.ms =
			(uint32_t)(slice_is(slice_trim(rest), "usec") ? number / 1000 : number);
}

/* The lines of a section, up to the next that is dig's own. */
static Slice take_section(DigImport *dig)
{
	Slice all = dig->rest;

	while (dig->rest.len > 0 && !slice_starts(dig->rest, ";;") &&
		!slice_starts(dig->rest, "; <<>>")) {
		slice_take_line(&dig->rest);
		dig->line++;
	}
	return slice_sub(all, 0, slice_offset(all, dig->rest));
}

/* The negative TTL (RFC 2308, 5): the smaller of the SOA's own and its last field. */
static int64_t negative_ttl(const Rr *rr)
{
	const char *minimum = strrchr(rr->presentation, ' ');
	guint64 number;

	if (minimum == NULL || !slice_parse_uint(slice_of(minimum + 1), UINT32_MAX, &number))
		return -1;
	return MIN((int64_t)rr->ttl, (int64_t)number);
}

/* Takes rr over. */
static void take_record(DigImport *dig, bool is_answer, Rr *rr)
{
	Reply *reply = &dig->reply;

	if (is_answer) {
		g_ptr_array_add(reply->rrs, rr);
		return;
	}
	if (rr->type == DNS_SOA)
		reply->soa = negative_ttl(rr);
	rr_free(rr);
}

static void read_section(DigImport *dig, bool is_answer)
{
	uint64_t first = dig->line + 1;
	g_autoptr(ZoneReader) reader = zone_reader_new(take_section(dig), first, "");
	ZoneItem item;
	ZoneStep step;

	while ((step = zone_reader_next(reader, &item)) != ZONE_END) {
		dig->reply.records += is_answer;
		if (step == ZONE_RECORD)
			take_record(dig, is_answer, item.rr);
		else if (step == ZONE_OTHER)
			dig->import->passed_over++;
		else if (is_answer)
			dig->reply.problem = "left out: a record of it cannot be read";
	}
}

/* What is wrong with it as a whole; NULL: nothing. */
static const char *reply_problem(const Reply *reply)
{
	if (reply->problem != NULL)
		return reply->problem;
	if (reply->answer == NULL)
		return "left out: it does not say what was asked";
	if (reply->is_truncated)
		return "left out: it is truncated";
	if (reply->counted >= 0 && reply->counted != reply->records)
		return "left out: it has not as many records as its header says";
	return reply->rrs->len > GROUP_RECORDS ? "left out: it has too many records" : NULL;
}

static DnsSecurity security_of(const Reply *reply)
{
	if (answer_is_usable(reply->answer))
		return reply->is_authentic ? DNSSEC_AD : DNSSEC_NO;
	return reply->ede >= 0 && packet_ede_is_dnssec(reply->ede) ? DNSSEC_BOGUS : DNSSEC_UNKNOWN;
}

static void keep_reply(DigImport *dig)
{
	Reply *reply = &dig->reply;
	Answer *answer = reply->answer;

	answer->outcome = reply->outcome;
	answer->at = reply->at != TIME_UNKNOWN ? reply->at : dig->import->taken;
	answer->ms = reply->ms;
	answer->via = g_steal_pointer(&reply->via);
	answer->security = security_of(reply);
	answer->ede = reply->ede;
	g_ptr_array_unref(answer->rrs);
	answer->rrs = g_steal_pointer(&reply->rrs);
	if (answer_is_usable(answer) && answer_count(answer) == 0)
		answer->soa = reply->soa;
	if (answer->at != TIME_UNKNOWN)
		evidence_set_add(dig->import->set, answer);
	else if (dig->import->undated++ == 0)
		dig->import->undated_line = reply->line;
}

static void end_reply(DigImport *dig)
{
	Reply *reply = &dig->reply;
	const char *problem;

	if (reply->line == 0)
		return;
	problem = reply_problem(reply);
	if (reply->is_other)
		dig->import->passed_over++;
	else if (problem != NULL)
		say(dig, reply->line, problem);
	else
		keep_reply(dig);
	reply_clear(reply);
}

static void read_answer(DigImport *dig, Slice rest)
{
	(void)rest;
	read_section(dig, true);
}

static void read_authority(DigImport *dig, Slice rest)
{
	(void)rest;
	read_section(dig, false);
}

static void pass_additional(DigImport *dig, Slice rest)
{
	(void)rest;
	take_section(dig);
}

static Slice take_line(DigImport *dig)
{
	dig->line++;
	return slice_chop_eol(slice_take_line(&dig->rest));
}

static void read_questions(DigImport *dig, Slice rest)
{
	(void)rest;
	if (slice_starts(dig->rest, ";") && !slice_starts(dig->rest, ";;")) {
		Slice line = take_line(dig);

		read_question(dig, slice_sub(line, 1, line.len));
	}
}

static void end_with_line(DigImport *dig, Slice rest)
{
	(void)rest;
	end_reply(dig);
}

static void begin_with_line(DigImport *dig, Slice rest)
{
	end_reply(dig);
	dig->is_stray = false;
	reply_begin(&dig->reply, dig->line);
	read_header(dig, rest);
}

static void say_no_answer(DigImport *dig, Slice rest)
{
	(void)rest;
	say(dig, dig->line, "no answer came, and dig does not say here to what question");
}

/* The lines that mean something, by what they begin with: in an answer only, or anywhere. */
static const struct {
	const char *prefix;
	bool is_anywhere;
	void (*read)(DigImport *dig, Slice rest);
} lines[] = { { ";; ->>HEADER<<-", true, begin_with_line }, { "; <<>> DiG", true, end_with_line },
	{ ";; no servers could be reached", true, say_no_answer },
	{ ";; connection timed out; no servers", true, say_no_answer },
	{ ";; flags: ", false, read_flags }, { "; EDE: ", false, read_ede },
	{ ";; QUESTION SECTION:", false, read_questions },
	{ ";; ANSWER SECTION:", false, read_answer },
	{ ";; AUTHORITY SECTION:", false, read_authority },
	{ ";; ADDITIONAL SECTION:", false, pass_additional },
	{ ";; Query time: ", false, read_time }, { ";; SERVER: ", false, read_server },
	{ ";; WHEN: ", false, read_when }, { ";; MSG SIZE", false, end_with_line } };

static void read_line(DigImport *dig)
{
	Slice line = take_line(dig);

	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		if ((lines[i].is_anywhere || dig->reply.line != 0) &&
			skip(&line, lines[i].prefix)) {
			lines[i].read(dig, line);
			return;
		}
	}
	if (dig->reply.line == 0 && slice_trim(line).len > 0 && line.data[0] != ';' &&
		!dig->is_stray) {
		say(dig, dig->line,
			"passed over: this is in no answer of dig; records alone are read with -f "
			"zone");
		dig->is_stray = true;
	}
}

void import_dig(Import *import, Slice text)
{
	DigImport dig = { .import = import, .rest = text };

	while (dig.rest.len > 0)
		read_line(&dig);
	end_reply(&dig);
}
