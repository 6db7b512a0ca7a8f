#include "cli/command.h"

#include <string.h>

static const char *const words[] = { "", "explain", "table", "diff", "export", "survey",
	"evidence list", "evidence merge", "evidence export", "evidence import" };

static const char *const of_all[] = { "quiet", "config", "no-config", "version", NULL };

/* What commands on saved results take; the verdicts are there, and nothing is evaluated again. */
static const char *const of_table[] = { "by", "roster", "cross", "unit-rule", "basis", "format",
	"bom", "authserv-id", "output", "list", "checklist", "lang", "marks", "color", "records",
	NULL };
static const char *const of_diff[] = { "format", "output", "lang", "marks", "color", "exit-code",
	NULL };
static const char *const of_survey[] = { "evidence", "offline", "resolver", "dns-timeout",
	"dns-parallel", "by", "cross", "unit-rule", "records", "format", "bom", "output", "list",
	"lang", "color", "progress", "jobs", "shard", "resume", NULL };
/* Commands on evidence. */
static const char *const of_evidence_list[] = { "name", "type", "since", "until", "status",
	"format", "output", "lang", NULL };
static const char *const of_evidence_merge[] = { "output", NULL };
static const char *const of_evidence_export[] = { "name", "type", "since", "until", "status",
	"format", "output", NULL };
static const char *const of_evidence_import[] = { "format", "taken", "origin", "output", NULL };

/* Commands that read mail take the rest, but what only some of them do. */
static const char *const not_of_mail[] = { "exit-code", "name", "type", "since", "until", "status",
	"taken", "origin", "records", NULL };
static const char *const of_main_job[] = { "shard", "resume", "verify-input", NULL };
static const char *const of_export[] = { "where", "form", "as", NULL };
/* It prints no report. */
static const char *const not_of_export[] = { "by", "roster", "cross", "unit-rule", "basis",
	"format", "bom", "list", "checklist", "redact", "redact-key", "lang", "marks", "color",
	"dump", NULL };

size_t command_parse(int argc, char *const *argv, Command *ret_command)
{
	for (size_t i = COMMAND_EXPLAIN; i < G_N_ELEMENTS(words); i++) {
		g_auto(GStrv) parts = g_strsplit(words[i], " ", 0);
		size_t count = g_strv_length(parts);

		if ((size_t)argc < count || strcmp(argv[0], parts[0]) != 0 ||
			(count > 1 && strcmp(argv[1], parts[1]) != 0))
			continue;
		*ret_command = (Command)i;
		return count;
	}
	return 0;
}

const char *command_word(Command command)
{
	return words[command];
}

bool command_reads_mail(Command command)
{
	return command == COMMAND_SURVEY_MAIL || command == COMMAND_EXPLAIN ||
	       command == COMMAND_EXPORT;
}

bool command_takes(Command command, const char *option)
{
	if (g_strv_contains(of_all, option))
		return true;
	switch (command) {
	case COMMAND_SURVEY_MAIL:
		return !g_strv_contains(not_of_mail, option) && !g_strv_contains(of_export, option);
	case COMMAND_EXPLAIN:
		return !g_strv_contains(not_of_mail, option) &&
		       !g_strv_contains(of_export, option) && !g_strv_contains(of_main_job, option);
	case COMMAND_TABLE:
		return g_strv_contains(of_table, option);
	case COMMAND_DIFF:
		return g_strv_contains(of_diff, option);
	case COMMAND_EXPORT:
		return !g_strv_contains(not_of_mail, option) &&
		       !g_strv_contains(not_of_export, option) &&
		       !g_strv_contains(of_main_job, option);
	case COMMAND_SURVEY:
		return g_strv_contains(of_survey, option);
	case COMMAND_EVIDENCE_LIST:
		return g_strv_contains(of_evidence_list, option);
	case COMMAND_EVIDENCE_MERGE:
		return g_strv_contains(of_evidence_merge, option);
	case COMMAND_EVIDENCE_EXPORT:
		return g_strv_contains(of_evidence_export, option);
	case COMMAND_EVIDENCE_IMPORT:
		return g_strv_contains(of_evidence_import, option);
	}
	g_assert_not_reached();
}

const char *command_count_problem(Command command, size_t count)
{
	switch (command) {
	case COMMAND_SURVEY_MAIL:
	case COMMAND_EXPLAIN:
	case COMMAND_EXPORT:
		return count > 0 ? NULL : "no mailbox was given";
	case COMMAND_TABLE:
		return count > 0 ? NULL : "no results were given";
	case COMMAND_DIFF:
		return count == 2 ? NULL : "two files of results are compared";
	case COMMAND_SURVEY:
		return count == 1 ? NULL : "one list of senders (CSV) is surveyed";
	case COMMAND_EVIDENCE_LIST:
	case COMMAND_EVIDENCE_MERGE:
		return count > 0 ? NULL : "no evidence file was given";
	case COMMAND_EVIDENCE_EXPORT:
		return count == 1 ? NULL
				  : "one evidence file is exported; 'kantei evidence merge' makes "
				    "one of several";
	case COMMAND_EVIDENCE_IMPORT:
		return count > 0 ? NULL : "no file to import was given";
	}
	g_assert_not_reached();
}
