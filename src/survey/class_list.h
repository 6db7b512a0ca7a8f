/* The classes of a column by which senders are compared: its values in the order of the list, or
 * those that are given, or ranges of numbers. */
#pragma once

#include "analysis/roster.h"

typedef struct ClassList ClassList;

/* "COLUMN", or "COLUMN=CLASS,CLASS…", where a class with ".." in it is a range of numbers ("..10",
 * "10..20", "20..": what it begins with is in it, what it ends with is not) and any other is a
 * value. NULL, and *reterr_error, where there is no such column or no such range. roster must
 * outlive it. */
ClassList *class_list_new(const Roster *roster, const char *spec, GError **reterr_error);
void class_list_free(ClassList *list); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClassList, class_list_free)

const char *class_list_column(const ClassList *list);
size_t class_list_count(const ClassList *list);
/* As it is given; "" for no value. The last one of given classes is NULL: all that is in none. */
const char *class_list_name(const ClassList *list, size_t index);
/* Of that row of the roster. */
size_t class_list_of_row(const ClassList *list, size_t row);
