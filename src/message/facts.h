/* Facts: all that a message says, read once, with the offsets it stands at; no verdict yet. */
#pragma once

#include "base/source.h"
#include "message/address.h"
#include "message/auth_results.h"
#include "message/boundary.h"
#include "message/fields.h"
#include "message/mime_view.h"
#include "message/received.h"

typedef struct Facts {
	Slice message;
	GBytes *bytes;        /* holds what message and every slice below points into */
	const Source *source; /* borrowed; must outlive the facts */
	Fields *fields;

	AddressList *from;       /* every address of every From field, in order */
	size_t from_fields;      /* how many From fields there are, obsolete syntax counted */
	AddressList *sender;     /* of every Sender field */
	AddressList *reply_to;   /* of every Reply-To field; read quietly */
	AddressList *recipients; /* of every To and Cc field; read quietly */
	/* Texts are valid UTF-8, NULL where the field is not there; of the first such field. */
	char *subject;
	char *message_id;
	char *list_id; /* the identifier between angle brackets, lower case; else the whole value */
	int64_t date;  /* TIME_UNKNOWN */

	GPtrArray *hops;     /* of Hop, topmost first */
	GPtrArray *recorded; /* of RecordedField, topmost first */
	Envelope envelope;
	int64_t received; /* date of the boundary line; else of the topmost one that has a date;
			   * else the store's time; else Date; TIME_UNKNOWN */
	bool is_received_claimed; /* it is Date's: nobody but the author says when */

	MimePart *mime;
	Findings *findings;
} Facts;

/* bytes is referenced. options may be NULL (then only inference finds the boundary). */
Facts *facts_new(GBytes *bytes, const Source *source, const BoundaryOptions *options);
void facts_free(Facts *facts); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Facts, facts_free)

/* For facts_new(), in boundary.c: fills facts->envelope from what is already read (fields, hops,
 * recorded, source), and sets is_trusted of the recorded fields. */
void boundary_find(Facts *facts, const BoundaryOptions *options);

/* Another message carried it, whose sender can have written all of it. */
static inline bool facts_is_attached(const Facts *facts)
{
	return facts->source != NULL && facts->source->part != NULL;
}

/* Lines that are surely the receiver's: those down to the believed one. Of an attached message none
 * is: that the receiver of such a line kept it is the word of whoever sent the carrier. */
static inline size_t facts_own_lines(const Facts *facts)
{
	return facts_is_attached(facts) || facts->envelope.believed == NO_HOP
		       ? 0
		       : facts->envelope.believed + 1;
}

static inline const Hop *facts_hop(const Facts *facts, size_t index)
{
	return (const Hop *)g_ptr_array_index(facts->hops, index);
}

static inline const RecordedField *facts_recorded(const Facts *facts, size_t index)
{
	return (const RecordedField *)g_ptr_array_index(facts->recorded, index);
}
