/* A forked process that works for this one and is to have a channel to it, and nothing else. */
#pragma once

/* In the child, first of all. Signals to the whole group are for the parent to handle; its end is
 * the child's, too. Returns a copy of channel whose number is none of the standard descriptors',
 * which may have been closed when kantei began; -1 where there is none left. */
int child_begin(int channel);
