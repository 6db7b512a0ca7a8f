#include "report/database.h"

#include "report/database_tables.h"
#include "report/record_path.h"

#include <sqlite3.h>

struct Database {
	sqlite3 *handle;
	sqlite3_stmt *insert[DATABASE_TABLES];
	sqlite3_stmt *find_answer, *close_run;
	bool has_parts;                     /* a run with attached messages has come */
	sqlite3_int64 run, message, answer; /* the last ones; 0: none yet */
};

/* Of the file, as "file" tells it: "kant". */
#define OPENING \
	"PRAGMA application_id = 0x6B616E74; PRAGMA user_version = 1; PRAGMA journal_mode = OFF; " \
	"PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN;"

static bool fail(const Database *database, GError **reterr_error)
{
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the SQLite file: %s",
		sqlite3_errmsg(database->handle));
	return false;
}

static bool run_sql(Database *database, const char *sql, GError **reterr_error)
{
	return sqlite3_exec(database->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       fail(database, reterr_error);
}

static sqlite3_stmt *prepare(Database *database, const char *sql, GError **reterr_error)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		fail(database, reterr_error);
	return statement;
}

static char *create_sql(const DatabaseRows *rows)
{
	GString *sql = g_string_new("CREATE TABLE ");

	g_string_append_printf(sql, "%s (%s", rows->name, rows->keys);
	for (size_t i = 0; i < rows->count; i++)
		g_string_append_printf(
			sql, ", \"%s\" %s", rows->columns[i].name, rows->columns[i].type);
	g_string_append(sql, rows->where);
	return g_string_free(sql, FALSE);
}

/* Every table has two keys but these: one counts runs, one answers. */
static int key_count(DatabaseTable table)
{
	return table == DATABASE_RUNS || table == DATABASE_ANSWERS ? 1 : 2;
}

/* more: columns that were added behind the others. */
static char *insert_sql(DatabaseTable table, size_t more)
{
	const DatabaseRows *rows = database_rows(table);
	GString *sql = g_string_new("INSERT INTO ");

	g_string_append_printf(sql, "%s VALUES (?", rows->name);
	for (size_t i = 1; i < rows->count + more + (size_t)key_count(table); i++)
		g_string_append(sql, ", ?");
	g_string_append_c(sql, ')');
	return g_string_free(sql, FALSE);
}

static bool add_table(Database *database, DatabaseTable table, GError **reterr_error)
{
	g_autofree char *create = create_sql(database_rows(table));
	g_autofree char *insert = insert_sql(table, 0);

	if (!run_sql(database, create, reterr_error))
		return false;
	database->insert[table] = prepare(database, insert, reterr_error);
	return database->insert[table] != NULL;
}

static bool add_statements(Database *database, GError **reterr_error)
{
	if (!run_sql(database, "CREATE INDEX answers_by_name ON answers (name, type, at)",
		    reterr_error))
		return false;
	database->find_answer = prepare(database,
		"SELECT id FROM answers WHERE name = ? AND type = ? AND outcome IS ? AND records "
		"IS ? AND at IS ? AND security IS ? AND digest IS ?",
		reterr_error);
	if (database->find_answer == NULL)
		return false;
	database->close_run = prepare(database,
		"UPDATE runs SET messages = ?, problems = ?, interrupted = ?, evidence = ? WHERE "
		"id = ?",
		reterr_error);
	return database->close_run != NULL;
}

Database *database_open(const char *path, GError **reterr_error)
{
	g_autoptr(Database) database = g_new0(Database, 1);

	if (sqlite3_open_v2(path, &database->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		    NULL) != SQLITE_OK) {
		fail(database, reterr_error);
		return NULL;
	}
	if (!run_sql(database, OPENING, reterr_error))
		return NULL;
	for (int table = 0; table < DATABASE_TABLES; table++)
		if (!add_table(database, (DatabaseTable)table, reterr_error))
			return NULL;
	return add_statements(database, reterr_error) ? g_steal_pointer(&database) : NULL;
}

