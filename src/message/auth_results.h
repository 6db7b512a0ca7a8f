/* Results that receivers recorded: Authentication-Results (RFC 8601 and its dialects),
 * Received-SPF (RFC 7208, 9.1), ARC-Authentication-Results (RFC 8617, 4.1.1). */
#pragma once

#include "base/finding.h"
#include "base/inet_addr.h"

typedef enum RecordedKind { RECORDED_AR, RECORDED_RECEIVED_SPF, RECORDED_ARC_AR } RecordedKind;

typedef struct RecordedProperty {
	char *ptype; /* "header", "smtp", "policy", "body"; NULL where the dialect has none */
	char *name;
	char *value;
} RecordedProperty;

typedef struct RecordedResult {
	char *method; /* lower case; "spf" for Received-SPF */
	char *result; /* lower case, as written: "hardfail", "bestguesspass", "dkim_pass" */
	char *word;   /* the RFC 8601 word it means ("fail", "pass" …); NULL where none does */
	char *reason;
	char *comment;
	GPtrArray *properties; /* of RecordedProperty, in order */
} RecordedResult;

typedef struct RecordedField {
	size_t field; /* its index in Fields */
	RecordedKind kind;
	char *authserv_id;  /* lower case; NULL where the dialect has none. Of Received-SPF the
			     * receiver=, else the host that its comment begins with ("host: …") */
	unsigned instance;  /* i= of ARC, else 0 */
	GPtrArray *results; /* of RecordedResult, in order */
	bool is_malformed;  /* something in it could not be read; results has the rest */
	bool is_trusted;    /* set by boundary_find(): recorded by the receiving organisation */
} RecordedField;

RecordedField *recorded_field_parse(RecordedKind kind, Slice value);
void recorded_field_free(RecordedField *field); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RecordedField, recorded_field_free)

/* The value of a property, or NULL; ptype NULL matches any. Lives as long as result. */
const char *recorded_property(const RecordedResult *result, const char *ptype, const char *name);

/* The RFC 8601 word that a result of a dialect means, or NULL: "hardfail" is fail (RFC 6577),
 * "dkim_pass" and "success" are pass, "bestguesspass" is none, for there was no record. */
const char *recorded_word(Slice result);
