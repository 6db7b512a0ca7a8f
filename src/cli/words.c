#include "cli/words.h"

#include <string.h>

#define FILE_ARG      G_OPTION_ARG_FILENAME
#define FILES_ARG     G_OPTION_ARG_FILENAME_ARRAY
#define TEXT_ARG      G_OPTION_ARG_STRING
#define TEXTS_ARG     G_OPTION_ARG_STRING_ARRAY
#define NUMBER_ARG    G_OPTION_ARG_INT
#define FLAG_ARG      G_OPTION_ARG_NONE

#define PLACE(member) offsetof(Words, member)

static const struct {
	const char *name;
	char letter; /* 0: none */
	GOptionArg arg;
	size_t place; /* in Words */
	const char *help;
	const char *value;
} rows[] = {
	{ "evidence", 'e', FILE_ARG, PLACE(evidence),
		"DNS answers come from FILE first; new ones are appended", "FILE" },
	{ "offline", 0, FLAG_ARG, PLACE(offline), "ask no network", NULL },
	{ "resolver", 0, TEXTS_ARG, PLACE(resolvers),
		"DNS server (repeatable; default: the system's)", "ADDR[@PORT]" },
	{ "dns-timeout", 0, G_OPTION_ARG_DOUBLE, PLACE(timeout), "seconds a question may take",
		"SEC" },
	{ "dns-parallel", 0, NUMBER_ARG, PLACE(parallel), "questions outstanding at a time", "N" },
	{ "border", 0, TEXTS_ARG, PLACE(borders), "our own MX host or network (repeatable)",
		"NAME|NET" },
	{ "authserv-id", 0, TEXTS_ARG, PLACE(authserv_ids),
		"the name our hosts sign results with (repeatable); -f authres: the first signs",
		"ID" },
	{ "client-ip", 0, TEXT_ARG, PLACE(client_ip),
		"the client's address, for messages that do not carry it", "ADDR" },
	{ "helo", 0, TEXT_ARG, PLACE(helo), "the client's HELO name", "NAME" },
	{ "mail-from", 0, TEXT_ARG, PLACE(mail_from), "the envelope sender, <> for none", "ADDR" },
	{ "ca-file", 0, FILES_ARG, PLACE(ca_files),
		"trusted roots in PEM (repeatable; default: the system's)", "FILE" },
	{ "ca-path", 0, FILES_ARG, PLACE(ca_paths), "folder of trusted roots", "DIR" },
	{ "crl-file", 0, FILES_ARG, PLACE(crl_files), "revocation lists in PEM", "FILE" },
	{ "psl", 0, FILE_ARG, PLACE(suffix_list), "public suffix list (default: libpsl's own)",
		"FILE" },
	{ "at", 0, TEXT_ARG, PLACE(at),
		"moment that certificates and x= are judged by: received, now, or a time", "TIME" },
	{ "now", 0, TEXT_ARG, PLACE(now), "the clock (RFC 3339)", "TIME" },
	{ "horizon", 0, NUMBER_ARG, PLACE(horizon),
		"days after reception within which evidence may say no (30)", "DAYS" },
	{ "dmarc", 0, TEXT_ARG, PLACE(dmarc), "rules that count: 9989, 7489, or period", "RULE" },
	{ "by", 0, FILE_ARG /* in any locale */, PLACE(by),
		"count by message, sender, domain, list or a column of the roster", "UNIT" },
	{ "roster", 0, FILE_ARG, PLACE(roster),
		"who was expected to write (CSV); others do not count", "FILE" },
	{ "cross", 0, FILES_ARG /* in any locale */, PLACE(cross),
		"a cross table by a column of the roster (repeatable); survey: COLUMN=CLASS,…",
		"COLUMN" },
	{ "unit-rule", 0, TEXT_ARG, PLACE(unit_rule),
		"a unit of several messages counts as all, any or the latest of them do", "RULE" },
	{ "records", 0, TEXT_ARG, PLACE(records),
		"survey: count records that are set, or those that are valid", "WHICH" },
	{ "basis", 0, TEXT_ARG, PLACE(basis), "count recomputed or recorded results", "WHICH" },
	{ "format", 'f', TEXT_ARG, PLACE(format),
		"text, jsonl, html, csv, csv-tables, sqlite, authres or arf; evidence: jsonl, "
		"zone, "
		"cof, json, dig",
		"FORMAT" },
	{ "bom", 0, FLAG_ARG, PLACE(bom), "csv: begin with a byte order mark, for Excel", NULL },
	{ "output", 'o', FILE_ARG, PLACE(output), "write to FILE", "FILE" },
	{ "list", 'l', FLAG_ARG, PLACE(list), "a line for every message (default on a terminal)",
		NULL },
	{ "lang", 0, TEXT_ARG, PLACE(lang), "ja or en (default: the locale's)", "LANG" },
	{ "marks", 0, TEXT_ARG, PLACE(marks), "oxdash, ascii, words or double", "STYLE" },
	{ "color", 0, TEXT_ARG, PLACE(color), "auto, always or never", "WHEN" },
	{ "kind", 0, TEXT_ARG, PLACE(kind), "auto, mbox, maildir, eml, emlx or folder", "KIND" },
	{ "checklist", 0, FLAG_ARG, PLACE(checklist),
		"what is asked of bulk senders, message by message, in place of the tables", NULL },
	{ "redact", 0, FLAG_ARG, PLACE(redact),
		"mask recipients, local parts, subjects and text, for passing on", NULL },
	{ "redact-key", 0, FILE_ARG, PLACE(redact_key),
		"likewise, with masks that only who has this key can make", "FILE" },
	{ "attached", 0, FLAG_ARG, PLACE(attached),
		"messages that are attached to others are messages of their own, too", NULL },
	{ "headers-only", 0, FLAG_ARG, PLACE(headers_only),
		"of the messages only the header is there: nothing is said of bodies", NULL },
	{ "shard", 0, TEXT_ARG, PLACE(shard), "the I-th of N even parts of the mail, by octets",
		"I/N" },
	{ "resume", 0, FLAG_ARG, PLACE(resume),
		"go on with the report of -o FILE: what it holds is not analysed again", NULL },
	{ "verify-input", 0, FLAG_ARG, PLACE(verify_input),
		"--resume: read and hash all mail that is recorded", NULL },
	{ "message", 0, TEXT_ARG, PLACE(message),
		"explain, export, -f authres, -f arf: the N-th message only", "N[:PART]" },
	{ "message-id", 0, TEXT_ARG, PLACE(message_id),
		"likewise, and export: messages with this Message-ID only", "ID" },
	{ "jobs", 'j', NUMBER_ARG, PLACE(jobs),
		"processes that evaluate (default: one for each processor)", "N" },
	{ "progress", 0, TEXT_ARG, PLACE(progress), "auto, always or never", "WHEN" },
	{ "dump", 0, FILE_ARG, PLACE(dump),
		"explain: write what DKIM signatures are verified by hand with (-: into the "
		"account)",
		"DIR" },
	{ "where", 0, FILES_ARG /* in any locale */, PLACE(where),
		"export: messages of which all this holds, as spf=x,dkim=o (repeatable)", "WHAT" },
	{ "form", 0, TEXT_ARG, PLACE(form), "export: octets as received or as stored", "FORM" },
	{ "as", 0, TEXT_ARG, PLACE(as), "export: eml files or an mbox", "KIND" },
	{ "quiet", 'q', FLAG_ARG, PLACE(quiet), "no remarks on standard error", NULL },
	{ "name", 0, TEXTS_ARG, PLACE(names),
		"evidence: names at or below NAME, or like a pattern with * (repeatable)", "NAME" },
	{ "type", 0, TEXTS_ARG, PLACE(types), "evidence: answers of this type (repeatable)",
		"TYPE" },
	{ "since", 0, TEXT_ARG, PLACE(since), "evidence: taken then or later", "TIME" },
	{ "until", 0, TEXT_ARG, PLACE(until), "evidence: taken then or earlier", "TIME" },
	{ "status", 0, TEXTS_ARG, PLACE(statuses),
		"evidence: NOERROR, NODATA, NXDOMAIN, SERVFAIL, TIMEOUT … (repeatable)", "WORD" },
	{ "taken", 0, TEXT_ARG, PLACE(taken), "evidence import: when what has no date was asked",
		"TIME" },
	{ "origin", 0, TEXT_ARG, PLACE(origin),
		"evidence import: what names of a zone file are relative to", "NAME" },
	{ "config", 0, FILE_ARG, PLACE(config),
		"the configuration (default: kantei/config where the user's stand)", "FILE" },
	{ "no-config", 0, FLAG_ARG, PLACE(no_config), "without the configuration", NULL },
	{ "exit-code", 0, FLAG_ARG, PLACE(exit_code), "diff: status 3 where the runs differ",
		NULL },
	{ "version", 0, FLAG_ARG, PLACE(version), "versions of kantei and its libraries", NULL },
	{ G_OPTION_REMAINING, 0, FILES_ARG, PLACE(rest), NULL, NULL },
};

