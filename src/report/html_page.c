#include "report/html_page.h"

#include "base/digest.h"

static const char *const style_lines[] = {
#include "src/report/html_css.inc"
	NULL
};
static const char *const script_lines[] = {
#include "src/report/html_js.inc"
	NULL
};

static char *join_lines(const char *const *lines)
{
	return g_strjoinv("", (char **)(guintptr)lines);
}

/* What a Content-Security-Policy allows an inline style or script by. */
static char *source_hash(const char *text)
{
	DigestValue digest = digest_of(DIGEST_SHA256, slice_of(text));
	g_autofree char *base64 = g_base64_encode(digest.octets, digest.len);

	return g_strdup_printf("'sha256-%s'", base64);
}

static void meta(HtmlWriter *html, const char *kind, const char *name, const char *content)
{
	html_open(html, "meta");
	html_attribute(html, kind, name);
	html_attribute(html, "content", content);
	html_close(html);
}

void html_page_head(HtmlWriter *html, const char *title)
{
	g_autofree char *style_sheet = join_lines(style_lines);
	g_autofree char *script = join_lines(script_lines);
	g_autofree char *style_source = source_hash(style_sheet);
	g_autofree char *script_source = source_hash(script);
	g_autofree char *policy =
		g_strdup_printf("default-src 'none'; style-src %s; script-src %s; "
				"base-uri 'none'; form-action 'none'",
			style_source, script_source);

	html_open(html, "head");
	html_open(html, "meta");
	html_attribute(html, "charset", "utf-8");
	html_close(html);
	meta(html, "http-equiv", "Content-Security-Policy", policy);
	meta(html, "name", "viewport", "width=device-width, initial-scale=1");
	meta(html, "name", "referrer", "no-referrer");
	html_element(html, "title", NULL, title);
	html_open(html, "style");
	html_raw(html, style_sheet);
	html_close(html);
	html_close(html);
}

char *html_page_script(void)
{
	return join_lines(script_lines);
}
