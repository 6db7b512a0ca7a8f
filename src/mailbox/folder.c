#include "mailbox/folder.h"

#include "mailbox/maildir.h"
#include "mailbox/read_error.h"
#include "mailbox/store_file.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

typedef struct Entry {
	char *name;      /* below its level's path; "cur/NAME" in a Maildir */
	bool is_message; /* a file of cur or new */
	GError *error;   /* or what went wrong while the level was listed */
} Entry;

typedef struct Level {
	char *path;
	bool is_maildir;
	bool is_in_maildir; /* or lies below one */
	GPtrArray *entries;
	guint next;
} Level;

typedef struct Folder {
	ReaderTools tools;
	GPtrArray *levels; /* from the top down to where we are */
	GHashTable *seen;  /* the directories that were read, "DEVICE:INODE" */
	Reader *file;      /* the file that is being read */
} Folder;

static void entry_free(gpointer data)
{
	Entry *entry = data;

	g_free(entry->name);
	g_clear_error(&entry->error);
	g_free(entry);
}

static void level_free(gpointer data)
{
	Level *level = data;

	g_free(level->path);
	g_ptr_array_unref(level->entries);
	g_free(level);
}

static void folder_free(gpointer state)
{
	Folder *folder = state;

	reader_free(folder->file);
	g_ptr_array_unref(folder->levels);
	g_hash_table_unref(folder->seen);
	g_free(folder);
}

static void add_entry(Level *level, const char *dir, const char *name, bool is_message)
{
	Entry *entry = g_new0(Entry, 1);

	entry->name = g_build_filename(dir, name, NULL);
	entry->is_message = is_message;
	g_ptr_array_add(level->entries, entry);
}

static void add_error(Level *level, GError *error)
{
	Entry *entry = g_new0(Entry, 1);

	entry->name = g_strdup("");
	entry->error = error;
	g_ptr_array_add(level->entries, entry);
}

static bool is_wanted(const Level *level, const char *name, bool messages)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	if (messages)
		return name[0] != '.';
	return !level->is_maildir ||
	       (strcmp(name, "cur") != 0 && strcmp(name, "new") != 0 && strcmp(name, "tmp") != 0);
}

/* Adds the names of a directory: of the level's own (dir is ""), or of its cur or new. One that is
 * not there has none. */
static void list(Level *level, const char *dir, bool messages)
{
	g_autofree char *path = g_build_filename(level->path, dir, NULL);
	DIR *open = opendir(path);
	const struct dirent *found;
	GError *error = NULL;
	guint count = 0;

	if (open == NULL) {
		if (errno == ENOENT && messages)
			return;
		read_error_errno(&error, path, "cannot be opened", errno);
		add_error(level, error);
		return;
	}
	for (errno = 0; count <= FOLDER_NAMES_MAX && (found = readdir(open)) != NULL; errno = 0) {
		if (!is_wanted(level, found->d_name, messages))
			continue;
		if (++count <= FOLDER_NAMES_MAX)
			add_entry(level, dir, found->d_name, messages);
	}
	if (count > FOLDER_NAMES_MAX)
		read_error(&error, path, "holds too many names; some were left out");
	else if (errno != 0)
		read_error_errno(&error, path, "cannot be listed", errno);
	if (error != NULL)
		add_error(level, error);
	closedir(open);
}

static int compare_octets(Slice a, Slice b)
{
	int order = memcmp(a.data, b.data, MIN(a.len, b.len));

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	const Entry *first = *(const Entry *const *)a;
	const Entry *second = *(const Entry *const *)b;

	if (first->is_message != second->is_message)
		return first->is_message ? -1 : 1;
	if (first->is_message) {
		const char *name = strchr(first->name, G_DIR_SEPARATOR) + 1;
		const char *other = strchr(second->name, G_DIR_SEPARATOR) + 1;
		int order = compare_octets(maildir_unique_name(name), maildir_unique_name(other));

		if (order != 0)
			return order;
	}
	return compare_octets(slice_of(first->name), slice_of(second->name));
}

static Level *level_new(const char *path, const Level *above)
{
	Level *level = g_new0(Level, 1);

	level->path = g_strdup(path);
	level->is_maildir = maildir_is_at(path);
	level->is_in_maildir = level->is_maildir || (above != NULL && above->is_in_maildir);
	level->entries = g_ptr_array_new_with_free_func(entry_free);
	if (level->is_maildir) {
		list(level, "cur", true);
		list(level, "new", true);
	}
	list(level, "", false);
	g_ptr_array_sort(level->entries, compare_names);
	return level;
}

/* True the first time. */
static bool note_seen(Folder *folder, const struct stat *facts)
{
	char *key = g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
		(guint64)facts->st_dev, (guint64)facts->st_ino);

	return g_hash_table_add(folder->seen, key);
}

