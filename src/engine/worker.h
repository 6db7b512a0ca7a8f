/* The process that evaluates messages: it has what was loaded before it began, and is given
 * messages and answers. It holds the case of a message until all that it lacks is there. */
#pragma once

#include "analysis/case.h"
#include "engine/result.h"
#include "mailbox/raw_message.h"

typedef struct WorkerOptions {
	const CaseOptions *kase;
	const BoundaryOptions *boundary;
	bool is_asking;      /* lacking answers are asked for, and may come */
	bool takes_attached; /* a stored message's result has the messages attached to it */
	/* Whether the message is to be evaluated; NULL: each is. */
	bool (*is_chosen)(const RawMessage *raw, gpointer data);
	/* What the report has of a case. */
	void (*report)(Case *kase, EngineResult *result, gpointer data);
	gpointer data;
} WorkerOptions;

/* Serves channel until the other end is closed, and ends the process. */
void worker_run(int channel, const WorkerOptions *options) G_GNUC_NORETURN;
