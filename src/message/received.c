#include "message/received.h"

#include "base/text_time.h"
#include "message/received_client.h"
#include "message/received_token.h"
#include "message/trace_text.h"

#include <string.h>

/* The clauses of RFC 5321, 4.4, and of RFC 8314, 7.4. */
typedef enum ClauseKind {
	CLAUSE_FROM,
	CLAUSE_BY,
	CLAUSE_VIA,
	CLAUSE_WITH,
	CLAUSE_ID,
	CLAUSE_FOR,
	CLAUSE_TLS,
} ClauseKind;

#define CLAUSES 7

typedef struct Clause {
	bool is_there;
	size_t first; /* tokens [first, end) stand behind its keyword */
	size_t end;
	Slice value; /* the first of them where it is a word */
} Clause;

typedef struct Line {
	GArray *tokens;
	Clause clauses[CLAUSES];
} Line;

static const ReceivedToken *line_token(const Line *line, size_t index)
{
	return &g_array_index(line->tokens, ReceivedToken, index);
}

static bool is_word(const Line *line, size_t index)
{
	return index < line->tokens->len && line_token(line, index)->kind == RECEIVED_WORD;
}

static int keyword(const Line *line, size_t index)
{
	static const char *const words[CLAUSES] = { "from", "by", "via", "with", "id", "for",
		"tls" };

	if (!is_word(line, index))
		return -1;
	for (int i = 0; i < CLAUSES; i++)
		if (slice_is_nocase(line_token(line, index)->text, words[i]))
			return line->clauses[i].is_there ? -1 : i;
	return -1;
}

/* The word behind a keyword is its value even where it looks like a keyword (a HELO of "by"), save
 * where the clause is plainly empty: "with id 123". */
static bool is_value(const Line *line, size_t index, ClauseKind kind)
{
	int next = keyword(line, index);

	if (next < 0)
		return is_word(line, index);
	if (kind == CLAUSE_FROM && next != CLAUSE_BY)
		return true;
	return !is_word(line, index + 1);
}

static Slice without_commas(Slice text)
{
	while (text.len > 0 && text.data[text.len - 1] == ',')
		text.len--;
	return text;
}

/* Splits the tokens at the keywords; the first clause of a kind is the one that counts. */
static void find_clauses(Line *line)
{
	Clause *open = NULL;

	for (size_t i = 0; i < line->tokens->len; i++) {
		int kind = keyword(line, i);

		if (kind < 0) {
			if (line_token(line, i)->kind == RECEIVED_SEMICOLON)
				open = NULL;
			if (open != NULL)
				open->end = i + 1;
			continue;
		}
		open = &line->clauses[kind];
		*open = (Clause) { .is_there = true, .first = i + 1, .end = i + 1 };
		if (is_value(line, i + 1, (ClauseKind)kind)) {
			i++;
			open->end = i + 1;
			open->value = without_commas(line_token(line, i)->text);
		}
	}
}

/* All words of the with clause, without the comments: "Microsoft SMTP Server". */
static char *protocol(const Line *line)
{
	const Clause *with = &line->clauses[CLAUSE_WITH];
	g_autoptr(GString) words = g_string_new(NULL);

	for (size_t i = with->first; i < with->end; i++) {
		if (!is_word(line, i))
			continue;
		if (words->len > 0)
			g_string_append_c(words, ' ');
		g_string_append_len(words, line_token(line, i)->text.data,
			(gssize)line_token(line, i)->text.len);
	}
	if (words->len > 0)
		return trace_text(slice_make(words->str, words->len));
	return trace_text(line->clauses[CLAUSE_VIA].value);
}

/* SMTP, ESMTPSA, UTF8LMTPS … (RFC 3848, RFC 6531, and ASMTP of old Exim): the letters behind. */
static bool protocol_suffix(const char *with, const char **ret_suffix)
{
	static const char *const names[] = { "UTF8SMTP", "UTF8LMTP", "ESMTP", "ASMTP", "LMTP",
		"SMTP" };

	for (size_t i = 0; with != NULL && i < G_N_ELEMENTS(names); i++) {
		size_t len = strlen(names[i]);

		if (g_ascii_strncasecmp(with, names[i], len) == 0 &&
			strspn(with + len, "asAS") == strcspn(with + len, " ,")) {
			*ret_suffix = with + len;
			return true;
		}
	}
	return false;
}

static bool protocol_is_any(const char *with, const char *const *names, size_t count)
{
	for (size_t i = 0; with != NULL && i < count; i++)
		if (slice_starts_nocase(slice_of(with), names[i]))
			return true;
	return false;
}

