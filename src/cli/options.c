#include "cli/options.h"

#include "analysis/redact.h"
#include "base/domain_name.h"
#include "base/part_number.h"
#include "base/printable.h"
#include "base/text_time.h"
#include "cli/config.h"
#include "cli/words.h"
#include "dns/name.h"
#include "mailbox/shard.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

#define HORIZON_DAYS 30
#define JOBS_MAX     1024

/* -1 where it is none of them. */
static int word_index(const char *word, const char *const *words, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return -1;
}

static void note(Options *options, const char *name, const char *value)
{
	g_ptr_array_add(options->summary, g_strdup_printf("%s=%s", name, value));
}

static void note_all(Options *options, const char *name, char *const *values)
{
	for (; values != NULL && *values != NULL; values++)
		note(options, name, *values);
}

static bool take_borders(Options *options, char *const *borders, GError **reterr_error)
{
	for (; borders != NULL && *borders != NULL; borders++) {
		Slice word = slice_of(*borders);
		BorderNet net = { .is_outside = slice_starts(word, "!") };
		char *name;

		if (inet_net_parse(slice_sub(word, net.is_outside, word.len), &net.net)) {
			g_array_append_val(options->boundary->border_nets, net);
			continue;
		}
		name = domain_name_new(
			slice_starts(word, ".") ? slice_sub(word, 1, word.len) : word);
		if (name == NULL)
			return words_refuse(reterr_error, "border", *borders);
		if (slice_starts(word, ".")) {
			char *below = g_strconcat(".", name, NULL);

			g_free(name);
			name = below;
		}
		g_ptr_array_add(options->boundary->border_hosts, name);
	}
	return true;
}

static bool take_envelope(Options *options, const Words *words, GError **reterr_error)
{
	BoundaryOptions *boundary = options->boundary;

	if (words->client_ip != NULL &&
		!inet_addr_parse(slice_of(words->client_ip), &boundary->client_ip))
		return words_refuse(reterr_error, "client-ip", words->client_ip);
	boundary->helo = g_strdup(words->helo);
	if (words->mail_from != NULL) {
		Slice path = slice_trim(slice_of(words->mail_from));

		if (slice_starts(path, "<") && path.data[path.len - 1] == '>')
			path = slice_sub(path, 1, path.len - 2);
		boundary->mail_from = slice_dup(path);
	}
	for (char **id = words->authserv_ids; id != NULL && *id != NULL; id++)
		g_ptr_array_add(boundary->authserv_ids, slice_dup_lower(slice_of(*id)));
	note_all(options, "border", words->borders);
	note_all(options, "authserv-id", words->authserv_ids);
	if (words->client_ip != NULL)
		note(options, "client-ip", words->client_ip);
	if (words->helo != NULL)
		note(options, "helo", words->helo);
	if (words->mail_from != NULL)
		note(options, "mail-from", words->mail_from);
	return take_borders(options, words->borders, reterr_error);
}

static bool take_clocks(Options *options, const Words *words, GError **reterr_error)
{
	const char *at = words->at != NULL ? words->at : "received";

	if (words->now != NULL && !text_time_parse_rfc3339(slice_of(words->now), &options->now))
		return words_refuse(reterr_error, "now", words->now);
	if (strcmp(at, "now") == 0)
		options->at =
			options->now != TIME_UNKNOWN ? options->now : g_get_real_time() / 1000;
	else if (strcmp(at, "received") != 0 &&
		 !text_time_parse_rfc3339(slice_of(at), &options->at))
		return words_refuse(reterr_error, "at", at);
	if (words->horizon < 0)
		return words_refuse(reterr_error, "horizon", "a negative number");
	options->horizon_ms = words->horizon * TEXT_TIME_DAY;
	if (options->at != TIME_UNKNOWN) {
		g_autofree char *text = text_time_rfc3339(options->at);

		note(options, "at", text);
	} else {
		note(options, "at", "received");
	}
	g_ptr_array_add(options->summary, g_strdup_printf("horizon=%d", words->horizon));
	return true;
}

static bool take_dmarc(Options *options, const Words *words, GError **reterr_error)
{
	static const char *const rules[] = { "9989", "7489", "period" };
	const char *word = words->dmarc != NULL ? words->dmarc : rules[0];

	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (strcmp(word, rules[i]) == 0) {
			options->dmarc_rule = (DmarcRule)i;
			note(options, "dmarc", word);
			return true;
		}
	}
	return words_refuse(reterr_error, "dmarc", word);
}

