#include "cli/evidence.h"

#include "base/limits.h"
#include "base/text_time.h"
#include "cli/dns_json.h"
#include "cli/evidence_read.h"
#include "dns/import.h"
#include "report/cof.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE ((size_t)256 * 1024)

/* The import, and where it stands. */
typedef struct Reading {
	Sink sink;
	Import import;
	const char *path;
} Reading;

static void say(Reading *reading, uint64_t line, const char *text)
{
	g_autofree char *whole = line > 0 ? g_strdup_printf("%s:%" G_GUINT64_FORMAT ": %s",
						    reading->path, (guint64)line, text)
					  : g_strdup_printf("%s: %s", reading->path, text);

	sink_problem(&reading->sink, whole);
}

static void say_problem(gpointer user, uint64_t line, const char *text)
{
	say(user, line, text);
}

static int open_path(const char *path)
{
	return strcmp(path, "-") == 0 ? dup(STDIN_FILENO)
				      : g_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
}

/* Adds all that there is to read; false where that fails (errno) or is too much. */
static bool read_octets(int fd, GString *text)
{
	g_autofree char *buffer = g_malloc(READ_SIZE);
	ssize_t got;

	do {
		got = read(fd, buffer, READ_SIZE);
		if (got > 0)
			g_string_append_len(text, buffer, got);
		if (text->len > LIMIT_IMPORT)
			errno = EFBIG;
	} while ((got > 0 && text->len <= LIMIT_IMPORT) || (got < 0 && errno == EINTR));
	return got == 0;
}

/* Owned by the caller; NULL, and said why, where it cannot be read. */
static GString *read_file(Reading *reading)
{
	g_autoptr(GString) text = g_string_new(NULL);
	int fd = open_path(reading->path);
	bool is_read = fd >= 0 && read_octets(fd, text);

	if (!is_read)
		say(reading, 0, g_strerror(errno));
	if (fd >= 0)
		close(fd);
	return is_read ? g_steal_pointer(&text) : NULL;
}

static void note_undated(Import *import, uint64_t line)
{
	if (import->undated++ == 0)
		import->undated_line = line;
}

static const char *take_cof(Reading *reading, uint64_t line, const CofRecord *record)
{
	Import *import = &reading->import;
	int64_t first = record->first != TIME_UNKNOWN ? record->first : import->taken;
	int64_t last = record->last != TIME_UNKNOWN ? record->last : import->taken;
	const char *problem = NULL;

	if (last == TIME_UNKNOWN) {
		note_undated(import, line);
		return NULL;
	}
	for (guint i = 0; problem == NULL && i < record->data->len; i++)
		problem = import_record(import, record->name, record->type,
			g_ptr_array_index(record->data, i), first, last);
	return problem;
}

static void take_json(Reading *reading, uint64_t line, Answer *answer)
{
	if (answer->at == TIME_UNKNOWN)
		answer->at = reading->import.taken;
	if (answer->at == TIME_UNKNOWN)
		note_undated(&reading->import, line);
	else
		evidence_set_add(reading->import.set, answer);
}

static void read_json_line(Reading *reading, uint64_t number, Slice line)
{
	g_autoptr(Answer) answer = NULL;
	g_autoptr(GError) error = NULL;

	switch (dns_json_read(line, &answer, &error)) {
	case DNS_JSON_ANSWER:
		take_json(reading, number, answer);
		break;
	case DNS_JSON_OTHER:
		reading->import.passed_over++;
		break;
	case DNS_JSON_PROBLEM:
		say(reading, number, error->message);
		break;
	}
}

static void read_cof_line(Reading *reading, uint64_t number, Slice line)
{
	g_auto(CofRecord) record = { .count = 0 };
	g_autoptr(GError) error = NULL;
	const char *problem;

	if (!cof_read(line, &record, &error)) {
		say(reading, number, error->message);
	} else {
		problem = take_cof(reading, number, &record);
		if (problem != NULL)
			say(reading, number, problem);
	}
}

/* What begins an object in a JSON text sequence (RFC 7464). */
#define RECORD_SEPARATOR "\x1E"

static void read_lines(
	Reading *reading, Slice text, void (*read)(Reading *reading, uint64_t number, Slice line))
{
	for (uint64_t number = 1; text.len > 0; number++) {
		Slice line = slice_trim(slice_take_line(&text));

		if (slice_starts(line, RECORD_SEPARATOR))
			line = slice_sub(line, 1, line.len);
		if (line.len > LIMIT_IMPORT_LINE)
			say(reading, number, "a line that is longer than any record");
		else if (line.len > 0)
			read(reading, number, line);
	}
}

/* The last words on a file. */
static void tell_counts(Reading *reading)
{
	Import *import = &reading->import;
	g_autofree char *text = NULL;

	if (import->undated > 0) {
		text = g_strdup_printf("%" G_GUINT64_FORMAT " record(s) or answer(s) from here on "
				       "have no date; --taken TIME says when they were asked",
			(guint64)import->undated);
		say(reading, import->undated_line, text);
	}
	if (import->passed_over > 0) {
		g_free(text);
		text = g_strdup_printf("%s: %" G_GUINT64_FORMAT " record(s) or answer(s) of types "
				       "or classes that are never asked are passed over",
			reading->path, (guint64)import->passed_over);
		sink_remark(&reading->sink, text);
	}
	import->undated = 0;
	import->passed_over = 0;
}

static void import_file(Reading *reading, const char *path)
{
	g_autoptr(GString) octets = NULL;
	Slice text;

	reading->path = path;
	sink_next_file(&reading->sink);
	octets = read_file(reading);
	if (octets == NULL)
		return;
	text = slice_make(octets->str, octets->len);
	if (slice_starts(text, "\xEF\xBB\xBF"))
		text = slice_sub(text, 3, text.len);
	if (reading->sink.options->format == FORMAT_ZONE)
		import_zone(&reading->import, text);
	else if (reading->sink.options->format == FORMAT_DIG)
		import_dig(&reading->import, text);
	else if (reading->sink.options->format == FORMAT_JSON)
		read_lines(reading, text, read_json_line);
	else
		read_lines(reading, text, read_cof_line);
	tell_counts(reading);
}

/* What was seen without its question becomes answers. */
static void take_pool(Reading *reading)
{
	const char *via = reading->sink.options->format == FORMAT_COF ? "cof" : "zone";
	uint64_t left_out;
	g_autoptr(GPtrArray) answers = record_pool_answers(reading->import.pool, via, &left_out);

	for (guint i = 0; i < answers->len; i++)
		evidence_set_add(reading->import.set, g_ptr_array_index(answers, i));
	if (left_out > 0) {
		g_autofree char *text = g_strdup_printf(
			"%" G_GUINT64_FORMAT " answer(s) are left out: one name has too many "
			"records, or they were last seen at too many different times",
			(guint64)left_out);

		sink_next_file(&reading->sink);
		sink_problem(&reading->sink, text);
	}
}

int evidence_import(const Options *options)
{
	g_autoptr(EvidenceSet) set = evidence_set_new();
	g_autoptr(RecordPool) pool = record_pool_new();
	Reading reading = { .import = { .set = set,
				    .pool = pool,
				    .taken = options->taken,
				    .origin = options->origin,
				    .problem = say_problem } };

	reading.import.user = &reading;
	if (!sink_open(&reading.sink, options))
		return 1;
	for (char **path = options->paths; *path != NULL && !sink_is_stopped(&reading.sink); path++)
		import_file(&reading, *path);
	take_pool(&reading);
	evidence_set_unite(set);
	evidence_write(set, &reading.sink);
	return evidence_close(&reading.sink);
}
