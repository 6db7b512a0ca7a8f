/* Where a message holds a signature: at its root, where it counts, or deeper, where it does not. */
#pragma once

#include "auth/smime.h"

typedef struct SmimePlace {
	/* NONE, DETACHED, OPAQUE (which the CMS object may turn out not to be), ENCRYPTED, OPENPGP,
	 * NESTED */
	SmimeForm form;
	const MimePart *part; /* that holds it: the multipart/signed, the pkcs7-mime part; NULL */
	char *section;        /* NESTED: the numbers of the parts on the way, "1.2" */
} SmimePlace;

SmimePlace *smime_place_find(const MimePart *root);
void smime_place_free(SmimePlace *place); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmimePlace, smime_place_free)

size_t smime_part_children(const MimePart *part);
const MimePart *smime_part_child(const MimePart *part, size_t index);
