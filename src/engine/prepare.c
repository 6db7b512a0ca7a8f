#include "engine/prepare.h"

#include "auth/prepare.h"
#include "engine/memory.h"
#include "message/converters.h"
#include "message/mime_view.h"

#include <stdlib.h>
#include <time.h>

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The C library asks how much memory there is before it sorts more than fits its stack, once. */
static void prepare_sorting(void)
{
	int numbers[4096];

	for (int i = 0; i < (int)G_N_ELEMENTS(numbers); i++)
		numbers[i] = -i;
	qsort(numbers, G_N_ELEMENTS(numbers), sizeof numbers[0], compare);
}

void prepare_for_workers(void)
{
	memory_keep();
	tzset();
	prepare_sorting();
	converters_prepare();
	mime_prepare();
	auth_prepare();
}
