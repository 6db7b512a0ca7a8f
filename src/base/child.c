#include "base/child.h"

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <sys/prctl.h>

#define FIRST_FREE_FD 3

int child_begin(int channel)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGPIPE };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (size_t i = 0; i < G_N_ELEMENTS(ignored); i++)
		sigaction(ignored[i], &ignore, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	return fcntl(channel, F_DUPFD, FIRST_FREE_FD);
}
