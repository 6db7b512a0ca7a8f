/* The mail hosts of a domain (RFC 5321, 5.1), or its word that it has none (RFC 7505). */
#pragma once

#include "survey/publication.h"

typedef enum MxState {
	MX_PUBLISHED,
	MX_NULL,   /* "." alone: the domain takes no mail */
	MX_ABSENT, /* mail goes to its address, if it has one */
	MX_UNKNOWN,
} MxState;
#define MX_STATES 4

typedef struct MxExam {
	MxState state;
	bool is_nonexistent; /* the domain is answered by NXDOMAIN */
	GPtrArray *hosts;    /* of char *: "10 mx.example", the most preferred first */
	Basis basis;
} MxExam;

MxExam *mx_exam_new(const char *domain, Context *context);
void mx_exam_free(MxExam *exam); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MxExam, mx_exam_free)

const char *mx_state_word(MxState state); /* "published", "null", "absent", "unknown"; static */