/* Submission by a web page is as authenticated as its session. */
static bool is_http(const Line *line, const char *with)
{
	static const char *const names[] = { "HTTP" };

	for (size_t i = 0; i < line->tokens->len; i++)
		if (line_token(line, i)->kind == RECEIVED_COMMENT &&
			slice_is_nocase(line_token(line, i)->text, "via HTTP"))
			return true;
	return protocol_is_any(with, names, G_N_ELEMENTS(names));
}

static bool comment_is_tls(Slice text)
{
	static const char *const starts[] = { "using TLS", "using SSL", "TLS", "version=TLS",
		"version=SSL", "SSL" };

	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++)
		if (slice_starts_nocase(text, starts[i]))
			return true;
	return trace_has_nocase(text, "cipher=") || trace_has_nocase(text, "cipher ") ||
	       trace_has_nocase(text, "ssl: ") || trace_has_nocase(text, " encrypted");
}

static bool comment_is_authentication(Slice text)
{
	static const char *const starts[] = { "Authenticated sender", "authenticated",
		"AUTH: ", "auth=", "account ", "smtp-auth" };

	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++)
		if (slice_starts_nocase(text, starts[i]))
			return true;
	return trace_has_nocase(text, " authenticated user ");
}

/* Only what stands behind the address is the writer's own words. */
static void read_comments(const Line *line, size_t from, Hop *hop)
{
	for (size_t i = from; i < line->tokens->len; i++) {
		Slice text = slice_trim(line_token(line, i)->text);

		if (line_token(line, i)->kind != RECEIVED_COMMENT)
			continue;
		hop->is_tls = hop->is_tls || comment_is_tls(text);
		hop->is_authenticated = hop->is_authenticated || comment_is_authentication(text);
	}
}

static void read_protocol(const Line *line, Hop *hop)
{
	const char *suffix = "";

	if (protocol_suffix(hop->with, &suffix)) {
		size_t len = strcspn(suffix, " ,");

		hop->is_tls = memchr(suffix, 'S', len) != NULL || memchr(suffix, 's', len) != NULL;
		hop->is_authenticated = memchr(suffix, 'A', len) != NULL ||
					memchr(suffix, 'a', len) != NULL ||
					g_ascii_strncasecmp(hop->with, "ASMTP", 5) == 0;
	}
	hop->is_tls = hop->is_tls || line->clauses[CLAUSE_TLS].is_there;
	hop->is_authenticated =
		hop->is_authenticated || is_http(line, hop->with) ||
		(hop->with != NULL && g_ascii_strcasecmp(hop->with, "SUBMISSION") == 0);
}

/* GMX' mail.gmx.net (mp…) takes mail from its own customers only. */
static bool is_gmx_submission(const Line *line, const Hop *hop)
{
	const Clause *by = &line->clauses[CLAUSE_BY];

	return hop->by != NULL && strcmp(hop->by, "mail.gmx.net") == 0 && by->first + 1 < by->end &&
	       slice_starts(line_token(line, by->first + 1)->text, "mp");
}

/* Yahoo's "by mta1.example.comwith SMTP": the blank is missing. */
static Slice split_glued_with(Line *line)
{
	Clause *by = &line->clauses[CLAUSE_BY];
	Slice host = by->value;
	const char *suffix;
	g_autofree char *next = NULL;

	if (host.len <= 4 || line->clauses[CLAUSE_WITH].is_there ||
		!slice_is_nocase(slice_sub(host, host.len - 4, 4), "with") ||
		!is_word(line, by->first + 1))
		return host;
	next = trace_text(line_token(line, by->first + 1)->text);
	if (!protocol_suffix(next, &suffix) && !slice_starts_nocase(slice_of(next), "HTTP"))
		return host;
	line->clauses[CLAUSE_WITH] =
		(Clause) { .is_there = true, .first = by->first + 1, .end = by->end };
	return slice_sub(host, 0, host.len - 4);
}

static void read_by(Line *line, Hop *hop)
{
	Slice host = split_glued_with(line);
	const Clause *by = &line->clauses[CLAUSE_BY];
	bool has_port;
	Slice name;

	hop->by = trace_text(host);
	if (received_endpoint(host, &hop->by_ip, &has_port))
		return;
	hop->by_ip = (InetAddr) { .family = 0 };
	for (size_t i = by->first; i < by->end; i++) {
		const ReceivedToken *token = line_token(line, i);

		if (token->kind != RECEIVED_COMMENT)
			continue;
		/* "(6.7.0.18)" is some writers' version, an address only Microsoft's. */
		if (received_tcp_info(token->text, &hop->by_ip, &name) ||
			(hop->with != NULL && g_str_has_prefix(hop->with, "Microsoft") &&
				inet_addr_parse(slice_trim(token->text), &hop->by_ip)) ||
			(slice_find_char(token->text, ':') >= 0 &&
				inet_addr_parse(slice_trim(token->text), &hop->by_ip)))
			return;
	}
	hop->by_ip = (InetAddr) { .family = 0 };
}

