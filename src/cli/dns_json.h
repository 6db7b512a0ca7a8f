/* DNS messages as JSON (RFC 8427): a question with its answer on a line, and what the RFC has no
 * member for in one of ours, "kanteiEvidence". */
#pragma once

#include "dns/answer.h"

/* Appends a line. */
void dns_json_append(GString *out, const Answer *answer);

typedef enum DnsJsonKind {
	DNS_JSON_ANSWER,
	DNS_JSON_OTHER,   /* of a type or class that is never asked, or a question alone */
	DNS_JSON_PROBLEM, /* *reterr_error says what is wrong */
} DnsJsonKind;

/* Reads a line, which is such a pair or the message of an answer alone. *ret_answer is written on
 * DNS_JSON_ANSWER and is then the caller's; its time is TIME_UNKNOWN where nothing says it. */
DnsJsonKind dns_json_read(Slice line, Answer **ret_answer, GError **reterr_error);
