/*
 * Kept submissions: what was kept is judged alike when it is read back, and what was edited is
 * refused in words or read without harm. The submission is hand-made: lesson raw, one play of its
 * sender.
 */
#include "harness/bundle.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/judge.h"
#include "harness/registry.h"
#include "tests/golden.h"
#include "tests/made.h"
#include "tests/tests.h"

#define OWN "00:15:5d:11:c9:ca"
#define PLAY "raw.sender_line.json"

static char folder[PATH_MAX];
static struct made made;
static struct wl_program programs[] = {
	{ "raw", "sender", WL_PROGRAM_FOUND, "sender.py", "" },
	{ "raw", "receiver", WL_PROGRAM_UNBUILT, "receiver.c", "It does not compile:\n\"x\"" },
};
static struct wl_observation *observations[] = { &made.seen };
static struct wl_evidence evidence = { "김 민준", "class/김 민준", UINT64_MAX, programs, 2, observations,
	1, NULL, false, false };

static void put(const char *name, const void *bytes, size_t len)
{
	wl_auto_fd int fd = -1;
	char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	CU_ASSERT_EQUAL(write(fd, bytes, len), (ssize_t)len);
}

static void put_text(const char *name, const char *text)
{
	put(name, text, strlen(text));
}

/* Keep the submission in a new folder. */
static void keep(void)
{
	snprintf(folder, sizeof(folder), "%s", scratch());
	made_up(&made, "raw", "sender_line");
	made_value(&made, "mac", OWN);
	made_value(&made, "text", "hello");
	made_point(&made, "own", OWN, "10.77.0.1");
	made_performer(&made, "sender", "own", true);
	made_print(&made, 0, "payload: ");
	made_event(&made, 0, WL_EVENT_TYPED, 0, "hello\n");
	made_ether(&made, 0, WL_FROM_HOST, OWN, OWN, 0x0800, "hello\n"); /* one byte too many */
	made_event(&made, 0, WL_EVENT_ENDED, 0, "");
	put_text("submission.json", bundle_to_json(&evidence, made.arena));
	put_text(PLAY, wl_observation_to_json(&made.seen, made.arena));
}

static int read_back(const char *path, struct wl_evidence **all, size_t *count, struct wl_err *err)
{
	*all = NULL;
	*count = 0;
	err->text[0] = '\0';
	return bundle_read(path, made.arena, all, count, err);
}

static void findings_agree(const struct wl_lesson_grade *a, const struct wl_lesson_grade *b)
{
	CU_ASSERT_EQUAL_FATAL(a->finding_count, b->finding_count);
	CU_ASSERT_TRUE(a->passed == b->passed && a->points == b->points && a->out_of == b->out_of);
	for (size_t i = 0; i < a->finding_count; i++) {
		CU_ASSERT_EQUAL(a->findings[i].verdict, b->findings[i].verdict);
		CU_ASSERT_EQUAL(a->findings[i].frame, b->findings[i].frame);
		CU_ASSERT_STRING_EQUAL(a->findings[i].expected, b->findings[i].expected);
		CU_ASSERT_STRING_EQUAL(a->findings[i].actual, b->findings[i].actual);
	}
}

static void what_was_kept_is_judged_alike(void)
{
	struct wl_submission_grade before, after;
	struct wl_evidence *all;
	struct wl_err err;
	size_t count;

	keep();
	CU_ASSERT_EQUAL_FATAL(read_back(folder, &all, &count, &err), 0);
	CU_ASSERT_EQUAL_FATAL(count, 1);
	CU_ASSERT_STRING_EQUAL(all->name, evidence.name);
	CU_ASSERT_STRING_EQUAL(all->path, evidence.path);
	CU_ASSERT_TRUE(all->seed == UINT64_MAX && !all->partial && !all->trouble);
	CU_ASSERT_EQUAL(all->programs[1].state, WL_PROGRAM_UNBUILT);
	CU_ASSERT_STRING_EQUAL(all->programs[1].words, programs[1].words);
	judge_submission(&evidence, made.arena, &before);
	judge_submission(all, made.arena, &after);
	CU_ASSERT_EQUAL_FATAL(after.lesson_count, 1);
	CU_ASSERT_TRUE(after.points > 0 && after.points < after.out_of);
	findings_agree(&before.lessons[0], &after.lessons[0]);
	CU_ASSERT_STRING_EQUAL(bundle_to_json(all, made.arena), bundle_to_json(&evidence,
		made.arena));
	made_down(&made);
}

