#include "cli/progress.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TERMINAL_EVERY (G_USEC_PER_SEC / 5)
/* A build for tests has less patience. */
#ifndef LINES_EVERY
#define LINES_EVERY (INT64_C(30) * G_USEC_PER_SEC)
#endif
/* A run that is over before this shows nothing on a terminal. */
#define QUIET_AT_FIRST G_USEC_PER_SEC
/* The rate of the last seconds, not of the whole run: what the beginning costs is past. */
#define RATE_OVER (INT64_C(10) * G_USEC_PER_SEC)

typedef struct Point {
	int64_t at;
	uint64_t done, octets;
} Point;

struct Progress {
	ProgressMode mode;
	bool is_terminal;
	bool is_of_senders;
	bool has_line;        /* one stands on the terminal */
	uint64_t total;       /* octets to be read; 0: not known */
	uint64_t passed_over; /* of these */
	int64_t started;
	int64_t next;
	Point from; /* what the rate is counted from, and what will be next */
	Point later;
	EngineStatus last; /* that was shown, or could have been */
};

bool progress_mode_parse(const char *word, ProgressMode *ret_mode)
{
	static const char *const words[] = { "auto", "always", "never" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(word, words[i]) == 0) {
			*ret_mode = (ProgressMode)i;
			return true;
		}
	}
	return false;
}

/* Only of files it is known beforehand. */
static uint64_t total_octets(char *const *paths)
{
	uint64_t total = 0;

	for (; *paths != NULL; paths++) {
		GStatBuf facts;

		if (strcmp(*paths, "-") == 0 || g_stat(*paths, &facts) != 0 ||
			!S_ISREG(facts.st_mode))
			return 0;
		total += (uint64_t)facts.st_size;
	}
	return total;
}

static Progress *new_progress(ProgressMode mode, uint64_t total)
{
	Progress *progress = g_new0(Progress, 1);

	progress->mode = mode;
	progress->is_terminal = isatty(STDERR_FILENO) == 1;
	progress->total = total;
	progress->started = g_get_monotonic_time();
	progress->from.at = progress->later.at = progress->started;
	progress->next = progress->started + (progress->is_terminal ? QUIET_AT_FIRST : LINES_EVERY);
	return progress;
}

Progress *progress_new(ProgressMode mode, char *const *paths)
{
	return new_progress(mode, total_octets(paths));
}

Progress *progress_new_of_senders(ProgressMode mode, uint64_t senders)
{
	Progress *progress = new_progress(mode, senders);

	progress->is_of_senders = true;
	return progress;
}

void progress_set_total(Progress *progress, uint64_t octets)
{
	progress->total = octets;
}

void progress_pass_over(Progress *progress, uint64_t octets)
{
	progress->passed_over = octets;
}

void progress_clear(Progress *progress)
{
	if (!progress->has_line)
		return;
	g_fprintf(stderr, "\r\033[K");
	fflush(stderr);
	progress->has_line = false;
}

void progress_free(Progress *progress)
{
	if (progress == NULL)
		return;
	if (progress->mode == PROGRESS_ALWAYS) {
		progress->from = (Point) { .at = progress->started };
		progress_tell(progress, &progress->last);
	}
	progress_clear(progress);
	g_free(progress);
}

static void move_on(Progress *progress, const EngineStatus *status, int64_t now)
{
	if (now - progress->later.at < RATE_OVER)
		return;
	progress->from = progress->later;
	progress->later = (Point) { now, status->done, status->octets };
}

static double per_second(uint64_t now, uint64_t then, int64_t elapsed)
{
	return elapsed > 0 ? (double)(now - then) * G_USEC_PER_SEC / (double)elapsed : 0;
}

static void append_rest(
	GString *line, const Progress *progress, const EngineStatus *status, int64_t elapsed)
{
	double rate = per_second(status->octets, progress->from.octets, elapsed);
	uint64_t past = status->octets + progress->passed_over;
	double seconds;

	if (rate <= 0 || progress->total <= past)
		return;
	seconds = (double)(progress->total - past) / rate;
	if (seconds < 90)
		g_string_append_printf(line, ", %.0f s left", seconds);
	else if (seconds < 90 * 60)
		g_string_append_printf(line, ", %.0f min left", seconds / 60);
	else
		g_string_append_printf(line, ", %.1f h left", seconds / 3600);
}

static GString *line_of(const Progress *progress, const EngineStatus *status, int64_t now)
{
	int64_t elapsed = now - progress->from.at;
	double rate = per_second(status->done, progress->from.done, elapsed);
	GString *line = g_string_new(NULL);

	if (progress->is_of_senders)
		g_string_append_printf(line, "%" G_GUINT64_FORMAT " senders, %.0f senders/s",
			(guint64)status->done, rate);
	else
		g_string_append_printf(line,
			"%" G_GUINT64_FORMAT " messages, %.1f MB, %.0f messages/s",
			(guint64)status->done, (double)status->octets / 1e6, rate);
	append_rest(line, progress, status, elapsed);
	if (status->silence_ms > 0)
		g_string_append_printf(
			line, ", no DNS server answers since %u s", status->silence_ms / 1000);
	else if (status->outstanding > 0)
		g_string_append_printf(
			line, ", %" G_GSIZE_FORMAT " DNS questions", status->outstanding);
	if (status->restarts > 0)
		g_string_append_printf(line, ", %u workers replaced", status->restarts);
	return line;
}

void progress_tell(Progress *progress, const EngineStatus *status)
{
	g_autoptr(GString) line = line_of(progress, status, g_get_monotonic_time());

	progress_clear(progress);
	g_fprintf(stderr, "kantei: %s\n", line->str);
}

void progress_show(Progress *progress, const EngineStatus *status)
{
	int64_t now = g_get_monotonic_time();
	g_autoptr(GString) line = NULL;

	move_on(progress, status, now);
	progress->last = *status;
	if (progress->mode == PROGRESS_NEVER || now < progress->next)
		return;
	progress->next = now + (progress->is_terminal ? TERMINAL_EVERY : LINES_EVERY);
	if (!progress->is_terminal) {
		progress_tell(progress, status);
		return;
	}
	line = line_of(progress, status, now);
	g_fprintf(stderr, "\r\033[K%s", line->str);
	fflush(stderr);
	progress->has_line = true;
}
