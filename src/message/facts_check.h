/* What is remarkable about the fields of a message taken together: told for facts_new(). */
#pragma once

#include "message/facts.h"

/* Who sends it, and what the reader is shown of that. */
void facts_check_header(Facts *facts);

/* From that can be read in several ways: each reading is told. */
void facts_check_readings(Facts *facts);

/* Two domains of one message that differ and look the same; once the boundary is known. */
void facts_check_look(Facts *facts);

/* Return-Path and the recorded results, once the boundary is known. */
void facts_check_trace(Facts *facts);
