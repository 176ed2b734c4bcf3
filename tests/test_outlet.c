/*
 * Results come out whole, under their names, and nowhere else: neither through ".." nor through a
 * link that somebody has put in the way. Both ways are tried, by the writing process itself and
 * through the one that serves.
 */
#include "harness/outlet.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/leave.h"
#include "tests/tests.h"

static char folder[PATH_MAX];
static struct outlet *outlet;
static struct wl_err err;

/* A place that is a folder. */
static int up(void)
{
	snprintf(folder, sizeof(folder), "%s", scratch());
	err.text[0] = '\0';
	outlet = outlet_new();
	return outlet_add_folder(outlet, folder, &err);
}

static const char *at(const char *below)
{
	static char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, below);
	return path;
}

static bool holds(const char *path, const char *text)
{
	wl_auto_file FILE *file = fopen(path, "re");
	char have[64] = "";

	return file && fread(have, 1, sizeof(have) - 1, file) == strlen(text) && !strcmp(have,
		text);
}

static size_t entries(const char *path)
{
	DIR *open = opendir(path);
	size_t count = 0;

	while (open && readdir(open))
		count++;
	if (open)
		closedir(open);
	return count - 2;
}

static int put(int place, const char *below, const char *text)
{
	return outlet_put_here(outlet, place, below, text, strlen(text), &err);
}

static void files_appear_and_are_replaced(void)
{
	int place = up();
	struct stat before, after;

	CU_ASSERT_EQUAL(place, 0);
	CU_ASSERT_EQUAL(put(place, "a.json", "one"), 0);
	CU_ASSERT_TRUE(holds(at("a.json"), "one"));
	CU_ASSERT_EQUAL(stat(at("a.json"), &before), 0);
	CU_ASSERT_EQUAL(put(place, "a.json", "2"), 0);
	CU_ASSERT_TRUE(holds(at("a.json"), "2"));
	CU_ASSERT_EQUAL(stat(at("a.json"), &after), 0);
	CU_ASSERT_NOT_EQUAL(before.st_ino, after.st_ino); /* whole: another file,
		not a rewritten one */
	CU_ASSERT_EQUAL(put(place, "kim/deep/한글 b", "three"), 0);
	CU_ASSERT_TRUE(holds(at("kim/deep/한글 b"), "three"));
	CU_ASSERT_EQUAL(put(place, "kim/empty", ""), 0);
	CU_ASSERT_TRUE(holds(at("kim/empty"), ""));
	CU_ASSERT_EQUAL(entries(folder), 2); /* nothing hidden stays */
	outlet_free(outlet);
}

static void odd_names_are_refused(void)
{
	static const char *const names[] = { "", ".", "..", "../x", "/x", "/etc/x", "a//b", "a/",
		"a/.",
		"a/..", "a/../b", "./a" };
	int place = up();

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		err.text[0] = '\0';
		CU_ASSERT_EQUAL(put(place, names[i], "x"), -1);
		CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cannot write"));
	}
	CU_ASSERT_EQUAL(put(place + 1, "x", "x"), -1);
	CU_ASSERT_EQUAL(put(-1, "x", "x"), -1);
	CU_ASSERT_TRUE(entries(folder) == 0 || (entries(folder) == 1 && entries(at("a")) == 0));
	outlet_free(outlet);
}

static void long_names_are_refused(void)
{
	char name[1400];
	int place = up();

	memset(name, 'n', sizeof(name));
	name[256] = '\0'; /* one component too long */
	CU_ASSERT_EQUAL(put(place, name, "x"), -1);
	name[255] = '\0';
	CU_ASSERT_EQUAL(put(place, name, "x"), 0);
	memset(name, 'n', sizeof(name)); /* a path too long; its components are not */
	for (size_t i = 200; i < sizeof(name); i += 201)
		name[i] = '/';
	name[sizeof(name) - 1] = '\0';
	CU_ASSERT_EQUAL(put(place, name, "x"), -1);
	CU_ASSERT_EQUAL(outlet_put(outlet, place, name, "x", 1, NULL), -1);
	CU_ASSERT_EQUAL(entries(folder), 1);
	outlet_free(outlet);
}

static void links_are_not_followed(void)
{
	char elsewhere[PATH_MAX];
	struct stat status;
	int place = up();

	snprintf(elsewhere, sizeof(elsewhere), "%s", scratch());
	CU_ASSERT_EQUAL(symlink(elsewhere, at("link")), 0);
	CU_ASSERT_EQUAL(put(place, "link/x", "x"), -1);
	CU_ASSERT_EQUAL(symlink("target", at("file")), 0);
	CU_ASSERT_EQUAL(put(place, "file", "x"), 0);
	CU_ASSERT_TRUE(lstat(at("file"), &status) == 0 && S_ISREG(status.st_mode));
	CU_ASSERT_NOT_EQUAL(access(at("target"), F_OK), 0);
	CU_ASSERT_EQUAL(put(place, "file/x", "x"), -1); /* a file in a folder's place */
	CU_ASSERT_EQUAL(entries(elsewhere), 0);
	outlet_free(outlet);
}

static void a_file_is_a_place(void)
{
	char path[PATH_MAX];
	int place;

	up();
	snprintf(path, sizeof(path), "%s", at("result.json"));
	place = outlet_add_file(outlet, path, &err);
	CU_ASSERT_EQUAL(place, 1);
	CU_ASSERT_EQUAL(entries(folder), 0); /* not before there is something to say */
	CU_ASSERT_EQUAL(put(place, "", "{}"), 0);
	CU_ASSERT_TRUE(holds(path, "{}"));
	outlet_free(outlet);
}

