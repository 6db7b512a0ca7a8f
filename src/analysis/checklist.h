/* What large receivers ask of bulk senders since 2024, held against one message (STANDARDS.md,
 * 2.8). What only many messages tell (volume, complaints) is no part of it. */
#pragma once

#include "analysis/case.h"

typedef enum CheckItem {
	CHECK_SPF,
	CHECK_DKIM,
	CHECK_ALIGNMENT, /* of what passes with From's domain: one of SPF and DKIM suffices */
	CHECK_DMARC,     /* a record is there; p=none is one */
	CHECK_ONE_CLICK, /* RFC 8058: both fields, and a signature that holds over both */
	CHECK_TLS,       /* at the boundary */
	CHECK_FROM,      /* one field with one address */
	CHECK_MESSAGE_ID,
	CHECK_DATE,
	CHECK_KEY, /* the size of the DKIM key */
} CheckItem;
#define CHECK_ITEMS 10

/* RSA keys of fewer bits than these are what the lists advise against. */
#define CHECK_RSA_BITS_ADVISED 2048

typedef struct Check {
	Mark mark;          /* MARK_UNKNOWN: not evaluable, which is no "no" */
	const char *reason; /* code; static, or as long as the case lives */
	const char *text;   /* English sentence, marked with N_; likewise */
} Check;

typedef struct Checklist {
	Check items[CHECK_ITEMS];
} Checklist;

/* Of a case that is evaluated. Pure. */
Checklist checklist_of(const Case *kase);

const char *check_word(CheckItem item); /* "spf", "dkim", "alignment" … */
/* English, marked with N_: a line's title, and a column's head. */
const char *check_title(CheckItem item);
const char *check_head(CheckItem item);
