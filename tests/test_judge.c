/*
 * Judging, on a lesson of the test's own whose one verb says what the row wants: how verdicts are
 * handed on, who is blamed for a missing program, how points add up, and what the whole ends with.
 *
 * Letters: p(ass), f(ail), b(locked), n(otrun), x (broken), 0 (says nothing).
 */
#include "harness/judge.h"

#include <stdio.h>
#include <string.h>

#include "harness/checks.h"
#include "tests/tests.h"

static const char *said; /* a letter a requirement, by the check's `nth` */

static enum wl_verdict verdict_of(char letter)
{
	static const char letters[] = "0pfbnx";
	const char *at = strchr(letters, letter);

	return at ? (enum wl_verdict)(at - letters) : WL_BROKEN;
}

static enum wl_verdict says(const struct wl_case *c, struct wl_finding *finding)
{
	finding->actual = "as told";
	return verdict_of(said[c->check->nth]);
}

static enum wl_verdict always(const struct wl_case *c, struct wl_finding *finding)
{
	(void)c;
	(void)finding;
	return wl_passed();
}

static const struct wl_role roles[] = { { "one", "the first" }, { "two", "the second" }, { NULL } };
static const struct wl_step no_steps[] = { { 0 } };
static const struct wl_actor cast_one[] = { { "one", "host", .role = "one" }, { NULL } };
static const struct wl_actor cast_two[] = { { "two", "host", .role = "two" },
	{ "peer", "host", .program = "peer" }, { NULL } };
static const struct wl_actor cast_both[] = { { "one", "host", .role = "one" },
	{ "two", "host", .role = "two" }, { NULL } };
static const struct wl_scenario one = { "one", "", NULL, cast_one, NULL, no_steps };
static const struct wl_scenario two = { "two", "", NULL, cast_two, NULL, no_steps };
static const struct wl_scenario both = { "both", "", NULL, cast_both, NULL, no_steps };

#define SAYS(n) ((const struct wl_check[]){ { always }, { says, .nth = n }, { NULL } })
static const struct wl_requirement requirements[] = {
	{ "t.one.root", "one", .scenario = &one, .points = 2, .check = SAYS(0) },
	{ "t.one.next", "one", .scenario = &one, .needs = NEEDS("t.one.root"), .points = 1,
		.check = SAYS(1) },
	{ "t.two.root", "two", .scenario = &two, .points = 1, .check = SAYS(2) },
	{ "t.pair", "pair", .scenario = &both, .needs = NEEDS("t.one.root", "t.two.root"),
		.points = 1,
		.check = SAYS(3) },
	{ "t.one.advice", "one", .scenario = &one, .needs = NEEDS("t.one.root"), .points = 0,
		.check = SAYS(4) },
	{ "t.one.free", "one", .scenario = &both, .points = 1, .check = SAYS(5) },
	{ NULL },
};
static const struct wl_lesson lesson = { "t", "test", roles, requirements };
#define REQUIREMENTS 6

static struct wl_observation seen_one, seen_two, seen_both;
static struct wl_observation *all_seen[] = { &seen_one, &seen_two, &seen_both };
static struct wl_program programs[2];
static struct wl_arena *arena;
static struct wl_lesson_grade grade;

static struct wl_evidence evidence(void)
{
	static const char *const names[] = { "one", "two", "both" };

	for (size_t i = 0; i < 3; i++)
		*all_seen[i] = (struct wl_observation){ .lesson = "t", .scenario = names[i] };
	for (size_t i = 0; i < 2; i++)
		programs[i] = (struct wl_program){ "t", names[i], WL_PROGRAM_FOUND, "",
			"its words" };
	return (struct wl_evidence){ .programs = programs, .program_count = 2,
		.observations = all_seen,
		.observation_count = 3 };
}

static void judge(const struct wl_evidence *what, const char *letters)
{
	said = letters;
	judge_lesson(&lesson, what, arena, &grade);
}

