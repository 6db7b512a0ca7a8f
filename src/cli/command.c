#include "cli/command.h"

#include <string.h>

static const char *const words[] = { "", "explain", "table", "diff", "export" };

/* What commands on saved results take; the verdicts are there, and nothing is evaluated again. */
static const char *const of_table[] = { "by", "roster", "cross", "unit-rule", "basis", "format",
	"bom", "authserv-id", "output", "list", "lang", "marks", "color", "quiet", "version",
	NULL };
static const char *const of_diff[] = { "format", "output", "lang", "marks", "color", "quiet",
	"exit-code", "version", NULL };

/* What export does not take, for it prints no report; and what no other command takes. */
static const char *const not_of_export[] = { "by", "roster", "cross", "unit-rule", "basis",
	"format", "bom", "list", "lang", "marks", "color", "dump", "exit-code", NULL };
static const char *const of_export[] = { "where", "form", "as", NULL };

bool command_parse(const char *word, Command *ret_command)
{
	for (size_t i = COMMAND_EXPLAIN; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(word, words[i]) == 0) {
			*ret_command = (Command)i;
			return true;
		}
	}
	return false;
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
	switch (command) {
	case COMMAND_SURVEY_MAIL:
	case COMMAND_EXPLAIN:
		return strcmp(option, "exit-code") != 0 && !g_strv_contains(of_export, option);
	case COMMAND_TABLE:
		return g_strv_contains(of_table, option);
	case COMMAND_DIFF:
		return g_strv_contains(of_diff, option);
	case COMMAND_EXPORT:
		return !g_strv_contains(not_of_export, option);
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
	}
	g_assert_not_reached();
}
