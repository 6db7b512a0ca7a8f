/* A folder of messages with the manifest of their hashes. Nothing that is there already is
 * replaced; SHA256SUMS comes last, and a folder without it was cut off. */
#pragma once

#include "base/source.h"

typedef enum ExportKind {
	EXPORT_EML,  /* a file a message */
	EXPORT_MBOX, /* messages.mbox, mboxrd */
} ExportKind;

typedef struct ExportItem {
	uint64_t number; /* of the messages that were read, from 1; that of the stored one */
	const Source *source;
	const char *message_id; /* or NULL */
	const char *unquoted;   /* un-quoting that was undone */
	int64_t received;       /* TIME_UNKNOWN */
	Slice octets;
} ExportItem;

typedef struct ExportFolder ExportFolder;

/* Makes the folder where it is not there. has_attached: the manifest has a column of parts. NULL,
 * and *reterr_error, where it cannot be made or holds an export already. */
ExportFolder *export_folder_open(
	const char *path, ExportKind kind, bool has_attached, GError **reterr_error);
bool export_folder_add(ExportFolder *folder, const ExportItem *item, GError **reterr_error);
/* Writes MANIFEST.csv and SHA256SUMS. */
bool export_folder_finish(ExportFolder *folder, GError **reterr_error);
void export_folder_free(ExportFolder *folder); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExportFolder, export_folder_free)
