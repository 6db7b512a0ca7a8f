/* What OpenSSL opens when it first needs it. */
#pragma once

/* Opens it: afterwards nothing that is verified needs a file. */
void auth_prepare(void);