/* What is no unit is a column of the roster. */
static bool take_unit(Options *options, Words *words, GError **reterr_error)
{
	if (words->cross != NULL && words->roster == NULL && options->command != COMMAND_SURVEY) {
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--cross COLUMN goes with --roster FILE");
		return false;
	}
	options->roster = g_steal_pointer(&words->roster);
	options->crosses = g_steal_pointer(&words->cross);
	if (words->by == NULL)
		return true;
	if (options->command != COMMAND_SURVEY && table_unit_parse(words->by, &options->unit))
		return true;
	if (options->roster == NULL && options->command != COMMAND_SURVEY)
		return words_refuse(reterr_error, "by", words->by);
	options->unit = UNIT_COLUMN;
	options->column = g_strdup(words->by);
	return true;
}

static bool take_counting(Options *options, Words *words, GError **reterr_error)
{
	if (!take_unit(options, words, reterr_error))
		return false;
	if (words->unit_rule != NULL && !unit_rule_parse(words->unit_rule, &options->rule))
		return words_refuse(reterr_error, "unit-rule", words->unit_rule);
	if (words->basis != NULL && !table_basis_parse(words->basis, &options->basis))
		return words_refuse(reterr_error, "basis", words->basis);
	if (words->records != NULL && !record_rule_parse(words->records, &options->records))
		return words_refuse(reterr_error, "records", words->records);
	if (options->command == COMMAND_SURVEY && options->rule == RULE_LATEST)
		return words_refuse(reterr_error, "unit-rule", words->unit_rule);
	options->is_unit_given = words->by != NULL;
	options->is_rule_given = words->unit_rule != NULL;
	options->is_basis_given = words->basis != NULL;
	note(options, "by",
		options->column != NULL ? options->column : table_unit_word(options->unit));
	note(options, "unit-rule", unit_rule_word(options->rule));
	note(options, "basis", table_basis_word(options->basis));
	return true;
}

static bool take_format(Options *options, const Words *words, GError **reterr_error)
{
	const char *format = words->format;

	if (format == NULL && options->command == COMMAND_EVIDENCE_IMPORT) {
		g_set_error_literal(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"-f zone, cof, json or dig says what is imported");
		return false;
	}
	if (format == NULL)
		format = options->command == COMMAND_EVIDENCE_EXPORT ? "evidence" : "text";
	if (!format_parse(format, &options->format) ||
		!format_suits(options->format, options->command))
		return words_refuse(reterr_error, "format", format);
	if (words->bom && options->format != FORMAT_CSV && options->format != FORMAT_CSV_TABLES) {
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--bom goes with -f csv and -f csv-tables");
		return false;
	}
	if (options->format == FORMAT_SQLITE && words->output == NULL) {
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"-f sqlite needs -o FILE");
		return false;
	}
	options->style.bom = words->bom;
	options->style.now = options->now;
	if (options->boundary->authserv_ids->len > 0)
		options->style.authserv_id = g_ptr_array_index(options->boundary->authserv_ids, 0);
	return true;
}

static bool take_paths(Options *options, const Words *words, GError **reterr_error)
{
	options->output = g_strdup(words->output);
	if (words->kind != NULL && !mailbox_kind_parse(words->kind, &options->kind))
		return words_refuse(reterr_error, "kind", words->kind);
	return true;
}

static bool take_evidence(Options *options, const Words *words, GError **reterr_error)
{
	options->filter = answer_filter_new(words, reterr_error);
	if (options->filter == NULL)
		return false;
	if (words->taken != NULL &&
		!text_time_parse_rfc3339(slice_of(words->taken), &options->taken))
		return words_refuse(reterr_error, "taken", words->taken);
	if (words->origin != NULL) {
		options->origin = dns_name_from_text(slice_of(words->origin));
		if (options->origin == NULL)
			return words_refuse(reterr_error, "origin", words->origin);
	}
	return true;
}

static bool is_terminal(const Options *options)
{
	return options->output == NULL && isatty(STDOUT_FILENO) == 1;
}

