/* S/MIME signatures (RFC 8550, 8551, 5652) on the exact octets, through OpenSSL's CMS. */
#pragma once

#include "auth/context.h"
#include "message/facts.h"

/* Roots, further certificates and CRLs, decoded once. */
Trust *trust_new(void);
/* Adds what the PEM text holds: certificates as roots, CRLs as such. Returns how many objects were
 * added, -1 and the error on text that cannot be read. name stands in the error. */
int trust_add_pem(Trust *trust, Slice pem, const char *name, GError **reterr_error);
void trust_free(Trust *trust); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trust, trust_free)
/* SHA-256 over the sorted fingerprints of all roots and CRLs, hexadecimal. Lives as long as trust.
 */
const char *trust_identity(const Trust *trust);
size_t trust_roots(const Trust *trust);

typedef enum SmimeForm {
	SMIME_FORM_NONE,
	SMIME_FORM_DETACHED, /* multipart/signed */
	SMIME_FORM_OPAQUE,   /* application/pkcs7-mime, signed-data */
	SMIME_FORM_CERTS_ONLY,
	SMIME_FORM_ENCRYPTED, /* named, not evaluated */
	SMIME_FORM_OPENPGP,   /* named, not evaluated */
	SMIME_FORM_NESTED,    /* a signature that is not at the root of the message */
} SmimeForm;

/* A yes, a no, or nobody could tell. */
typedef enum SmimeCheck { SMIME_UNCHECKED, SMIME_YES, SMIME_NO } SmimeCheck;

typedef struct SmimeClock {
	int64_t time;     /* TIME_UNKNOWN: this clock is not there */
	SmimeCheck chain; /* the chain stands at that time */
	char *problem;    /* why not; OpenSSL's words; NULL */
} SmimeClock;

/* A certificate of a chain; texts as in SmimeSigner. */
typedef struct SmimeLink {
	char *subject, *issuer, *serial, *fingerprint;
	int64_t not_before, not_after;
} SmimeLink;

typedef struct SmimeSigner {
	Verdict verdict;
	char *subject; /* distinguished names as RFC 2253 has them, UTF-8, printable */
	char *issuer;
	char *serial;      /* hexadecimal, upper case */
	char *fingerprint; /* SHA-256 of the certificate, hexadecimal */
	int64_t not_before, not_after;
	GPtrArray *emails;      /* of char *: addresses in the certificate */
	char *matched;          /* the one that equals From; NULL */
	char *matched_sender;   /* the one that equals Sender, shown only */
	char *matched_reply_to; /* the same for Reply-To */
	char *digest_algorithm, *signature_algorithm, *key_algorithm;
	int key_bits;
	SmimeCheck digest;    /* content is what was digested */
	SmimeCheck signature; /* made with the certificate's key */
	SmimeClock at_reception, at_signing, at_now;
	bool is_weak;
	char *policy_class; /* CA/B Forum policy: "mailbox", "organization", "sponsor",
			     * "individual"; NULL */
	GPtrArray *path;    /* of SmimeLink, from the signer to the root */
} SmimeSigner;

typedef struct SmimeVerdict {
	Verdict verdict;
	SmimeForm form;
	GPtrArray *signers; /* of SmimeSigner */
	size_t best;        /* that gave the verdict; (size_t)-1 */
	bool is_revocation_checked;
	bool has_protected_headers;    /* RFC 9788 hp= */
	bool is_content_canonicalised; /* it verified only after LF became CRLF */
} SmimeVerdict;

SmimeVerdict *smime_verify(const Facts *facts, Context *context, Findings *findings);
void smime_verdict_free(SmimeVerdict *verdict); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmimeVerdict, smime_verdict_free)

const char *smime_form_word(SmimeForm form);