static void expect(const char *letters)
{
	char have[16] = "";

	for (size_t i = 0; i < grade.finding_count; i++)
		have[i] = "0pfbnx"[grade.findings[i].verdict];
	CU_ASSERT_STRING_EQUAL(have, letters);
	if (strcmp(have, letters) != 0)
		fprintf(stderr, "said %s: wanted %s, have %s\n", said, letters, have);
}

static const struct {
	const char *said, *judged;
	enum wl_program_state one, two;
	int passed;
	unsigned int points, out_of;
} rows[] = {
#define FOUND WL_PROGRAM_FOUND, WL_PROGRAM_FOUND
	{ "pppppp", "pppppp", FOUND, 1, 6, 6 },
	{ "pfpppp", "pfpppp", FOUND, 0, 5, 6 },
	{ "fppppp", "fbpbbp", FOUND, 0, 2, 6 },
	{ "xppppp", "xxpxxp", FOUND, -1, 2, 2 },
	{ "nppppp", "nnpnnp", FOUND, -1, 2, 2 },
	{ "0ppppp", "xxpxxp", FOUND, -1, 2, 2 },
	{ "ppnfpp", "ppnnpp", FOUND, -1, 4, 4 },
	{ "ppfppp", "ppfbpp", FOUND, 0, 4, 6 },
	{ "fpnppp", "fbnbbp", FOUND, 0, 1, 5 },
	{ "ppppfp", "ppppfp", FOUND, 1, 6, 6 },
	{ "ppppxp", "ppppxp", FOUND, 1, 6, 6 },
	{ "pppppn", "pppppn", FOUND, -1, 5, 5 },
	{ "pfpppn", "pfpppn", FOUND, 0, 4, 5 },
	{ "pppppp", "fbpbbf", WL_PROGRAM_MISSING, WL_PROGRAM_FOUND, 0, 1, 6 },
	{ "pppppp", "fbpbbf", WL_PROGRAM_REFUSED, WL_PROGRAM_FOUND, 0, 1, 6 },
	{ "pppppp", "fbpbbf", WL_PROGRAM_UNBUILT, WL_PROGRAM_FOUND, 0, 1, 6 },
	{ "pppppp", "ppfbpb", WL_PROGRAM_FOUND, WL_PROGRAM_MISSING, 0, 3, 6 },
	{ "pppppp", "fbfbbf", WL_PROGRAM_MISSING, WL_PROGRAM_UNBUILT, 0, 0, 6 },
};

static void verdicts_are_handed_on(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct wl_evidence what = evidence();

		arena = wl_arena_new();
		programs[0].state = rows[i].one;
		programs[1].state = rows[i].two;
		judge(&what, rows[i].said);
		expect(rows[i].judged);
		CU_ASSERT_EQUAL(grade.passed, rows[i].passed);
		CU_ASSERT_EQUAL(grade.points, rows[i].points);
		CU_ASSERT_EQUAL(grade.out_of, rows[i].out_of);
		wl_arena_free(arena);
	}
}

/* Who blocks is named, and what a missing program should have been. */
static void reasons_are_given(void)
{
	struct wl_evidence what = evidence();

	arena = wl_arena_new();
	judge(&what, "ppfppp");
	CU_ASSERT_STRING_EQUAL(grade.findings[3].actual, "t.two.root");
	CU_ASSERT_STRING_EQUAL(grade.findings[2].actual, "as told");
	CU_ASSERT_PTR_EQUAL(grade.findings[2].seen, &seen_two);
	programs[1].state = WL_PROGRAM_MISSING;
	judge(&what, "pppppp");
	CU_ASSERT_STRING_EQUAL(grade.findings[2].expected, "a program two: the second");
	CU_ASSERT_PTR_NOT_NULL(strstr(grade.findings[2].actual, "No two was found"));
	CU_ASSERT_STRING_EQUAL(grade.findings[5].actual, "two");
	programs[1].state = WL_PROGRAM_UNBUILT;
	judge(&what, "pppppp");
	CU_ASSERT_STRING_EQUAL(grade.findings[2].actual, "its words");
	wl_arena_free(arena);
}

