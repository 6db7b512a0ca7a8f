/* The command line as a structure (DESIGN.md, 3). */
#pragma once

#include "analysis/table.h"
#include "cli/answer_filter.h"
#include "cli/command.h"
#include "dns/live.h"
#include "mailbox/mailbox.h"
#include "message/boundary.h"
#include "report/style.h"

typedef enum Format {
	FORMAT_TEXT,
	FORMAT_JSONL,
	FORMAT_HTML,
	FORMAT_EVIDENCE,
	FORMAT_ZONE,
	FORMAT_COF,
	FORMAT_DIG,
} Format;

typedef struct Options {
	Command command;
	char **paths; /* NULL-terminated, at least one */
	char *evidence;
	bool offline;
	LiveOptions live;
	BoundaryOptions *boundary;
	char **ca_files, **ca_paths, **crl_files; /* NULL where not given */
	char *suffix_list;
	int64_t at;  /* TIME_UNKNOWN: reception */
	int64_t now; /* TIME_UNKNOWN: not given */
	int64_t horizon_ms;
	DmarcRule dmarc_rule;
	TableUnit unit;
	TableBasis basis;
	bool is_unit_given, is_basis_given;
	Format format;
	char *output; /* NULL: standard output */
	ReportStyle style;
	MailboxKind kind;
	bool is_headers_only;
	uint64_t message; /* --message, from 1; 0: all */
	char *message_id; /* without angle brackets; NULL: all */
	char *dump;       /* --dump: a folder, or "-"; NULL: not given */
	bool quiet;
	bool show_version;
	GPtrArray *command_line; /* of char *: the command line without -o and its argument */
	bool exit_code;          /* diff: the exit status says whether the runs differ */
	AnswerFilter *filter;    /* of evidence */
	int64_t taken;           /* --taken; TIME_UNKNOWN: not given */
	char *origin;            /* --origin, in normal form; NULL: not given */
	/* What verdicts depend on, "name=value", in a fixed order: for the run's header. */
	GPtrArray *summary;
} Options;

/* NULL, and *reterr_error says what is wrong with the line, where it cannot be understood. */
Options *options_parse(int argc, char **argv, GError **reterr_error);
void options_free(Options *options); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Options, options_free)
