/* The message as SMTP carried it (RFC 5321, 2.3.8): CRLF at the end of every line, and without the
 * fields that the store added. */
#pragma once

#include "base/digest.h"
#include "message/facts.h"

typedef struct WireForm {
	DigestValue sha256;
	uint64_t length;       /* octets */
	uint64_t lf, crlf;     /* line ends as stored */
	unsigned store_fields; /* fields that were left out */
} WireForm;

WireForm wire_form(const Facts *facts);
/* Its octets, piece by piece. */
void wire_form_write(const Facts *facts, void (*write)(Slice octets, gpointer data), gpointer data);

/* "lf", "crlf", "mixed", "none": the line ends as stored. */
const char *wire_line_ends(const WireForm *form);
