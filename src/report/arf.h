/* Failure reports (RFC 5965, 6591, 9991), made from a record and the octets of its message. */
#pragma once

#include "report/json_read.h"
#include "report/style.h"

/* Appends the report; nothing where the message fails nothing. */
void arf_append(GString *out, const ReportStyle *style, const json_t *record, Slice message);
