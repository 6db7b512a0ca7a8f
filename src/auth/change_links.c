/* The family of links: Safe Links of Outlook and Exchange, which carry what they stand for. */
#include "auth/change_work.h"
#include "message/transfer.h"

#include <string.h>

/* Links of one part; newsletters have some dozens. */
#define LINKS_MOST 500u
/* "https://" and a label stand before the name; regions have short ones. */
#define BEFORE_NAME ((size_t)80)

static const char name[] = ".safelinks.protection.outlook.com/?url=";

typedef struct Links {
	Slice text;
	GArray *edits;    /* of ChangeEdit, in order */
	GPtrArray *texts; /* of GString, what edits point into */
	bool is_escaped;  /* "&" of a link stands as "&amp;" */
} Links;

static void free_text(gpointer data)
{
	g_string_free(data, TRUE);
}

static bool ends_link(char c)
{
	return strchr("\"'<> \t\r\n)", c) != NULL;
}

static size_t link_end(Slice text, size_t from)
{
	while (from < text.len && !ends_link(text.data[from]))
		from++;
	return from;
}

/* Where the "https://" before the name begins; at where there is none. */
static size_t link_start(Slice text, size_t at)
{
	size_t from = at > BEFORE_NAME ? at - BEFORE_NAME : 0;
	size_t found = at;

	for (size_t i = from; i < at; i++)
		if (slice_starts(slice_sub(text, i, at - i), "https://"))
			found = i;
	return found;
}

static GString *link_target(const Links *links, Slice value)
{
	g_autoptr(GString) plain = g_string_new(NULL);
	GString *out = g_string_new(NULL);

	transfer_percent(plain, slice_take_until(&value, '&'));
	for (size_t i = 0; i < plain->len; i++)
		if (plain->str[i] == '&' && links->is_escaped)
			g_string_append(out, "&amp;");
		else
			g_string_append_c(out, plain->str[i]);
	return out;
}

static void add_edit(Links *links, size_t from, size_t to, GString *octets)
{
	ChangeEdit edit = { from, to - from, slice_make(octets->str, octets->len) };

	g_ptr_array_add(links->texts, octets);
	g_array_append_val(links->edits, edit);
}

/* The attributes that come with a rewritten link: originalsrc="…" shash="…". */
static size_t drop_attributes(Links *links, size_t from)
{
	static const char *const attributes[] = { " originalsrc=\"", " shash=\"" };
	size_t at = from;

	for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
		size_t value = at + strlen(attributes[i]);
		ssize_t end;

		if (!slice_starts(slice_sub(links->text, at, links->text.len), attributes[i]))
			continue;
		end = slice_find_char(slice_sub(links->text, value, links->text.len), '"');
		if (end >= 0)
			at = value + (size_t)end + 1;
	}
	if (at > from)
		add_edit(links, from, at, g_string_new(NULL));
	return at;
}

static void find_links(Links *links)
{
	size_t at = 0;

	while (at < links->text.len && links->edits->len < LINKS_MOST) {
		ssize_t found =
			slice_find(slice_sub(links->text, at, links->text.len), slice_of(name));
		size_t start;
		size_t value;
		size_t end;

		if (found < 0)
			return;
		start = link_start(links->text, at + (size_t)found);
		value = at + (size_t)found + strlen(name);
		end = link_end(links->text, value);
		if (start < at + (size_t)found && start >= at) {
			add_edit(links, start, end,
				link_target(links, slice_sub(links->text, value, end - value)));
			if (slice_starts(slice_sub(links->text, end, 1), "\""))
				end = drop_attributes(links, end + 1);
		}
		at = end;
	}
}

static bool try_links(ChangeBody *work, const ChangeLeaf *leaf, bool is_escaped)
{
	Links links = { .text = leaf->text,
		.edits = g_array_new(FALSE, FALSE, sizeof(ChangeEdit)),
		.texts = g_ptr_array_new_with_free_func(free_text),
		.is_escaped = is_escaped };

	find_links(&links);
	if (links.edits->len > 0) {
		const ChangeEdit *edits = &g_array_index(links.edits, ChangeEdit, 0);

		change_make_edited(work, leaf, edits, links.edits->len);
		change_try(work,
			change_step_new(CHANGE_LINKS_REWRITTEN, 0, change_shown(edits[0].octets)),
			change_body_at(work->draft));
	}
	g_array_unref(links.edits);
	g_ptr_array_unref(links.texts);
	return work->is_over;
}

void change_links(ChangeBody *work)
{
	const GPtrArray *leaves = change_leaves(work);

	for (guint i = 0; i < leaves->len && !work->is_over; i++) {
		const ChangeLeaf *leaf = change_leaf_at(leaves, i);
		bool is_html = change_leaf_is_html(leaf);

		if (!try_links(work, leaf, is_html) && is_html)
			try_links(work, leaf, false);
	}
}
