/* How to verify a signature by hand, as a member of its record. */
#include "report/record_auth.h"

#include "report/json_value.h"

void record_add_dump(Json *signature, const DkimDump *dump)
{
	static const char *const members[] = { "header", "body", "signature", "key" };
	Json *object;

	if (dump == NULL) {
		json_add_null(signature, "dump");
		return;
	}
	object = json_add_object(signature, "dump");
	for (int i = 0; i < DKIM_DUMP_FILES; i++)
		json_add_text(object, members[i], dump->names[i]);
	json_add_texts(object, "commands", dump->commands);
	json_add_text(object, "body_digest", dump->body_digest);
}
