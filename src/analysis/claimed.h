/* What of an attached message rests on its own Received lines alone, which whoever sent the message
 * that carries it can have written: its SPF, and a DMARC that passes by nothing else. The results
 * are those of the same octets in a file of their own; what they prove is not. */
#pragma once

#include "analysis/case.h"

/* The finding on a message of which one of these is so, as it stands in saved records. */
#define CLAIMED_CODE "attached-envelope-claimed"

/* SPF passes for a client that the attached message names. */
bool claimed_spf(const Case *kase);
/* DMARC passes, and by no signature. */
bool claimed_author(const Case *kase);
/* Adds the finding. */
void claimed_find(Case *kase);
