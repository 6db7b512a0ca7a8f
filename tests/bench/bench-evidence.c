/* How much processor time a million answers take to write and to load, and how much memory they
 * keep, next to what reading the same file and its crc alone takes. Not part of "make check": "make
 * bench-evidence".
 */
#include "dns/evidence_file.h"

#include <glib/gstdio.h>
#include <malloc.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#define ANSWERS_DEFAULT 1000000u

static Answer *make_answer(unsigned number)
{
	g_autofree char *name =
		g_strdup_printf("s%u._domainkey.domain%u.example", number % 7, number);
	Answer *answer = answer_new(name, DNS_TXT);
	Rr *rr;

	answer->at = INT64_C(1795486500000) + number;
	answer->ms = number % 100;
	answer->via = g_strdup("192.0.2.53@53/udp");
	answer->security = DNSSEC_NO;
	if (number % 4 == 0) {
		answer->outcome = DNS_NXDOMAIN;
		answer->soa = 300;
		return answer;
	}
	rr = g_new0(Rr, 1);
	rr->owner = g_strdup(name);
	rr->ttl = 300;
	rr->type = DNS_TXT;
	rr->strings = 1;
	rr->text = g_string_new("v=spf1 include:_spf.example.net ip4:192.0.2.0/24 -all");
	g_ptr_array_add(answer->rrs, rr);
	return answer;
}

/* Of the processor, so that a busy machine does not change it. */
static double seconds_since(clock_t start)
{
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static double write_answers(const char *path, unsigned count)
{
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(EvidenceFile) file =
		evidence_file_open(path, EVIDENCE_APPEND, evidence, notes, &error);
	clock_t start = clock();

	if (file == NULL)
		g_error("%s", error->message);
	for (unsigned i = 0; i < count; i++) {
		g_autoptr(Answer) answer = make_answer(i);

		if (!evidence_file_append(file, answer, &error))
			g_error("%s", error->message);
	}
	return seconds_since(start);
}

/* What no reader can be faster than. */
static double read_and_sum(const char *path, size_t *ret_size)
{
	clock_t start = clock();
	g_autofree char *octets = NULL;
	gsize len = 0;
	uLong crc;

	if (!g_file_get_contents(path, &octets, &len, NULL))
		g_error("%s cannot be read", path);
	crc = crc32_z(0, (const Bytef *)octets, len);
	g_print("crc of the file %08lx, %zu octets\n", crc, len);
	*ret_size = len;
	return seconds_since(start);
}

static size_t memory_in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static void load(const char *path, unsigned count, double floor, size_t size)
{
	size_t before = memory_in_use();
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	clock_t start = clock();
	g_autoptr(EvidenceFile) file =
		evidence_file_open(path, EVIDENCE_READ, evidence, notes, NULL);
	double seconds = seconds_since(start);
	size_t memory = memory_in_use() - before;
	unsigned found = 0;

	g_assert_true(file != NULL && evidence_count(evidence) == count && notes->len == 0);
	g_print("load   %6.2f s, %.1f times read and crc; %zu octets an answer (%zu of text)\n",
		seconds, seconds / floor, memory / count, size / count);
	start = clock();
	for (unsigned i = 0; i < count; i++) {
		g_autofree char *name =
			g_strdup_printf("s%u._domainkey.domain%u.example", i % 7, i);

		found += evidence_find(evidence, name, DNS_TXT) != NULL;
	}
	g_assert_cmpuint(found, ==, count);
	seconds = seconds_since(start);
	g_print("find   %6.2f s for every one, then %zu octets an answer\n", seconds,
		(memory_in_use() - before) / count);
}

int main(int argc, char **argv)
{
	guint64 count = ANSWERS_DEFAULT;
	g_autofree char *dir = g_dir_make_tmp("kantei-bench-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "evidence.dns", NULL);
	size_t size = 0;
	double floor;
	double again;

	if (argc > 1 && !g_ascii_string_to_unsigned(argv[1], 10, 1, 100000000, &count, NULL))
		g_error("usage: bench-evidence [ANSWERS]");
	g_print("%" G_GUINT64_FORMAT " answers\n", count);
	g_print("write  %6.2f s\n", write_answers(path, (unsigned)count));
	floor = read_and_sum(path, &size);
	again = read_and_sum(path, &size);
	floor = MIN(floor, again);
	g_print("floor  %6.2f s, read and crc\n", floor);
	load(path, (unsigned)count, floor, size);
	g_unlink(path);
	g_rmdir(dir);
	return 0;
}
