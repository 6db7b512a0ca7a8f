#include "message/received_client.h"

#include "message/received_token.h"
#include "message/trace_text.h"

#include <string.h>

/* What a comment of the from clause says of the connection. */
typedef struct TcpInfo {
	InetAddr ip;
	Slice name;
	Slice helo; /* "helo=name", of Exim and Ecelerity */
	bool is_bracketed;
	bool has_port;
	bool is_verified;
	bool may_be_forged;
} TcpInfo;

static Slice take_word(Slice *rest)
{
	size_t len = 0;
	Slice word;

	*rest = slice_trim(*rest);
	while (len < rest->len && !trace_is_blank(rest->data[len]))
		len++;
	word = slice_sub(*rest, 0, len);
	*rest = slice_sub(*rest, len, rest->len);
	return word;
}

/* A dotted quad with one more number behind a dot or a colon: the port. */
static Slice without_port(Slice text)
{
	size_t dots = 0;
	guint64 port;

	for (size_t i = 0; i < text.len; i++) {
		dots += text.data[i] == '.';
		if (dots == 4 || (dots == 3 && text.data[i] == ':'))
			return slice_parse_uint(slice_sub(text, i + 1, text.len), 65535, &port)
				       ? slice_sub(text, 0, i)
				       : text;
	}
	return text;
}

bool received_endpoint(Slice text, InetAddr *ret_ip, bool *ret_has_port)
{
	Slice inner = text;
	Slice bare;

	*ret_has_port = false;
	if (inet_addr_parse(text, ret_ip))
		return true;
	if (text.len > 2 && text.data[0] == '[') {
		ssize_t close = slice_find_char(text, ']');

		if (close < 0)
			return false;
		inner = slice_sub(text, 1, (size_t)close - 1);
		if (inet_addr_parse(inner, ret_ip))
			return true;
	}
	bare = without_port(inner);
	*ret_has_port = bare.len < inner.len;
	return *ret_has_port && inet_addr_parse(bare, ret_ip);
}

/* Names that say that there is none. */
static Slice known_name(Slice name)
{
	static const char *const none[] = { "unknown", "softdnserr", "unverified", "may", "not" };
	InetAddr ip;

	if (name.len > 1 && name.data[name.len - 1] == '.')
		name.len--;
	for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
		if (slice_is_nocase(name, none[i]))
			return SLICE_ABSENT;
	if (name.len == 0 || name.data[0] == '[' || inet_addr_parse(name, &ip))
		return SLICE_ABSENT;
	return name;
}

/* Without the "ident@" (RFC 1413) of "(ident@192.0.2.1)" and "(IDENT:ident@name [192.0.2.1])". */
static Slice without_ident(Slice text)
{
	size_t at = text.len;

	while (at > 0 && text.data[at - 1] != '@')
		at--;
	return slice_sub(text, at, text.len);
}

static void read_remarks(Slice rest, TcpInfo *info)
{
	for (Slice word = take_word(&rest); word.len > 0; word = take_word(&rest)) {
		if (slice_is_nocase(word, "verified"))
			info->is_verified = true;
		else if (slice_starts_nocase(word, "helo="))
			info->helo = slice_sub(word, 5, word.len);
		else if (slice_is_nocase(word, "(may"))
			info->may_be_forged = true;
	}
}

static bool read_tcp_info(Slice text, TcpInfo *info)
{
	Slice rest = text;
	Slice word = without_ident(take_word(&rest));
	Slice before = SLICE_ABSENT;

	*info = (TcpInfo) { .is_bracketed = false };
	if (!received_endpoint(word, &info->ip, &info->has_port)) {
		before = word;
		word = take_word(&rest);
		if (word.len == 0 || word.data[0] != '[' ||
			!received_endpoint(word, &info->ip, &info->has_port))
			return false;
	}
	info->is_bracketed = word.len > 0 && word.data[0] == '[';
	if (!info->is_bracketed && slice_trim(rest).len > 0)
		return false;
	info->name = before;
	read_remarks(rest, info);
	return true;
}

bool received_tcp_info(Slice comment, InetAddr *ret_ip, Slice *ret_name)
{
	TcpInfo info;

	if (!read_tcp_info(comment, &info) || !info.is_bracketed)
		return false;
	*ret_ip = info.ip;
	*ret_name = known_name(info.name);
	return true;
}

/* The HELO where a comment tells it: "HELO name", "account user HELO name", "helo=name". */
static bool helo_of_comment(Slice comment, Slice *ret_helo)
{
	static const char *const verbs[] = { "HELO ", "EHLO ", "LHLO ", "helo=" };
	Slice text = slice_trim(comment);
	ssize_t at;

	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (slice_starts_nocase(text, verbs[i])) {
			*ret_helo = slice_trim(slice_sub(text, 5, text.len));
			return true;
		}
		if (slice_is_nocase(text, "HELO") || slice_is_nocase(text, "EHLO")) {
			*ret_helo = slice_sub(text, text.len, 0);
			return true;
		}
	}
	at = slice_find(text, slice_of(" HELO "));
	if (at < 0 || !slice_starts(text, "account "))
		return false;
	*ret_helo = slice_trim(slice_sub(text, (size_t)at + 6, text.len));
	return true;
}