static bool take_color(Options *options, const char *word, GError **reterr_error)
{
	const char *none = g_getenv("NO_COLOR");

	if (word == NULL || strcmp(word, "auto") == 0)
		options->style.color = is_terminal(options) && (none == NULL || *none == '\0');
	else if (strcmp(word, "always") == 0)
		options->style.color = true;
	else if (strcmp(word, "never") != 0)
		return words_refuse(reterr_error, "color", word);
	return true;
}

/* The language by the locale, where its character set can show it; marks likewise. */
static bool take_style(Options *options, const Words *words, GError **reterr_error)
{
	bool is_utf8;

	setlocale(LC_CTYPE, "");
	is_utf8 = g_get_charset(NULL);
	if (is_utf8 && g_str_has_prefix(g_get_language_names()[0], "ja"))
		options->style.lang = LANG_JA;
	if (words->lang != NULL && !lang_parse(words->lang, &options->style.lang))
		return words_refuse(reterr_error, "lang", words->lang);
	options->style.marks =
		is_utf8 || options->style.lang == LANG_JA ? MARKS_OXDASH : MARKS_ASCII;
	if (words->marks != NULL && !style_marks_parse(words->marks, &options->style.marks))
		return words_refuse(reterr_error, "marks", words->marks);
	options->style.lines =
		words->list || (is_terminal(options) && options->command == COMMAND_SURVEY_MAIL);
	options->style.extent = format_extent(options->format, options->command);
	return take_color(options, words->color, reterr_error);
}

static bool take_dns(Options *options, const Words *words, GError **reterr_error)
{
	options->evidence = g_strdup(words->evidence);
	options->offline = words->offline;
	options->live.resolvers = g_ptr_array_new_with_free_func(g_free);
	for (char **resolver = words->resolvers; resolver != NULL && *resolver != NULL; resolver++)
		g_ptr_array_add(options->live.resolvers, g_strdup(*resolver));
	if (words->timeout < 0 || words->timeout > 3600)
		return words_refuse(
			reterr_error, "dns-timeout", "less than 0 or more than an hour");
	if (words->parallel < 0 || words->parallel > 30000)
		return words_refuse(reterr_error, "dns-parallel", "less than 1 or more than 30000");
	options->live.timeout_ms = (unsigned)(words->timeout * 1000);
	options->live.parallel = (unsigned)words->parallel;
	return true;
}

static bool take_jobs(Options *options, const Words *words, GError **reterr_error)
{
	if (words->jobs < 0 || words->jobs > JOBS_MAX)
		return words_refuse(reterr_error, "jobs", "less than 1 or more than 1024");
	options->jobs = words->jobs > 0 ? (unsigned)words->jobs : g_get_num_processors();
	if (words->progress != NULL && !progress_mode_parse(words->progress, &options->progress))
		return words_refuse(reterr_error, "progress", words->progress);
	if (options->quiet)
		options->progress = PROGRESS_NEVER;
	return true;
}

/* "3", or "3:2.1" for what is attached to it there. */
static bool take_message(Options *options, const char *word, GError **reterr_error)
{
	Slice rest = slice_of(word != NULL ? word : "");
	Slice number = slice_take_until(&rest, ':');
	bool has_part = word != NULL && number.len < strlen(word);
	guint64 message = 0;

	if (word == NULL)
		return true;
	if (!slice_parse_uint(number, G_MAXINT64, &message) || message == 0 ||
		(has_part && !part_number_is_valid(rest.data)))
		return words_refuse(reterr_error, "message", word);
	if (has_part && !options->takes_attached) {
		g_set_error_literal(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--message N:PART goes with --attached");
		return false;
	}
	options->message = message;
	options->part = has_part ? slice_dup(rest) : NULL;
	/* What is attached to it is chosen with it. */
	options->style.is_single = has_part || !options->takes_attached;
	return true;
}

static bool take_choice(Options *options, const Words *words, GError **reterr_error)
{
	bool is_given = words->message != NULL || words->message_id != NULL;

	bool is_taken = options->command == COMMAND_EXPLAIN || options->command == COMMAND_EXPORT ||
			options->format == FORMAT_AUTHRES || options->format == FORMAT_ARF;

	if (is_given && !is_taken) {
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--message N (from 1) and --message-id ID go with 'kantei explain', "
			"-f authres and -f arf");
		return false;
	}
	if (!take_message(options, words->message, reterr_error))
		return false;
	if (words->message_id != NULL) {
		Slice id = slice_trim(slice_of(words->message_id));

		if (slice_starts(id, "<") && id.data[id.len - 1] == '>')
			id = slice_sub(id, 1, id.len - 2);
		options->message_id = slice_dup(id);
	}
	return true;
}

