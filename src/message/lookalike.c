#include "message/lookalike.h"

#include "base/domain_name.h"
#include "base/printable.h"

#include <string.h>
#include <unicode/uspoof.h>

/* A character's prototype has up to 18 characters. */
#define CHARACTER_SKELETON 128
/* A name has up to 253 octets; "m" looks like "rn", others become longer still. */
#define NAME_SKELETON 4096

/* ICU makes the checker from its own data; it is never changed and never freed. */
static const USpoofChecker *checker(void)
{
	static gsize ready = 0;

	if (g_once_init_enter(&ready)) {
		UErrorCode status = U_ZERO_ERROR;
		USpoofChecker *made = uspoof_open(&status);

		g_once_init_leave(&ready, U_SUCCESS(status) ? (gsize)made : 1);
	}
	return ready != 1 ? (const USpoofChecker *)ready : NULL;
}

/* False where there is none, or it does not fit. */
static bool skeleton(const char *text, size_t len, char *ret_skeleton, size_t size)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t used;

	if (checker() == NULL)
		return false;
	used = uspoof_getSkeletonUTF8(
		checker(), 0, text, (int32_t)len, ret_skeleton, (int32_t)size - 1, &status);
	if (U_FAILURE(status) || used < 0 || (size_t)used >= size)
		return false;
	ret_skeleton[used] = '\0';
	return true;
}

static bool is_ascii(const char *text)
{
	return g_str_is_ascii(text);
}

static bool is_ldh(const char *text)
{
	for (; *text != '\0'; text++)
		if (!g_ascii_isalnum(*text) && *text != '-')
			return false;
	return true;
}

/* ASCII stays, what else there is becomes what it looks like; false where that is not ASCII. */
static bool read_label(GString *out, const char *label)
{
	for (const char *next; *label != '\0'; label = next) {
		char prototype[CHARACTER_SKELETON];

		next = printable_next(label);
		if ((unsigned char)*label < 0x80) {
			g_string_append_c(out, *label);
			continue;
		}
		if (!skeleton(label, (size_t)(next - label), prototype, sizeof prototype) ||
			!is_ldh(prototype))
			return false;
		g_string_append(out, prototype);
	}
	return true;
}

char *lookalike_reading(const char *domain)
{
	g_autofree char *unicode = domain_name_unicode(domain);
	g_auto(GStrv) labels = unicode != NULL ? g_strsplit(unicode, ".", -1) : NULL;
	guint count = labels != NULL ? g_strv_length(labels) : 0;
	GString *reading;
	bool is_other = false;

	if (count == 0 || !is_ascii(labels[count - 1]))
		return NULL;
	reading = g_string_new(NULL);
	for (guint i = 0; i < count; i++) {
		size_t before = reading->len;

		g_string_append(reading, i > 0 ? "." : "");
		if (read_label(reading, labels[i])) {
			is_other |= !is_ascii(labels[i]);
			continue;
		}
		g_string_truncate(reading, before);
		g_string_append_printf(reading, "%s%s", i > 0 ? "." : "", labels[i]);
	}
	return g_string_free(reading, !is_other);
}

/* ASCII letters that look like others in small type, or like each other, as one of them: ICU's
 * table has the digits' capitals, and does not have pairs of letters but "rn". */
static char *folded(const char *text)
{
	static const struct {
		char c;
		const char *like;
	} alike[] = { { '0', "o" }, { '1', "l" }, { 'd', "cl" }, { 'm', "rn" }, { 'w', "vv" } };
	GString *out = g_string_new(NULL);

	for (; *text != '\0'; text++) {
		char c = g_ascii_tolower(*text);
		const char *like = NULL;

		for (size_t i = 0; i < G_N_ELEMENTS(alike); i++)
			if (c == alike[i].c)
				like = alike[i].like;
		if (like != NULL)
			g_string_append(out, like);
		else
			g_string_append_c(out, c);
	}
	return g_string_free(out, FALSE);
}

/* What every name that looks the same has in common. Owned by the caller. */
static char *look_of(const char *domain)
{
	g_autofree char *unicode = domain_name_unicode(domain);
	char prototype[NAME_SKELETON];

	if (unicode == NULL || !skeleton(unicode, strlen(unicode), prototype, sizeof prototype))
		return folded(domain);
	return folded(prototype);
}

bool lookalike_same(const char *a, const char *b)
{
	g_autofree char *look_a = strcmp(a, b) != 0 ? look_of(a) : NULL;
	g_autofree char *look_b = look_a != NULL ? look_of(b) : NULL;

	return look_a != NULL && strcmp(look_a, look_b) == 0;
}

char *lookalike_library(void)
{
	UVersionInfo version;
	char text[U_MAX_VERSION_STRING_LENGTH];

	u_getVersion(version);
	u_versionToString(version, text);
	return g_strconcat("ICU ", text, NULL);
}
