#include "mailbox/store_file.h"

#include "mailbox/read_error.h"
#include "mailbox/recognise.h"

#include <string.h>

/* Names without an extension that promise no mail: Apple Mail, Courier and Dovecot, Mozilla. */
static bool is_companion(const char *name)
{
	static const char *const names[] = { "table_of_contents", "maildirfolder", "subscriptions",
		"lock" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return g_str_has_prefix(name, "dovecot-");
}

static bool has_mail_ending(const char *name)
{
	static const char *const endings[] = { ".eml", ".emlx", ".mbox" };
	g_autofree char *lower = g_ascii_strdown(name, -1);

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(lower, endings[i]))
			return true;
	return false;
}

static bool is_plain_name(const char *name)
{
	return strchr(name, '.') == NULL && !is_companion(name);
}

static bool is_taken(const Recognised *found, const char *name, FilePlace place)
{
	if (found->form == FORM_OTHER || found->form == FORM_COMPRESSED)
		return false;
	if (!found->doubtful || place == FILE_NAMED)
		return true;
	return place == FILE_IN_FOLDER &&
	       (has_mail_ending(name) || (found->form == FORM_MBOX && is_plain_name(name)));
}

/* A compressed file in a folder may be mail whatever its name; zip is the form of office documents
 * and program archives too. */
static bool is_worth_an_error(const Recognised *found, const char *name, FilePlace place)
{
	if (place != FILE_IN_FOLDER)
		return place == FILE_NAMED;
	if (found->form == FORM_COMPRESSED && strcmp(found->compression, "zip") != 0)
		return true;
	return has_mail_ending(name) || is_plain_name(name);
}

static void set_error(const Recognised *found, const char *path, GError **reterr_error)
{
	g_autofree char *text = NULL;

	if (found->form != FORM_COMPRESSED) {
		read_error(reterr_error, path, "not a mail file");
		return;
	}
	text = g_strdup_printf("is compressed (%s), and was not read", found->compression);
	read_error(reterr_error, path, text);
}

static Reader *reader_of(FileForm form, const ReaderTools *tools, const char *path)
{
	switch (form) {
	case FORM_MBOX:
		return mbox_reader_new(tools, path);
	case FORM_EMLX:
		return emlx_reader_new(tools, path);
	case FORM_MESSAGE:
		return eml_reader_new(tools, path);
	case FORM_EMPTY:
	case FORM_OTHER:
	case FORM_COMPRESSED:
		break;
	}
	return NULL;
}

bool store_file_recognise(const ReaderTools *tools, const char *path, FilePlace place,
	Reader **ret_reader, GError **reterr_error)
{
	g_autofree char *name = g_path_get_basename(path);
	Recognised found;
	Slice head;

	if (!window_peek(tools->window, &head, reterr_error))
		return false;
	found = recognise(head);
	*ret_reader = NULL;
	if (found.form != FORM_MBOX && reader_wish(tools, 0) != MAILBOX_READ)
		return true;
	if (is_taken(&found, name, place)) {
		*ret_reader = reader_of(found.form, tools, path);
		return true;
	}
	if (!is_worth_an_error(&found, name, place))
		return true;
	set_error(&found, path, reterr_error);
	return false;
}

bool store_file_open(const ReaderTools *tools, const char *path, FilePlace place,
	Reader **ret_reader, GError **reterr_error)
{
	WindowFiles files = place == FILE_NAMED ? WINDOW_ANY_FILE : WINDOW_REGULAR_FILE;

	return window_open(tools->window, path, files, reterr_error) &&
	       store_file_recognise(tools, path, place, ret_reader, reterr_error);
}