/* /dev/null must still be there when something was written to it. */
static void what_is_no_file_is_written_to(void)
{
	wl_auto_fd int reader = -1;
	struct stat status;
	char have[8] = "";
	int place;

	up();
	CU_ASSERT_EQUAL_FATAL(mkfifo(at("pipe"), 0600), 0);
	reader = open(at("pipe"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	place = outlet_add_file(outlet, at("pipe"), &err);
	CU_ASSERT_TRUE_FATAL(place >= 0);
	CU_ASSERT_EQUAL(outlet_put_here(outlet, place, "", "one", 3, &err), 0);
	CU_ASSERT_EQUAL(read(reader, have, sizeof(have)), 3);
	CU_ASSERT_STRING_EQUAL(have, "one");
	CU_ASSERT_TRUE(stat(at("pipe"), &status) == 0 && S_ISFIFO(status.st_mode));
	place = outlet_add_file(outlet, "/dev/null", &err);
	CU_ASSERT_TRUE(place >= 0 && outlet_put_here(outlet, place, "", "one", 3, &err) == 0);
	CU_ASSERT_TRUE(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode));
	outlet_free(outlet);
}

static void wrong_places_are_said_at_once(void)
{
	up();
	CU_ASSERT_EQUAL(outlet_add_file(outlet, "", &err), -1);
	CU_ASSERT_EQUAL(outlet_add_file(outlet, folder, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "is a folder"));
	CU_ASSERT_EQUAL(outlet_add_file(outlet, at("missing/x"), &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "missing: cannot open the folder"));
	CU_ASSERT_EQUAL(outlet_add_folder(outlet, at("missing/x"), &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cannot make the folder"));
	CU_ASSERT_EQUAL(put(0, "x", "x"), 0);
	CU_ASSERT_EQUAL(outlet_add_folder(outlet, at("x"), &err), -1);
	CU_ASSERT_EQUAL(outlet_add_folder(outlet, at("new"), &err), 1);
	CU_ASSERT_EQUAL(put(1, "y", "y"), 0);
	CU_ASSERT_TRUE(holds(at("new/y"), "y"));
	outlet_free(outlet);
	outlet_free(NULL);
}

static void an_unwritable_folder_is_said_at_once(void)
{
	up();
	CU_ASSERT_EQUAL(chmod(folder, 0555), 0);
	override_permissions(false);
	CU_ASSERT_EQUAL(outlet_add_folder(outlet, folder, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cannot write into this folder"));
	CU_ASSERT_EQUAL(outlet_add_file(outlet, at("x"), &err), -1);
	override_permissions(true);
	outlet_free(outlet);
}

static void places_have_an_end(void)
{
	int place = up(), count = 1;

	while (place >= 0 && count < 1000 && outlet_add_folder(outlet, folder, &err) >= 0)
		count++;
	CU_ASSERT_EQUAL(count, 64);
	CU_ASSERT_STRING_EQUAL(err.text, "too many outputs");
	outlet_free(outlet);
}

/* The process that serves, until DONE (a descriptor) can be read: then the work is over. */
static pid_t serve(int done)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		outlet_serve(outlet, done);
		wl_leave(0);
	}
	return child;
}

static void results_are_served(void)
{
	static char large[3 << 20];
	int ends[2], status = -1, place = up();
	struct stat seen;
	pid_t child;

	CU_ASSERT_EQUAL_FATAL(pipe2(ends, O_CLOEXEC), 0);
	child = serve(ends[0]);
	CU_ASSERT_EQUAL(outlet_put(outlet, place, "kim/a", "one", 3, &err), 0);
	CU_ASSERT_TRUE(holds(at("kim/a"), "one"));
	CU_ASSERT_EQUAL(outlet_put(outlet, place, "large", large, sizeof(large), &err), 0);
	CU_ASSERT_TRUE(stat(at("large"), &seen) == 0 && seen.st_size == sizeof(large));
	CU_ASSERT_EQUAL(outlet_put(outlet, place, "../x", "x", 1, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cannot write"));
	CU_ASSERT_EQUAL(outlet_put(outlet, 7, "x", "x", 1, &err), -1);
	CU_ASSERT_EQUAL(outlet_put(outlet, place, "b", "two", 3, &err), 0); /* it goes on */
	CU_ASSERT_TRUE(holds(at("b"), "two"));
	CU_ASSERT_EQUAL(write(ends[1], "", 1), 1);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
	close(ends[0]);
	close(ends[1]);
	outlet_free(outlet);
}

void suite_outlet(void);
void suite_outlet(void)
{
	test("files appear and are replaced", files_appear_and_are_replaced);
	test("odd names are refused", odd_names_are_refused);
	test("long names are refused", long_names_are_refused);
	test("links are not followed", links_are_not_followed);
	test("a file is a place", a_file_is_a_place);
	test("what is no file is written to", what_is_no_file_is_written_to);
	test("wrong places are said at once", wrong_places_are_said_at_once);
	test("an unwritable folder is said at once", an_unwritable_folder_is_said_at_once);
	test("places have an end", places_have_an_end);
	test("results are served", results_are_served);
}
