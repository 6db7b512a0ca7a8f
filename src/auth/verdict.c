#include "auth/verdict.h"

static void set(Verdict *verdict, AuthResult result, const char *reason, const char *text,
	char *detail, bool is_final)
{
	if (verdict->detail != detail)
		g_free(verdict->detail);
	verdict->result = result;
	verdict->reason = reason;
	verdict->text = text;
	verdict->detail = detail;
	verdict->is_final = is_final;
}

void verdict_set(
	Verdict *verdict, AuthResult result, const char *reason, const char *text, char *detail)
{
	set(verdict, result, reason, text, detail, true);
}

void verdict_set_unknown(
	Verdict *verdict, AuthResult result, const char *reason, const char *text, char *detail)
{
	set(verdict, result, reason, text, detail, false);
}

void verdict_clear(Verdict *verdict)
{
	g_free(verdict->detail);
	*verdict = VERDICT_INIT;
}

const char *auth_result_word(AuthResult result)
{
	static const char *const words[] = { "none", "pass", "fail", "softfail", "neutral",
		"policy", "temperror", "permerror" };

	return words[result];
}