/* Lists stay JSON, for json_each(). */
static void bind_value(sqlite3_stmt *statement, int place, const json_t *value)
{
	if (json_is_integer(value))
		sqlite3_bind_int64(statement, place, json_integer_value(value));
	else if (json_is_boolean(value))
		sqlite3_bind_int(statement, place, json_is_true(value));
	else if (json_is_string(value))
		sqlite3_bind_text64(statement, place, json_string_value(value),
			json_string_length(value), SQLITE_TRANSIENT, SQLITE_UTF8);
	else if (json_is_array(value) || json_is_object(value))
		sqlite3_bind_text(statement, place, json_dumps(value, JSON_COMPACT), -1, free);
	else
		sqlite3_bind_null(statement, place);
}

static void bind_columns(
	sqlite3_stmt *statement, int place, const DatabaseRows *rows, const json_t *object)
{
	for (size_t i = 0; i < rows->count; i++)
		bind_value(statement, place + (int)i, record_at(object, rows->columns[i].path));
}

static void bind_key(sqlite3_stmt *statement, int place, sqlite3_int64 key)
{
	if (key > 0)
		sqlite3_bind_int64(statement, place, key);
	else
		sqlite3_bind_null(statement, place);
}

static bool step(Database *database, sqlite3_stmt *statement, GError **reterr_error)
{
	bool is_done = sqlite3_step(statement) == SQLITE_DONE || fail(database, reterr_error);

	sqlite3_reset(statement);
	return is_done;
}

/* A row of the table; its second key is not there where the table has one only. */
static bool insert(Database *database, DatabaseTable table, sqlite3_int64 first,
	sqlite3_int64 second, const json_t *object, GError **reterr_error)
{
	sqlite3_stmt *statement = database->insert[table];
	int keys = key_count(table);

	bind_key(statement, 1, first);
	if (keys > 1)
		bind_key(statement, 2, second);
	bind_columns(statement, keys + 1, database_rows(table), object);
	return step(database, statement, reterr_error);
}

static bool insert_list(
	Database *database, DatabaseTable table, const json_t *record, GError **reterr_error)
{
	const json_t *list = record_at(record, database_rows(table)->list);

	for (size_t i = 0; i < json_array_size(list); i++)
		if (!insert(database, table, database->message, (sqlite3_int64)i + 1,
			    json_array_get(list, i), reterr_error))
			return false;
	return true;
}

/* The answer, which other messages may rest on too. *ret_id is 0 where it is not there yet. */
static bool find_answer(
	Database *database, const json_t *answer, sqlite3_int64 *ret_id, GError **reterr_error)
{
	sqlite3_stmt *statement = database->find_answer;
	int status;

	bind_columns(statement, 1, database_rows(DATABASE_ANSWERS), answer);
	status = sqlite3_step(statement);
	*ret_id = status == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
	sqlite3_reset(statement);
	return status == SQLITE_ROW || status == SQLITE_DONE || fail(database, reterr_error);
}

static bool take_answer(Database *database, const json_t *answer, GError **reterr_error)
{
	sqlite3_int64 id;

	if (!find_answer(database, answer, &id, reterr_error))
		return false;
	if (id == 0) {
		id = ++database->answer;
		if (!insert(database, DATABASE_ANSWERS, id, 0, answer, reterr_error))
			return false;
	}
	return insert(
		database, DATABASE_MESSAGE_ANSWERS, database->message, id, answer, reterr_error);
}

static bool take_answers(
	Database *database, const json_t *record, const char *list, GError **reterr_error)
{
	const json_t *answers = json_array_of(record, list);

	for (size_t i = 0; i < json_array_size(answers); i++)
		if (!take_answer(database, json_array_get(answers, i), reterr_error))
			return false;
	return true;
}

