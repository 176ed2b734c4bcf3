/*
 * The whole way, with the finished command: folders go in, verdicts come out, what was kept is judged again. One student of the
 * sample class is graded once for several cases.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "tests/ran.h"
#include "tests/result.h"
#include "tests/tests.h"

#define STUDENT "2022-10145-choi-yuna"

static char kept[PATH_MAX], graded[PATH_MAX]; /* --keep and --json of the student */
static int graded_status = -1;

static char *text_of_file(const char *path)
{
	wl_auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status = { 0 };
	char *text;

	CU_ASSERT_TRUE_FATAL(fd >= 0 && fstat(fd, &status) == 0);
	text = calloc(1, (size_t)status.st_size + 1);
	CU_ASSERT_TRUE_FATAL(text && read(fd, text, (size_t)status.st_size) == status.st_size);
	return text;
}

static json_t *result_of_file(const char *path)
{
	char *text = text_of_file(path);
	json_t *result = result_read(text);

	free(text);
	return result;
}

/* An empty folder that is called NAME. */
static const char *empty_folder(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", scratch(), name);
	CU_ASSERT_EQUAL(mkdir(path, 0755), 0);
	return path;
}

static void student_is_graded(void)
{
	const char *folder = can_stage() ? scratch() : NULL;
	ran_auto struct ran run = { .out_fd = -1, .err_fd = -1 };
	json_auto_t *result = NULL;
	const json_t *student;

	if (!folder)
		return;
	snprintf(kept, sizeof(kept), "%s/kept", folder);
	snprintf(graded, sizeof(graded), "%s/result.json", folder);
	run = WIRELAB("grade", "--seed", "7", "--keep", kept, "--json", graded,
		source("fixtures/classroom/" STUDENT));
	graded_status = run.status;
	CU_ASSERT_EQUAL(run.status, 1);
	CU_ASSERT_STRING_EQUAL(run.err, "");
	CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "udp_echo.server.port"));
	CU_ASSERT_PTR_NULL(strchr(run.out, '\x1b'));
	result = result_of_file(graded);
	student = result_of(result, STUDENT);
	CU_ASSERT_STRING_EQUAL(result_verdict(student, "udp_echo.server.port"), "fail");
	CU_ASSERT_EQUAL(result_count(student, "broken") + result_count(student, "notrun"), 0);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(student, "lessons")), 2);
}

static bool is_graded(void)
{
	if (!can_stage())
		return false;
	CU_ASSERT_EQUAL_FATAL(graded_status, 1);
	return true;
}

static void check_same(const json_t *one, const json_t *other)
{
	static const char *const members[] = { "id", "verdict", "points", "expected", "actual", "frame", NULL };
	const json_t *lesson, *finding;
	size_t i, k;

	json_array_foreach(json_object_get(one, "lessons"), i, lesson)
		json_array_foreach(json_object_get(lesson, "requirements"), k, finding)
			for (const char *const *member = members; *member; member++)
				CU_ASSERT_TRUE(json_equal(json_object_get(finding, *member),
					json_object_get(json_array_get(json_object_get(json_array_get(
						json_object_get(other, "lessons"), i), "requirements"), k),
						*member)));
}