static bool take_checklist(Options *options, const Words *words, GError **reterr_error)
{
	static const Format formats[] = { FORMAT_TEXT, FORMAT_JSONL, FORMAT_CSV, FORMAT_CSV_TABLES,
		FORMAT_HTML };
	bool is_shown = false;

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		is_shown |= options->format == formats[i];
	if (words->checklist && !is_shown) {
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--checklist goes with -f text, jsonl, csv, csv-tables and html");
		return false;
	}
	options->style.checklist = words->checklist;
	return true;
}

/* As long as a guess is hopeless. */
#define REDACT_KEY_LEAST 16

static bool read_redact_key(const char *path, GString *key, GError **reterr_error)
{
	g_autofree char *text = NULL;
	gsize len = 0;

	if (!g_file_get_contents(path, &text, &len, reterr_error))
		return false;
	if (len < REDACT_KEY_LEAST) {
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--redact-key: %s has fewer than %d octets", path, REDACT_KEY_LEAST);
		return false;
	}
	g_string_append_len(key, text, (gssize)len);
	return true;
}

/* What holds the message itself, or is made of who is expected, cannot be masked. */
static const char *redact_problem(const Options *options, const Words *words)
{
	if (options->format == FORMAT_ARF)
		return "--redact does not go with -f arf, which holds the message itself";
	if (words->dump != NULL)
		return "--redact does not go with --dump, which holds the message itself";
	if (options->roster != NULL)
		return "--redact does not go with --roster, which names addresses";
	return NULL;
}

/* --mail-from is one of the things that are masked. */
static void hide_options(Options *options)
{
	for (guint i = 0; i < options->summary->len; i++) {
		char *text = g_ptr_array_index(options->summary, i);

		if (!g_str_has_prefix(text, "mail-from=") && !g_str_has_prefix(text, "helo="))
			continue;
		g_ptr_array_index(options->summary, i) =
			g_strdup_printf("%.*s=" REDACTED, (int)strcspn(text, "="), text);
		g_free(text);
	}
	g_ptr_array_set_size(options->command_line, 1);
	g_ptr_array_add(options->command_line, g_strdup(REDACTED));
}

static bool take_redaction(Options *options, const Words *words, GError **reterr_error)
{
	g_autoptr(GString) key = g_string_new(NULL);
	const char *problem;

	if (!words->redact && words->redact_key == NULL)
		return true;
	problem = redact_problem(options, words);
	if (problem != NULL) {
		g_set_error_literal(
			reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, problem);
		return false;
	}
	if (words->redact_key != NULL && !read_redact_key(words->redact_key, key, reterr_error))
		return false;
	options->redactor = redactor_new(slice_make(key->str, key->len));
	options->style.redactor = options->redactor;
	note(options, "redact", words->redact_key != NULL ? "key" : "yes");
	hide_options(options);
	return true;
}

static bool take_dump(Options *options, const Words *words, GError **reterr_error)
{
	bool is_inline = g_strcmp0(words->dump, "-") == 0;

	if (words->dump != NULL && options->command != COMMAND_EXPLAIN) {
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--dump DIR goes with 'kantei explain'");
		return false;
	}
	if (is_inline && options->format != FORMAT_TEXT) {
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--dump - goes with -f text; --dump DIR with every format");
		return false;
	}
	options->dump = g_strdup(words->dump);
	options->style.dump = options->dump;
	return true;
}

static bool take_where(Options *options, char *const *where, GError **reterr_error)
{
	for (; where != NULL && *where != NULL; where++) {
		g_autofree char *bad = NULL;
		Where *one = where_parse(*where, &bad);

		if (one == NULL)
			return words_refuse(reterr_error, "where", bad != NULL ? bad : *where);
		g_ptr_array_add(options->where, one);
	}
	return true;
}

static bool take_export(Options *options, const Words *words, GError **reterr_error)
{
	static const char *const forms[] = { "received", "stored" };
	static const char *const kinds[] = { "eml", "mbox" };
	int form = words->form != NULL ? word_index(words->form, forms, 2) : FORM_RECEIVED;
	int kind = words->as != NULL ? word_index(words->as, kinds, 2) : EXPORT_EML;

	if (form < 0)
		return words_refuse(reterr_error, "form", words->form);
	if (kind < 0)
		return words_refuse(reterr_error, "as", words->as);
	options->form = (ExportForm)form;
	options->export_kind = (ExportKind)kind;
	if (options->command == COMMAND_EXPORT && words->output == NULL) {
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"'kantei export' needs -o DIR, the folder to export to");
		return false;
	}
	return take_where(options, words->where, reterr_error);
}

