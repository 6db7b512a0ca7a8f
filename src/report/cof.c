#include "report/cof.h"

#include "base/text_time.h"
#include "report/json_read.h"
#include "report/json_value.h"

#define MS_A_SECOND 1000
/* The end of the year 9999. */
#define SECONDS_MAX UINT64_C(253402300799)

void cof_record_clear(CofRecord *record)
{
	g_clear_pointer(&record->name, g_free);
	g_clear_pointer(&record->type, g_free);
	g_clear_pointer(&record->data, g_ptr_array_unref);
}

static bool refuse(GError **reterr_error, const char *text)
{
	g_set_error_literal(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL, text);
	return false;
}

/* What the sensors saw; or, where only that is there, what a zone file said. */
static bool read_time(
	const json_t *object, const char *name, const char *in_zone, int64_t *ret_time)
{
	uint64_t seconds;

	if (json_object_get(object, name) == NULL)
		name = in_zone;
	if (json_object_get(object, name) == NULL) {
		*ret_time = TIME_UNKNOWN;
		return true;
	}
	if (!json_number_of(object, name, &seconds) || seconds > SECONDS_MAX)
		return false;
	*ret_time = (int64_t)seconds * MS_A_SECOND;
	return true;
}

static bool read_data(const json_t *object, GPtrArray *data)
{
	const char *text = json_text_of(object, "rdata");
	const json_t *array = json_array_of(object, "rdata");

	if (text != NULL)
		g_ptr_array_add(data, g_strdup(text));
	for (size_t i = 0; array != NULL && i < json_array_size(array); i++) {
		text = json_text_at(array, i);
		if (text == NULL)
			return false;
		g_ptr_array_add(data, g_strdup(text));
	}
	return data->len > 0;
}

static bool fill(const json_t *object, CofRecord *record, GError **reterr_error)
{
	record->name = g_strdup(json_text_of(object, "rrname"));
	record->type = g_strdup(json_text_of(object, "rrtype"));
	record->data = g_ptr_array_new_with_free_func(g_free);
	if (record->name == NULL || record->type == NULL)
		return refuse(
			reterr_error, "no passive DNS: rrname and rrtype are not there as texts");
	if (!read_data(object, record->data))
		return refuse(reterr_error, "rdata is no text, nor an array of texts");
	if (!read_time(object, "time_first", "zone_time_first", &record->first) ||
		!read_time(object, "time_last", "zone_time_last", &record->last))
		return refuse(reterr_error, "a time is not a number of seconds since 1970");
	if (record->first == TIME_UNKNOWN)
		record->first = record->last;
	if (record->last == TIME_UNKNOWN)
		record->last = record->first;
	return record->first <= record->last ||
	       refuse(reterr_error, "it was seen last before it was seen first");
}

bool cof_read(Slice line, CofRecord *ret_record, GError **reterr_error)
{
	g_auto(CofRecord) record = { .count = 0 };
	json_t *object = json_read_line(line, reterr_error);
	bool is_good = object != NULL && fill(object, &record, reterr_error);

	if (is_good) {
		json_number_of(object, "count", &record.count);
		*ret_record = record;
		record = (CofRecord) { .count = 0 };
	}
	json_decref(object);
	return is_good;
}

void cof_append(GString *out, const CofRecord *record)
{
	Json *object = json_begin(out);

	json_add_text(object, "rrname", record->name);
	json_add_text(object, "rrtype", record->type);
	if (record->data->len == 1)
		json_add_text(object, "rdata", g_ptr_array_index(record->data, 0));
	else
		json_add_texts(object, "rdata", record->data);
	json_add_number(object, "time_first", (uint64_t)(record->first / MS_A_SECOND));
	json_add_number(object, "time_last", (uint64_t)(record->last / MS_A_SECOND));
	json_add_number(object, "count", record->count);
	json_end(object);
	g_string_append_c(out, '\n');
}
