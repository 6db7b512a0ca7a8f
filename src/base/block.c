#include "base/block.h"

#include <stdlib.h>
#include <sys/mman.h>

/* Of the systems that have them, most have pages of this size. */
#define LARGE_PAGE ((size_t)2 * 1024 * 1024)

void *block_new(size_t size)
{
	void *block = NULL;

	if (size < LARGE_PAGE)
		return malloc(size > 0 ? size : 1);
	if (posix_memalign(&block, LARGE_PAGE, size) != 0)
		return NULL;
#ifdef MADV_HUGEPAGE
	/* A wish; without it the block is only slower. */
	madvise(block, size, MADV_HUGEPAGE);
#endif
	return block;
}

void block_free(void *block)
{
	free(block);
}