/* Without the angle brackets, however many. */
static Slice path_text(Slice text)
{
	while (text.len >= 2 && text.data[0] == '<' && text.data[text.len - 1] == '>')
		text = slice_sub(text, 1, text.len - 2);
	return text;
}

static ReceivedWriter writer_of(const Line *line, const char *with)
{
	ReceivedWriter writer = { .has_no_helo = is_http(line, with) };

	if (with != NULL && strcmp(with, "ECSTREAM") == 0)
		writer.has_no_helo = true;
	writer.is_microsoft = with != NULL && slice_starts_nocase(slice_of(with), "Microsoft");
	writer.is_smtpd = !line->clauses[CLAUSE_WITH].is_there &&
			  slice_is(line->clauses[CLAUSE_VIA].value, "SMTP") &&
			  slice_starts(line->clauses[CLAUSE_ID].value, "smtpd");
	for (size_t i = 0; i < line->tokens->len; i++)
		if (line_token(line, i)->kind == RECEIVED_COMMENT &&
			slice_starts(line_token(line, i)->text, "Exim "))
			writer.is_exim = true;
	return writer;
}

/* Programs that hand a message over without SMTP. */
static bool protocol_is_local(const char *with)
{
	static const char *const names[] = { "local", "IMAP", "POP3", "mapi", "LMTP", "UTF8LMTP",
		"spool", "spam-scanned", "scanned-ok", "qmail-scanner", "SpamAssassin", "NNFMP",
		"ctyme-spam-scanned", "ECSTREAM" };

	return protocol_is_any(with, names, G_N_ELEMENTS(names));
}

/* "from mail pickup service", "from Spooler": names of programs where no address is given. */
static bool client_is_program(const Line *line)
{
	static const char *const names[] = { "spooler", "mailer", "mail", "amavis", "localhost" };
	const Clause *from = &line->clauses[CLAUSE_FROM];

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (slice_is_nocase(from->value, names[i]))
			return true;
	return false;
}

/* A bare "(qmail 123 invoked by uid 225)", "(Postfix, from userid 8008)". */
static bool is_invoked(const Line *line)
{
	for (size_t i = 0; i < line->tokens->len; i++) {
		Slice text = line_token(line, i)->text;

		if (line_token(line, i)->kind != RECEIVED_COMMENT)
			continue;
		if (trace_has_nocase(text, "from userid ") || trace_has_nocase(text, "invoked by "))
			return true;
	}
	return false;
}

static bool is_local(const Line *line, const Hop *hop)
{
	if (!line->clauses[CLAUSE_FROM].is_there)
		return true;
	if (protocol_is_local(hop->with))
		return true;
	return hop->ip.family == 0 && (client_is_program(line) || is_invoked(line));
}

static void read_client(const Line *line, Hop *hop)
{
	const Clause *from = &line->clauses[CLAUSE_FROM];
	ReceivedWriter writer = writer_of(line, hop->with);
	ReceivedClient client = { .told_at = 0 };

	if (from->is_there)
		client = received_client(line->tokens, from->first, from->end, &writer);
	hop->helo = trace_text(client.helo);
	hop->rdns = trace_text(client.rdns);
	hop->rdns_verified = client.rdns_verified;
	hop->ip = client.ip;
	read_comments(line, client.told_at, hop);
}

Hop *received_parse(Slice value)
{
	Hop *hop = g_new0(Hop, 1);
	g_autoptr(GArray) tokens = received_tokens(value, &hop->is_cut);
	Line line = { .tokens = tokens };

	hop->date = TIME_UNKNOWN;
	text_time_parse_rfc5322(slice_trim(received_date_part(value)), &hop->date);
	find_clauses(&line);
	hop->with = protocol(&line);
	read_by(&line, hop);
	if (hop->with == NULL)
		hop->with = protocol(&line);
	hop->id = trace_text(path_text(line.clauses[CLAUSE_ID].value));
	hop->for_address = trace_text(path_text(line.clauses[CLAUSE_FOR].value));
	read_protocol(&line, hop);
	read_client(&line, hop);
	hop->is_authenticated = hop->is_authenticated || is_gmx_submission(&line, hop);
	hop->is_local = is_local(&line, hop);
	return hop;
}

void hop_free(Hop *hop)
{
	if (hop == NULL)
		return;
	g_free(hop->helo);
	g_free(hop->rdns);
	g_free(hop->by);
	g_free(hop->with);
	g_free(hop->id);
	g_free(hop->for_address);
	g_free(hop);
}