static void one_play_alone_is_partial(void)
{
	struct wl_submission_grade grade;
	struct wl_evidence *all;
	struct wl_err err;
	size_t count;

	keep();
	CU_ASSERT_EQUAL_FATAL(
		read_back(wl_format(made.arena, "%s/" PLAY, folder), &all, &count, &err), 0);
	CU_ASSERT_TRUE(count == 1 && all->partial && all->observation_count == 1);
	judge_submission(all, made.arena, &grade);
	CU_ASSERT_EQUAL_FATAL(grade.lesson_count, 1);
	for (size_t i = 0; i < grade.lessons[0].finding_count; i++)
		CU_ASSERT_STRING_EQUAL(
			grade.lessons[0].findings[i].requirement->scenario->name, "sender_line");
	CU_ASSERT_TRUE(grade.lessons[0].finding_count > 3);
	made_down(&made);
}

static void folders_of_submissions_are_read_in_order(void)
{
	char parent[PATH_MAX];
	struct wl_evidence *all;
	struct wl_err err;
	size_t count;

	keep();
	snprintf(parent, sizeof(parent), "%s", scratch());
	CU_ASSERT_EQUAL(read_back(parent, &all, &count, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "holds no kept submission"));
	CU_ASSERT_EQUAL(mkdir(wl_format(made.arena, "%s/empty", parent), 0755), 0);
	CU_ASSERT_EQUAL(rename(folder, wl_format(made.arena, "%s/b", parent)), 0);
	made_down(&made);
	keep();
	CU_ASSERT_EQUAL(rename(folder, wl_format(made.arena, "%s/a", parent)), 0);
	CU_ASSERT_EQUAL(read_back(parent, &all, &count, &err), 0);
	CU_ASSERT_EQUAL(count, 2);
	CU_ASSERT_EQUAL(read_back(wl_format(made.arena, "%s/c", parent), &all, &count, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "No such file"));
	made_down(&made);
}

static const struct {
	const char *right, *wrong; /* the first RIGHT in submission.json is replaced */
	const char *says;
} edits[] = {
	{ "wirelab-submission/1", "wirelab-submission/2", "not a kept submission of schema" },
	{ "\"schema\"", "\"scheme\"", "not a kept submission" },
	{ "\"name\"", "\"nam\"", "not a kept submission" },
	{ "\"path\": \"", "\"path\": 1, \"x\": \"", "not a kept submission" },
	{ "\"18446744073709551615\"", "1", "not a kept submission" },
	{ "18446744073709551615", "", "seed" },
	{ "18446744073709551615", "12x", "seed" },
	{ "18446744073709551615", "-1", "seed" },
	{ "18446744073709551615", "18446744073709551616", "seed" },
	{ "\"programs\": [", "\"programs\": 1, \"x\": [", "programs" },
	{ "\"programs\"", "\"program\"", "programs" },
	{ "\"plays\": [", "\"plays\": {}, \"x\": [", "plays" },
	{ "\"state\": \"found\"", "\"state\": \"passed\"", "program 1 is not one of a lesson" },
	{ "\"state\": \"found\"", "\"state\": \"\"", "program 1 is not one of a lesson" },
	{ "\"state\": \"found\"", "\"state\": 2", "program 1 is not one of a lesson" },
	{ "\"lesson\": \"raw\"", "\"lesson\": \"row\"", "program 1 is not one of a lesson" },
	{ "\"program\": \"receiver\"", "\"program\": \"reader\"",
		"program 2 is not one of a lesson" },
	{ "\"words\": \"\"", "\"words\": null", "program 1 is not one of a lesson" },
	{ "\"sender_line\"", "\"sender_lines\"", "no play raw.sender_lines" },
	{ "\"sender_line\"", "\"../raw.sender_line\"", "no play raw.../" },
	{ "\"sender_line\"", "\"sender_korean\"", "No such file" },
	{ "\"scenario\"", "\"scene\"", "no play raw.?" },
	{ "{", "[", "is not JSON" },
	{ "{", "", "is not JSON" },
	{ "\"schema\"", "\"schema\": \"\", \"schema\"", "is not JSON" },
	{ "김", "\xff", "is not JSON" },
};

static const char *replaced(const char *text, const char *right, const char *wrong)
{
	const char *at = strstr(text, right);

	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	return wl_format(made.arena, "%.*s%s%s", (int)(at - text), text, wrong, at + strlen(right));
}

/* TEXT as the file NAME is refused, in words that name the file and contain SAYS. */
static void refused(const char *name, const char *text, const char *says)
{
	struct wl_evidence *all;
	struct wl_err err;
	size_t count;
	int result;

	put_text(name, text);
	result = read_back(folder, &all, &count, &err);
	CU_ASSERT_EQUAL(result, -1);
	CU_ASSERT_TRUE(strstr(err.text, says) && strstr(err.text, name));
	if (result == 0 || !strstr(err.text, says) || !strstr(err.text, name))
		fprintf(stderr, "wanted: %s\nhave: %d \"%s\"\n", says, result, err.text);
}

