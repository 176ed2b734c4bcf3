/* Several runs of one submission become one grade: each row is one requirement's verdicts, and what must come of them. */
#include "harness/repetition.h"

#include <string.h>

#include "tests/tests.h"

#define RUNS 3

static const struct wl_requirement requirement = { "t.one", "one", .points = 2 };
static const struct wl_lesson lesson = { "t" };

static const struct row {
	enum wl_verdict runs[RUNS], merged;
	bool unstable;
	unsigned int points, out_of;
} rows[] = {
	{ { WL_PASS, WL_PASS, WL_PASS }, WL_PASS, false, 2, 2 },
	{ { WL_FAIL, WL_FAIL, WL_FAIL }, WL_FAIL, false, 0, 2 },
	{ { WL_PASS, WL_FAIL, WL_PASS }, WL_FAIL, true, 0, 2 },
	{ { WL_BLOCKED, WL_PASS, WL_PASS }, WL_BLOCKED, true, 0, 2 },
	{ { WL_BLOCKED, WL_PASS, WL_FAIL }, WL_FAIL, true, 0, 2 },
	{ { WL_BROKEN, WL_PASS, WL_PASS }, WL_PASS, true, 2, 2 },
	{ { WL_BROKEN, WL_NOTRUN, WL_BROKEN }, WL_NOTRUN, true, 0, 0 },
	{ { WL_BROKEN, WL_BROKEN, WL_BROKEN }, WL_BROKEN, false, 0, 0 },
};

static struct wl_finding findings[RUNS];
static struct wl_lesson_grade lessons[RUNS];
static struct wl_submission_grade runs[RUNS];
static struct wl_evidence evidence[RUNS];

static void make_runs(const struct row *row)
{
	static const char *const words[] = { "first", "second", "third" };

	for (size_t i = 0; i < RUNS; i++) {
		findings[i] = (struct wl_finding){ &requirement, row->runs[i], .expected = "", .actual = words[i] };
		lessons[i] = (struct wl_lesson_grade){ .lesson = &lesson, .findings = &findings[i], .finding_count = 1 };
		runs[i] = (struct wl_submission_grade){ .evidence = &evidence[i], .lessons = &lessons[i], .lesson_count = 1 };
	}
}

static void the_worst_for_the_submission_counts(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
		struct wl_submission_grade grade;

		make_runs(&rows[i]);
		repetition_merge(runs, RUNS, arena, &grade);
		CU_ASSERT_EQUAL_FATAL(grade.lesson_count, 1);
		CU_ASSERT_EQUAL(grade.lessons[0].findings[0].verdict, rows[i].merged);
		CU_ASSERT_EQUAL(wl_is_unstable(&grade.lessons[0].findings[0], grade.run_count), rows[i].unstable);
		CU_ASSERT_EQUAL(memcmp(grade.lessons[0].findings[0].runs, rows[i].runs, sizeof(rows[i].runs)), 0);
		CU_ASSERT_EQUAL(grade.points, rows[i].points);
		CU_ASSERT_EQUAL(grade.out_of, rows[i].out_of);
	}
}

static void the_words_are_of_the_run_that_counts(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct wl_submission_grade grade;

	make_runs(&rows[2]);
	repetition_merge(runs, RUNS, arena, &grade);
	CU_ASSERT_STRING_EQUAL(grade.lessons[0].findings[0].actual, "second");
}

static void a_run_that_came_to_grief_has_no_say(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct wl_submission_grade grade;

	make_runs(&rows[0]);
	runs[0].lesson_count = 0;
	repetition_merge(runs, RUNS, arena, &grade);
	CU_ASSERT_EQUAL_FATAL(grade.lesson_count, 1);
	CU_ASSERT_PTR_EQUAL(grade.evidence, &evidence[1]);
	CU_ASSERT_EQUAL(grade.lessons[0].findings[0].verdict, WL_PASS);
	CU_ASSERT_EQUAL(grade.lessons[0].findings[0].runs[0], WL_BROKEN);
}

static void one_run_is_never_unstable(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct wl_submission_grade grade;

	make_runs(&rows[2]);
	repetition_merge(runs, 1, arena, &grade);
	CU_ASSERT_FALSE(wl_is_unstable(&grade.lessons[0].findings[0], grade.run_count));
	CU_ASSERT_FALSE(wl_is_unstable(&findings[0], 0));
}

void suite_repetition(void);
void suite_repetition(void)
{
	test("the worst for the submission counts", the_worst_for_the_submission_counts);
	test("the words are of the run that counts", the_words_are_of_the_run_that_counts);
	test("a run that came to grief has no say", a_run_that_came_to_grief_has_no_say);
	test("one run is never unstable", one_run_is_never_unstable);
}