/* All that the from clause says, as found. */
typedef struct FromClause {
	Slice name; /* its first word */
	Slice helo; /* by a comment of its own */
	Slice host; /* a comment that is one host name, of Exim 3 */
	TcpInfo tcp;
	bool has_helo;
	bool has_tcp;
	size_t told_at;
} FromClause;

static void read_comment(FromClause *from, Slice text, size_t index)
{
	TcpInfo info;

	if (helo_of_comment(text, &from->helo)) {
		from->has_helo = true;
	} else if (read_tcp_info(text, &info)) {
		from->tcp = info;
		from->has_tcp = true;
		from->told_at = index + 1;
	} else if (slice_find_char(text, ' ') < 0 && slice_find_char(text, '.') > 0) {
		from->host = text;
	}
}

static void read_from_word(FromClause *from, Slice word, size_t index)
{
	TcpInfo info = { .is_bracketed = true };

	if (word.data[0] != '[' || from->has_tcp ||
		!received_endpoint(word, &info.ip, &info.has_port))
		return;
	from->tcp = info;
	from->has_tcp = true;
	from->told_at = index + 1;
	if (!from->has_helo && from->host.data != NULL) {
		from->helo = from->host;
		from->has_helo = true;
	}
}

static Slice unquote(Slice word)
{
	if (word.len >= 2 && word.data[0] == '"' && word.data[word.len - 1] == '"')
		return slice_sub(word, 1, word.len - 2);
	return word;
}

/* ", claiming to be "name"" of the MTA smtpd. */
static void read_claim(FromClause *from, const GArray *tokens, size_t first, size_t end)
{
	for (size_t i = first; i + 3 < end; i++) {
		const ReceivedToken *token = &g_array_index(tokens, ReceivedToken, i);

		if (slice_is_nocase(token[0].text, "claiming") &&
			slice_is_nocase(token[1].text, "to") &&
			slice_is_nocase(token[2].text, "be")) {
			from->helo = unquote(token[3].text);
			from->has_helo = true;
			return;
		}
	}
}

static FromClause read_from_clause(const GArray *tokens, size_t first, size_t end)
{
	FromClause from = { .told_at = first };

	for (size_t i = first; i < end; i++) {
		const ReceivedToken *token = &g_array_index(tokens, ReceivedToken, i);

		if (token->kind == RECEIVED_COMMENT)
			read_comment(&from, token->text, i);
		else if (token->kind == RECEIVED_WORD && i == first)
			from.name = token->text;
		else if (token->kind == RECEIVED_WORD)
			read_from_word(&from, token->text, i);
	}
	read_claim(&from, tokens, first, end);
	return from;
}

/* "from 192.0.2.1 by …", "from [192.0.2.1] (HELO name) by …". */
static bool name_is_the_address(const FromClause *from, InetAddr *ret_ip)
{
	bool has_port;

	return !from->has_tcp && from->name.len > 0 &&
	       received_endpoint(from->name, ret_ip, &has_port);
}

static void client_of_address(const FromClause *from, ReceivedClient *client)
{
	if (from->has_helo)
		client->helo = from->helo;
	else if (from->name.data[0] == '[')
		client->helo = from->name;
}

/* A HELO told apart: the first word is the looked-up name. */
static void client_with_helo(const FromClause *from, ReceivedClient *client, bool is_exim)
{
	client->helo = from->has_helo ? from->helo : from->tcp.helo;
	client->rdns = known_name(from->tcp.name.data != NULL ? from->tcp.name : from->name);
	client->rdns_verified = is_exim && from->tcp.is_bracketed;
}

/* The first word alone, beside an address. */
static void client_with_name(
	const FromClause *from, ReceivedClient *client, const ReceivedWriter *writer)
{
	bool is_verified = from->tcp.is_bracketed && (writer->is_exim || from->tcp.is_verified);
	bool is_qmail = !from->tcp.is_bracketed && !from->tcp.has_port && !writer->is_microsoft;

	if (!writer->is_smtpd)
		client->helo = from->name;
	if ((is_verified || is_qmail) && slice_find_char(from->name, '.') > 0) {
		client->rdns = known_name(from->name);
		client->rdns_verified = is_verified;
		if (is_qmail && slice_is_nocase(from->name, "unknown"))
			client->helo = SLICE_ABSENT;
	}
}

/* "helo (rdns [192.0.2.1])", as Sendmail, Postfix and Gmail have it. */
static void client_with_rdns(const FromClause *from, ReceivedClient *client)
{
	client->helo = from->name;
	client->rdns = known_name(from->tcp.name);
	client->rdns_verified = client->rdns.data != NULL && !from->tcp.may_be_forged;
}

ReceivedClient received_client(
	const GArray *tokens, size_t first, size_t end, const ReceivedWriter *writer)
{
	FromClause from = read_from_clause(tokens, first, end);
	ReceivedClient client = { .told_at = from.told_at };

	client.ip = from.tcp.ip;
	if (name_is_the_address(&from, &client.ip))
		client_of_address(&from, &client);
	else if (from.has_helo || from.tcp.helo.data != NULL)
		client_with_helo(&from, &client, writer->is_exim);
	else if (from.tcp.name.data != NULL)
		client_with_rdns(&from, &client);
	else if (from.has_tcp)
		client_with_name(&from, &client, writer);
	else
		client.helo = from.name;
	if (writer->has_no_helo)
		client.helo = client.rdns = SLICE_ABSENT;
	if (client.rdns.data == NULL)
		client.rdns_verified = false;
	return client;
}
