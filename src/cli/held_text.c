#include "cli/held_text.h"

#include <stdio.h>

#define PIECE 16384

struct HeldText {
	FILE *file;
	bool is_rewound;
};

HeldText *held_text_new(void)
{
	FILE *file = tmpfile();
	HeldText *held;

	if (file == NULL)
		return NULL;
	held = g_new0(HeldText, 1);
	held->file = file;
	return held;
}

void held_text_free(HeldText *held)
{
	if (held == NULL)
		return;
	fclose(held->file);
	g_free(held);
}

bool held_text_add(HeldText *held, GString *text)
{
	bool is_kept = text->len == 0 || fwrite(text->str, 1, text->len, held->file) == text->len;

	g_string_truncate(text, 0);
	return is_kept;
}

HeldStep held_text_next(HeldText *held, GString *text)
{
	char piece[PIECE];
	size_t len;

	if (!held->is_rewound && (fflush(held->file) != 0 || fseeko(held->file, 0, SEEK_SET) != 0))
		return HELD_FAILED;
	held->is_rewound = true;
	len = fread(piece, 1, sizeof piece, held->file);
	if (len == 0)
		return ferror(held->file) != 0 ? HELD_FAILED : HELD_END;
	g_string_append_len(text, piece, (gssize)len);
	return HELD_PIECE;
}
