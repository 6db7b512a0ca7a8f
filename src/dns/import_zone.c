#include "dns/import.h"

#include "base/limits.h"
#include "base/text_time.h"
#include "dns/evidence_text.h"
#include "dns/name.h"
#include "dns/rdata_part.h"
#include "dns/zone_reader.h"

#include <string.h>

/* A zone file, and the group that is being read, where a comment began one. */
typedef struct ZoneImport {
	Import *import;
	Answer *answer; /* NULL: records stand for themselves */
	unsigned due;   /* records that are still to come */
	uint64_t line;  /* of the group */
} ZoneImport;

static void say(Import *import, uint64_t line, const char *text)
{
	import->problem(import->user, line, text);
}

static void note_undated(Import *import, uint64_t line)
{
	if (import->undated++ == 0)
		import->undated_line = line;
}

/* The group is whole. */
static void end_group(ZoneImport *zone)
{
	g_autoptr(Answer) answer = g_steal_pointer(&zone->answer);

	if (answer == NULL)
		return;
	if (answer->at == TIME_UNKNOWN)
		answer->at = zone->import->taken;
	if (answer->at == TIME_UNKNOWN)
		note_undated(zone->import, zone->line);
	else
		evidence_set_add(zone->import->set, answer);
}

/* Something else comes than the group's next record. */
static void break_group(ZoneImport *zone)
{
	if (zone->answer == NULL)
		return;
	say(zone->import, zone->line, "left out: fewer records follow than n= of this line says");
	g_clear_pointer(&zone->answer, answer_free);
}

static void begin_group(ZoneImport *zone, const ZoneItem *item)
{
	g_autofree char *name = NULL;
	GroupHead head;
	const char *problem;

	break_group(zone);
	problem = group_head_parse(item->question, &head);
	name = problem == NULL ? group_question_name(&head) : NULL;
	if (name == NULL) {
		say(zone->import, item->line,
			problem != NULL ? problem : "the question is no name");
		return;
	}
	zone->answer = group_answer(&head, name, SLICE_ABSENT);
	zone->due = head.has_count ? head.count : 0;
	zone->line = item->line;
	if (zone->due == 0)
		end_group(zone);
}

/* rr NULL: a record that is not kept, but was counted. */
static void continue_group(ZoneImport *zone, Rr *rr)
{
	if (rr != NULL)
		g_ptr_array_add(zone->answer->rrs, rr);
	if (--zone->due == 0)
		end_group(zone);
}

static void take_record(ZoneImport *zone, const ZoneItem *item)
{
	Import *import = zone->import;

	if (zone->answer != NULL) {
		continue_group(zone, item->rr);
		return;
	}
	if (import->taken != TIME_UNKNOWN) {
		record_pool_add(import->pool, item->rr, import->taken, import->taken);
		return;
	}
	note_undated(import, item->line);
	rr_free(item->rr);
}

static void take_other(ZoneImport *zone)
{
	zone->import->passed_over++;
	if (zone->answer != NULL)
		continue_group(zone, NULL);
}

static bool take_item(ZoneImport *zone, ZoneReader *reader)
{
	ZoneItem item;

	switch (zone_reader_next(reader, &item)) {
	case ZONE_RECORD:
		take_record(zone, &item);
		return true;
	case ZONE_OTHER:
		take_other(zone);
		return true;
	case ZONE_QUESTION:
		begin_group(zone, &item);
		return true;
	case ZONE_BAD:
		say(zone->import, item.line, item.problem);
		break_group(zone);
		return true;
	case ZONE_END:
		break_group(zone);
		return false;
	}
	g_assert_not_reached();
}

void import_zone(Import *import, Slice text)
{
	g_autoptr(ZoneReader) reader = zone_reader_new(text, 1, import->origin);
	ZoneImport zone = { .import = import };

	while (take_item(&zone, reader))
		continue;
}

/* Passive DNS has the text of TXT with its quotes or without; without them, blanks are part of it.
 */
static bool read_bare_text(Rr *rr, Slice text)
{
	GString *presentation;

	if (text.len > LIMIT_TXT)
		return false;
	presentation = g_string_new(NULL);
	rr->text = g_string_new(NULL);
	rdata_add_string(rr, presentation, text);
	rr->presentation = g_string_free(presentation, FALSE);
	return true;
}

const char *import_record(Import *import, const char *owner, const char *type, const char *data,
	int64_t first, int64_t last)
{
	g_autoptr(Rr) rr = g_new0(Rr, 1);
	Slice text = slice_of(data);
	bool is_good;

	rr->owner = dns_name_from_text(slice_of(owner));
	if (rr->owner == NULL)
		return "the name is none";
	if (!dns_type_parse(slice_of(type), &rr->type)) {
		import->passed_over++;
		return NULL;
	}
	if (strpbrk(data, "\r\n") != NULL && rr->type != DNS_TXT)
		return "the record's data has a line end";
	is_good = rr->type == DNS_TXT && !slice_starts(text, "\"") && !slice_starts(text, "\\#")
			  ? read_bare_text(rr, text)
			  : rdata_from_text(rr, text);
	if (!is_good)
		return "the record's data cannot be read";
	record_pool_add(import->pool, g_steal_pointer(&rr), first, last);
	return NULL;
}
