/* Runs the engine over the mailboxes and writes the report: the main job, and explain. */
#pragma once

#include "cli/options.h"
#include "cli/resources.h"
#include "engine/engine.h"

/* Returns the exit status: 0 all was analysed, 1 something was not. */
int run_mailboxes(const Options *options);

/* What the engine is to do by the options. */
EngineOptions run_engine_options(const Options *options, Resources *resources);
/* By --message; number counts all messages that were read, from 1. */
bool run_takes_number(const Options *options, uint64_t number);
/* By the part that --message names, and by --message-id. */
bool run_chooses(const Options *options, const RawMessage *raw);
/* Whether run_chooses() has to be asked. */
bool run_looks_at_messages(const Options *options);
