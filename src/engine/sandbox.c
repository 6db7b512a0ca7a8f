#define _GNU_SOURCE 1
#include "engine/sandbox.h"

#include "engine/sandbox_calls.h"

#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef SANDBOX_SANITIZERS
#define FIRST_CLOSED (STDERR_FILENO + 1)
#else
#define FIRST_CLOSED 0
#endif

static void close_between(unsigned first, unsigned last)
{
	if (first > last)
		return;
#ifdef SYS_close_range
	if (syscall(SYS_close_range, first, last, 0) == 0)
		return;
#endif
	for (unsigned fd = first; fd <= last && fd < (unsigned)sysconf(_SC_OPEN_MAX); fd++)
		close((int)fd);
}

static void close_all_but(int channel)
{
#ifdef SANDBOX_SANITIZERS
	close_between(STDIN_FILENO, STDOUT_FILENO);
#endif
	close_between(FIRST_CLOSED, (unsigned)channel - 1);
	close_between((unsigned)channel + 1, ~0u);
}

static void set_limit(int resource, rlim_t value)
{
	const struct rlimit limit = { value, value };

	/* Below what it was, nobody may refuse it. */
	(void)setrlimit((__rlimit_resource_t)resource, &limit);
}

/* The address space that there is already: shared evidence counts, too. */
static bool used_memory(uint64_t *ret_octets)
{
	g_autofree char *text = NULL;

	if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
		return false;
	*ret_octets = g_ascii_strtoull(text, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
	return true;
}

static bool limit_memory(uint64_t more)
{
	uint64_t used;

	if (SANDBOX_HAS_REPORTS || !used_memory(&used))
		return false;
	set_limit(RLIMIT_AS, used + more);
	return true;
}

unsigned sandbox_enter(int channel, uint64_t memory)
{
	unsigned confinement = CONFINED_BY_NOTHING;

	if (limit_memory(memory))
		confinement |= CONFINED_BY_MEMORY_LIMIT;
	close_all_but(channel);
	set_limit(RLIMIT_CORE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (!SANDBOX_HAS_REPORTS) {
		if (sandbox_forbid_files())
			confinement |= CONFINED_BY_LANDLOCK;
		set_limit(RLIMIT_NOFILE, 0);
	}
	if (sandbox_filter_calls())
		confinement |= CONFINED_BY_SECCOMP;
	return confinement;
}

unsigned sandbox_probe(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit((int)sandbox_enter(STDERR_FILENO, G_MAXUINT32));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return CONFINED_BY_NOTHING;
	return (unsigned)WEXITSTATUS(status);
}

GPtrArray *sandbox_words(unsigned confinement)
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = { { CONFINED_BY_SECCOMP, "seccomp" }, { CONFINED_BY_LANDLOCK, "landlock" },
		{ CONFINED_BY_MEMORY_LIMIT, "memory limit" } };
	GPtrArray *array = g_ptr_array_new();

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if ((confinement & words[i].bit) != 0)
			g_ptr_array_add(array, (gpointer)(guintptr)words[i].word);
	return array;
}
