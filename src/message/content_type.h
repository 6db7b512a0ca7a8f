/* The value of a Content-Type field (RFC 2045, 5.1; RFC 2231): type and parameters, tolerantly. */
#pragma once

#include "message/mime_view.h"

typedef struct ContentType {
	char *type;            /* lower case "type/subtype"; NULL where the value has none */
	GPtrArray *parameters; /* of MimeParameter, in order, repeated ones too */
	GString *boundary;     /* the octets of the first boundary parameter; NULL without one */
	bool is_malformed;     /* something was skipped */
	bool is_repeated;      /* a parameter stands there twice; the first one counts */
	bool is_cut;           /* more parameters than are read */
} ContentType;

/* Owned by the caller; never NULL. */
ContentType *content_type_parse(Slice value);
void content_type_free(ContentType *content); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentType, content_type_free)

/* The first token of a value, in lower case: of Content-Transfer-Encoding. "" where there is
 * none; owned by the caller. */
char *content_token(Slice value);

void mime_parameter_free(MimeParameter *parameter); /* NULL is fine */
