/* What the tests of DKIM and ARC share: facts and evidence in memory, and a signer of their own
 * that canonicalises octet by octet, as RFC 6376, 3.4 has it step by step. */
#pragma once

#include "auth/canon.h"
#include "auth/dkim.h"
#include "dns/evidence.h"
#include "suite.h"

/* One message under test with all that its evaluation needs. */
typedef struct Stage {
	GBytes *bytes;
	Source *source;
	Facts *facts;
	Evidence *evidence;
	Context *context;
	Findings *findings;
	DkimVerdict *dkim;
} Stage;

/* Takes over bytes and evidence (NULL: an empty one). */
Stage *stage_new(GBytes *bytes, Evidence *evidence);
void stage_free(Stage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stage, stage_free)
/* Sets stage->dkim. */
void stage_verify(Stage *stage);
const DkimSignature *stage_signature(const Stage *stage, size_t index);

/* A TXT answer of one record; text NULL: NODATA. */
void suite_txt(Evidence *evidence, const char *name, const char *text);
/* Another record behind those of the answer that is there. */
void suite_more_txt(Evidence *evidence, const char *name, const char *text);
void suite_outcome(Evidence *evidence, const char *name, DnsOutcome outcome);

/* The canonical forms by the naive way; text has CRLF line ends. */
GString *naive_body(Slice body, CanonKind canon);
GString *naive_field(Slice raw, CanonKind canon);

typedef struct SignerKey SignerKey;
/* bits 0: Ed25519. */
SignerKey *signer_key_new(unsigned bits);
/* The private key in a file of the corpora: PEM, or the 32 octets of an Ed25519 key in base64. */
SignerKey *signer_key_read(const char *path);
void signer_key_free(SignerKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignerKey, signer_key_free)
/* "v=DKIM1; k=rsa; p=…" with more tags before p=. Owned by the caller. */
char *signer_key_record(const SignerKey *key, const char *more);
/* What p= holds, decoded: for RSA a SubjectPublicKeyInfo, or with is_bare an RSAPublicKey. */
GBytes *signer_key_octets(const SignerKey *key, bool is_bare);

typedef struct SignOptions {
	const char *algorithm; /* "rsa-sha256" where NULL */
	const char *canon;     /* "relaxed/relaxed" where NULL */
	const char *domain;    /* "example.com" where NULL */
	const char *names;     /* h=, "from:to:subject:date" where NULL */
	const char *more;      /* further tags, "t=1; x=2;" */
	const char *version;   /* "v=1; " where NULL */
	const char *field;     /* "DKIM-Signature" where NULL */
	size_t length;         /* octets of the canonical body that are hashed, with has_length */
	bool has_length;
} SignOptions;

/* The message, whose line ends are CRLF, with a signature field on top. The key's name is
 * test._domainkey.DOMAIN. */
GBytes *signer_sign(const SignerKey *key, Slice message, const SignOptions *options);
/* A signature over octets: rsa-sha1, rsa-sha256, or ed25519-sha256 (RFC 8463). */
GBytes *signer_make(const SignerKey *key, DigestKind digest, Slice octets);
