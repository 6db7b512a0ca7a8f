/* Large memory that is filled from front to back and kept: in the large pages of the system, where
 * it has some. A page costs its first touch, and a search through small ones a miss a look. */
#pragma once

#include <stddef.h>

/* size octets that hold anything; freed with block_free(). NULL where there are not so many. */
void *block_new(size_t size);
void block_free(void *block); /* NULL is fine */
