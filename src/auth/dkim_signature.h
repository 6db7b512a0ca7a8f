/* The DKIM-Signature field and the two fields of ARC that are made like it, by their grammar
 * (RFC 6376, 3.5; RFC 8617, 4.1.2 and 4.1.3; RFC 8616): what each tag says, nothing verified. */
#pragma once

#include "auth/canon.h"
#include "auth/pubkey.h"
#include "auth/tag_list.h"

typedef enum SignatureKind {
	SIGNATURE_OF_DKIM,
	SIGNATURE_OF_ARC_MESSAGE, /* no v=; i= is the instance; From need not be signed */
	SIGNATURE_OF_ARC_SEAL,    /* nor bh=, c= (always relaxed), h= (forbidden) */
} SignatureKind;

/* Every tag is read, whatever is wrong with another: the three answers of DKIM are given as far as
 * they can be. The first problem is kept; it spoils the signature. */
typedef struct SignatureTags {
	SignatureKind kind;
	TagList *tags; /* NULL where the field is no list */

	const char *problem;      /* reason code; NULL where the field keeps to its grammar */
	const char *problem_text; /* static English sentence */
	char *problem_detail;     /* UTF-8, may be NULL */

	char *algorithm; /* a=, printable; NULL where it is absent */
	bool is_algorithm_known;
	KeyAlgorithm key_algorithm;
	DigestKind digest;
	GBytes *signature;     /* b=; NULL where it is absent or no base64 */
	Slice signature_place; /* what b= holds, with the blanks around it: left out of the hash */
	DigestValue body_digest; /* bh=; len 0 where it is absent or no base64 */
	bool is_canon_known;
	CanonKind header_canon;
	CanonKind body_canon;
	char *domain;   /* d=, normal form; NULL where it is no domain name */
	char *selector; /* s=, normal form; NULL where it is none */
	char *key_name; /* to be asked; NULL where domain or selector is, or it is too long */
	char *identity; /* i=, decoded and printable, or "@d"; NULL for ARC */
	char *identity_domain; /* normal form; NULL where i= has none */
	bool are_names_known;  /* h= could be read; ARC-Seal needs none */
	GPtrArray *names;      /* of char *: h=, lower case */
	bool has_length;
	uint64_t length; /* l=, CANON_WHOLE_BODY without */
	int64_t signed_at;
	int64_t expires;
} SignatureTags;

/* field must outlive the result. */
SignatureTags *signature_tags_read(SignatureKind kind, const Field *field);
void signature_tags_free(SignatureTags *tags); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignatureTags, signature_tags_free)

/* dkim-quoted-printable (RFC 6376, 2.11) undone; folding white space is no part of the value. */
GString *signature_decode_quoted(Slice text);

/* How often h= lists a name, given in lower case. */
unsigned signature_tags_lists(const SignatureTags *tags, const char *name);
