#include "engine/member.h"

#include "engine/memory.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A process ends within a millisecond; under Valgrind it looks for leaks first. */
#define FAREWELL_MS 20000

static bool refuse(GError **reterr_error)
{
	int code = errno;

	g_set_error(reterr_error, G_SPAWN_ERROR, G_SPAWN_ERROR_FORK,
		"a worker cannot be started: %s", g_strerror(code));
	return false;
}

static size_t frame_max(const WorkerOptions *options)
{
	size_t max = options->kase->dumps ? FRAME_FILES_MAX : FRAME_MAX;

	return max + (options->takes_attached ? FRAME_ATTACHED_MAX : 0);
}

bool member_start(Member *member, const WorkerOptions *options, GError **reterr_error)
{
	int ends[2];
	pid_t pid;

	g_assert(member->pid == 0);
	if (!channel_pair(ends))
		return refuse(reterr_error);
	pid = fork();
	if (pid == 0)
		worker_run(ends[1], options);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return refuse(reterr_error);
	}
	*member = (Member) { .pid = pid, .channel = channel_new(ends[0], frame_max(options)) };
	g_queue_init(&member->sent);
	return true;
}

/* One that has ended already keeps the status it ended with. */
static int end_process(pid_t pid)
{
	int status = 0;
	pid_t ended;

	kill(pid, SIGKILL);
	do {
		ended = waitpid(pid, &status, 0);
	} while (ended < 0 && errno == EINTR);
	return status;
}

static char *words_for(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return g_strdup("it did what a worker may not do");
	if (WIFSIGNALED(status))
		return g_strdup_printf(
			"signal %d, %s", WTERMSIG(status), g_strsignal(WTERMSIG(status)));
	return g_strdup_printf("exit status %d", WEXITSTATUS(status));
}

MemberEnd member_stop(Member *member, char **ret_how)
{
	int status;

	if (member->pid == 0)
		return MEMBER_CRASHED;
	status = end_process(member->pid);
	channel_free(member->channel);
	g_queue_clear(&member->sent);
	*member = (Member) { .pid = 0 };
	if (ret_how != NULL)
		*ret_how = words_for(status);
	return WIFEXITED(status) && WEXITSTATUS(status) == MEMORY_EXIT ? MEMBER_OUT_OF_MEMORY
								       : MEMBER_CRASHED;
}

void member_dismiss(Member *member)
{
	g_clear_pointer(&member->channel, channel_free);
}

/* True when it has ended by itself. */
static bool await_end(pid_t pid, int *ret_status)
{
	for (int waited = 0; waited < FAREWELL_MS; waited++) {
		if (waitpid(pid, ret_status, WNOHANG) == pid)
			return true;
		g_usleep(1000);
	}
	return false;
}

bool member_await(Member *member, char **ret_how)
{
	int status = 0;

	if (member->pid == 0)
		return true;
	if (!await_end(member->pid, &status))
		status = end_process(member->pid);
	g_queue_clear(&member->sent);
	*member = (Member) { .pid = 0 };
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	*ret_how = words_for(status);
	return false;
}

int64_t member_cpu_ms(const Member *member)
{
	clockid_t clock;
	struct timespec used;

	if (clock_getcpuclockid(member->pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		return 0;
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}
