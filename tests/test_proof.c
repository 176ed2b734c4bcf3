/* What a proof demands of a grade: each row is the verdicts on three requirements of one program, and whether that is right. */
#include "harness/proof.h"

#include <string.h>

#include "tests/tests.h"

#define REQUIREMENTS 4

static const struct wl_requirement requirements[REQUIREMENTS] = {
	{ "t.one", "one", .points = 1 },
	{ "t.two", "one", .points = 1 },
	{ "t.advice", "one", .points = 0 },
	{ "t.other", "other", .points = 1 },
};
static const struct wl_lesson lesson = { "t" };

/* Letters as in a result; "other" is a program that is not there. */
static const struct row {
	const char *requirement, *label; /* of the table's row; NULL: a variant */
	const char *verdicts, *found;    /* of the four requirements, and the label of the first */
	enum proof_outcome outcome;
} rows[] = {
	{ "t.one", NULL, "fppf", NULL, PROOF_PROVED },
	{ "t.one", NULL, "fbpf", NULL, PROOF_PROVED },
	{ "t.one", NULL, "fpff", NULL, PROOF_PROVED },
	{ "t.one", NULL, "pppf", NULL, PROOF_WRONG },
	{ "t.one", NULL, "bppf", NULL, PROOF_WRONG },
	{ "t.one", NULL, "ffpf", NULL, PROOF_WRONG },
	{ "t.one", NULL, "xppf", NULL, PROOF_WRONG },
	{ "t.one", NULL, "nppf", NULL, PROOF_WRONG },
	{ "t.one", NULL, "fxpf", NULL, PROOF_WRONG },
	{ "t.two", NULL, "pfpf", NULL, PROOF_PROVED },
	{ "t.two", NULL, "fbpf", NULL, PROOF_WRONG },
	{ "t.other", NULL, "pppf", NULL, PROOF_WRONG },
	{ "t.gone", NULL, "pppf", NULL, PROOF_WRONG },
	{ "t.one", "padding", "fppf", "padding", PROOF_PROVED },
	{ "t.one", "padding", "fppf", "truncated", PROOF_WRONG },
	{ "t.one", "padding", "fppf", NULL, PROOF_WRONG },
	{ "t.one", "-", "fppf", NULL, PROOF_PROVED },
	{ "t.one", "padding|-", "fppf", NULL, PROOF_PROVED },
	{ "t.one", "padding|sign", "fppf", "padding", PROOF_PROVED },
	{ "t.one", "padding|sign", "fppf", "padding-", PROOF_WRONG },
	{ "t.one", "padding|sign", "fppf", "sign", PROOF_PROVED },
	{ "t.one", "padding|sign", "fppf", "truncated", PROOF_WRONG },
	{ "t.one", "padding|sign", "fppf", NULL, PROOF_WRONG },
	{ "t.one", "-", "fppf", "padding", PROOF_WRONG },
	{ "t.one", NULL, "fppf", "padding", PROOF_WRONG },
	{ NULL, NULL, "pppf", NULL, PROOF_PROVED },
	{ NULL, NULL, "ppff", NULL, PROOF_PROVED },
	{ NULL, NULL, "pfpf", NULL, PROOF_WRONG },
	{ NULL, NULL, "pbpf", NULL, PROOF_WRONG },
	{ NULL, NULL, "pxpf", NULL, PROOF_WRONG },
};

static struct wl_finding findings[REQUIREMENTS];
static struct wl_lesson_grade lesson_grade = { .lesson = &lesson, .findings = findings, .finding_count = REQUIREMENTS };
static struct wl_program programs[] = { { "t", "one", WL_PROGRAM_FOUND, "", "" }, { "t", "other", WL_PROGRAM_MISSING, "", "" } };
static struct wl_evidence evidence;
static struct wl_submission_grade grade = { .evidence = &evidence, .lessons = &lesson_grade, .lesson_count = 1 };

static enum wl_verdict verdict_of(char letter)
{
	static const char letters[] = "0pfbnx";

	return (enum wl_verdict)(strchr(letters, letter) - letters);
}

static struct proof_result judge_row(const struct row *row, struct wl_arena *arena)
{
	const struct proof_row asked = { "folder", "one", row->requirement, row->label };
	struct proof_result result = { 0 };

	evidence = (struct wl_evidence){ .name = "x", .path = "x", .programs = programs, .program_count = 2 };
	for (size_t i = 0; i < REQUIREMENTS; i++)
		findings[i] = (struct wl_finding){ &requirements[i], verdict_of(row->verdicts[i]), .expected = "", .actual = "" };
	findings[0].label = row->found;
	proof_judge(&asked, &grade, arena, &result);
	return result;
}

static void one_fault_fails_one_requirement(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
		struct proof_result result = judge_row(&rows[i], arena);

		CU_ASSERT_EQUAL(result.outcome, rows[i].outcome);
		CU_ASSERT_EQUAL(*result.words == '\0', rows[i].outcome == PROOF_PROVED);
		CU_ASSERT_STRING_EQUAL(result.kind, rows[i].requirement ? "mutant" : "variant");
	}
}

static void verdicts_are_those_on_programs_that_are_there(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();

	CU_ASSERT_STRING_EQUAL(judge_row(&rows[1], arena).verdicts, "t:fbp");
	CU_ASSERT_STRING_EQUAL(judge_row(&rows[7], arena).verdicts, "t:npp");
}

static void trouble_is_wrong(void)
{
	const struct proof_row asked = { "folder", "one", NULL };
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct proof_result result = { 0 };

	evidence = (struct wl_evidence){ .trouble = "it crashed" };
	proof_judge(&asked, &(struct wl_submission_grade){ .evidence = &evidence }, arena, &result);
	CU_ASSERT_EQUAL(result.outcome, PROOF_WRONG);
	CU_ASSERT_PTR_NOT_NULL(strstr(result.words, "it crashed"));
	evidence.trouble = NULL;
	proof_judge(&asked, &(struct wl_submission_grade){ .evidence = &evidence }, arena, &result);
	CU_ASSERT_EQUAL(result.outcome, PROOF_WRONG); /* nothing was judged at all */
}

void suite_proof(void);
void suite_proof(void)
{
	test("one fault fails one requirement", one_fault_fails_one_requirement);
	test("verdicts are those on programs that are there", verdicts_are_those_on_programs_that_are_there);
	test("trouble is wrong", trouble_is_wrong);
}
