#include "analysis/month_count.h"

#include "base/text_time.h"

static int order_of(int year, int month)
{
	return year * 12 + month - 1;
}

/* The index at which the month stands or belongs. */
static guint find_month(const GArray *months, int order)
{
	guint low = 0;
	guint high = months->len;

	while (low < high) {
		guint mid = low + (high - low) / 2;
		const TableMonth *month = &g_array_index(months, TableMonth, mid);

		if (order_of(month->year, month->month) < order)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void month_count_add(GArray *months, int64_t time, const Mark *marks)
{
	g_autoptr(GDateTime) date =
		time != TIME_UNKNOWN ? g_date_time_new_from_unix_utc(time / 1000) : NULL;
	TableMonth *found;
	guint at;

	if (date == NULL)
		return;
	at = find_month(months, order_of(g_date_time_get_year(date), g_date_time_get_month(date)));
	found = at < months->len ? &g_array_index(months, TableMonth, at) : NULL;
	if (found == NULL || found->year != g_date_time_get_year(date) ||
		found->month != g_date_time_get_month(date)) {
		TableMonth fresh = { .year = g_date_time_get_year(date),
			.month = g_date_time_get_month(date) };

		g_array_insert_val(months, at, fresh);
		found = &g_array_index(months, TableMonth, at);
	}
	for (int i = 0; i < METHODS; i++)
		found->marks[i][marks[i]]++;
}
