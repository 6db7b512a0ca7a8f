#include "message/charset.h"

#include "base/limits.h"
#include "base/printable.h"
#include "message/converters.h"
#include "message/decode.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

/* iconv's name for what mail calls otherwise, or means otherwise: Japanese mail says Shift_JIS and
 * EUC-JP and writes Microsoft's extensions, and Latin-1 is Windows-1252 in practice. */
static const struct {
	const char *name, *iconv;
} aliases[] = {
	{ "shift_jis", "CP932" },
	{ "shift-jis", "CP932" },
	{ "shiftjis", "CP932" },
	{ "sjis", "CP932" },
	{ "x-sjis", "CP932" },
	{ "ms_kanji", "CP932" },
	{ "csshiftjis", "CP932" },
	{ "windows-31j", "CP932" },
	{ "cswindows31j", "CP932" },
	{ "ms932", "CP932" },
	{ "x-ms-cp932", "CP932" },
	{ "euc-jp", "EUC-JP-MS" },
	{ "eucjp", "EUC-JP-MS" },
	{ "x-euc-jp", "EUC-JP-MS" },
	{ "x-euc", "EUC-JP-MS" },
	{ "cseucpkdfmtjapanese", "EUC-JP-MS" },
	{ "gb2312", "GB18030" },
	{ "gbk", "GB18030" },
	{ "x-gbk", "GB18030" },
	{ "cp936", "GB18030" },
	{ "big5", "CP950" },
	{ "x-big5", "CP950" },
	{ "ks_c_5601-1987", "CP949" },
	{ "ks_c_5601", "CP949" },
	{ "euc-kr", "CP949" },
	{ "iso-8859-1", "CP1252" },
	{ "latin1", "CP1252" },
	{ "latin-1", "CP1252" },
	{ "iso-8859-8-i", "ISO-8859-8" },
	{ "x-mac-roman", "MACINTOSH" },
	{ "x-mac-japanese", "CP932" },
	{ "unicode-1-1-utf-7", "UTF-7" },
	{ "utf8", "UTF-8" },
	{ "utf_8", "UTF-8" },
	{ "cp65001", "UTF-8" },
	{ "unicode-1-1-utf-8", "UTF-8" },
};

static const char *const iso_2022_jp_names[] = { "iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2",
	"iso-2022-jp-3", "iso-2022-jp-2004", "iso-2022-jp-ms", "csiso2022jp", "csiso2022jp2",
	"x-iso-2022-jp", "cp50220", "cp50221", "cp50222", "jis" };

/* Names that say nothing, or less than is there. "char" is iconv's name for the locale's. */
static const char *const empty_names[] = { "us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us",
	"unknown-8bit", "unknown", "x-unknown", "8bit", "7bit", "binary", "none", "default",
	"_autodetect", "_autodetect_all", "_iso-2022-jp$esc", "x-user-defined", "char" };

static bool is_one_of(Slice name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_is_nocase(name, names[i]))
			return true;
	return false;
}

static bool is_open(GIConv conv)
{
	return conv != (GIConv)-1;
}

/* Appends text as UTF-8. What cannot be converted is escaped octet by octet, or, with strict, ends
 * the work. Returns whether all could be converted. */
static bool convert(GString *out, GIConv conv, Slice text, bool strict)
{
	char *from = (char *)(guintptr)text.data;
	gsize left = text.len;
	bool is_clean = true;

	while (left > 0) {
		char buffer[512];
		char *to = buffer;
		gsize room = sizeof buffer;
		gsize done = g_iconv(conv, &from, &left, &to, &room);
		int error = done == (gsize)-1 ? errno : 0;

		g_string_append_len(out, buffer, (gssize)(sizeof buffer - room));
		if (error != EILSEQ && error != EINVAL)
			continue;
		is_clean = false;
		if (strict)
			return false;
		g_string_append_printf(out, "\\x%02X", (unsigned char)*from);
		from++;
		left--;
	}
	return is_clean;
}

/* NUL and whatever a converter let through becomes what every text of ours is. */
static char *finish(GString *text)
{
	char *shown = printable_utf8(slice_make(text->str, text->len));

	g_string_free(text, TRUE);
	return shown;
}

static char *convert_by_name(Slice octets, const char *name, bool strict)
{
	GIConv conv = converter_open(name);
	GString *text;
	bool is_clean;

	if (!is_open(conv))
		return NULL;
	text = g_string_sized_new(octets.len + octets.len / 2 + 1);
	is_clean = convert(text, conv, octets, strict);
	if (strict && !is_clean) {
		g_string_free(text, TRUE);
		return NULL;
	}
	return finish(text);
}

/* The sets that an escape sequence can bring in. Octets of a double-byte set become those of an
 * EUC charset that iconv knows: 8 bits set, behind a prefix where the EUC has one. JIS X 0208 goes
 * through CP932 instead, which has NEC's and IBM's rows. */
