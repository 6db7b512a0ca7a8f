#include "base/text_time.h"

static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
	"Oct", "Nov", "Dec" };

static const char *day_of(GDateTime *date)
{
	return days[g_date_time_get_day_of_week(date) - 1];
}

static const char *month_of(GDateTime *date)
{
	return months[g_date_time_get_month(date) - 1];
}

/* NULL for years that GLib does not count. */
static GDateTime *date_of(int64_t time)
{
	return time != TIME_UNKNOWN ? g_date_time_new_from_unix_utc(time / 1000) : NULL;
}

char *text_time_rfc5322(int64_t time)
{
	g_autoptr(GDateTime) date = date_of(time);

	if (date == NULL)
		return NULL;
	return g_strdup_printf("%s, %d %s %04d %02d:%02d:%02d +0000", day_of(date),
		g_date_time_get_day_of_month(date), month_of(date), g_date_time_get_year(date),
		g_date_time_get_hour(date), g_date_time_get_minute(date),
		g_date_time_get_second(date));
}

char *text_time_asctime(int64_t time)
{
	g_autoptr(GDateTime) date = date_of(time);

	if (date == NULL)
		return NULL;
	return g_strdup_printf("%s %s %2d %02d:%02d:%02d %04d", day_of(date), month_of(date),
		g_date_time_get_day_of_month(date), g_date_time_get_hour(date),
		g_date_time_get_minute(date), g_date_time_get_second(date),
		g_date_time_get_year(date));
}