static void edited_submissions_are_refused(void)
{
	const char *right;

	keep();
	right = bundle_to_json(&evidence, made.arena);
	for (size_t i = 0; i < sizeof(edits) / sizeof(*edits); i++)
		refused("submission.json", replaced(right, edits[i].right, edits[i].wrong),
			edits[i].says);
	refused("submission.json", "", "is not JSON");
	refused("submission.json", "[]", "not a kept submission");
	made_down(&made);
}

static void edited_plays_are_refused(void)
{
	const char *right;

	keep();
	right = wl_observation_to_json(&made.seen, made.arena);
	refused(PLAY, "", "JSON");
	refused(PLAY, replaced(right, "\"raw\"", "\"row\""),
		"this version has no play row.sender_line");
	refused(PLAY, replaced(right, "sender_line", "sender_lane"), "no play raw.sender_lane");
	refused(PLAY, replaced(right, "\"frames\"", "\"frame\""), "frame");
	made_down(&made);
}

/* A kept play may not be another one's. */
static void a_play_is_the_one_that_was_named(void)
{
	keep();
	refused(PLAY, replaced(wl_observation_to_json(&made.seen, made.arena), "sender_line",
		"sender_korean"),
		"sender_korean");
	made_down(&made);
}

static void what_is_no_file_is_refused(void)
{
	struct wl_evidence *all;
	struct wl_err err;
	size_t count;

	keep();
	CU_ASSERT_EQUAL(unlink(wl_format(made.arena, "%s/" PLAY, folder)), 0);
	CU_ASSERT_EQUAL(mkfifo(wl_format(made.arena, "%s/" PLAY, folder), 0644), 0);
	CU_ASSERT_EQUAL(read_back(folder, &all, &count, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "not a file"));
	made_down(&made);
}

/* Spoilt text is refused in words, or gives evidence that can be judged. */
static void spoilt_submissions_are_survived(void)
{
	uint64_t state = 13;
	size_t read = 0, len;
	const char *right;

	keep();
	right = bundle_to_json(&evidence, made.arena);
	len = strlen(right);
	for (unsigned int round = 0; round < 1000; round++) {
		uint8_t *spoilt = wl_memdup(made.arena, right, len);
		struct wl_submission_grade grade;
		struct wl_evidence *all;
		struct wl_err err;
		size_t count;

		golden_mutate(&state, spoilt, len);
		put("submission.json", spoilt,
			golden_random(&state) % 4 ? len : golden_random(&state) % len);
		if (read_back(folder, &all, &count, &err) == 0) {
			judge_submission(all, made.arena, &grade);
			read++;
		} else {
			CU_ASSERT_TRUE(*err.text);
		}
	}
	CU_ASSERT_TRUE(read > 100); /* else the fuzzing reaches nothing */
	made_down(&made);
}

static void what_is_written_is_read(void)
{
	struct wl_evidence *all, troubled = { .name = "lee", .path = "class/lee", .seed = 3, .trouble = "no room",
		.trouble_is_ours = true };
	char path[2 * PATH_MAX];
	struct wl_err err;
	size_t count;

	keep();
	snprintf(path, sizeof(path), "%s/written", folder);
	CU_ASSERT_EQUAL_FATAL(bundle_write(&evidence, path, made.arena, &err), 0);
	CU_ASSERT_EQUAL_FATAL(read_back(path, &all, &count, &err), 0);
	CU_ASSERT_TRUE(count == 1 && all->observation_count == 1 && all->program_count == 2);
	CU_ASSERT_TRUE(!all->trouble && !all->trouble_is_ours);
	CU_ASSERT_EQUAL(bundle_write(&evidence, path, made.arena, &err), -1); /* it is there */
	snprintf(path, sizeof(path), "%s/troubled", folder);
	CU_ASSERT_EQUAL_FATAL(bundle_write(&troubled, path, made.arena, &err), 0);
	CU_ASSERT_EQUAL_FATAL(read_back(path, &all, &count, &err), 0);
	CU_ASSERT_STRING_EQUAL(all->trouble, "no room");
	CU_ASSERT_TRUE(all->trouble_is_ours);
	made_down(&made);
}

void suite_bundle(void);
void suite_bundle(void)
{
	test("what is written is read", what_is_written_is_read);
	test("what was kept is judged alike", what_was_kept_is_judged_alike);
	test("one play alone is partial", one_play_alone_is_partial);
	test("folders of submissions are read in order", folders_of_submissions_are_read_in_order);
	test("edited submissions are refused", edited_submissions_are_refused);
	test("edited plays are refused", edited_plays_are_refused);
	test("a play is the one that was named", a_play_is_the_one_that_was_named);
	test("what is no file is refused", what_is_no_file_is_refused);
	test("spoilt submissions are survived", spoilt_submissions_are_survived);
}
