#include "message/converters.h"

#include <iconv.h>

/* The names are iconv's; mail's other names for them are charset.c's. The first ones are opened
 * beforehand: Japanese mail, and Latin-1 as it is meant. */
static const char *const names[] = { "CP932", "EUC-JP-MS", "CP1252", "EUC-JP", "EUC-JISX0213",
	"SHIFT_JISX0213", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4", "ISO-8859-5", "ISO-8859-6",
	"ISO-8859-7", "ISO-8859-8", "ISO-8859-9", "ISO-8859-10", "ISO-8859-11", "ISO-8859-13",
	"ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252",
	"WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257",
	"WINDOWS-1258", "CP1250", "CP1251", "CP1253", "CP1254", "CP1255", "CP1256", "CP1257",
	"CP1258", "KOI8-R", "KOI8-U", "IBM437", "IBM850", "IBM852", "IBM855", "IBM866", "CP437",
	"CP850", "CP852", "CP866", "TIS-620", "CP874", "WINDOWS-874", "EUC-CN", "GB18030", "CP949",
	"UHC", "EUC-KR", "JOHAB", "EUC-TW", "CP950", "BIG5-HKSCS", "BIG5HKSCS", "MACINTOSH",
	"UTF-7", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE", "ISO-2022-KR",
	"ISO-2022-CN", "VISCII", "TCVN", "ARMSCII-8" };

#define PREPARED      3u
#define NAMES         G_N_ELEMENTS(names)
#define NO_CONVERTER  ((GIConv)-1)
#define NOTHING_LACKS NAMES

/* Of this process: a converter belongs to it as its open files do. */
static struct {
	GIConv open[NAMES]; /* NULL: not opened yet */
	bool is_confined;
	unsigned missing;
} converters = { .missing = NOTHING_LACKS };

static unsigned find(const char *name)
{
	unsigned number = 0;

	while (number < NAMES && g_ascii_strcasecmp(names[number], name) != 0)
		number++;
	return number;
}

GIConv converter_open(const char *name)
{
	unsigned number = find(name);

	if (number == NAMES)
		return NO_CONVERTER;
	if (converters.open[number] == NULL && converters.is_confined) {
		converters.missing = number;
		return NO_CONVERTER;
	}
	converters_load(number);
	if (converters.open[number] != NO_CONVERTER)
		g_iconv(converters.open[number], NULL, NULL, NULL, NULL);
	return converters.open[number];
}

void converters_prepare(void)
{
	for (unsigned number = 0; number < PREPARED; number++)
		converters_load(number);
}

void converters_confine(void)
{
	converters.is_confined = true;
}

bool converters_take_missing(unsigned *ret_number)
{
	if (converters.missing == NOTHING_LACKS)
		return false;
	*ret_number = converters.missing;
	converters.missing = NOTHING_LACKS;
	return true;
}

bool converters_load(guint64 number)
{
	if (number >= NAMES)
		return false;
	/* Not g_iconv_open(): this is what has iconv_gate.c linked. */
	if (converters.open[number] == NULL)
		converters.open[number] = (GIConv)iconv_open("UTF-8", names[number]);
	return true;
}

bool converters_may_open(const char *to, const char *from)
{
	unsigned number = find(from);

	if (!converters.is_confined)
		return true;
	return g_ascii_strcasecmp(to, "UTF-8") == 0 && number < NAMES &&
	       converters.open[number] != NULL && converters.open[number] != NO_CONVERTER;
}
