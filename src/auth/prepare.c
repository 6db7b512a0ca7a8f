#include "auth/prepare.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

void auth_prepare(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_ADD_ALL_CIPHERS |
				    OPENSSL_INIT_ADD_ALL_DIGESTS | OPENSSL_INIT_LOAD_CONFIG,
		NULL);
	/* The first that is fetched has the providers loaded that the configuration names. */
	EVP_MD_free(EVP_MD_fetch(NULL, "SHA256", NULL));
}
