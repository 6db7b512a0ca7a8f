/* Formats that are made of records. A worker gives the record of its message, which is held to its
 * form as in JSON Lines; what is printed of it is made where nothing a message says can reach. */
#pragma once

#include "engine/result.h"
#include "report/report.h"

bool by_record(const Printer *printer);
/* In a worker: the record of kase, and its octets where the format shows them. */
void by_record_report(
	const Printer *printer, const Case *kase, const ReportStyle *style, EngineResult *result);
/* What a worker gave may be that of the message at source. */
bool by_record_is_sound(const Printer *printer, const EngineResult *result, const Source *source,
	const ReportStyle *style);
/* False, and the error, where the record cannot be read. */
bool by_record_print(GString *out, const Printer *printer, const ReportStyle *style,
	const EngineResult *result, GError **reterr_error);
