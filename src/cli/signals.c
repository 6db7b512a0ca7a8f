#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t is_end_wanted, is_status_wanted;

static void note_end(int number)
{
	(void)number;
	is_end_wanted = 1;
}

static void note_status(int number)
{
	(void)number;
	is_status_wanted = 1;
}

void signals_catch_status(void)
{
	struct sigaction action = { .sa_handler = note_status };

	action.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &action, NULL);
}

void signals_catch(void)
{
	struct sigaction action = { .sa_handler = note_end };

	signals_catch_status();
	/* What is being read or written meanwhile goes on. */
	action.sa_flags = (int)SA_RESETHAND | SA_RESTART;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	action.sa_handler = SIG_IGN;
	action.sa_flags = 0;
	sigaction(SIGPIPE, &action, NULL);
}

bool signals_want_end(void)
{
	return is_end_wanted != 0;
}

bool signals_take_status(void)
{
	bool is_wanted = is_status_wanted != 0;

	is_status_wanted = 0;
	return is_wanted;
}
