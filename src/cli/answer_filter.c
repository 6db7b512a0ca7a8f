#include "cli/answer_filter.h"

#include "base/domain_name.h"
#include "base/text_time.h"

#include <string.h>

#define DAY_LEN strlen("2026-11-24")

struct AnswerFilter {
	GPtrArray *names;     /* of char *: in lower case, without their final dots */
	GArray *types;        /* of DnsType */
	GPtrArray *statuses;  /* of char *, in upper case */
	int64_t since, until; /* TIME_UNKNOWN: not given */
};

static bool take_names(AnswerFilter *filter, char *const *words, GError **reterr_error)
{
	for (; words != NULL && *words != NULL; words++) {
		size_t len = strlen(*words);

		if (len == 0)
			return words_refuse(reterr_error, "name", *words);
		if (len > 1 && (*words)[len - 1] == '.')
			len--;
		g_ptr_array_add(filter->names, g_ascii_strdown(*words, (gssize)len));
	}
	return true;
}

static bool take_types(AnswerFilter *filter, char *const *words, GError **reterr_error)
{
	for (; words != NULL && *words != NULL; words++) {
		DnsType type;

		if (!dns_type_parse(slice_of(*words), &type))
			return words_refuse(reterr_error, "type", *words);
		g_array_append_val(filter->types, type);
	}
	return true;
}

static bool take_statuses(AnswerFilter *filter, char *const *words, GError **reterr_error)
{
	for (; words != NULL && *words != NULL; words++) {
		DnsOutcome outcome;

		if (g_ascii_strcasecmp(*words, "NODATA") != 0 &&
			!dns_outcome_parse(slice_of(*words), &outcome))
			return words_refuse(reterr_error, "status", *words);
		g_ptr_array_add(filter->statuses, g_ascii_strup(*words, -1));
	}
	return true;
}

/* A day alone is meant with all its hours. */
static bool take_times(AnswerFilter *filter, const Words *words, GError **reterr_error)
{
	if (words->since != NULL &&
		!text_time_parse_rfc3339(slice_of(words->since), &filter->since))
		return words_refuse(reterr_error, "since", words->since);
	if (words->until != NULL &&
		!text_time_parse_rfc3339(slice_of(words->until), &filter->until))
		return words_refuse(reterr_error, "until", words->until);
	if (words->until != NULL && strlen(words->until) == DAY_LEN)
		filter->until += TEXT_TIME_DAY - 1;
	return true;
}

AnswerFilter *answer_filter_new(const Words *words, GError **reterr_error)
{
	g_autoptr(AnswerFilter) filter = g_new0(AnswerFilter, 1);

	filter->names = g_ptr_array_new_with_free_func(g_free);
	filter->types = g_array_new(FALSE, FALSE, sizeof(DnsType));
	filter->statuses = g_ptr_array_new_with_free_func(g_free);
	filter->since = TIME_UNKNOWN;
	filter->until = TIME_UNKNOWN;
	if (!take_names(filter, words->names, reterr_error) ||
		!take_types(filter, words->types, reterr_error) ||
		!take_statuses(filter, words->statuses, reterr_error) ||
		!take_times(filter, words, reterr_error))
		return NULL;
	return g_steal_pointer(&filter);
}

void answer_filter_free(AnswerFilter *filter)
{
	if (filter == NULL)
		return;
	g_ptr_array_unref(filter->names);
	g_array_unref(filter->types);
	g_ptr_array_unref(filter->statuses);
	g_free(filter);
}

/* With * or ? a pattern of the whole name; with a dot before it, what lies below; else the name and
 * what lies below. */
static bool is_name(const char *name, const char *wanted)
{
	if (strpbrk(wanted, "*?") != NULL)
		return g_pattern_match_simple(wanted, name);
	if (strcmp(wanted, ".") == 0)
		return name[0] == '\0';
	if (wanted[0] == '.')
		return g_str_has_suffix(name, wanted);
	return domain_name_is_within(name, wanted);
}

static bool wants_name(const AnswerFilter *filter, const char *name)
{
	bool wanted = filter->names->len == 0;

	for (guint i = 0; !wanted && i < filter->names->len; i++)
		wanted = is_name(name, g_ptr_array_index(filter->names, i));
	return wanted;
}

static bool wants_type(const AnswerFilter *filter, DnsType type)
{
	bool wanted = filter->types->len == 0;

	for (guint i = 0; !wanted && i < filter->types->len; i++)
		wanted = g_array_index(filter->types, DnsType, i) == type;
	return wanted;
}

static bool wants_status(const AnswerFilter *filter, const char *status)
{
	bool wanted = filter->statuses->len == 0;

	for (guint i = 0; !wanted && i < filter->statuses->len; i++)
		wanted = strcmp(g_ptr_array_index(filter->statuses, i), status) == 0;
	return wanted;
}

/* Where a time is asked for, an answer without one is not wanted. */
static bool wants_time(const AnswerFilter *filter, int64_t at)
{
	if (at == TIME_UNKNOWN)
		return filter->since == TIME_UNKNOWN && filter->until == TIME_UNKNOWN;
	return at >= filter->since && (filter->until == TIME_UNKNOWN || at <= filter->until);
}

bool answer_filter_wants(const AnswerFilter *filter, const Answer *answer)
{
	return wants_name(filter, answer->question.name) &&
	       wants_type(filter, answer->question.type) && wants_time(filter, answer->at) &&
	       wants_status(filter, answer_status(answer));
}
