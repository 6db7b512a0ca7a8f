/* The words of the command line, before they are understood. */
#pragma once

#include "cli/command.h"

#include <glib.h>
#include <stdbool.h>

/* As GOption writes them: texts and lists are owned, NULL where not given. */
typedef struct Words {
	char *evidence, *suffix_list, *output;
	char **resolvers, **borders, **authserv_ids, **ca_files, **ca_paths, **crl_files, **where,
		**cross, **rest;
	char *client_ip, *helo, *mail_from, *at, *now, *dmarc, *by, *unit_rule, *basis, *format,
		*lang, *marks;
	char *records, *color, *kind, *shard, *message, *message_id, *dump, *form, *as, *roster,
		*progress;
	char **names, **types, **statuses;
	char *since, *until, *taken, *origin, *config, *redact_key;
	double timeout;
	int parallel, horizon, jobs;
	gboolean offline, quiet, version, list, checklist, redact, headers_only, exit_code, bom,
		no_config, resume, verify_input, attached;
} Words;

/* The line with "-j4" as "-j" "4", which GLib does not read; owned by the caller. */
char **words_split(int argc, char *const *argv);
/* What is given replaces what words has; what is read is taken out of argv. False, with the error,
 * where an option is not known, lacks its value, or is none of the command's; words is to be
 * cleared all the same. */
bool words_read(Words *words, Command command, int argc, char **argv, GError **reterr_error);
/* Gives the option of that name, which takes text, these values, unless words has some already.
 * False where it takes one, and there are more. */
bool words_add(Words *words, const char *name, char *const *values);
/* Sets the error of an option that does not take that word. Returns false. */
bool words_refuse(GError **reterr_error, const char *option, const char *word);
void words_clear(Words *words);
