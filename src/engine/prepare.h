/* What libraries open when they first need it, opened before there are workers. */
#pragma once

void prepare_for_workers(void);