static bool names_standard_input(const Options *options)
{
	return options->paths != NULL && g_strv_contains((const char *const *)options->paths, "-");
}

static bool take_shard(Options *options, const Words *words, GError **reterr_error)
{
	Slice rest = slice_of(words->shard != NULL ? words->shard : "");
	guint64 number, of;

	if (words->shard == NULL)
		return true;
	if (!slice_parse_uint(slice_take_until(&rest, '/'), SHARDS_MAX, &number) ||
		!slice_parse_uint(rest, SHARDS_MAX, &of) || number == 0 || number > of)
		return words_refuse(reterr_error, "shard", words->shard);
	if (names_standard_input(options) || words->message != NULL) {
		g_set_error_literal(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--shard I/N goes neither with standard input, whose length is not known, "
			"nor with --message N");
		return false;
	}
	options->shard = (unsigned)number;
	options->shards = (unsigned)of;
	return true;
}

static bool take_resume(Options *options, const Words *words, GError **reterr_error)
{
	options->resumes = words->resume;
	options->verifies_input = words->verify_input;
	if (words->verify_input && !words->resume) {
		g_set_error_literal(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--verify-input goes with --resume");
		return false;
	}
	if (words->resume && (options->output == NULL || !format_is_resumable(options->format) ||
				     names_standard_input(options))) {
		g_set_error_literal(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--resume goes with -o FILE and -f jsonl, csv or sqlite, and not with "
			"standard input");
		return false;
	}
	return true;
}

static bool take_attached(Options *options, const Words *words, GError **reterr_error)
{
	options->takes_attached = words->attached;
	options->style.attached = words->attached;
	if (!words->attached)
		return true;
	if (words->headers_only) {
		g_set_error_literal(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--attached does not go with --headers-only: what is attached is of the "
			"body");
		return false;
	}
	note(options, "attached", "yes");
	return true;
}

static bool take_words(Options *options, Words *words, GError **reterr_error)
{
	const char *problem;

	options->quiet = words->quiet;
	options->show_version = words->version;
	options->is_headers_only = words->headers_only;
	options->style.headers_only = words->headers_only;
	if (options->is_headers_only)
		note(options, "headers-only", "yes");
	options->paths = g_steal_pointer(&words->rest);
	options->ca_files = g_steal_pointer(&words->ca_files);
	options->ca_paths = g_steal_pointer(&words->ca_paths);
	options->crl_files = g_steal_pointer(&words->crl_files);
	options->suffix_list = g_steal_pointer(&words->suffix_list);
	options->exit_code = words->exit_code;
	problem = command_count_problem(
		options->command, options->paths != NULL ? g_strv_length(options->paths) : 0);
	if (problem != NULL && !options->show_version) {
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
			"%s; try 'kantei --help'", problem);
		return false;
	}
	return take_attached(options, words, reterr_error) &&
	       take_clocks(options, words, reterr_error) &&
	       take_dmarc(options, words, reterr_error) &&
	       take_counting(options, words, reterr_error) &&
	       take_envelope(options, words, reterr_error) &&
	       take_dns(options, words, reterr_error) &&
	       take_format(options, words, reterr_error) &&
	       take_paths(options, words, reterr_error) &&
	       take_shard(options, words, reterr_error) &&
	       take_resume(options, words, reterr_error) &&
	       take_evidence(options, words, reterr_error) &&
	       take_style(options, words, reterr_error) &&
	       take_jobs(options, words, reterr_error) &&
	       take_choice(options, words, reterr_error) &&
	       take_checklist(options, words, reterr_error) &&
	       take_redaction(options, words, reterr_error) &&
	       take_dump(options, words, reterr_error) && take_export(options, words, reterr_error);
}

static void free_where(gpointer data)
{
	where_free(data);
}