typedef enum JisSet {
	SET_ASCII,
	SET_ROMAN,
	SET_KANA,
	SET_0208,
	SET_0212,
	SET_0213_1,
	SET_0213_2,
	SET_GB2312,
	SET_KSC5601,
	SET_COUNT
} JisSet;

static const struct {
	const char *charset;
	char prefix;
} jis_sets[SET_COUNT] = {
	[SET_0208] = { "CP932", 0 },
	[SET_0212] = { "EUC-JP-MS", (char)0x8F },
	[SET_0213_1] = { "EUC-JISX0213", 0 },
	[SET_0213_2] = { "EUC-JISX0213", (char)0x8F },
	[SET_GB2312] = { "EUC-CN", 0 },
	[SET_KSC5601] = { "EUC-KR", 0 },
};

static const struct {
	const char *escape;
	JisSet set;
} escapes[] = {
	{ "\x1B(B", SET_ASCII },
	{ "\x1B(J", SET_ROMAN },
	{ "\x1B(I", SET_KANA },
	{ "\x1B)I", SET_KANA },
	{ "\x1B$@", SET_0208 },
	{ "\x1B$B", SET_0208 },
	{ "\x1B$(@", SET_0208 },
	{ "\x1B$(B", SET_0208 },
	{ "\x1B&@\x1B$B", SET_0208 },
	{ "\x1B$(D", SET_0212 },
	{ "\x1B$(O", SET_0213_1 },
	{ "\x1B$(Q", SET_0213_1 },
	{ "\x1B$(P", SET_0213_2 },
	{ "\x1B$A", SET_GB2312 },
	{ "\x1B$(A", SET_GB2312 },
	{ "\x1B$(C", SET_KSC5601 },
};

typedef struct Jis {
	GString *out;
	JisSet set;
} Jis;

#define ESC '\x1B'
/* Shift out and in: the second set, which is kana where mail uses it (CP50222). */
#define SO '\x0E'
#define SI '\x0F'

/* Takes an escape sequence that is known off the front of *rest. */
static bool take_escape(Jis *jis, Slice *rest)
{
	if (rest->data[0] == SO || rest->data[0] == SI) {
		jis->set = rest->data[0] == SO ? SET_KANA : SET_ASCII;
		*rest = slice_sub(*rest, 1, rest->len);
		return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(escapes); i++) {
		if (slice_starts(*rest, escapes[i].escape)) {
			jis->set = escapes[i].set;
			*rest = slice_sub(*rest, strlen(escapes[i].escape), rest->len);
			return true;
		}
	}
	return false;
}

static void put_escaped(GString *out, Slice octets)
{
	for (size_t i = 0; i < octets.len; i++)
		g_string_append_printf(out, "\\x%02X", (unsigned char)octets.data[i]);
}

static void put_single(Jis *jis, char c)
{
	if (((unsigned char)c & 0x80) != 0 || c == '\0' || c == ESC)
		put_escaped(jis->out, slice_make(&c, 1));
	else if (jis->set == SET_ROMAN && c == '\\')
		g_string_append_unichar(jis->out, 0xA5);
	else if (jis->set == SET_ROMAN && c == '~')
		g_string_append_unichar(jis->out, 0x203E);
	else if (jis->set == SET_KANA && c >= 0x21 && c <= 0x5F)
		g_string_append_unichar(jis->out, 0xFF61 + (gunichar)(c - 0x21));
	else
		g_string_append_c(jis->out, c);
}

/* Octets of a set as its converter wants them; returns how many. */
static size_t put_euc(JisSet set, Slice pair, char out[3])
{
	size_t len = 0;

	if (jis_sets[set].prefix != 0)
		out[len++] = jis_sets[set].prefix;
	out[len++] = (char)(pair.data[0] | 0x80);
	out[len++] = (char)(pair.data[1] | 0x80);
	return len;
}

/* Shift_JIS packs two rows of 94 into one lead octet, and leaves out 0x7F in the second. */
static size_t put_shift_jis(Slice pair, char out[3])
{
	int row = pair.data[0] - 0x21;
	int cell = pair.data[1] - 0x21;

	out[0] = (char)(row / 2 + (row / 2 < 31 ? 0x81 : 0xC1));
	out[1] = (char)(cell + (row % 2 == 1 ? 0x9F : cell < 63 ? 0x40 : 0x41));
	return 2;
}

/* The character of two octets; escaped where the set has none there. */
static void put_double(Jis *jis, Slice pair)
{
	char octets[3];
	size_t len = jis->set == SET_0208 ? put_shift_jis(pair, octets)
					  : put_euc(jis->set, pair, octets);
	gsize before = jis->out->len;
	GIConv conv = converter_open(jis_sets[jis->set].charset);

	if (is_open(conv) && convert(jis->out, conv, slice_make(octets, len), true))
		return;
	g_string_truncate(jis->out, before);
	put_escaped(jis->out, pair);
}

