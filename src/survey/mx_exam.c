#include "survey/mx_exam.h"

#include <string.h>

static gint compare_hosts(gconstpointer a, gconstpointer b)
{
	const Rr *host_a = *(const Rr *const *)a;
	const Rr *host_b = *(const Rr *const *)b;
	gint order = (host_a->preference > host_b->preference) -
		     (host_a->preference < host_b->preference);

	return order != 0 ? order : strcmp(host_a->name, host_b->name);
}

static bool is_root(const Rr *host)
{
	return *host->name == '\0' || strcmp(host->name, ".") == 0;
}

static MxState state_of(const GPtrArray *hosts)
{
	if (hosts->len == 0)
		return MX_ABSENT;
	return hosts->len == 1 && is_root(g_ptr_array_index(hosts, 0)) ? MX_NULL : MX_PUBLISHED;
}

static void take_hosts(MxExam *exam, const Answer *answer)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();
	size_t records = answer_count(answer);

	for (size_t i = 0; i < records; i++)
		g_ptr_array_add(hosts, (gpointer)(guintptr)answer_rr(answer, i));
	g_ptr_array_sort(hosts, compare_hosts);
	exam->state = state_of(hosts);
	exam->is_nonexistent = answer->outcome == DNS_NXDOMAIN;
	for (guint i = 0; i < hosts->len; i++) {
		const Rr *host = g_ptr_array_index(hosts, i);

		g_ptr_array_add(exam->hosts, g_strdup_printf("%u %s", host->preference,
						     is_root(host) ? "." : host->name));
	}
}

MxExam *mx_exam_new(const char *domain, Context *context)
{
	MxExam *exam = g_new0(MxExam, 1);
	const Answer *answer = context_ask(context, domain, DNS_MX, NULL);

	exam->state = MX_UNKNOWN;
	exam->hosts = g_ptr_array_new_with_free_func(g_free);
	exam->basis = basis_of(answer);
	if (basis_is_good(answer))
		take_hosts(exam, answer);
	return exam;
}

void mx_exam_free(MxExam *exam)
{
	if (exam == NULL)
		return;
	g_ptr_array_unref(exam->hosts);
	g_free(exam);
}

const char *mx_state_word(MxState state)
{
	static const char *const words[] = { "published", "null", "absent", "unknown" };

	return words[state];
}
