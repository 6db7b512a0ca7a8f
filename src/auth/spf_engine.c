#include "auth/spf_engine.h"

#include "auth/spf.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <spf2/spf.h>
#include <string.h>

/* The names by which libspf2 knows the target and the hosts that MX and PTR records name. Those
 * within the target are below it here too, which is what the ptr mechanism compares. */
#define TARGET       "t.spf.invalid"
#define HOST_WITHIN  "h%zu.t.spf.invalid"
#define HOST_OUTSIDE "h%zu.o.spf.invalid"
#define HOST_LETTER  'h'

/* libspf2 numbers of look-ups are switched off: the limits hold over all records (4.6.4), and its
 * own count starts again in each. */
#define NO_LIMIT 1000000

/* Room for the longest record made here: two ip4 networks, or an ip6 network with its prefix. */
#define RECORD_MAX 128

struct SpfEngine {
	SpfAsk ask;
	gpointer data;
	SPF_dns_server_t dns;
	SPF_server_t *server; /* NULL until it is needed */
	SPF_request_t *request;
	Memo *memo;
	const SpfTerm *term;
	InetAddr client;
	bool is_stopped;
};

/* --- the DNS layer */

static const void *rdata_of(
	const SpfValue *value, DnsType type, size_t index, char name[64], size_t *ret_len)
{
	if (type == DNS_A || type == DNS_AAAA) {
		*ret_len = type == DNS_A ? 4 : 16;
		return value->addr.octets;
	}
	g_snprintf(name, 64, value->is_within ? HOST_WITHIN : HOST_OUTSIDE, index);
	*ret_len = strlen(name) + 1;
	return name;
}

static bool add_value(SPF_dns_rr_t *rr, const SpfValue *value, size_t index)
{
	char name[64];
	size_t len = 0;
	const void *rdata = rdata_of(value, (DnsType)rr->rr_type, index, name, &len);

	if (SPF_dns_rr_buf_realloc(rr, (int)index, len) != SPF_E_SUCCESS)
		return false;
	memcpy(rr->rr[index], rdata, len);
	rr->num_rr = (int)index + 1;
	return true;
}

/* libspf2 aborts when it gets NULL for an answer; GLib aborts as well when memory is out. */
static SPF_dns_rr_t *new_answer(
	SPF_dns_server_t *dns, const char *domain, ns_type type, int herrno, const GArray *values)
{
	SPF_dns_rr_t *rr = SPF_dns_rr_new_init(dns, domain, type, 0, herrno);

	if (rr == NULL)
		g_error("out of memory");
	for (guint i = 0; i < values->len; i++)
		if (!add_value(rr, &g_array_index(values, SpfValue, i), i))
			g_error("out of memory");
	return rr;
}

static size_t host_of(const char *domain)
{
	return domain[0] == HOST_LETTER ? (size_t)g_ascii_strtoull(domain + 1, NULL, 10)
					: SPF_TARGET;
}

/* A prefix of no bits takes in every address of its family, if there is one at all; libspf2 takes
 * 0 for "all bits", so that the client stands in for what was found. */
static void widen(const SpfEngine *engine, DnsType type, GArray *values)
{
	int prefix = engine->client.family == 6 ? engine->term->prefix6 : engine->term->prefix4;
	SpfValue client = { engine->client, false };

	if (prefix != 0 || values->len == 0 || (type != DNS_A && type != DNS_AAAA))
		return;
	g_array_set_size(values, 0);
	g_array_append_val(values, client);
}

static SPF_dns_rr_t *look_up(
	SPF_dns_server_t *dns, const char *domain, ns_type type, int should_cache)
{
	SpfEngine *engine = dns->hook;
	g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(SpfValue));

	(void)should_cache;
	if (!engine->is_stopped &&
		!engine->ask(engine->data, host_of(domain), (DnsType)type, values))
		engine->is_stopped = true;
	if (engine->is_stopped) {
		g_array_set_size(values, 0);
		return new_answer(dns, domain, type, TRY_AGAIN, values);
	}
	widen(engine, (DnsType)type, values);
	return new_answer(dns, domain, type, values->len > 0 ? NETDB_SUCCESS : NO_DATA, values);
}