/* The size of what GOption fills for such an option. */
static size_t size_of(GOptionArg arg)
{
	switch (arg) {
	case G_OPTION_ARG_NONE:
	case G_OPTION_ARG_INT:
		return sizeof(gint);
	case G_OPTION_ARG_DOUBLE:
	case G_OPTION_ARG_INT64:
		return sizeof(gint64);
	case G_OPTION_ARG_STRING:
	case G_OPTION_ARG_FILENAME:
	case G_OPTION_ARG_STRING_ARRAY:
	case G_OPTION_ARG_FILENAME_ARRAY:
	case G_OPTION_ARG_CALLBACK:
		return sizeof(gpointer);
	}
	g_assert_not_reached();
}

/* No option was given that the command would not obey. before is words as it was before. */
static bool check_options(
	Command command, const Words *words, const Words *before, GError **reterr_error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (strcmp(rows[i].name, G_OPTION_REMAINING) == 0 ||
			command_takes(command, rows[i].name) ||
			memcmp((const char *)words + rows[i].place,
				(const char *)before + rows[i].place, size_of(rows[i].arg)) == 0)
			continue;
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
			"'kantei%s%s' does not take --%s",
			command == COMMAND_SURVEY_MAIL ? "" : " ", command_word(command),
			rows[i].name);
		return false;
	}
	return true;
}

