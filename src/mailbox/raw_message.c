#include "mailbox/raw_message.h"

#include "base/limits.h"
#include "mailbox/raw_builder.h"

RawMessage *raw_message_new(Source *source, Slice octets)
{
	g_autoptr(RawBuilder) builder = raw_builder_new(LIMIT_MESSAGE);

	raw_builder_add(builder, octets);
	return raw_builder_finish(builder, source);
}

void raw_message_free(RawMessage *raw)
{
	if (raw == NULL)
		return;
	source_free(raw->source);
	g_bytes_unref(raw->bytes);
	findings_free(raw->findings);
	g_free(raw);
}
