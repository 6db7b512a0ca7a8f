/* Members of a record by their path. */
#pragma once

#include "report/json_read.h"

/* "spf.helo.result": the member result of the member helo of the member spf. NULL where one of them
 * is absent. Lives as long as record. */
const json_t *record_at(const json_t *record, const char *path);
/* The same; NULL also where it is no text. */
const char *record_text(const json_t *record, const char *path);
/* False where it is absent, or no boolean. */
bool record_is(const json_t *record, const char *path);

bool record_has_finding(const json_t *record, const char *code);
/* Of a run's header: --attached was given. */
bool record_has_attached(const json_t *run);

/* The result as tables have it: "bestguesspass" for a DMARC that would pass if a record existed. */
const char *record_dmarc_word(const json_t *record);
