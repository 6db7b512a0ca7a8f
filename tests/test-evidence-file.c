/* The evidence file as a file: appending, torn tails, other files, several processes. */
#include "suite.h"

#include "dns/evidence_file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEADER ";kantei-evidence 1\n"

static GPtrArray *new_notes(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

static char *scratch_path(const char *name)
{
	g_autofree char *dir = g_dir_make_tmp("kantei-XXXXXX", NULL);

	return g_build_filename(dir, name, NULL);
}

static void remove_scratch(char *path)
{
	g_autofree char *dir = g_path_get_dirname(path);

	g_unlink(path);
	g_rmdir(dir);
	g_free(path);
}

static void append_one(const char *path, const char *name, guint expected_notes)
{
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(GError) error = NULL;
	g_autoptr(EvidenceFile) file =
		evidence_file_open(path, EVIDENCE_APPEND, evidence, notes, &error);
	g_autoptr(Answer) answer = answer_new(name, DNS_A);
	DigestValue before;
	DigestValue after;

	g_assert_no_error(error);
	g_assert_cmpuint(notes->len, ==, expected_notes);
	g_assert_true(evidence_file_digest(file, &before, &error));
	g_assert_true(evidence_file_append(file, answer, &error));
	g_assert_true(evidence_file_digest(file, &after, &error));
	g_assert_false(digest_equal(&before, &after));
}

static void test_append(void)
{
	char *path = scratch_path("new.dns");
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(GError) error = NULL;
	g_autoptr(EvidenceFile) file = NULL;
	g_autofree char *text = NULL;
	gsize len;

	g_assert_null(evidence_file_open(path, EVIDENCE_READ, evidence, notes, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
	g_clear_error(&error);
	append_one(path, "one.example", 0);
	append_one(path, "two.example", 0);
	g_assert_true(g_file_get_contents(path, &text, &len, NULL));
	g_assert_true(g_str_has_prefix(text, ";kantei-evidence 1\n;q one.example. A NOERROR n=0 "));
	/* Torn: the last octets are gone. */
	g_assert_true(g_file_set_contents(path, text, (gssize)len - 4, NULL));
	append_one(path, "three.example", 1);
	file = evidence_file_open(path, EVIDENCE_READ, evidence, notes, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(notes->len, ==, 1);
	g_assert_nonnull(evidence_find(evidence, "one.example", DNS_A));
	g_assert_null(evidence_find(evidence, "two.example", DNS_A));
	g_assert_nonnull(evidence_find(evidence, "three.example", DNS_A));
	g_assert_false(
		evidence_file_append(file, evidence_find(evidence, "one.example", DNS_A), &error));
	g_assert_nonnull(error);
	remove_scratch(path);
}

/* A later version may mean something else by the same words. */
static void test_version(void)
{
	char *path = scratch_path("later.dns");
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(GError) error = NULL;

	g_assert_true(
		g_file_set_contents(path, ";kantei-evidence 2\n;q a. A NOERROR n=0\n", -1, NULL));
	g_assert_null(evidence_file_open(path, EVIDENCE_APPEND, evidence, notes, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
	g_assert_cmpuint(evidence_count(evidence), ==, 0);
	remove_scratch(path);
}

static Answer *one_address(const char *name)
{
	static const unsigned char octets[] = { 192, 0, 2, 1 };
	Answer *answer = answer_new(name, DNS_A);
	Rr *rr = g_new0(Rr, 1);

	rr->owner = g_strdup(name);
	rr->type = DNS_A;
	rr->addr = inet_addr_from_octets(4, octets);
	g_ptr_array_add(answer->rrs, rr);
	return answer;
}

/* Opens path, appends an answer to a question of that name, and closes it. */
static bool append(const char *path, const char *name)
{
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(EvidenceFile) file =
		evidence_file_open(path, EVIDENCE_APPEND, evidence, notes, NULL);
	g_autoptr(Answer) answer = one_address(name);

	return file != NULL && evidence_file_append(file, answer, NULL);
}

static bool is_recorded(const char *path, const char *name)
{
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(EvidenceFile) file =
		evidence_file_open(path, EVIDENCE_READ, evidence, notes, NULL);

	return file != NULL && evidence_find(evidence, name, DNS_A) != NULL;
}

/* Wherever the file was cut off, what is appended is whole, and what is torn never comes back; a
 * group that lost nothing but its last line end does, as its crc says. */
static void test_every_tear(void)
{
	char *path = scratch_path("torn.dns");
	g_autofree char *text = NULL;
	gsize first;
	gsize len;

	g_assert_true(append(path, "one.example") && append(path, "two.example"));
	g_assert_true(g_file_get_contents(path, &text, &len, NULL));
	first = (gsize)(strstr(text, ";q two.example") - text);
	for (gsize cut = 0; cut <= len; cut++) {
		g_test_message("cut at %zu", cut);
		g_assert_true(g_file_set_contents(path, text, (gssize)cut, NULL));
		g_assert_true(append(path, "new.example"));
		g_assert_true(is_recorded(path, "new.example"));
		g_assert_cmpint(is_recorded(path, "one.example"), ==, cut + 1 >= first);
		g_assert_cmpint(is_recorded(path, "two.example"), ==, cut + 1 >= len);
	}
	remove_scratch(path);
}

static const struct {
	const char *text;
	const char *problem; /* NULL: it is evidence */
} files[] = {
	{ "", NULL },
	{ HEADER, NULL },
	{ HEADER "some words\n", NULL },
	{ ";q h.example. A NXDOMAIN n=0\n", NULL },
	{ "; by hand\n\nwords\n;q h.example. A NXDOMAIN n=0\n", NULL },
	{ ";kantei-evi", NULL },
	{ "\n", "no evidence file" },
	{ "; a comment\n", "no evidence file" },
	{ "words", "first evidence.dns:1: left out: a torn tail" },
	{ "From a@example.jp Fri Dec  3 09:00:00 2021\nFrom: a@example.jp\n\ntext\n",
		"first evidence.dns:1: passed over" },
	{ "h.example. 300 IN TXT a\n", "first evidence.dns:1: passed over" },
	{ ";q h.example. A NXDOMAIN n=1\n;q i.example. A NICE\n",
		"first evidence.dns:1: left out: it has fewer" },
};

/* What is something else is left alone, whatever it was to be opened for. */
static void test_other_files(void)
{
	char *path = scratch_path("evidence.dns");
	g_autofree char *dir = g_path_get_dirname(path);

	g_assert_cmpint(g_chdir(dir), ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(files) * 2; i++) {
		EvidenceMode mode = i % 2 == 0 ? EVIDENCE_APPEND : EVIDENCE_READ;
		g_autoptr(Evidence) evidence = evidence_new();
		g_autoptr(GPtrArray) notes = new_notes();
		g_autoptr(GError) error = NULL;
		g_autoptr(EvidenceFile) file = NULL;
		g_autofree char *text = NULL;

		g_test_message("%s", files[i / 2].text);
		g_assert_true(g_file_set_contents(path, files[i / 2].text, -1, NULL));
		file = evidence_file_open("evidence.dns", mode, evidence, notes, &error);
		g_assert_cmpint(file == NULL, ==, files[i / 2].problem != NULL);
		if (file != NULL)
			continue;
		g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
		g_assert_nonnull(strstr(error->message, files[i / 2].problem));
		g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
		g_assert_cmpstr(text, ==, files[i / 2].text);
	}
	g_assert_cmpint(g_chdir("/"), ==, 0);
	remove_scratch(path);
}

/* An answer whose group is longer than what file systems write at a time. */
static Answer *long_answer(const char *name)
{
	Answer *answer = answer_new(name, DNS_TXT);
	Rr *rr = g_new0(Rr, 1);

	rr->owner = g_strdup(name);
	rr->type = DNS_TXT;
	rr->text = g_string_new(NULL);
	for (int i = 0; i < 20000; i++)
		g_string_append_c(rr->text, (char)('a' + i % 26));
	g_ptr_array_add(answer->rrs, rr);
	return answer;
}

/* What one of the processes does; all begin when go is closed. */
static int append_many(const char *path, int go, int number, int count)
{
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(EvidenceFile) file = NULL;
	char octet;

	if (read(go, &octet, 1) != 0)
		return 1;
	file = evidence_file_open(path, EVIDENCE_APPEND, evidence, notes, NULL);
	for (int i = 0; i < count && file != NULL; i++) {
		g_autofree char *name = g_strdup_printf("n%d.p%d.example", i, number);
		g_autoptr(Answer) answer = long_answer(name);

		if (!evidence_file_append(file, answer, NULL))
			return 2;
	}
	return file != NULL ? 0 : 3;
}

static int exit_status(pid_t child)
{
	int status = -1;

	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Several processes begin the same file and append to it at a time: every group is whole, and there
 * is one header. */
static void test_processes(void)
{
	enum { PROCESSES = 4, COUNT = 100 };
	char *path = scratch_path("shared.dns");
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(EvidenceFile) file = NULL;
	g_autofree char *text = NULL;
	pid_t children[PROCESSES];
	int go[2];

	g_assert_cmpint(pipe(go), ==, 0);
	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			close(go[1]);
			_exit(append_many(path, go[0], i, COUNT));
		}
	}
	close(go[0]);
	close(go[1]);
	for (int i = 0; i < PROCESSES; i++)
		g_assert_cmpint(exit_status(children[i]), ==, 0);
	file = evidence_file_open(path, EVIDENCE_READ, evidence, notes, NULL);
	g_assert_nonnull(file);
	g_assert_cmpuint(notes->len, ==, 0);
	g_assert_cmpuint(evidence_count(evidence), ==, PROCESSES * COUNT);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_true(g_str_has_prefix(text, HEADER));
	g_assert_null(strstr(text + strlen(HEADER), HEADER));
	remove_scratch(path);
}

/* Somebody who holds the lock writes undisturbed, though it takes more than one write. */
static void test_lock(void)
{
	char *path = scratch_path("locked.dns");
	g_autofree char *before = NULL;
	g_autofree char *text = NULL;
	int fd;
	pid_t child;

	g_assert_true(append(path, "one.example"));
	fd = g_open(path, O_WRONLY | O_APPEND, 0);
	g_assert_cmpint(flock(fd, LOCK_EX), ==, 0);
	g_assert_cmpint(write(fd, ";q two.example. A NXDOMAIN ", 27), ==, 27);
	g_assert_true(g_file_get_contents(path, &before, NULL, NULL));
	child = fork();
	if (child == 0) {
		close(fd);
		_exit(append(path, "three.example") ? 0 : 1);
	}
	g_usleep(G_USEC_PER_SEC / 4);
	g_assert_cmpint(waitpid(child, NULL, WNOHANG), ==, 0);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, before);
	g_assert_cmpint(write(fd, "n=0\n", 4), ==, 4);
	close(fd);
	g_assert_cmpint(exit_status(child), ==, 0);
	g_assert_true(is_recorded(path, "two.example"));
	g_assert_true(is_recorded(path, "three.example"));
	remove_scratch(path);
}

/* Somebody else's tail is torn after we opened the file. */
static void test_torn_by_another(void)
{
	char *path = scratch_path("torn.dns");
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(EvidenceFile) file =
		evidence_file_open(path, EVIDENCE_APPEND, evidence, notes, NULL);
	g_autoptr(Answer) answer = answer_new("new.example", DNS_A);
	int fd = g_open(path, O_WRONLY | O_APPEND, 0);

	g_assert_cmpint(write(fd, ";q torn.exa", 11), ==, 11);
	close(fd);
	g_assert_true(evidence_file_append(file, answer, NULL));
	g_assert_true(is_recorded(path, "new.example"));
	remove_scratch(path);
}

/* A disk that takes a part of a group only; the limit stands for it. */
static void test_full_disk(void)
{
	char *path = scratch_path("full.dns");
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = new_notes();
	g_autoptr(GError) error = NULL;
	g_autoptr(EvidenceFile) file =
		evidence_file_open(path, EVIDENCE_APPEND, evidence, notes, NULL);
	g_autoptr(Answer) torn = one_address("torn.example");
	g_autoptr(Answer) whole = one_address("whole.example");
	struct rlimit before;
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
	limit = before;
	limit.rlim_cur = 60;
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
	g_assert_false(evidence_file_append(file, torn, &error));
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
	g_assert_nonnull(error);
	g_assert_true(evidence_file_append(file, whole, NULL));
	g_assert_false(is_recorded(path, "torn.example"));
	g_assert_true(is_recorded(path, "whole.example"));
	remove_scratch(path);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/evidence-file/append", test_append);
	g_test_add_func("/evidence-file/version", test_version);
	g_test_add_func("/evidence-file/every-tear", test_every_tear);
	g_test_add_func("/evidence-file/other-files", test_other_files);
	g_test_add_func("/evidence-file/processes", test_processes);
	g_test_add_func("/evidence-file/lock", test_lock);
	g_test_add_func("/evidence-file/torn-by-another", test_torn_by_another);
	g_test_add_func("/evidence-file/full-disk", test_full_disk);
	return g_test_run();
}
