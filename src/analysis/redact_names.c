#include "analysis/redact_names.h"

#include <string.h>

/* A piece of a local part that is shorter says nothing by standing inside a label. */
#define PIECE_OCTETS ((size_t)3)

static bool is_in_label(const char *label, const char *piece)
{
	return strlen(piece) < PIECE_OCTETS ? strcmp(label, piece) == 0
					    : strstr(label, piece) != NULL;
}

/* pieces: of the local part, in lower case. */
static bool tells(const char *label, char *const *pieces)
{
	for (; *pieces != NULL; pieces++)
		if (**pieces != '\0' && is_in_label(label, *pieces))
			return true;
	return false;
}

/* Owned by the caller. */
static char *hide_labels(const Redactor *redactor, const char *name, char *const *pieces)
{
	g_auto(GStrv) labels = g_strsplit(name, ".", -1);

	for (char **label = labels; *label != NULL; label++) {
		g_autofree char *lower = g_ascii_strdown(*label, -1);

		if (tells(lower, pieces)) {
			g_autofree char *mask = redact_mask(redactor, "label", lower);

			hide_as(label, g_strconcat("r", mask, NULL));
		}
	}
	return g_strjoinv(".", labels);
}

/* What the local part of MAIL FROM may be cut into. NULL-terminated. */
static char **pieces_of(const char *mail_from)
{
	const char *at = mail_from != NULL ? strrchr(mail_from, '@') : NULL;
	g_autofree char *local =
		at != NULL ? g_ascii_strdown(mail_from, at - mail_from) : g_strdup("");

	return g_strsplit_set(local, ".-+,/_=@%", -1);
}

typedef struct Names {
	const Redactor *redactor;
	char **pieces;
	const SpfVerdict *spf, *helo; /* whose own domains are kept */
} Names;

static bool is_own_name(const Names *names, const char *name)
{
	return g_strcmp0(name, names->spf->domain) == 0 ||
	       g_strcmp0(name, names->helo->domain) == 0;
}

static void hide_name(const Names *names, char **name)
{
	if (*name != NULL && !is_own_name(names, *name))
		hide_as(name, hide_labels(names->redactor, *name, names->pieces));
}

static void hide_records_owner(const char *before, const char *name, Answer *answer)
{
	for (guint i = 0; i < answer->rrs->len; i++) {
		Rr *rr = g_ptr_array_index(answer->rrs, i);

		if (strcmp(rr->owner, before) == 0)
			hide_as(&rr->owner, g_strdup(name));
	}
}

/* Like answer, of another name; owned by the caller. */
static Answer *answer_renamed(const Answer *answer, const char *name)
{
	Answer *copy = answer_new(name, answer->question.type);

	copy->outcome = answer->outcome;
	copy->at = answer->at;
	copy->security = answer->security;
	for (guint i = 0; i < answer->rrs->len; i++)
		g_ptr_array_add(copy->rrs, rr_copy(g_ptr_array_index(answer->rrs, i)));
	hide_records_owner(answer->question.name, name, copy);
	return copy;
}

static void hide_answers(Case *kase, const Names *names)
{
	kase->masked = g_ptr_array_new_with_free_func((GDestroyNotify)answer_free);
	for (guint i = 0; i < kase->answers->len; i++) {
		const Answer *answer = g_ptr_array_index(kase->answers, i);
		g_autofree char *name = g_strdup(answer->question.name);

		if ((g_array_index(kase->answers_by, unsigned, i) & ASKED_BY(METHOD_SPF)) == 0)
			continue;
		hide_name(names, &name);
		if (strcmp(name, answer->question.name) == 0)
			continue;
		g_ptr_array_add(kase->masked, answer_renamed(answer, name));
		g_ptr_array_index(kase->answers, i) =
			g_ptr_array_index(kase->masked, kase->masked->len - 1);
	}
}

static void hide_lacking(Case *kase, const Names *names)
{
	for (guint i = 0; i < kase->lacking->len; i++) {
		Question *question = g_ptr_array_index(kase->lacking, i);

		if ((g_array_index(kase->lacking_by, unsigned, i) & ASKED_BY(METHOD_SPF)) != 0)
			hide_name(names, &question->name);
	}
}

/* "example.com include:_spf.example.net": both are names, once their labels are looked at. */
static void hide_spf(SpfVerdict *spf, const Names *names)
{
	hide_detail(&spf->verdict.detail);
	hide_name(names, &spf->term_domain);
	hide_body(&spf->explanation);
	for (guint i = 0; spf->chain != NULL && i < spf->chain->len; i++) {
		char *step = g_ptr_array_index(spf->chain, i);

		g_ptr_array_index(spf->chain, i) =
			hide_labels(names->redactor, step, names->pieces);
		g_free(step);
	}
}

void redact_names(Case *kase, const Redactor *redactor)
{
	g_auto(GStrv) pieces = pieces_of(kase->facts->envelope.mail_from);
	Names names = { redactor, pieces, kase->spf, kase->spf_helo };

	hide_answers(kase, &names);
	hide_lacking(kase, &names);
	hide_spf(kase->spf, &names);
	hide_spf(kase->spf_helo, &names);
}
