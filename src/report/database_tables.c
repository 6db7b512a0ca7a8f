#include "report/database_tables.h"

static const DatabaseColumn runs[] = {
	{ "schema", "INTEGER", "schema" },
	{ "kantei", "TEXT", "kantei" },
	{ "now", "TEXT", "now" },
	{ "options", "TEXT", "options" },
	{ "libraries", "TEXT", "libraries" },
	{ "trust_sha256", "TEXT", "trust.sha256" },
	{ "trust_roots", "INTEGER", "trust.roots" },
	{ "suffix_list", "TEXT", "suffix_list" },
	/* Of the summary. */
	{ "messages", "INTEGER", "messages" },
	{ "problems", "INTEGER", "problems" },
	{ "interrupted", "INTEGER", "interrupted" },
	{ "evidence", "TEXT", "evidence" },
};

static const DatabaseColumn messages[] = {
	{ "path", "TEXT", "source.path" },
	{ "position", "INTEGER", "source.index" },
	{ "offset", "INTEGER", "source.offset" },
	{ "length", "INTEGER", "source.length" },
	{ "sha256", "TEXT", "source.sha256" },
	{ "kind", "TEXT", "source.kind" },
	{ "from_line", "TEXT", "source.from_line" },
	{ "store_time", "TEXT", "source.store_time" },
	{ "flags", "TEXT", "source.flags" },
	{ "expunged", "INTEGER", "source.expunged" },
	{ "unquoted", "TEXT", "source.unquoted" },
	{ "from_addresses", "TEXT", "message.from" },
	{ "author", "TEXT", "message.author" },
	{ "author_domain", "TEXT", "message.author_domain" },
	{ "subject", "TEXT", "message.subject" },
	{ "message_id", "TEXT", "message.message_id" },
	{ "date", "TEXT", "message.date" },
	{ "received", "TEXT", "message.received" },
	{ "list_id", "TEXT", "message.list_id" },
	{ "client_ip", "TEXT", "envelope.client_ip" },
	{ "helo", "TEXT", "envelope.helo" },
	{ "mail_from", "TEXT", "envelope.mail_from" },
	{ "envelope_rule", "TEXT", "envelope.rule" },
	{ "mail_from_rule", "TEXT", "envelope.mail_from_rule" },
	{ "in_doubt", "INTEGER", "envelope.in_doubt" },
	{ "smime", "TEXT", "marks.smime" },
	{ "spf", "TEXT", "marks.spf" },
	{ "dkim", "TEXT", "marks.dkim" },
	{ "dmarc", "TEXT", "marks.dmarc" },
	{ "smime_result", "TEXT", "smime.result" },
	{ "smime_reason", "TEXT", "smime.reason" },
	{ "smime_final", "INTEGER", "smime.final" },
	{ "smime_form", "TEXT", "smime.form" },
	{ "spf_result", "TEXT", "spf.result" },
	{ "spf_reason", "TEXT", "spf.reason" },
	{ "spf_final", "INTEGER", "spf.final" },
	{ "spf_domain", "TEXT", "spf.domain" },
	{ "spf_record", "TEXT", "spf.record" },
	{ "spf_term", "TEXT", "spf.term" },
	{ "spf_lookups", "INTEGER", "spf.lookups" },
	{ "dkim_result", "TEXT", "dkim.result" },
	{ "dkim_reason", "TEXT", "dkim.reason" },
	{ "dkim_final", "INTEGER", "dkim.final" },
	{ "dmarc_result", "TEXT", "dmarc.result" },
	{ "dmarc_reason", "TEXT", "dmarc.reason" },
	{ "dmarc_final", "INTEGER", "dmarc.final" },
	{ "dmarc_domain", "TEXT", "dmarc.domain" },
	{ "dmarc_policy", "TEXT", "dmarc.policy" },
	{ "dmarc_bestguess", "INTEGER", "dmarc.bestguess" },
	{ "dmarc_rule", "TEXT", "dmarc.rule" },
	{ "dmarc_9989", "TEXT", "dmarc.rfc9989.result" },
	{ "dmarc_7489", "TEXT", "dmarc.rfc7489.result" },
	{ "arc_result", "TEXT", "arc.result" },
	{ "recorded_by", "TEXT", "recorded.by" },
	{ "recorded_smime", "TEXT", "recorded.smime" },
	{ "recorded_spf", "TEXT", "recorded.spf" },
	{ "recorded_dkim", "TEXT", "recorded.dkim" },
	{ "recorded_dmarc", "TEXT", "recorded.dmarc" },
	{ "recorded_compauth", "TEXT", "recorded.compauth" },
};

