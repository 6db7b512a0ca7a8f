#include "report/record_answers.h"

#include "base/text_time.h"
#include "report/json_value.h"

static void add_askers(Json *object, unsigned by)
{
	Json *array = json_add_array(object, "methods");

	for (unsigned i = 0; asker_word(i) != NULL; i++)
		if ((by & (1u << i)) != 0)
			json_add_text(array, NULL, asker_word(i));
}

void record_add_answers(Json *record, const Case *kase)
{
	Json *array = json_add_array(record, "answers");

	for (guint i = 0; i < kase->answers->len; i++) {
		const Answer *answer = g_ptr_array_index(kase->answers, i);
		Json *object = json_add_object(array, NULL);
		g_autofree char *at = text_time_rfc3339_ms(answer->at);

		json_add_text(object, "name", answer->question.name);
		json_add_text(object, "type", dns_type_word(answer->question.type));
		json_add_text(object, "outcome", dns_outcome_word(answer->outcome));
		json_add_number(object, "records", answer_count(answer));
		json_add_text(object, "at", at);
		json_add_text(object, "security", dns_security_word(answer->security));
		json_add_text(object, "digest", answer_digest(answer));
		add_askers(object, g_array_index(kase->answers_by, unsigned, i));
	}
}

void record_add_lacking(Json *record, const Case *kase)
{
	Json *array = json_add_array(record, "lacking");

	for (guint i = 0; i < kase->lacking->len; i++) {
		const Question *question = g_ptr_array_index(kase->lacking, i);
		Json *object = json_add_object(array, NULL);

		json_add_text(object, "name", question->name);
		json_add_text(object, "type", dns_type_word(question->type));
		add_askers(object, g_array_index(kase->lacking_by, unsigned, i));
	}
}
