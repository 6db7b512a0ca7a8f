/* How a report looks: language, marks, colour, and the width of text on a terminal. */
#pragma once

#include "analysis/case.h"
#include "report/html_writer.h"
#include "report/lang.h"

typedef enum MarkStyle {
	MARKS_OXDASH, /* ○ × – */
	MARKS_ASCII,  /* o x - */
	MARKS_WORDS,  /* yes no ? */
	MARKS_DOUBLE, /* ○ × –, and ◎ for an SPF that passes by a record with -all */
} MarkStyle;

/* How much of a message's record there is. */
typedef enum RecordExtent {
	RECORD_VERDICTS,
	RECORD_HOPS,    /* every Received line too */
	RECORD_ACCOUNT, /* what only an account has (explain) too */
} RecordExtent;

typedef struct ReportStyle {
	Lang lang;
	MarkStyle marks;
	bool color;
	bool lines; /* a line for every message */
	RecordExtent extent;
	const char *authserv_id; /* that results are signed with; borrowed; NULL: nobody's */
	bool attached;           /* messages that are attached to others are told as such */
	bool checklist; /* what large receivers ask of bulk senders (analysis/checklist.h) */
	const struct Redactor *redactor; /* --redact; borrowed; NULL: nothing is masked */
	bool bom;                        /* CSV begins with a byte order mark */
	/* Failure reports: the clock (TIME_UNKNOWN: the message's arrival), the header only of the
	 * message, one report instead of an mbox of them. */
	int64_t now;
	bool headers_only, is_single;
	/* --dump: the folder of the files by which signatures are verified by hand, "-" for the
	 * account itself. Borrowed; NULL: not asked for. */
	const char *dump;
	/* Where an account is to be HTML: what it is written to, and how many elements are open
	 * around it. Borrowed; NULL: text. */
	HtmlWriter *html;
	size_t html_depth;
} ReportStyle;

/* What a report says where something is masked. */
const char *style_redaction(const ReportStyle *style);

const char *style_mark(const ReportStyle *style, Mark mark);
/* The mark of SPF, which may be a double one. */
const char *style_spf_mark(const ReportStyle *style, Mark mark, bool is_strict);
bool style_marks_parse(const char *word, MarkStyle *ret_marks);

/* Columns that UTF-8 text takes on a terminal: East Asian wide characters two, combining ones
 * none (UAX #11; ambiguous ones, as ○ and ×, one). */
size_t style_width(const char *text);
/* Appends text and blanks up to width columns; blanks first with style_append_right(). */
void style_append(GString *out, const char *text, size_t width);
void style_append_right(GString *out, const char *text, size_t width);
/* The first columns of text, cut with "…" (or "..." in ASCII marks); owned by the caller. */
char *style_cut(const ReportStyle *style, const char *text, size_t columns);

/* Text from mail on a terminal: nothing in it moves the cursor, changes colours or directions. */
void style_append_safe(GString *out, const char *text);

/* In the style's language. */
const char *style_text(const ReportStyle *style, const char *english);
/* Appends the translation of english with the number in place of its "{n}". */
void style_append_number(
	GString *out, const ReportStyle *style, const char *english, uint64_t number);

/* The same for "{1}", "{2}" …, with the args (of char *), which are text from mail. */
void style_append_filled(
	GString *out, const ReportStyle *style, const char *english, const GPtrArray *args);
/* The same for a text that may have no such place. */
void style_append_counted(
	GString *out, const ReportStyle *style, const char *english, uint64_t number);

typedef enum Paint { PAINT_NONE, PAINT_BOLD, PAINT_GOOD, PAINT_BAD, PAINT_DIM } Paint;
/* Appends text between the escapes of a colour where the style has colour. */
void style_paint(GString *out, const ReportStyle *style, Paint paint, const char *text);
Paint style_mark_paint(Mark mark);
