#include "cli/cli.h"

#include "cli/evidence.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/run_diff.h"
#include "cli/run_export.h"
#include "cli/run_survey.h"
#include "cli/run_table.h"
#include "cli/say.h"
#include "cli/version.h"

#define EXIT_USAGE 2

int cli_run(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Options) options = options_parse(argc, argv, &error);

	if (options == NULL) {
		say(error->message);
		return EXIT_USAGE;
	}
	if (options->show_version) {
		version_print();
		return 0;
	}
	switch (options->command) {
	case COMMAND_TABLE:
		return run_table(options);
	case COMMAND_DIFF:
		return run_diff(options);
	case COMMAND_EXPORT:
		return run_export(options);
	case COMMAND_SURVEY:
		return run_survey(options);
	case COMMAND_EVIDENCE_LIST:
		return evidence_list(options);
	case COMMAND_EVIDENCE_MERGE:
		return evidence_merge(options);
	case COMMAND_EVIDENCE_EXPORT:
		return evidence_export(options);
	case COMMAND_EVIDENCE_IMPORT:
		return evidence_import(options);
	case COMMAND_SURVEY_MAIL:
	case COMMAND_EXPLAIN:
		break;
	}
	return run_mailboxes(options);
}