static bool enter(Folder *folder, const Level *above, const char *path, const struct stat *facts,
	GError **reterr_error)
{
	if (folder->levels->len >= FOLDER_DEPTH_MAX) {
		read_error(reterr_error, path, "lies too deep below the folder, and was not read");
		return false;
	}
	if (!note_seen(folder, facts)) {
		read_error(reterr_error, path, "leads to a directory that was read already");
		return false;
	}
	g_ptr_array_add(folder->levels, level_new(path, above));
	return true;
}

/* What is wrong with what is no file is told where a message there would be wanted. */
static bool passes_error(Folder *folder, const char *path, GError **reterr_error)
{
	if (reader_wants_file(&folder->tools, path))
		return false;
	g_clear_error(reterr_error);
	return true;
}

/* Opens the file for its reader; there is none where nothing in it is wanted. */
static bool visit_file(Folder *folder, const char *path, FilePlace place, GError **reterr_error)
{
	return !reader_wants_file(&folder->tools, path) ||
	       store_file_open(&folder->tools, path, place, &folder->file, reterr_error) ||
	       reader_passes_error(&folder->tools, reterr_error);
}

static bool visit_message(Folder *folder, const char *path, GError **reterr_error)
{
	if (!reader_wants_file(&folder->tools, path) ||
		reader_wish(&folder->tools, 0) != MAILBOX_READ)
		return true;
	folder->file = maildir_file_open(&folder->tools, path, reterr_error);
	return folder->file != NULL;
}

static bool visit_found(Folder *folder, const Level *level, const char *name, GError **reterr_error)
{
	g_autofree char *path = g_build_filename(level->path, name, NULL);
	FilePlace place = level->is_in_maildir ? FILE_IN_MAILDIR : FILE_IN_FOLDER;
	struct stat facts;

	if (name[0] == '.' && !maildir_is_at(path))
		return true;
	if (stat(path, &facts) != 0) {
		read_error_errno(reterr_error, path, "cannot be read", errno);
		return passes_error(folder, path, reterr_error);
	}
	if (S_ISDIR(facts.st_mode))
		return enter(folder, level, path, &facts, reterr_error) ||
		       passes_error(folder, path, reterr_error);
	if (S_ISREG(facts.st_mode))
		return visit_file(folder, path, place, reterr_error);
	read_error(reterr_error, path, "is not a regular file, and was not opened");
	return passes_error(folder, path, reterr_error);
}

/* Opens the file or enters the directory. False with an error where that fails; the walk goes on
 * behind it. */
static bool visit(Folder *folder, const Level *level, Entry *entry, GError **reterr_error)
{
	g_autofree char *path = NULL;

	if (entry->error != NULL) {
		g_propagate_error(reterr_error, g_steal_pointer(&entry->error));
		return passes_error(folder, level->path, reterr_error);
	}
	if (!entry->is_message)
		return visit_found(folder, level, entry->name, reterr_error);
	path = g_build_filename(level->path, entry->name, NULL);
	return visit_message(folder, path, reterr_error);
}

static MailboxStep file_step(Folder *folder, RawMessage **ret_raw, GError **reterr_error)
{
	MailboxStep step = reader_next(folder->file, ret_raw, reterr_error);

	if (step == MAILBOX_END) {
		g_clear_pointer(&folder->file, reader_free);
		window_close(folder->tools.window);
	}
	return step;
}

static MailboxStep folder_next(gpointer state, RawMessage **ret_raw, GError **reterr_error)
{
	Folder *folder = state;

	for (;;) {
		MailboxStep step = MAILBOX_END;
		Level *level;

		if (folder->file != NULL)
			step = file_step(folder, ret_raw, reterr_error);
		if (step != MAILBOX_END)
			return step;
		if (folder->levels->len == 0)
			return MAILBOX_END;
		level = g_ptr_array_index(folder->levels, folder->levels->len - 1);
		if (level->next == level->entries->len)
			g_ptr_array_set_size(folder->levels, (gint)folder->levels->len - 1);
		else if (!visit(folder, level, g_ptr_array_index(level->entries, level->next++),
				 reterr_error))
			return MAILBOX_ERROR;
	}
}

Reader *folder_reader_new(const ReaderTools *tools, const char *path)
{
	static const ReaderOps ops = { folder_next, folder_free };
	Folder *folder = g_new0(Folder, 1);
	struct stat facts;

	folder->tools = *tools;
	folder->levels = g_ptr_array_new_with_free_func(level_free);
	folder->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (stat(path, &facts) == 0)
		note_seen(folder, &facts);
	g_ptr_array_add(folder->levels, level_new(path, NULL));
	return reader_new(&ops, folder);
}
