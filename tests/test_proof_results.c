/* Results of a proof: written as lines, read back, from files that were cut off, edited or are something else. */
#include "harness/proof_results.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "tests/tests.h"

static const struct proof_result first = { 1, 7, "mutant", "bent", "t.one", PROOF_WRONG, "it \"passes\"", "padding", "t:ppf" };
static const struct proof_result again = { 2, 8, "mutant", "bent", "t.one", PROOF_PROVED, "", NULL, "t:fbb" };
static const struct proof_result variant = { 1, 7, "variant", "odd", NULL, PROOF_NOTRUN, "perl", NULL, "" };

static const char *write_text(struct wl_arena *arena, const char *text)
{
	const char *path = wl_format(arena, "%s/proof.jsonl", scratch());
	wl_auto_file FILE *file = fopen(path, "we");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	return path;
}

static int read_text(struct wl_arena *arena, const char *text, struct proof_results *results)
{
	struct wl_err err = { "" };

	return proof_results_read(write_text(arena, text), arena, results, &err);
}

static const char *three_lines(struct wl_arena *arena)
{
	return wl_format(arena, "%s%s%s%s", proof_head_line("build 1", arena), proof_result_line(&first, arena),
		proof_result_line(&variant, arena), proof_result_line(&again, arena));
}

static void what_was_written_is_read(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct proof_results results;

	CU_ASSERT_EQUAL_FATAL(read_text(arena, three_lines(arena), &results), 0);
	CU_ASSERT_STRING_EQUAL(results.command, "build 1");
	CU_ASSERT_EQUAL_FATAL(results.count, 3);
	CU_ASSERT_EQUAL(results.rows[0].round, 1);
	CU_ASSERT_EQUAL(results.rows[0].seed, 7);
	CU_ASSERT_STRING_EQUAL(results.rows[0].kind, "mutant");
	CU_ASSERT_STRING_EQUAL(results.rows[0].name, "bent");
	CU_ASSERT_STRING_EQUAL(results.rows[0].requirement, "t.one");
	CU_ASSERT_EQUAL(results.rows[0].outcome, PROOF_WRONG);
	CU_ASSERT_STRING_EQUAL(results.rows[0].words, "it \"passes\"");
	CU_ASSERT_STRING_EQUAL(results.rows[0].label, "padding");
	CU_ASSERT_STRING_EQUAL(results.rows[0].verdicts, "t:ppf");
	CU_ASSERT_PTR_NULL(results.rows[1].requirement);
	CU_ASSERT_PTR_NULL(results.rows[2].label);
}

static void the_last_or_that_of_a_round_is_found(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct proof_results results;

	CU_ASSERT_EQUAL_FATAL(read_text(arena, three_lines(arena), &results), 0);
	CU_ASSERT_PTR_EQUAL(proof_results_find(&results, 0, "mutant", "bent"), &results.rows[2]);
	CU_ASSERT_PTR_EQUAL(proof_results_find(&results, 1, "mutant", "bent"), &results.rows[0]);
	CU_ASSERT_PTR_NULL(proof_results_find(&results, 3, "mutant", "bent"));
	CU_ASSERT_PTR_NULL(proof_results_find(&results, 0, "variant", "bent"));
}

static void a_torn_last_line_is_left_out(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	const char *whole = three_lines(arena);
	size_t end = strlen(whole);
	struct proof_results results;

	for (size_t cut = 1; cut < 40; cut++) {
		CU_ASSERT_EQUAL(read_text(arena, wl_format(arena, "%.*s", (int)(end - cut), whole), &results), 0);
		CU_ASSERT_EQUAL(results.count, 2);
	}
}

static void nothing_there_is_no_result(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct proof_results results;
	struct wl_err err = { "" };

	CU_ASSERT_EQUAL(proof_results_read(wl_format(arena, "%s/none", scratch()), arena, &results, &err), 0);
	CU_ASSERT_EQUAL(results.count, 0);
	CU_ASSERT_EQUAL(proof_results_read(scratch(), arena, &results, &err), 0); /* a folder has no lines */
	CU_ASSERT_EQUAL(results.count, 0);
}

static void something_else_is_refused(void)
{
	static const char *const others[] = { "hello\n", "[]\n", "{}\n", "{\"schema\":\"wirelab/1\",\"command\":\"x\"}\n",
		"{\"round\":0,\"seed\":\"1\",\"kind\":\"null\",\"name\":\"a\",\"result\":\"proved\",\"words\":\"\",\"verdicts\":\"\"}\n",
		"{\"round\":1,\"seed\":\"1\",\"kind\":\"null\",\"name\":\"a\",\"result\":\"fine\",\"words\":\"\",\"verdicts\":\"\"}\n",
		"{\"round\":1,\"seed\":\"1\",\"kind\":\"null\",\"result\":\"proved\",\"words\":\"\",\"verdicts\":\"\"}\n" };
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct proof_results results;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		CU_ASSERT_EQUAL(read_text(arena, others[i], &results), -1);
}

void suite_proof_results(void);
void suite_proof_results(void)
{
	test("what was written is read", what_was_written_is_read);
	test("the last or that of a round is found", the_last_or_that_of_a_round_is_found);
	test("a torn last line is left out", a_torn_last_line_is_left_out);
	test("nothing there is no result", nothing_there_is_no_result);
	test("something else is refused", something_else_is_refused);
}