static const DatabaseColumn signatures[] = {
	{ "domain", "TEXT", "domain" },
	{ "selector", "TEXT", "selector" },
	{ "identity", "TEXT", "identity" },
	{ "algorithm", "TEXT", "algorithm" },
	{ "canonicalization", "TEXT", "canonicalization" },
	{ "key_bits", "INTEGER", "key_bits" },
	{ "b", "TEXT", "b" },
	{ "result", "TEXT", "result" },
	{ "reason", "TEXT", "reason" },
	{ "final", "INTEGER", "final" },
	{ "body_hash", "TEXT", "body_hash" },
	{ "header_signature", "TEXT", "header_signature" },
	{ "key", "TEXT", "key" },
	{ "key_name", "TEXT", "key_name" },
	{ "key_security", "TEXT", "key_security" },
	{ "testing", "INTEGER", "testing" },
	{ "signed_at", "TEXT", "signed_at" },
	{ "expires", "TEXT", "expires" },
	{ "expired", "INTEGER", "expired" },
	{ "google", "INTEGER", "google" },
	{ "body_length", "INTEGER", "coverage.body_length" },
	{ "body_signed", "INTEGER", "coverage.body_signed" },
	{ "signed_fields", "TEXT", "coverage.signed_fields" },
	{ "unsigned_fields", "TEXT", "coverage.unsigned_fields" },
};

static const DatabaseColumn signers[] = {
	{ "subject", "TEXT", "subject" },
	{ "issuer", "TEXT", "issuer" },
	{ "serial", "TEXT", "serial" },
	{ "fingerprint", "TEXT", "fingerprint" },
	{ "not_before", "TEXT", "not_before" },
	{ "not_after", "TEXT", "not_after" },
	{ "emails", "TEXT", "emails" },
	{ "matched", "TEXT", "matched" },
	{ "result", "TEXT", "result" },
	{ "reason", "TEXT", "reason" },
	{ "final", "INTEGER", "final" },
	{ "digest", "TEXT", "digest" },
	{ "signature", "TEXT", "signature" },
	{ "chain_at_reception", "TEXT", "at_reception.chain" },
	{ "signing_time", "TEXT", "at_signing.time" },
	{ "digest_algorithm", "TEXT", "digest_algorithm" },
	{ "key_algorithm", "TEXT", "key_algorithm" },
	{ "key_bits", "INTEGER", "key_bits" },
	{ "weak", "INTEGER", "weak" },
	{ "policy_class", "TEXT", "policy_class" },
};

static const DatabaseColumn hops[] = {
	{ "is_ours", "INTEGER", "is_ours" },
	{ "is_boundary", "INTEGER", "is_boundary" },
	{ "ip", "TEXT", "ip" },
	{ "helo", "TEXT", "helo" },
	{ "rdns", "TEXT", "rdns" },
	{ "rdns_verified", "INTEGER", "rdns_verified" },
	{ "by_host", "TEXT", "by" },
	{ "with_protocol", "TEXT", "with" },
	{ "id", "TEXT", "id" },
	{ "for_address", "TEXT", "for" },
	{ "tls", "INTEGER", "tls" },
	{ "authenticated", "INTEGER", "authenticated" },
	{ "date", "TEXT", "date" },
};

static const DatabaseColumn findings[] = {
	{ "code", "TEXT", "code" },
	{ "severity", "TEXT", "severity" },
	{ "text", "TEXT", "text" },
	{ "detail", "TEXT", "detail" },
	{ "offset", "INTEGER", "where.offset" },
	{ "length", "INTEGER", "where.length" },
};

static const DatabaseColumn differences[] = {
	{ "method", "TEXT", "method" },
	{ "recorded", "TEXT", "recorded" },
	{ "recomputed", "TEXT", "recomputed" },
	{ "cause", "TEXT", "cause" },
};

/* A member of the checklist, and its name with it. */
static const DatabaseColumn checks[] = {
	{ "item", "TEXT", "item" },
	{ "mark", "TEXT", "mark" },
	{ "reason", "TEXT", "reason" },
	{ "text", "TEXT", "text" },
};

static const DatabaseColumn answers[] = {
	{ "name", "TEXT", "name" },
	{ "type", "TEXT", "type" },
	{ "outcome", "TEXT", "outcome" },
	{ "records", "INTEGER", "records" },
	{ "at", "TEXT", "at" },
	{ "security", "TEXT", "security" },
	{ "digest", "TEXT", "digest" },
};

static const DatabaseColumn message_answers[] = {
	{ "methods", "TEXT", "methods" },
};

