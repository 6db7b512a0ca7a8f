#include "report/lang.h"

#include <glib.h>
#include <string.h>

typedef struct Translation {
	const char *english;
	const char *text;
} Translation;

/* Made from po/ja.po. */
static const Translation japanese[] = {
#include "src/report/lang_ja.inc"
	{ NULL, NULL },
};

static gpointer make_index(gpointer data)
{
	GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);

	(void)data;
	for (const Translation *entry = japanese; entry->english != NULL; entry++)
		g_hash_table_insert(
			index, (gpointer)(guintptr)entry->english, (gpointer)(guintptr)entry->text);
	return index;
}

const char *lang_text(Lang lang, const char *english)
{
	static GOnce once = G_ONCE_INIT;
	const char *text;

	if (lang == LANG_EN)
		return english;
	g_once(&once, make_index, NULL);
	text = g_hash_table_lookup(once.retval, english);
	return text != NULL ? text : english;
}

bool lang_parse(const char *word, Lang *ret_lang)
{
	if (strcmp(word, "en") != 0 && strcmp(word, "ja") != 0)
		return false;
	*ret_lang = word[0] == 'j' ? LANG_JA : LANG_EN;
	return true;
}
