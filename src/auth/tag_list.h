/* The "tag=value; ..." lists of DKIM, ARC and DMARC (RFC 6376, 3.2). */
#pragma once

#include "base/slice.h"

typedef struct TagList TagList;
typedef enum TagProblem { TAG_OK, TAG_NO_EQUALS, TAG_BAD_NAME, TAG_REPEATED } TagProblem;

/* Values point into text, which must outlive the list. The first problem spoils the whole list,
 * as 3.2 has it; *reterr_where is then the tag at fault, for the report. */
TagProblem tag_list_parse(Slice text, TagList **ret_tags, Slice *reterr_where);
/* Absent if the tag is; names are case-sensitive. */
Slice tag_list_get(const TagList *tags, const char *name);
/* Tags in order; both absent behind the last. */
size_t tag_list_count(const TagList *tags);
void tag_list_at(const TagList *tags, size_t index, Slice *ret_name, Slice *ret_value);
void tag_list_free(TagList *tags); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TagList, tag_list_free)