static void what_was_kept_is_judged_the_same(void)
{
	ran_auto struct ran again = { .out_fd = -1, .err_fd = -1 };
	json_auto_t *first = NULL, *second = NULL;

	if (!is_graded())
		return;
	again = WIRELAB("judge", "--json", "-", kept);
	first = result_of_file(graded);
	CU_ASSERT_EQUAL(again.status, 1);
	second = result_read(again.out);
	CU_ASSERT_PTR_NOT_NULL(strstr(again.err, "udp_echo.server.port"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(result_of(second, STUDENT));
	check_same(result_of(first, STUDENT), result_of(second, STUDENT));
}

static void one_observation_is_judged(void)
{
	ran_auto struct ran again = { .out_fd = -1, .err_fd = -1 };
	char path[PATH_MAX + 64];

	if (!is_graded())
		return;
	snprintf(path, sizeof(path), "%s/" STUDENT "/udp_echo.server_cable.json", kept);
	again = WIRELAB("judge", path);
	CU_ASSERT_EQUAL(again.status, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(again.out, "udp_echo.server.port"));
	CU_ASSERT_PTR_NULL(strstr(again.out, "udp_echo.client"));
}

static void judging_needs_no_rights(void)
{
	char bare[PATH_MAX];
	ran_auto struct ran again = { .out_fd = -1, .err_fd = -1 };

	if (!is_graded())
		return;
	snprintf(bare, sizeof(bare), "%s", wirelab());
	/* A user namespace in which he is nobody: no capability, no name, nothing of his own. */
	again = ran(NULL, WORDS("unshare", "--user", bare, "judge", "--json", "-", kept));
	CU_ASSERT_EQUAL(again.status, 1);
	json_decref(result_read(again.out));
}

/* Colour is for terminals; script(1) makes one. */
static void colour_is_for_terminals(void)
{
	char command[2 * PATH_MAX];
	ran_auto struct ran plain = { .out_fd = -1, .err_fd = -1 }, colourful = plain, refused = plain;

	if (!is_graded())
		return;
	snprintf(command, sizeof(command), "'%s' judge '%s'", wirelab(), kept);
	plain = WIRELAB("judge", kept);
	colourful = ran(NULL, WORDS("script", "-qec", command, "/dev/null"));
	refused = ran("NO_COLOR=1", WORDS("script", "-qec", command, "/dev/null"));
	CU_ASSERT_PTR_NULL(strchr(plain.out, '\x1b'));
	CU_ASSERT_PTR_NOT_NULL(strchr(colourful.out, '\x1b'));
	CU_ASSERT_PTR_NULL(strchr(refused.out, '\x1b'));
	CU_ASSERT_EQUAL(colourful.status, 1);
}

/* The values of the only observation that is kept in FOLDER/NAME of this scenario. */
static json_t *values_of(const char *folder, const char *below)
{
	char path[PATH_MAX + 128];
	json_auto_t *seen = NULL;

	snprintf(path, sizeof(path), "%s/%s", folder, below);
	seen = json_load_file(path, 0, NULL);
	CU_ASSERT_TRUE(json_array_size(json_object_get(seen, "values")) > 0);
	return json_incref(json_object_get(seen, "values"));
}

static void seed_decides_the_values(void)
{
	static const char *const seeds[] = { "41", "41", "42" };
	static const char *const below = "raw_sender_struct/raw.sender_korean.json";
	struct ran runs[3];
	json_t *values[3];
	char folders[3][PATH_MAX], fixture[PATH_MAX];

	if (!can_stage())
		return;
	snprintf(fixture, sizeof(fixture), "%s", source("fixtures/variants/raw_sender_struct"));
	for (int i = 0; i < 3; i++) {
		snprintf(folders[i], sizeof(folders[i]), "%s", scratch());
		runs[i] = ran_start(NULL,
			WORDS(wirelab(), "grade", "--seed", seeds[i], "--keep", folders[i], fixture));
	}
	for (int i = 0; i < 3; i++) {
		ran_end(&runs[i]);
		CU_ASSERT_EQUAL(runs[i].status, 1); /* the receiver is missing */
		values[i] = values_of(folders[i], below);
		ran_free(&runs[i]);
	}
	CU_ASSERT_TRUE(json_equal(values[0], values[1]));
	CU_ASSERT_FALSE(json_equal(values[0], values[2]));
	for (int i = 0; i < 3; i++)
		json_decref(values[i]);
}

/* Nothing to grade is a result, too: status 1, JSON complete. */
static void check_nothing_there(struct ran run, const char *trouble)
{
	json_auto_t *result = result_read(run.out);
	const json_t *submission = json_array_get(json_object_get(result, "submissions"), 0);

	CU_ASSERT_EQUAL(run.status, 1);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(result, "submissions")), 1);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(submission, "lessons")), 0);
	CU_ASSERT_EQUAL(json_is_string(json_object_get(submission, "trouble")), trouble != NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(run.err, trouble ? trouble : ""));
	ran_free(&run);
}

static void nothing_there_fails(void)
{
	char file[PATH_MAX];

	if (!can_stage())
		return;
	check_nothing_there(WIRELAB("grade", "--json", "-", "/nonexistent/kim"), "/nonexistent/kim");
	check_nothing_there(WIRELAB("grade", "--json", "-", empty_folder("kim")), NULL);
	snprintf(file, sizeof(file), "%s", source("fixtures/README.md"));
	check_nothing_there(WIRELAB("grade", "--json", "-", file), "README.md");
}

