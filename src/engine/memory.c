#include "engine/memory.h"

#include "engine/sandbox_calls.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Most messages are smaller; the few that are not have a mapping of their own each time. */
#define KEEP_BLOCKS (1024 * 1024)
#define KEEP_AT_END (16 * 1024 * 1024)

static bool is_final;

void memory_keep(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, KEEP_BLOCKS);
	mallopt(M_TRIM_THRESHOLD, KEEP_AT_END);
#endif
}

void memory_refusals_are_final(void)
{
	is_final = true;
}

/* malloc(3) and its kin for this program and its libraries: glibc's own, looked at. A sanitizer has
 * its own, and ends the program itself. */
#if defined(__GLIBC__) && !defined(SANDBOX_SANITIZERS)

#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static void *look_at(void *memory)
{
	if (memory == NULL && is_final)
		_exit(MEMORY_EXIT);
	return memory;
}

void *malloc(size_t size)
{
	return look_at(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return look_at(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size)
{
	void *memory = __libc_realloc(old, size);

	/* That is how to free, too. */
	return size > 0 ? look_at(memory) : memory;
}

void *memalign(size_t alignment, size_t size)
{
	return look_at(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return look_at(__libc_memalign(alignment, size));
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
	void *memory = look_at(__libc_memalign(alignment, size));

	if (memory == NULL)
		return ENOMEM;
	*ret_memory = memory;
	return 0;
}

#endif