static bool letter_takes_value(char letter)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (rows[i].letter == letter)
			return letter != 0 && rows[i].arg != FLAG_ARG;
	return false;
}

static bool is_letter_with_value(const char *word)
{
	return word[0] == '-' && letter_takes_value(word[1]) && word[2] != '\0';
}

/* What follows the word belongs to it. */
static bool awaits_value(const char *word)
{
	if (word[0] == '-' && letter_takes_value(word[1]) && word[2] == '\0')
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_has_prefix(word, "--") && strcmp(word + 2, rows[i].name) == 0)
			return rows[i].arg != FLAG_ARG;
	return false;
}

char **words_split(int argc, char *const *argv)
{
	GPtrArray *line = g_ptr_array_new();
	bool is_value = false;
	bool is_over = false; /* behind "--" there are no options */

	for (int i = 0; i < argc; i++) {
		const char *word = argv[i];
		bool is_option = i > 0 && !is_value && !is_over;

		if (is_option && is_letter_with_value(word)) {
			g_ptr_array_add(line, g_strndup(word, 2));
			word += 2;
		}
		g_ptr_array_add(line, g_strdup(word));
		is_over = is_over || (is_option && strcmp(argv[i], "--") == 0);
		is_value = is_option && !is_over && awaits_value(argv[i]);
	}
	g_ptr_array_add(line, NULL);
	return (char **)g_ptr_array_free(line, FALSE);
}

bool words_read(Words *words, Command command, int argc, char **argv, GError **reterr_error)
{
	GOptionEntry entries[G_N_ELEMENTS(rows) + 1] = { 0 };
	const Words before = *words;
	g_autoptr(GOptionContext) context =
		g_option_context_new("MAILBOX… | explain MAILBOX… | table RESULTS… | diff A B | "
				     "export -o DIR MAILBOX… | survey SENDERS | "
				     "evidence list|merge|export|import FILE…");

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		entries[i] = (GOptionEntry) { rows[i].name, rows[i].letter, 0, rows[i].arg,
			G_STRUCT_MEMBER_P(words, rows[i].place), rows[i].help, rows[i].value };
	g_option_context_set_summary(context,
		"kantei reads received mail, evaluates SPF, DKIM, DMARC and S/MIME again from the\n"
		"stored octets, and counts the messages by pattern. kantei(1) is the manual.");
	g_option_context_add_main_entries(context, entries, NULL);
	return g_option_context_parse(context, &argc, &argv, reterr_error) &&
	       check_options(command, words, &before, reterr_error);
}

bool words_add(Words *words, const char *name, char *const *values)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		gpointer place = G_STRUCT_MEMBER_P(words, rows[i].place);
		bool is_list = rows[i].arg == FILES_ARG || rows[i].arg == TEXTS_ARG;

		if (strcmp(rows[i].name, name) != 0)
			continue;
		if (!is_list && values[1] != NULL)
			return false;
		if (is_list && *(char ***)place == NULL)
			*(char ***)place = g_strdupv((char **)(guintptr)values);
		else if (!is_list && *(char **)place == NULL)
			*(char **)place = g_strdup(values[0]);
	}
	return true;
}

bool words_refuse(GError **reterr_error, const char *option, const char *word)
{
	g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		"--%s does not take '%s'", option, word);
	return false;
}

void words_clear(Words *words)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		gpointer place = G_STRUCT_MEMBER_P(words, rows[i].place);

		if (rows[i].arg == FILE_ARG || rows[i].arg == TEXT_ARG)
			g_clear_pointer((char **)place, g_free);
		else if (rows[i].arg == FILES_ARG || rows[i].arg == TEXTS_ARG)
			g_clear_pointer((char ***)place, g_strfreev);
	}
}
