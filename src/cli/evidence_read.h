/* What the commands on evidence share. */
#pragma once

#include "cli/sink.h"
#include "dns/evidence_set.h"

/* Reads the evidence file at path into set. Where something of it is lost, what is remarked of it
 * are problems; that there is no crc is none. */
void evidence_read(EvidenceSet *set, const char *path, Sink *sink);
/* Writes every group, below the header of an evidence file. */
void evidence_write(const EvidenceSet *set, Sink *sink);
void evidence_write_header(Sink *sink);
/* Writes what is gathered, when it is much. */
void evidence_flush(Sink *sink);
/* 0, or 1 where something could not be read or written. */
int evidence_close(Sink *sink);