static Options *options_new(void)
{
	Options *options = g_new0(Options, 1);

	options->boundary = boundary_options_new();
	options->at = TIME_UNKNOWN;
	options->now = TIME_UNKNOWN;
	options->taken = TIME_UNKNOWN;
	options->summary = g_ptr_array_new_with_free_func(g_free);
	options->where = g_ptr_array_new_with_free_func(free_where);
	return options;
}

/* Commands of DESIGN.md that are not there yet: a mailbox of such a name is written ./NAME, so that
 * a line keeps its meaning when they come. */
static bool is_reserved(const char *word)
{
	static const char *const words[] = { "keys" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/* Options that change where a report goes, or how fast it is made, but not what it says. */
static const struct {
	const char *letter, *name;
} silent_options[] = { { "-o", "--output" }, { "-j", "--jobs" }, { NULL, "--progress" } };

/* How many words of the command line such an option takes; 0: words begins with none. */
static int silent_words(char *const *words)
{
	for (size_t i = 0; i < G_N_ELEMENTS(silent_options); i++) {
		const char *letter = silent_options[i].letter;
		const char *name = silent_options[i].name;

		if (g_strcmp0(*words, letter) == 0 || strcmp(*words, name) == 0)
			return 2;
		if (letter != NULL && g_str_has_prefix(*words, letter))
			return 1;
		if (g_str_has_prefix(*words, name) && (*words)[strlen(name)] == '=')
			return 1;
	}
	return 0;
}

/* The command line as an account shows it. */
static GPtrArray *command_line(int argc, char *const *argv)
{
	GPtrArray *command = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(command, g_path_get_basename(argv[0]));
	for (int i = 1; i < argc;) {
		int silent = silent_words(argv + i);

		if (silent == 0)
			g_ptr_array_add(command, printable_line(slice_of(argv[i])));
		i += MAX(silent, 1);
	}
	return command;
}

/* Takes the command's words off the line. False where they begin one that is not whole or not
 * there. */
static bool take_command(Options *options, int *argc, char ***argv, GError **reterr_error)
{
	const char *word = *argc > 1 ? (*argv)[1] : "";
	size_t count = *argc > 1 ? command_parse(*argc - 1, *argv + 1, &options->command) : 0;

	*argv += count;
	*argc -= (int)count;
	if (count > 0)
		return true;
	if (is_reserved(word)) {
		g_set_error(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
			"this version has no command '%s'; a mailbox of that name is ./%s", word,
			word);
		return false;
	}
	if (strcmp(word, "evidence") == 0) {
		g_set_error_literal(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
			"behind 'evidence' stands list, merge, export or import; a mailbox of that "
			"name is ./evidence");
		return false;
	}
	return true;
}

static Options *parse_line(int argc, char **argv, GError **reterr_error)
{
	g_autoptr(Options) options = options_new();
	Words words = { .horizon = HORIZON_DAYS };
	bool ok;

	options->command_line = command_line(argc, argv);
	if (!take_command(options, &argc, &argv, reterr_error))
		return NULL;
	ok = words_read(&words, options->command, argc, argv, reterr_error) &&
	     config_read(&words, options->command, reterr_error) &&
	     take_words(options, &words, reterr_error);
	words_clear(&words);
	return ok ? g_steal_pointer(&options) : NULL;
}

Options *options_parse(int argc, char **argv, GError **reterr_error)
{
	g_auto(GStrv) words = words_split(argc, argv);
	guint count = g_strv_length(words);
	/* GLib takes out of it what it has read. */
	g_autofree char **line = g_memdup2(words, (count + 1) * sizeof *words);

	return parse_line((int)count, line, reterr_error);
}

void options_free(Options *options)
{
	if (options == NULL)
		return;
	g_strfreev(options->paths);
	g_free(options->evidence);
	g_clear_pointer(&options->live.resolvers, g_ptr_array_unref);
	boundary_options_free(options->boundary);
	g_strfreev(options->ca_files);
	g_strfreev(options->ca_paths);
	g_strfreev(options->crl_files);
	g_free(options->suffix_list);
	g_free(options->output);
	g_free(options->roster);
	g_free(options->column);
	g_strfreev(options->crosses);
	g_free(options->part);
	g_free(options->message_id);
	g_free(options->dump);
	redactor_free(options->redactor);
	answer_filter_free(options->filter);
	g_free(options->origin);
	g_ptr_array_unref(options->summary);
	g_ptr_array_unref(options->where);
	g_clear_pointer(&options->command_line, g_ptr_array_unref);
	g_free(options);
}