/* --- the record hook */

static void append_prefix(GString *record, const char *slashes, int prefix)
{
	if (prefix > 0)
		g_string_append_printf(record, "%s%d", slashes, prefix);
}

static void append_host(GString *record, const char *name, const SpfTerm *term)
{
	g_string_append_printf(record, "+%s:" TARGET, name);
	append_prefix(record, "/", term->prefix4);
	append_prefix(record, "//", term->prefix6);
}

static void append_network(GString *record, const SpfTerm *term)
{
	bool is_ip6 = term->kind == SPF_TERM_IP6;
	char text[INET_ADDR_TEXT];

	if ((is_ip6 ? term->prefix6 : term->prefix4) == 0) {
		/* libspf2 refuses /0: the two halves. */
		g_string_append(record,
			is_ip6 ? "+ip6:::/1 +ip6:8000::/1" : "+ip4:0.0.0.0/1 +ip4:128.0.0.0/1");
		return;
	}
	g_string_append_printf(
		record, "+%s:%s", is_ip6 ? "ip6" : "ip4", inet_addr_text(&term->network, text));
	append_prefix(record, "/", is_ip6 ? term->prefix6 : term->prefix4);
}

/* Always with "+": a match is libspf2's pass, and what it is worth is our caller's. */
static void append_directive(GString *record, const SpfTerm *term)
{
	switch (term->kind) {
	case SPF_TERM_A:
		append_host(record, "a", term);
		break;
	case SPF_TERM_MX:
		append_host(record, "mx", term);
		break;
	case SPF_TERM_PTR:
		g_string_append(record, "+ptr:" TARGET);
		break;
	case SPF_TERM_EXISTS:
		g_string_append(record, "+exists:" TARGET);
		break;
	case SPF_TERM_IP4:
	case SPF_TERM_IP6:
		append_network(record, term);
		break;
	case SPF_TERM_ALL:
	case SPF_TERM_INCLUDE:
	case SPF_TERM_REDIRECT:
	default:
		g_string_append(record, "+all");
		break;
	}
}

static SPF_errcode_t give_record(SPF_server_t *server, SPF_request_t *request,
	SPF_response_t *response, SPF_record_t **ret_record)
{
	const SpfEngine *engine = server->resolver->hook;
	GString *record = g_string_sized_new(RECORD_MAX);
	SPF_errcode_t error;

	(void)request;
	g_string_append(record, "v=spf1 ");
	append_directive(record, engine->term);
	error = SPF_record_compile(server, response, ret_record, record->str);
	g_string_free(record, TRUE);
	return error;
}

/* --- the engine */

/* What libspf2 has to say besides its result goes to standard output by default. Its handler of
 * errors, which ends the program, must not return; nothing here gives it cause to. */
static void silence(void)
{
	static gsize done = 0;

	if (!g_once_init_enter(&done))
		return;
	SPF_warning_handler = NULL;
	SPF_info_handler = NULL;
	SPF_debug_handler = NULL;
	g_once_init_leave(&done, 1);
}

static void set_client(SPF_request_t *request, const InetAddr *client)
{
	struct in_addr ip4;
	struct in6_addr ip6;

	if (client->family == 6) {
		memcpy(&ip6, client->octets, sizeof ip6);
		SPF_request_set_ipv6(request, ip6);
	} else {
		memcpy(&ip4, client->octets, sizeof ip4);
		SPF_request_set_ipv4(request, ip4);
	}
}

static SPF_request_t *new_request(SPF_server_t *server, const InetAddr *client)
{
	SPF_request_t *request = SPF_request_new(server);

	if (request == NULL)
		g_error("out of memory");
	set_client(request, client);
	SPF_request_set_helo_dom(request, TARGET);
	SPF_request_set_env_from(request, "x@" TARGET);
	request->cur_dom = request->env_from_dp;
	return request;
}

