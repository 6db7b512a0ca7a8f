#include "planted_faults.h"

#include "engine/frame.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int engine;
static uint64_t task;

static void crash(void)
{
	static int *volatile nowhere;

	*nowhere = 1;
}

static void end(void)
{
	_exit(0);
}

static void spin(void)
{
	for (volatile unsigned i = 0;; i++)
		continue;
}

/* Without using the processor: it reads what nobody writes. */
static void wait_for_nothing(void)
{
	char octet;

	while (read(engine, &octet, 1) > 0)
		continue;
}

static void eat_memory(void)
{
	for (;;) {
		char *block = malloc((size_t)64 * 1024 * 1024);

		/* A library would take NULL for "wrong"; it must not come so far. */
		if (block == NULL)
			return;
		memset(block, 1, 4096);
	}
}

static void open_file(void)
{
	(void)open("/etc/hostname", O_RDONLY);
}

static void open_socket(void)
{
	(void)socket(AF_INET, SOCK_STREAM, 0);
}

static void run_program(void)
{
	(void)execl("/bin/true", "true", (char *)NULL);
}

static void kill_engine(void)
{
	(void)kill(getppid(), SIGKILL);
}

static void babble(void)
{
	static const char text[] = "To whom it may concern: all is well with this message.";

	if (write(engine, text, sizeof text) < 0)
		_exit(1);
}

/* A result that says the best of a message, and whose record is another's. */
static void claim(uint64_t id)
{
	g_auto(EngineResult) result = engine_result_make();

	result.entry.label = g_strdup("all is well");
	for (int i = 0; i < METHODS; i++)
		result.entry.results[i] = g_strdup("pass");
	g_string_append(result.text, "{\"schema\":1,\"source\":{\"path\":\"another.mbox\"}}\n");
	frame_put_done(engine, id, &result);
}

/* A message in it where there is none. */
static void attach(void)
{
	g_auto(EngineResult) result = engine_result_make();
	AttachedMessage *attached = g_new0(AttachedMessage, 1);

	attached->part = g_strdup("1");
	attached->offset = (uint64_t)1 << 40;
	attached->length = 100;
	result.is_chosen = false;
	result.attached = g_ptr_array_new_with_free_func(attached_message_free);
	g_ptr_array_add(result.attached, attached);
	frame_put_done(engine, task, &result);
}

/* Of the first message, which is not this worker's to speak of. */
static void speak_for_another(void)
{
	claim(1);
}

static void forge_record(void)
{
	claim(task);
}

/* A question that would be more than one line of an evidence file. */
static void ask_oddly(void)
{
	g_autoptr(GPtrArray) questions = g_ptr_array_new();
	g_autofree char *name = g_strdup("a.example.\n;q b.example");
	Question question = { name, DNS_TXT };

	g_ptr_array_add(questions, &question);
	frame_put_lacking(engine, task, questions);
}

void planted_fault(int channel, uint64_t id, const Facts *facts)
{
	static const struct {
		const char *name;
		void (*fault)(void);
	} faults[] = {
		{ "crash", crash },
		{ "end", end },
		{ "spin", spin },
		{ "wait", wait_for_nothing },
		{ "memory", eat_memory },
		{ "file", open_file },
		{ "socket", open_socket },
		{ "program", run_program },
		{ "kill", kill_engine },
		{ "babble", babble },
		{ "other", speak_for_another },
		{ "forge", forge_record },
		{ "question", ask_oddly },
		{ "attach", attach },
	};

	engine = channel;
	task = id;

	for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
		g_autofree char *prefix = g_strdup_printf("<fault-%s@", faults[i].name);

		if (facts->message_id != NULL && g_str_has_prefix(facts->message_id, prefix))
			faults[i].fault();
	}
}
