/* Reports: commands say what, printers say how. A printer appends to text; who called it writes
 * that wherever it belongs. */
#pragma once

#include "analysis/table.h"
#include "report/style.h"

/* What the first line of a report says of the run. Borrowed by every call. */
typedef struct RunInfo {
	const char *version;
	GPtrArray *libraries; /* of char *: "OpenSSL 3.0.19" … */
	GPtrArray *options;   /* of char *: "dmarc=9989" …, those that verdicts depend on */
	GPtrArray
		*command; /* of char *: the command line, without -o and the like; NULL: not told */
	const char *trust; /* identity of the trust roots */
	size_t trust_roots;
	const char *suffix_list;
	GPtrArray *sandbox;     /* of const char *: what those that evaluate are confined by */
	int64_t now;            /* TIME_UNKNOWN where --now is not given */
	unsigned shard, shards; /* the run has this part of so many; shards 0: all */
	uint64_t shard_total;   /* octets of all parts */
} RunInfo;

/* An input file, hashed before the first message of it was taken and when all was done. */
typedef struct InputDigest {
	char *path;
	uint64_t length; /* octets, at the end */
	char *before;    /* SHA-256, hexadecimal; NULL where it could not be read */
	char *after;
} InputDigest;

/* What the last line says. */
typedef struct RunSummary {
	const RunInfo *run;
	const GPtrArray *inputs; /* of InputDigest; NULL where they were not hashed */
	uint64_t problems;       /* inputs or messages that could not be analysed */
	const char *evidence;    /* SHA-256 of the evidence file as it is now; NULL without one */
	bool is_interrupted;
} RunSummary;

struct json_t;

/* begin and end may be NULL: there is nothing before the messages, or behind them. */
typedef struct Printer {
	void (*begin)(GString *out, const ReportStyle *style, const RunInfo *run);
	void (*message)(GString *out, const ReportStyle *style, const Case *kase);
	void (*end)(GString *out, const ReportStyle *style, const Table *table,
		const RunSummary *summary);
	/* What a process that is not believed says that message() has of the message at source may
	 * stand in the report (report/admit.h). */
	bool (*admits)(Slice text, const ReportStyle *style, const Source *source);
	/* Not NULL: the messages' text comes behind end()'s, and this behind them. */
	void (*foot)(GString *out);
	/* Not NULL: the format is made of records (as that of arf_printer is, with the message),
	 * and has neither message() nor admits(). Its begin() knows no run where results are
	 * saved ones. */
	void (*record)(GString *out, const ReportStyle *style, const struct json_t *record);
} Printer;

/* Has the libraries behind the printers ready: what they open, they have opened then. */
void report_prepare(void);

/* A line a message (if the style asks for it), then Table 1, the lists and totals. */
extern const Printer text_printer;
/* The whole account of each message. */
extern const Printer explain_printer;
/* One self-contained page. */
extern const Printer html_printer;
/* JSON Lines by src/report/record.schema.json. */
extern const Printer jsonl_printer;
/* An Authentication-Results field a message. */
extern const Printer authres_printer;
/* A failure report around each message that fails; nothing for the others. */
extern const Printer arf_printer;
/* A row a message. */
extern const Printer csv_printer;
/* A row a count: the tables. */
extern const Printer csv_tables_printer;
