/* The command line as a structure (DESIGN.md, 3). */
#pragma once

#include "analysis/table.h"
#include "cli/answer_filter.h"
#include "cli/command.h"
#include "cli/export_folder.h"
#include "cli/format.h"
#include "cli/progress.h"
#include "dns/live.h"
#include "mailbox/mailbox.h"
#include "message/boundary.h"
#include "report/style.h"
#include "report/where.h"
#include "survey/share_table.h"

typedef enum ExportForm {
	FORM_RECEIVED, /* un-quoted, without what the store added, CRLF at the ends of lines */
	FORM_STORED,
} ExportForm;

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
	UnitRule rule;
	TableBasis basis;
	RecordRule records; /* of survey */
	char *roster;       /* --roster; NULL: none */
	char *column;       /* of the roster, that --by names; NULL: another unit */
	char **crosses;     /* --cross; NULL: none; of survey with classes */
	bool is_unit_given, is_rule_given, is_basis_given;
	Format format;
	char *output; /* NULL: standard output */
	ReportStyle style;
	MailboxKind kind;
	unsigned shard, shards; /* --shard I/N; shards 0: not given */
	bool is_headers_only;
	bool takes_attached; /* --attached */
	uint64_t message;    /* --message, from 1; 0: all */
	char *part;          /* behind it: only what is attached to it there; NULL: all */
	char *message_id;    /* without angle brackets; NULL: all */
	unsigned jobs;
	ProgressMode progress;
	struct Redactor *redactor; /* --redact; NULL: nothing is masked */
	char *dump;                /* --dump: a folder, or "-"; NULL: not given */
	GPtrArray *where;          /* of Where: export takes what one of them matches; empty: all */
	ExportForm form;
	ExportKind export_kind;
	bool resumes;        /* --resume */
	bool verifies_input; /* --verify-input */
	bool quiet;
	bool show_version;
	bool exit_code;          /* diff: the exit status says whether the runs differ */
	GPtrArray *command_line; /* of char *: the command line, without -o, -j, --progress */
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
