/* Whole messages, judged as the engine does it: a case that is evaluated, gets the answers that it
 * lacks from a zone, and is evaluated again until it lacks nothing. */
#pragma once

#include "analysis/case.h"
#include "spf_zone.h"

#include <jansson.h>

/* Reads a dns.json into zone: {"name": {"TXT": [["chunk", …], …], "A": […], "MX": ["10 host"], …}};
 * {"ERR": …} and {"ERRS": …} say that the name's server fails ("SERVFAIL") or is silent, and
 * {"NEG":
 * {"MX": "norec"}} that the name is there without that. A name that is not in it does not exist.
 * A file that cannot be read ends the test program. */
void dns_json_load(SpfZone *zone, const char *path);
void dns_json_add(SpfZone *zone, const json_t *names);

typedef struct Mail {
	Evidence *evidence;
	Case *kase;
} Mail;

/* envelope may be NULL: it is then what the message itself shows. at is TIME_UNKNOWN for the time
 * of reception. A reference to bytes is taken. */
Mail *mail_judge(GBytes *bytes, const SpfZone *zone, const BoundaryOptions *envelope, int64_t at);
void mail_free(Mail *mail); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mail, mail_free)