static bool is_94(char c)
{
	return c > ' ' && c < 0x7F;
}

static void put_jis(Jis *jis, Slice *rest)
{
	size_t len = 1;

	/* RFC 1468: a line begins in ASCII. */
	if (rest->data[0] == '\n')
		jis->set = SET_ASCII;
	if (jis->set >= SET_0208 && rest->len > 1 && is_94(rest->data[0]) && is_94(rest->data[1])) {
		put_double(jis, slice_sub(*rest, 0, 2));
		len = 2;
	} else {
		put_single(jis, rest->data[0]);
	}
	*rest = slice_sub(*rest, len, rest->len);
}

char *charset_iso_2022_jp(Slice octets)
{
	Jis jis = { .out = g_string_sized_new(octets.len * 2 + 1), .set = SET_ASCII };

	while (octets.len > 0) {
		bool is_shift =
			octets.data[0] == ESC || octets.data[0] == SO || octets.data[0] == SI;

		if (!is_shift || !take_escape(&jis, &octets))
			put_jis(&jis, &octets);
	}
	return finish(jis.out);
}

static bool has_8bit(Slice octets)
{
	for (size_t i = 0; i < octets.len; i++)
		if (((unsigned char)octets.data[i] & 0x80) != 0)
			return true;
	return false;
}

static bool is_utf8(Slice octets)
{
	while (octets.len > 0) {
		Slice piece = slice_take_until(&octets, '\0');

		if (!g_utf8_validate_len(piece.data, piece.len, NULL))
			return false;
	}
	return true;
}

/* Pairs of EUC-JP are often good CP932 too, as two half-width kana, which hardly anybody writes:
 * text without octets below 0xA1 that are Shift_JIS lead octets only is EUC-JP. */
static bool looks_like_euc(Slice octets)
{
	for (size_t i = 0; i < octets.len; i++) {
		unsigned char c = (unsigned char)octets.data[i];

		if (c < 0x80)
			continue;
		if ((c < 0xA1 && c != 0x8E) || i + 1 == octets.len ||
			(unsigned char)octets.data[i + 1] < 0xA1)
			return false;
		i++;
	}
	return true;
}

char *charset_guess(Slice octets)
{
	bool high = has_8bit(octets);
	char *text = NULL;

	if (!high && (slice_find(octets, slice_of("\x1B$")) >= 0 ||
			     slice_find(octets, slice_of("\x1B(")) >= 0))
		return charset_iso_2022_jp(octets);
	if (is_utf8(octets))
		return printable_utf8(octets);
	if (looks_like_euc(octets))
		text = convert_by_name(octets, "EUC-JP-MS", true);
	if (text == NULL)
		text = convert_by_name(octets, "CP932", true);
	if (text == NULL)
		text = convert_by_name(octets, "EUC-JP-MS", true);
	return text != NULL ? text : printable_utf8(octets);
}

/* Only what names of charsets are made of: iconv takes "//" for orders of its own. */
static bool is_charset_name(Slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!g_ascii_isalnum(name.data[i]) && strchr("-_.:+()", name.data[i]) == NULL)
			return false;
	return name.len > 0 && name.len <= LIMIT_CHARSET && slice_find_char(name, '\0') < 0;
}

static const char *iconv_name(Slice name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(aliases); i++)
		if (slice_is_nocase(name, aliases[i].name))
			return aliases[i].iconv;
	return NULL;
}

char *decode_charset(Slice octets, Slice charset)
{
	const char *alias = iconv_name(charset);
	g_autofree char *name = NULL;
	char *text = NULL;

	if (is_one_of(charset, empty_names, G_N_ELEMENTS(empty_names)))
		return charset_guess(octets);
	if (!is_charset_name(charset) && alias == NULL)
		return NULL;
	if (is_one_of(charset, iso_2022_jp_names, G_N_ELEMENTS(iso_2022_jp_names)))
		return has_8bit(octets) && slice_find_char(octets, ESC) < 0
			       ? charset_guess(octets)
			       : charset_iso_2022_jp(octets);
	if (slice_is_nocase(charset, "utf-8") || g_strcmp0(alias, "UTF-8") == 0)
		return printable_utf8(octets);
	name = alias != NULL ? g_strdup(alias) : slice_dup(charset);
	/* EUC-JP-MS lacks some of what EUC-JP has. */
	if (g_strcmp0(alias, "EUC-JP-MS") == 0) {
		text = convert_by_name(octets, alias, true);
		if (text == NULL)
			text = convert_by_name(octets, "EUC-JP", true);
	}
	return text != NULL ? text : convert_by_name(octets, name, false);
}
