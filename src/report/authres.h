/* Authentication-Results (RFC 8601; for S/MIME RFC 7281), made from a record. */
#pragma once

#include "report/json_read.h"

/* The name that results are signed with where none is given: nobody's. */
#define AUTHRES_NOBODY "kantei.invalid"

/* One field of all methods, with its line end. authserv_id NULL: AUTHRES_NOBODY. */
void authres_append(GString *out, const json_t *record, const char *authserv_id);
/* The same of one method: of DKIM only the signature with that index. */
void authres_append_method(GString *out, const json_t *record, const char *authserv_id,
	const char *method, size_t signature);
