#include "base/source.h"

#include "base/text_time.h"

Source *source_new(void)
{
	Source *source = g_new0(Source, 1);

	source->store_time = TIME_UNKNOWN;
	return source;
}

void source_free(Source *source)
{
	if (source == NULL)
		return;
	g_free(source->path);
	g_free(source->archive);
	g_free(source->from_line);
	g_free(source->from_line_sender);
	g_free(source->flags);
	g_free(source);
}

const char *store_kind_word(StoreKind kind)
{
	static const char *const words[] = { "unknown", "mbox", "maildir", "eml", "emlx" };

	return words[kind];
}