static void folder_that_cannot_be_read_fails(void)
{
	const char *folder = can_stage() ? empty_folder("locked") : NULL;

	if (!folder)
		return;
	if (geteuid() == 0) {
		notrun("root can read every folder");
		return;
	}
	chmod(folder, 0);
	check_nothing_there(WIRELAB("grade", "--json", "-", folder), "locked");
	chmod(folder, 0700);
}

static void named_lesson_is_judged_in_an_empty_folder(void)
{
	ran_auto struct ran run = { .out_fd = -1, .err_fd = -1 };
	json_auto_t *result = NULL;
	const json_t *submission;
	size_t failed, blocked;

	if (!can_stage())
		return;
	run = WIRELAB("grade", "--json", "-", "--lesson", "raw", empty_folder("kim"));
	CU_ASSERT_EQUAL(run.status, 1);
	result = result_read(run.out);
	submission = result_of(result, "kim");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(submission, "lessons")), 1);
	failed = result_count(submission, "fail");
	blocked = result_count(submission, "blocked");
	CU_ASSERT_TRUE(failed >= 2 && blocked > failed);
	CU_ASSERT_EQUAL(result_count(submission, "pass") + result_count(submission, "broken"), 0);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(submission, "points")), 0);
}

static void class_is_graded_folder_by_folder(void)
{
	const char *names[] = { "kim", "lee" };
	char class[PATH_MAX], path[PATH_MAX + 16], fixture[PATH_MAX];
	ran_auto struct ran run = { .out_fd = -1, .err_fd = -1 };
	json_auto_t *result = NULL;

	if (!can_stage())
		return;
	snprintf(class, sizeof(class), "%s", scratch());
	snprintf(fixture, sizeof(fixture), "%s", source("fixtures/hostile/exits_at_once"));
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", class, names[i]);
		struct ran copy = ran(NULL, WORDS("cp", "-r", fixture, path));

		CU_ASSERT_EQUAL(copy.status, 0);
		ran_free(&copy);
	}
	snprintf(path, sizeof(path), "%s/none", class);
	CU_ASSERT_EQUAL(mkdir(path, 0755), 0);
	run = WIRELAB("grade", "-j", "3", "--json", "-", class);
	CU_ASSERT_EQUAL(run.status, 1);
	result = result_read(run.out);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(result, "submissions")), 3);
	CU_ASSERT_TRUE(result_count(result_of(result, "kim"), "fail") > 0);
	CU_ASSERT_TRUE(result_count(result_of(result, "lee"), "fail") > 0);
	CU_ASSERT_PTR_NOT_NULL(result_of(result, "none"));
	CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "lee"));
}

/* The reference programs, as somebody would hand them in: the folder labs/, a subfolder a lesson. */
static void reference_programs_pass(void)
{
	ran_auto struct ran run = { .out_fd = -1, .err_fd = -1 };
	json_auto_t *result = NULL;
	const json_t *labs;

	if (!can_stage())
		return;
	run = WIRELAB("grade", "--json", "-", source("labs"));
	CU_ASSERT_EQUAL(run.status, 0);
	result = result_read(run.out);
	labs = result_of(result, "labs");
	CU_ASSERT_EQUAL(result_count(labs, "fail") + result_count(labs, "blocked"), 0);
	CU_ASSERT_TRUE(json_integer_value(json_object_get(labs, "points")) > 0);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(labs, "points")),
		json_integer_value(json_object_get(labs, "out_of")));
	if (run.status != 0)
		fputs(run.err, stderr);
}

void suite_grading(void)
{
	test("reference programs pass", reference_programs_pass);
	test("a student is graded", student_is_graded);
	test("what was kept is judged the same", what_was_kept_is_judged_the_same);
	test("one observation is judged", one_observation_is_judged);
	test("judging needs no rights", judging_needs_no_rights);
	test("colour is for terminals", colour_is_for_terminals);
	test("the seed decides the values", seed_decides_the_values);
	test("nothing there fails", nothing_there_fails);
	test("a folder that cannot be read fails", folder_that_cannot_be_read_fails);
	test("a named lesson is judged in an empty folder", named_lesson_is_judged_in_an_empty_folder);
	test("a class is graded folder by folder", class_is_graded_folder_by_folder);
}
