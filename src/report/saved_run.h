/* The header of a run as it was saved with its results, and how two of them differ. */
#pragma once

#include "report/report.h"

struct json_t;

typedef struct SavedRun SavedRun;

/* Takes line (the whole first line) over. NULL, and *reterr_error says what is missing, where it is
 * no header of this schema. */
SavedRun *saved_run_new(struct json_t *line, GError **reterr_error);
SavedRun *saved_run_ref(SavedRun *run);
void saved_run_unref(SavedRun *run); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SavedRun, saved_run_unref)

const char *saved_run_version(const SavedRun *run);
/* What the run counted; false where the header does not say. */
bool saved_run_unit(const SavedRun *run, TableUnit *ret_unit);
bool saved_run_basis(const SavedRun *run, TableBasis *ret_basis);
bool saved_run_rule(const SavedRun *run, UnitRule *ret_rule);

/* Messages that are attached to others have records, too. */
bool saved_run_has_attached(const SavedRun *run);

/* The part of the input that the run has. */
typedef struct SavedShard {
	uint64_t number, of; /* number from 1 to of */
	uint64_t octets;     /* of all parts */
} SavedShard;

/* False where the run has all of its input. */
bool saved_run_shard(const SavedRun *run, SavedShard *ret_shard);

/* How a report counts. */
typedef struct Counting {
	TableUnit unit;
	const char *column; /* of the roster, where the unit is one */
	UnitRule rule;
	TableBasis basis;
} Counting;

/* Appends the header as one line of JSON, of a report that counts that way, and has all shards. */
void saved_run_append(GString *out, const SavedRun *run, const Counting *counting);

/* All but what the processes that evaluated were confined by is the same. */
bool saved_run_is_same(const SavedRun *a, const SavedRun *b);

/* What stands in the header; lives as long as run. */
const struct json_t *saved_run_json(const SavedRun *run);
