#define _GNU_SOURCE 1
#include "engine/sandbox_calls.h"

#include <glib.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_SECCOMP
#include <errno.h>
#include <seccomp.h>
#include <sys/mman.h>
#endif

/* --- Landlock (the kernel's Documentation/userspace-api/landlock.rst). The structure is written
 * out, as the system's header may be older than its kernel. */

#ifdef SYS_landlock_create_ruleset

typedef struct LandlockRuleset {
	uint64_t files, ports, scopes;
} LandlockRuleset;

#define LANDLOCK_ASK_VERSION 1u

/* All rights that a version of Landlock handles; what it does not know must not be asked of it. */
static LandlockRuleset all_rights(long version)
{
	static const LandlockRuleset rights[] = {
		{ 0x1FFF, 0, 0 }, { 0x3FFF, 0, 0 }, /* 2: linking elsewhere */
		{ 0x7FFF, 0, 0 },                   /* 3: truncating */
		{ 0x7FFF, 3, 0 },                   /* 4: TCP ports */
		{ 0xFFFF, 3, 0 },                   /* 5: ioctl on devices */
		{ 0xFFFF, 3, 3 },                   /* 6: abstract sockets, signals */
	};

	return rights[MIN((size_t)version, G_N_ELEMENTS(rights)) - 1];
}

static size_t ruleset_size(long version)
{
	return version < 4   ? sizeof(uint64_t)
	       : version < 6 ? 2 * sizeof(uint64_t)
			     : sizeof(LandlockRuleset);
}

bool sandbox_forbid_files(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_ASK_VERSION);
	LandlockRuleset ruleset;
	long fd;

	if (version < 1)
		return false;
	ruleset = all_rights(version);
	fd = syscall(SYS_landlock_create_ruleset, &ruleset, ruleset_size(version), 0);
	if (fd < 0)
		return false;
	/* No rule is added: nothing is allowed. */
	version = syscall(SYS_landlock_restrict_self, fd, 0);
	close((int)fd);
	return version == 0;
}

#else

bool sandbox_forbid_files(void)
{
	return false;
}

#endif

/* --- seccomp */

#ifdef HAVE_SECCOMP

/* What remains of the system: the channel, memory, time, randomness, the end. getpid() is how
 * OpenSSL tells that it was forked, uname() how libspf2 learns its host's name; futex() and the
 * signals' own calls belong to the C library. */
static const int allowed[] = { SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(munmap),
	SCMP_SYS(mremap), SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall), SCMP_SYS(exit),
	SCMP_SYS(exit_group), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
	SCMP_SYS(sched_yield), SCMP_SYS(getpid), SCMP_SYS(uname) };

/* With sanitizers: what is forbidden, and all else allowed. The C library opens by openat(), a
 * sanitizer that reports by open(). */
static const int forbidden[] = { SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(creat),
	SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(clone),
	SCMP_SYS(clone3), SCMP_SYS(kill), SCMP_SYS(ptrace), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
	SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2) };

static bool add_all(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int code = seccomp_rule_add(filter, action, calls[i], 0);

		/* A call that this architecture does not have cannot be made. */
		if (code != 0 && code != -EDOM)
			return false;
	}
	return true;
}

/* Memory, but none that is a file's, and none that can be run. */
static bool add_memory(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
		       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
		       SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
		       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

static scmp_filter_ctx filter_new(void)
{
	scmp_filter_ctx filter;
	bool is_good;

#ifdef SANDBOX_SANITIZERS
	filter = seccomp_init(SCMP_ACT_ALLOW);
	is_good = filter != NULL &&
		  add_all(filter, SCMP_ACT_KILL_PROCESS, forbidden, G_N_ELEMENTS(forbidden));
	(void)allowed;
	(void)add_memory;
#else
	filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	is_good = filter != NULL &&
		  add_all(filter, SCMP_ACT_ALLOW, allowed, G_N_ELEMENTS(allowed)) &&
		  add_memory(filter);
	(void)forbidden;
#endif
	if (is_good &&
		seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0)
		return filter;
	seccomp_release(filter);
	return NULL;
}

bool sandbox_filter_calls(void)
{
	scmp_filter_ctx filter = filter_new();
	bool is_loaded = filter != NULL && seccomp_load(filter) == 0;

	/* What is freed now needs no other call than those that are left. */
	seccomp_release(filter);
	return is_loaded;
}

#else

bool sandbox_filter_calls(void)
{
	return false;
}

#endif