#define ID       "id INTEGER PRIMARY KEY"
#define OF_RUN   "id INTEGER PRIMARY KEY, run INTEGER REFERENCES runs"
#define OF_LIST  "message INTEGER NOT NULL REFERENCES messages, number INTEGER NOT NULL"
#define LIST_KEY ", PRIMARY KEY (message, number)) WITHOUT ROWID"
#define OF_ANSWER \
	"message INTEGER NOT NULL REFERENCES messages, answer INTEGER NOT NULL REFERENCES answers"
#define ROWS(columns) columns, G_N_ELEMENTS(columns)

static const DatabaseRows tables[DATABASE_TABLES] = {
	[DATABASE_RUNS] = { "runs", ID, ")", NULL, ROWS(runs) },
	[DATABASE_MESSAGES] = { "messages", OF_RUN, ")", NULL, ROWS(messages) },
	[DATABASE_SIGNATURES] = { "signatures", OF_LIST, LIST_KEY, "dkim.signatures",
		ROWS(signatures) },
	[DATABASE_SIGNERS] = { "signers", OF_LIST, LIST_KEY, "smime.signers", ROWS(signers) },
	[DATABASE_HOPS] = { "hops", OF_LIST, LIST_KEY, "hops", ROWS(hops) },
	[DATABASE_FINDINGS] = { "findings", OF_LIST, LIST_KEY, "findings", ROWS(findings) },
	[DATABASE_DIFFERENCES] = { "differences", OF_LIST, LIST_KEY, "differences",
		ROWS(differences) },
	[DATABASE_CHECKS] = { "checks", OF_LIST, LIST_KEY, NULL, ROWS(checks) },
	[DATABASE_ANSWERS] = { "answers", ID, ")", NULL, ROWS(answers) },
	[DATABASE_MESSAGE_ANSWERS] = { "message_answers", OF_ANSWER, ")", NULL,
		ROWS(message_answers) },
};

const DatabaseRows *database_rows(DatabaseTable table)
{
	return &tables[table];
}

/* Shares as the tables have them: in tenths of a percent, half up; rows in their order. */
#define SHARE "(2000 * count(*) + total) / (2 * total) / 10.0 AS share"
#define ROW_ORDER \
	"ORDER BY count DESC, instr('yesnounknown', smime), instr('yesnounknown', spf), " \
	"instr('yesnounknown', dkim), instr('yesnounknown', dmarc)"
/* A unit has yes where all of it has, and no where one of it has. */
#define UNIT_MARK(method) \
	"CASE WHEN max(" method " = 'no') THEN 'no' WHEN max(" method \
	" = 'unknown') THEN 'unknown' ELSE 'yes' END AS " method

#define UNIT_MARKS \
	UNIT_MARK("smime") ", " UNIT_MARK("spf") ", " UNIT_MARK("dkim") ", " UNIT_MARK("dmarc")
#define TABLE1 \
	"CREATE VIEW table1 AS SELECT smime, spf, dkim, dmarc, count(*) AS count, " SHARE \
	" FROM messages, (SELECT count(*) AS total FROM messages)" \
	" GROUP BY smime, spf, dkim, dmarc " ROW_ORDER ";"
#define SENDERS \
	"CREATE VIEW senders AS SELECT author, count(*) AS messages, " UNIT_MARKS \
	" FROM messages GROUP BY author, CASE WHEN author IS NULL THEN id END;"
#define TABLE1_BY_SENDER \
	"CREATE VIEW table1_by_sender AS SELECT smime, spf, dkim, dmarc, count(*) AS " \
	"count, " SHARE " FROM senders, (SELECT count(*) AS total FROM senders)" \
	" GROUP BY smime, spf, dkim, dmarc " ROW_ORDER ";"
#define CHECKLIST \
	"CREATE VIEW checklist AS SELECT item, sum(mark = 'yes') AS yes, sum(mark = 'no') AS no, " \
	"sum(mark = 'unknown') AS unknown FROM checks GROUP BY number, item ORDER BY number;"

const char database_views[] = TABLE1 SENDERS TABLE1_BY_SENDER CHECKLIST
	"CREATE INDEX messages_by_author ON messages (author);"
	"CREATE INDEX messages_by_domain ON messages (author_domain);"
	"CREATE INDEX messages_by_id ON messages (message_id);"
	"CREATE INDEX messages_by_marks ON messages (smime, spf, dkim, dmarc);"
	"CREATE INDEX messages_by_received ON messages (received);"
	"CREATE INDEX messages_by_sha256 ON messages (sha256);"
	"CREATE INDEX signatures_by_key ON signatures (domain, selector);"
	"CREATE INDEX hops_by_ip ON hops (ip);"
	"CREATE INDEX findings_by_code ON findings (code);"
	"CREATE INDEX checks_by_item ON checks (item, mark);"
	"CREATE INDEX message_answers_by_message ON message_answers (message);"
	"CREATE INDEX message_answers_by_answer ON message_answers (answer);";
