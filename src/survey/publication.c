#include "survey/publication.h"

#include "base/text_time.h"

const char *publication_word(Publication state)
{
	static const char *const words[] = { "published", "invalid", "absent", "unknown" };

	return words[state];
}

Basis basis_of(const Answer *answer)
{
	if (answer == NULL)
		return (Basis) { .at = TIME_UNKNOWN };
	return (Basis) { true, answer->outcome, answer->security, answer->at };
}

bool basis_is_good(const Answer *answer)
{
	return answer != NULL && answer_is_usable(answer) && !answer_is_chain_broken(answer);
}