static void our_faults_are_broken(void)
{
	struct wl_evidence what = evidence();

	arena = wl_arena_new();
	seen_two.trouble = "no stage";
	judge(&what, "pppppp");
	expect("ppxxpp");
	CU_ASSERT_STRING_EQUAL(grade.findings[2].actual, "no stage");
	seen_two.trouble = NULL;
	seen_two.scenario = "other"; /* so that "two" was never performed */
	judge(&what, "pppppp");
	expect("ppxxpp");
	what = evidence();
	what.program_count = 1; /* nobody has looked for the other one */
	judge(&what, "pppppp");
	expect("ppxxpx");
	wl_arena_free(arena);
}

static void lost_frames_excuse_a_failure(void)
{
	struct wl_point point = { .host = "a", .mac = "02:00:00:00:00:01", .dropped = 1 };
	struct wl_performer performers[] = { { .host = "a" }, { .host = "b" } };
	struct wl_evidence what = evidence();

	arena = wl_arena_new();
	seen_one.points = &point;
	seen_one.point_count = 1;
	judge(&what, "pfpppp");
	expect("pxpppp");
	judge(&what, "pppppp");
	expect("pppppp");
	point.mac = ""; /* on lo only those who share the host have something to say to one another */
	seen_one.performers = performers;
	seen_one.performer_count = 2;
	judge(&what, "pfpppp");
	expect("pfpppp");
	performers[1].host = "a";
	judge(&what, "pfpppp");
	expect("pxpppp");
	seen_one.frame_count = 30000; /* a flood of its own making */
	judge(&what, "pfpppp");
	expect("pfpppp");
	seen_one.frame_count = 20000;
	point.dropped = 9999;
	judge(&what, "pfpppp");
	expect("pxpppp");
	point.dropped = 10000;
	judge(&what, "pfpppp");
	expect("pfpppp");
	seen_one.frame_count = 0;
	point.dropped = 0;
	judge(&what, "pfpppp");
	expect("pfpppp");
	wl_arena_free(arena);
}

static void no_verb_is_broken(void)
{
	static const struct wl_check none[] = { { NULL } };
	static const struct wl_requirement empty[] = {
		{ "t.one.root", "one", .scenario = &one, .points = 1, .check = none }, { NULL }
	};
	static const struct wl_lesson idle = { "t", "test", roles, empty };
	struct wl_evidence what = evidence();

	arena = wl_arena_new();
	judge_lesson(&idle, &what, arena, &grade);
	CU_ASSERT_EQUAL(grade.findings[0].verdict, WL_BROKEN);
	CU_ASSERT_EQUAL(grade.passed, -1);
	wl_arena_free(arena);
}

/*
 * Of a single kept play only its own requirements are judged; what they need elsewhere is
 * believed.
 */
static void partial_evidence_is_judged_in_part(void)
{
	struct wl_evidence what = evidence();

	arena = wl_arena_new();
	what.partial = true;
	what.observations = all_seen + 2;
	what.observation_count = 1;
	judge(&what, "fffppp");
	CU_ASSERT_EQUAL(grade.finding_count, 2);
	expect("pp");
	CU_ASSERT_TRUE(grade.passed == 1 && grade.points == 2 && grade.out_of == 2);
	wl_arena_free(arena);
}

/* Of lessons that are there, those are judged whose programs were looked for. */
static void lessons_without_programs_are_left_out(void)
{
	struct wl_program program = { wl_lessons[0]->name, wl_lessons[0]->roles[0].program,
		WL_PROGRAM_MISSING, "", "" };
	const struct wl_evidence none = { 0 };
	const struct wl_evidence some = { .programs = &program, .program_count = 1 };
	struct wl_submission_grade judged;

	arena = wl_arena_new();
	judge_submission(&none, arena, &judged);
	CU_ASSERT_EQUAL(judged.lesson_count, 0);
	judge_submission(&some, arena, &judged);
	CU_ASSERT_EQUAL_FATAL(judged.lesson_count, 1);
	CU_ASSERT_PTR_EQUAL(judged.lessons[0].lesson, wl_lessons[0]);
	CU_ASSERT_EQUAL(judged.points, 0);
	CU_ASSERT_EQUAL(judged.out_of, judged.lessons[0].out_of);
	wl_arena_free(arena);
}