/* The table of messages gets a column more. */
static bool add_parts(Database *database, GError **reterr_error)
{
	g_autofree char *insert = insert_sql(DATABASE_MESSAGES, 1);

	sqlite3_finalize(g_steal_pointer(&database->insert[DATABASE_MESSAGES]));
	if (!run_sql(database, "ALTER TABLE messages ADD COLUMN part TEXT", reterr_error))
		return false;
	database->insert[DATABASE_MESSAGES] = prepare(database, insert, reterr_error);
	database->has_parts = true;
	return database->insert[DATABASE_MESSAGES] != NULL;
}

static bool take_run(Database *database, const json_t *run, GError **reterr_error)
{
	if (!database->has_parts && record_has_attached(run) && !add_parts(database, reterr_error))
		return false;
	return insert(database, DATABASE_RUNS, ++database->run, 0, run, reterr_error);
}

static void bind_part(Database *database, const json_t *record)
{
	int place = key_count(DATABASE_MESSAGES) + (int)database_rows(DATABASE_MESSAGES)->count + 1;

	if (database->has_parts)
		bind_value(database->insert[DATABASE_MESSAGES], place,
			record_at(record, "source.attached.part"));
}

static bool take_record(Database *database, const json_t *record, GError **reterr_error)
{
	bind_part(database, record);
	if (!insert(database, DATABASE_MESSAGES, ++database->message, database->run, record,
		    reterr_error))
		return false;
	for (int table = 0; table < DATABASE_TABLES; table++)
		if (database_rows((DatabaseTable)table)->list != NULL &&
			!insert_list(database, (DatabaseTable)table, record, reterr_error))
			return false;
	return take_answers(database, record, "answers", reterr_error) &&
	       take_answers(database, record, "lacking", reterr_error);
}

static bool take_summary(Database *database, const json_t *summary, GError **reterr_error)
{
	static const char *const members[] = { "messages", "problems", "interrupted", "evidence" };
	int place = 1;

	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		bind_value(database->close_run, place++, record_at(summary, members[i]));
	bind_key(database->close_run, place, database->run);
	return step(database, database->close_run, reterr_error);
}

static bool take_line(Database *database, Slice text, GError **reterr_error)
{
	json_t *line = json_read_line(text, reterr_error);
	const json_t *run = json_object_of(line, "run");
	const json_t *summary = json_object_of(line, "summary");
	bool is_good;

	if (line == NULL)
		return false;
	if (run != NULL)
		is_good = take_run(database, run, reterr_error);
	else if (summary != NULL)
		is_good = take_summary(database, summary, reterr_error);
	else
		is_good = take_record(database, line, reterr_error);
	json_decref(line);
	return is_good;
}

bool database_take(Database *database, Slice lines, GError **reterr_error)
{
	while (lines.len > 0)
		if (!take_line(database, slice_chop_eol(slice_take_line(&lines)), reterr_error))
			return false;
	return true;
}

static void finalize(Database *database)
{
	for (int table = 0; table < DATABASE_TABLES; table++)
		sqlite3_finalize(g_steal_pointer(&database->insert[table]));
	sqlite3_finalize(g_steal_pointer(&database->find_answer));
	sqlite3_finalize(g_steal_pointer(&database->close_run));
}

bool database_finish(Database *database, GError **reterr_error)
{
	finalize(database);
	if (!run_sql(database, database_views, reterr_error) ||
		!run_sql(database, "COMMIT", reterr_error))
		return false;
	if (sqlite3_close(database->handle) != SQLITE_OK)
		return fail(database, reterr_error);
	database->handle = NULL;
	return true;
}

void database_free(Database *database)
{
	if (database == NULL)
		return;
	finalize(database);
	sqlite3_close(database->handle);
	g_free(database);
}

char *database_library(void)
{
	return g_strconcat("SQLite ", sqlite3_libversion(), NULL);
}
