/* The commands: the first words of the line, where it is one of these (DESIGN.md, 3). */
#pragma once

#include "base/slice.h"

typedef enum Command {
	COMMAND_SURVEY_MAIL, /* no word: the main job */
	COMMAND_EXPLAIN,
	COMMAND_TABLE,
	COMMAND_DIFF,
	COMMAND_EXPORT,
	COMMAND_SURVEY, /* of what senders publish, without mail */
	COMMAND_EVIDENCE_LIST,
	COMMAND_EVIDENCE_MERGE,
	COMMAND_EVIDENCE_EXPORT,
	COMMAND_EVIDENCE_IMPORT,
} Command;

/* The command that the words begin with, and how many of them it is; 0: none. */
size_t command_parse(int argc, char *const *argv, Command *ret_command);
const char *command_word(Command command); /* "" for the main job */

/* The main job, explain and export, which evaluate mail; the others read saved results or
 * evidence. */
bool command_reads_mail(Command command);
/* Whether it takes the option of that long name. */
bool command_takes(Command command, const char *option);
/* Whether so many words may stand behind the options; else what is wrong, static text. */
const char *command_count_problem(Command command, size_t words);
