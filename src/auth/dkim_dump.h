/* What a signature was checked on, so that anybody can check it by hand with openssl: the canonical
 * text of header and body, the signature, and the key, as files under names that nothing in a
 * message can choose. */
#pragma once

#include "auth/dkim.h"

typedef enum DkimDumpFile {
	DKIM_DUMP_HEADER,    /* what the signature is over (RFC 6376, 3.7, hash step 2) */
	DKIM_DUMP_BODY,      /* what bh= is the hash of; as far as l= goes */
	DKIM_DUMP_SIGNATURE, /* b=, decoded */
	DKIM_DUMP_KEY,       /* in PEM, as made of the DNS answer's p= */
} DkimDumpFile;
#define DKIM_DUMP_FILES 4

typedef struct DkimDump {
	GBytes *files[DKIM_DUMP_FILES]; /* NULL: not to be had */
	char *names[DKIM_DUMP_FILES];   /* "message3-signature1-header.txt"; NULL likewise */
	GPtrArray *commands;            /* of char *: for a shell, in the folder of the files */
	char *body_digest;              /* bh= in base64, as the first command prints it; or NULL */
} DkimDump;

/* The files of the message of this name (source_file_word()) may have that name. */
bool dkim_dump_has_name(const char *message, const char *name);
/* For every signature, in order: of DkimDump, NULL where its field cannot be read. message is
 * what the names begin with. context is asked for the keys. Owned by the caller. */
GPtrArray *dkim_dump_all(
	const Facts *facts, const DkimVerdict *dkim, const char *message, Context *context);
