/* What the tests of S/MIME share: the mail that tests/smime/make.sh makes, and openssl(1). */
#pragma once

#include "auth/smime.h"
#include "suite.h"

/* Runs make.sh; what it complains of, owned by the caller, or NULL. */
char *smime_suite_make(void);
void smime_suite_remove(void);

/* Of the files made; owned by the caller. One that is not there ends the test program. */
GBytes *smime_suite_file(const char *name);
char *smime_suite_path(const char *name);

/* Adds what a made file holds; returns how many certificates and CRLs that were. */
int smime_suite_trust(Trust *trust, const char *name);

/* What a command says on standard error; NULL where it succeeds. Owned by the caller. */
char *smime_suite_complaint(const char *const argv[]);
/* The same of "openssl cms -verify" on a message, with the roots, and the CRLs if its name says so,
 * of a made file; at in milliseconds. */
char *smime_suite_openssl(Slice message, const char *trust, int64_t at);

/* A time in RFC 3339; TIME_UNKNOWN for NULL. */
int64_t smime_suite_time(const char *text);

/* The tests of mail in an mbox. */
void smime_mbox_add_tests(void);