static int status_of(const char *letters, unsigned int points, int passed)
{
	const struct wl_requirement r = { .points = points };
	struct wl_finding findings[8];
	struct wl_lesson_grade judged = { .passed = passed, .findings = findings };
	struct wl_evidence what = { 0 };
	struct wl_submission_grade submission = { .evidence = &what, .lessons = &judged,
		.lesson_count = 1 };
	const struct wl_grade whole = { .submissions = &submission, .submission_count = 1 };

	for (; letters[judged.finding_count]; judged.finding_count++)
		findings[judged.finding_count] = (struct wl_finding){ .requirement = &r,
			.verdict = verdict_of(letters[judged.finding_count]) };
	return wl_exit_status(&whole);
}

static void exit_statuses_are_told_apart(void)
{
	CU_ASSERT_EQUAL(status_of("pp", 1, 1), 0);
	CU_ASSERT_EQUAL(status_of("pf", 1, 0), 1);
	CU_ASSERT_EQUAL(status_of("pb", 1, 0), 1);
	CU_ASSERT_EQUAL(status_of("px", 1, -1), 3);
	CU_ASSERT_EQUAL(status_of("pn", 1, -1), 4);
	CU_ASSERT_EQUAL(status_of("fn", 1, 0), 1);
	CU_ASSERT_EQUAL(status_of("fx", 1, 0), 3);
	CU_ASSERT_EQUAL(status_of("nx", 1, -1), 3);
	CU_ASSERT_EQUAL(status_of("pfxn", 0, 1), 0); /* advice */
}

static void submissions_without_a_lesson_fail(void)
{
	struct wl_evidence what = { 0 };
	struct wl_lesson_grade judged = { .passed = 1 };
	struct wl_submission_grade submissions[] = {
		{ .evidence = &what, .lessons = &judged, .lesson_count = 1 },
			{ .evidence = &what } };
	struct wl_grade whole = { .submissions = submissions, .submission_count = 1 };

	CU_ASSERT_EQUAL(wl_exit_status(&whole), 0);
	whole.submission_count = 2;
	CU_ASSERT_EQUAL(wl_exit_status(&whole), 1);
	what.trouble = "unreadable";
	CU_ASSERT_EQUAL(wl_exit_status(&whole), 1);
	what.trouble_is_ours = true;
	CU_ASSERT_EQUAL(wl_exit_status(&whole), 3);
}

static void verdicts_have_names(void)
{
	static const char *const names[] = { "broken", "pass", "fail", "blocked", "notrun",
		"broken",
		"broken" };

	for (int verdict = 0; verdict < 7; verdict++)
		CU_ASSERT_STRING_EQUAL(wl_verdict_name((enum wl_verdict)verdict), names[verdict]);
}

void suite_judge(void);
void suite_judge(void)
{
	test("verdicts are handed on", verdicts_are_handed_on);
	test("reasons are given", reasons_are_given);
	test("our faults are broken", our_faults_are_broken);
	test("lost frames excuse a failure", lost_frames_excuse_a_failure);
	test("no verb is broken", no_verb_is_broken);
	test("partial evidence is judged in part", partial_evidence_is_judged_in_part);
	test("lessons without programs are left out", lessons_without_programs_are_left_out);
	test("exit statuses are told apart", exit_statuses_are_told_apart);
	test("submissions without a lesson fail", submissions_without_a_lesson_fail);
	test("verdicts have names", verdicts_have_names);
}
