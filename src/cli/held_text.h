/* Text of a report that belongs behind what is known in the end only; on disk meanwhile. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct HeldText HeldText;

HeldText *held_text_new(void);       /* NULL where there can be no temporary file */
void held_text_free(HeldText *held); /* NULL is fine */

/* Takes what is in text, which is empty then. False where it cannot be kept. */
bool held_text_add(HeldText *held, GString *text);

typedef enum HeldStep { HELD_PIECE, HELD_END, HELD_FAILED } HeldStep;

/* Appends the next piece of what was kept to text; nothing is to be added any more. */
HeldStep held_text_next(HeldText *held, GString *text);
