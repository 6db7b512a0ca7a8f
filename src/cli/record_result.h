/* A worker's result that is the record of its message, and may have the octets of it as a file. */
#pragma once

#include "engine/result.h"
#include "report/json_read.h"
#include "report/style.h"

/* In a worker: appends the record of kase. */
void record_result_put(EngineResult *result, const Case *kase, const ReportStyle *style);
/* The record may be that of the message at source, and there is no file but at most one of that
 * name (NULL: none at all). */
bool record_result_is_sound(const EngineResult *result, const Source *source,
	const ReportStyle *style, const char *name);
/* The only file of a sound result; NULL where it has none. */
const ResultFile *record_result_file(const EngineResult *result);
/* Owned by the caller. NULL, and the error, where the record cannot be read. */
json_t *record_result_read(const EngineResult *result, GError **reterr_error);