SpfEngine *spf_engine_new(const InetAddr *client, Memo *memo, SpfAsk ask, gpointer data)
{
	SpfEngine *engine = g_new0(SpfEngine, 1);

	engine->ask = ask;
	engine->data = data;
	engine->memo = memo;
	engine->client = *client;
	engine->dns.lookup = look_up;
	engine->dns.get_spf = give_record;
	engine->dns.name = "kantei";
	engine->dns.hook = engine;
	return engine;
}

static void start(SpfEngine *engine)
{
	silence();
	engine->server = SPF_server_new_dns(&engine->dns, 0);
	if (engine->server == NULL)
		g_error("out of memory");
	SPF_server_set_rec_dom(engine->server, "unknown");
	SPF_server_set_max_dns_mech(engine->server, NO_LIMIT);
	engine->request = new_request(engine->server, &engine->client);
}

void spf_engine_free(SpfEngine *engine)
{
	if (engine == NULL)
		return;
	if (engine->server != NULL) {
		SPF_request_free(engine->request);
		SPF_server_free(engine->server);
	}
	g_free(engine);
}

static SpfMatch run_record(SpfEngine *engine, SPF_response_t *response)
{
	SPF_record_t *record = NULL;
	SpfMatch match = SPF_MATCH_BROKEN;

	if (SPF_server_get_record(engine->server, engine->request, response, &record) ==
		SPF_E_SUCCESS) {
		response->spf_record_exp = record;
		SPF_record_interpret(record, engine->request, response, 0);
		if (SPF_response_result(response) == SPF_RESULT_PASS)
			match = SPF_MATCH_YES;
		else if (SPF_response_result(response) == SPF_RESULT_NEUTRAL)
			match = SPF_MATCH_NO;
	}
	if (record != NULL)
		SPF_record_free(record);
	return match;
}

static SpfMatch match_anew(SpfEngine *engine, const SpfTerm *term)
{
	SPF_response_t *response;
	SpfMatch match;

	if (engine->server == NULL)
		start(engine);
	response = SPF_response_new(engine->request);
	if (response == NULL)
		g_error("out of memory");
	engine->term = term;
	engine->is_stopped = false;
	match = run_record(engine, response);
	SPF_response_free(response);
	/* By our own flag, never by libspf2's result, which may look final. */
	return engine->is_stopped ? SPF_MATCH_STOPPED : match;
}

/* All that the match of a term rests on that asks nothing. */
typedef struct SilentTerm {
	SpfTermKind kind;
	int prefix4, prefix6;
	InetAddr network, client;
} SilentTerm;

static void leave(gpointer data)
{
	(void)data;
}

SpfMatch spf_engine_match(SpfEngine *engine, const SpfTerm *term)
{
	static const SpfMatch matches[] = { SPF_MATCH_NO, SPF_MATCH_YES };
	const SilentTerm silent = { term->kind, term->prefix4, term->prefix6, term->network,
		engine->client };
	Slice key = slice_make((const char *)&silent, sizeof silent);
	const SpfMatch *known;
	SpfMatch match;

	if (spf_term_is_lookup(term))
		return match_anew(engine, term);
	known = memo_find(engine->memo, "spf", key);
	if (known != NULL)
		return *known;
	match = match_anew(engine, term);
	if (match == SPF_MATCH_NO || match == SPF_MATCH_YES)
		memo_keep(engine->memo, "spf", key,
			(gpointer)(guintptr)&matches[match == SPF_MATCH_YES], leave);
	return match;
}

char *spf_library(void)
{
	int major = 0;
	int minor = 0;
	int patch = 0;

	SPF_get_lib_version(&major, &minor, &patch);
	return g_strdup_printf("libspf2 %d.%d.%d", major, minor, patch);
}
