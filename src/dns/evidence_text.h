/* The text of one group of an evidence file: a ;q line and the lines of its records. */
#pragma once

#include "dns/answer.h"

/* Records of one group. A packet of 65,535 octets cannot hold more: one takes 12 at least. */
#define GROUP_RECORDS 6000u
/* Octets of one line. A record's 65,535 octets take four each where all of them are escaped. */
#define GROUP_LINE ((size_t)512 * 1024)

/* A ;q line. What it does not say is as answer_new() has it. */
typedef struct GroupHead {
	Slice owner; /* as written */
	DnsType type;
	DnsOutcome outcome;
	bool has_count; /* n= is there */
	unsigned count;
	int64_t at;
	uint32_t ms;
	Slice via;
	DnsSecurity security;
	int64_t soa;
	int ede;
	int cd;
	unsigned tries;
	bool has_crc;
	uint32_t crc;
	Slice covered; /* what the crc covers of this line */
} GroupHead;

/* The line begins a group (with ";q" and a blank). */
bool group_is_head(Slice line);
/* Reads such a line, without its line end; the slices point into it. NULL, or why it cannot be read
 * (static). */
const char *group_head_parse(Slice line, GroupHead *ret_head);
/* The crc that head should have over its records' lines. */
uint32_t group_crc(const GroupHead *head, Slice records);

typedef enum GroupLine { GROUP_LINE_RECORD, GROUP_LINE_UNKNOWN_TYPE, GROUP_LINE_BAD } GroupLine;

/* Tells what a record's line is, without keeping anything. */
GroupLine group_line_check(Slice line);
/* The question of head in normal form; NULL where it is none. Owned by the caller. */
char *group_question_name(const GroupHead *head);
/* The answer of head and its records' lines, those that can be read. */
Answer *group_answer(const GroupHead *head, const char *name, Slice records);
