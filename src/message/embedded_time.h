/* The moment that a program wrote into an identifier it made: a Message-ID, a MIME boundary, a
 * thread index, the number of an export. None of it is written for readers, so that a forger may
 * forget it; all of it is the writer's word. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

typedef struct EmbeddedTime {
	int64_t time; /* ms since 1970 */
	const char *
		form; /* static code: "outlook", "javamail", "uuid-1", "unix-ms", "civil", "unix" */
	bool is_local; /* a civil time without a zone, taken for UTC: up to 14 hours off */
	Slice where;   /* the digits, within the text */
} EmbeddedTime;

/* Of a Message-ID or a MIME boundary. The first form that is there, the surest first; false where
 * there is none of a moment between 1995 and 2100. */
bool embedded_time_find(Slice text, EmbeddedTime *ret_time);

/* Thread-Index (MS-OXOMSG, 2.2.1.3): when the conversation began. */
bool embedded_time_of_thread(Slice value, int64_t *ret_time);

/* The message number that Google's export writes into its mbox lines, "1716543210987654321@xxx". */
bool embedded_time_of_gmail(Slice sender, int64_t *ret_time);
