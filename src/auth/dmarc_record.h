/* A DMARC policy record (RFC 9989, 4.7 and 4.8; RFC 7489, 6.3 and 6.4). */
#pragma once

#include "auth/context.h"

typedef enum DmarcPolicy {
	DMARC_POLICY_ABSENT,
	DMARC_POLICY_INVALID, /* the tag is there, its value is none of these */
	DMARC_POLICY_NONE,
	DMARC_POLICY_QUARANTINE,
	DMARC_POLICY_REJECT,
} DmarcPolicy;

typedef enum DmarcPsd { DMARC_PSD_UNSAID, DMARC_PSD_YES, DMARC_PSD_NO } DmarcPsd;

/* What a rule makes of a record. Both say that wrong values give way to defaults (9989, 4.8; 7489,
 * 6.3), and both name "improperly formatted" records as the very case of permerror (9989, 9.2;
 * 7489, 11.2). We read them together as receivers do: text that is no list of tag=value at all
 * (RFC 6376, 3.2: no "=", a name that is none, a tag twice) is malformed; a list with a wrong
 * value is not. */
typedef enum DmarcUse {
	DMARC_USE_FULL,
	DMARC_USE_AS_NONE,     /* no valid policy, but a report address: as p=none (9989, 4.10.1;
				* 7489, 6.6.3) */
	DMARC_USE_NOT_AT_ALL,  /* no valid policy and no report address: DMARC is not applied (same)
				*/
	DMARC_USE_IS_MALFORMED /* permerror */
} DmarcUse;

typedef struct DmarcRecord {
	char *text; /* printable */
	bool is_malformed;
	char *fault; /* the first tag at fault, printable; NULL where all is well */
	DmarcPolicy p;
	DmarcPolicy sp;
	DmarcPolicy np;
	DmarcPsd psd;
	bool is_spf_strict;
	bool is_dkim_strict;
	bool is_testing;     /* t=y */
	unsigned percent;    /* pct=, 100 where it is not there or no number up to 100 */
	bool has_report_uri; /* rua= holds a URI that is well formed */
} DmarcRecord;

/* Whether text is a DMARC record at all: it begins with v=DMARC1, exactly, alone or before a
 * semicolon. What is none is to be left out of sight (9989, 4.10, step 2). */
bool dmarc_record_is(Slice text);
/* text must be a record in that sense; the result does not point into it. */
DmarcRecord *dmarc_record_parse(Slice text);
void dmarc_record_free(DmarcRecord *record); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DmarcRecord, dmarc_record_free)

/* rule is DMARC_RULE_9989 or DMARC_RULE_7489 (which knows no np). */
DmarcUse dmarc_record_use(const DmarcRecord *record, DmarcRule rule);

/* One step down, as t=y asks (9989, 4.7). */
DmarcPolicy dmarc_policy_tested(DmarcPolicy policy);
/* "none", "quarantine", "reject"; NULL for the first two. Static. */
const char *dmarc_policy_word(DmarcPolicy policy);
