/* Findings: what is remarkable about the evidence. A bad message is a result, not an error. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

/* Marks an English text for translation (po/); the report translates it when it prints. */
#define N_(text) (text)

typedef enum Severity {
	SEVERITY_INFO,    /* to be known, no cause for worry */
	SEVERITY_NOTICE,  /* unusual, or limits what the verdicts prove */
	SEVERITY_WARNING, /* not as the standards have it; may mislead a reader */
	SEVERITY_ALERT,   /* a known trick to deceive */
} Severity;
#define SEVERITIES 4

typedef struct Finding {
	const char *code; /* static or of the findings, lower-case words with hyphens; stable,
			     machines match it */
	Severity severity;
	const char *text; /* likewise; English sentence, marked with N_ */
	char *detail;     /* UTF-8 data for the sentence, may be NULL */
	bool has_place;
	uint64_t offset; /* octets from the start of the message as stored */
	uint64_t length;
} Finding;

typedef struct Findings Findings;

Findings *findings_new(void);
void findings_free(Findings *findings); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Findings, findings_free)

/* Adds one; code and text must be static, detail is taken over (NULL is fine). The same code at
 * the same place with the same detail is kept once. */
void findings_add(
	Findings *findings, const char *code, Severity severity, const char *text, char *detail);
/* The same with its place: where must point into message. */
void findings_add_at(Findings *findings, const char *code, Severity severity, const char *text,
	char *detail, Slice message, Slice where);
/* The same for whoever has only the numbers. */
void findings_add_place(Findings *findings, const char *code, Severity severity, const char *text,
	char *detail, uint64_t offset, uint64_t length);
/* Hands the detail of each to replace, which may put another one in its place. */
void findings_each_detail(
	Findings *findings, void (*replace)(char **detail, gpointer data), gpointer data);
/* The same for a finding that was saved: code, text and detail (NULL is fine) are copied. */
void findings_add_saved(Findings *findings, const char *code, Severity severity, const char *text,
	const char *detail);
/* Copies every finding of other behind those of findings. */
void findings_append(Findings *findings, const Findings *other);

size_t findings_count(const Findings *findings);
const Finding *findings_get(const Findings *findings, size_t index);
/* The first of that code, or NULL. */
const Finding *findings_find(const Findings *findings, const char *code);

const char *severity_word(Severity severity);
bool severity_parse(const char *word, Severity *ret_severity); /* word may be NULL */
