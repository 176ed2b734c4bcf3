/* The tables of fixtures/, read from made folders. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/cleanup.h"
#include "harness/proof_table.h"
#include "tests/tests.h"

/* A folder KIND with this TABLE; returns the folder it is in. */
static const char *make_table(struct wl_arena *arena, const char *kind, const char *text)
{
	const char *fixtures = wl_strdup(arena, scratch());
	const char *folder = wl_format(arena, "%s/%s", fixtures, kind);
	wl_auto_file FILE *file = NULL;

	mkdir(folder, 0755);
	file = fopen(wl_format(arena, "%s/TABLE", folder), "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	return fixtures;
}

static int read_made(struct wl_arena *arena, const char *kind, const char *text, struct proof_table *table,
	struct wl_err *err)
{
	return proof_table_read(make_table(arena, kind, text), kind, arena, table, err);
}

static void mutants_have_a_requirement_and_maybe_a_label(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct proof_table table;
	struct wl_err err = { "" };

	CU_ASSERT_EQUAL_FATAL(read_made(arena, "mutants", "# a comment\na\tb\tc.d\n\ne\tf\tg.h\tpadding\n", &table, &err), 0);
	CU_ASSERT_EQUAL_FATAL(table.count, 2);
	CU_ASSERT_STRING_EQUAL(table.rows[0].folder, "a");
	CU_ASSERT_STRING_EQUAL(table.rows[0].program, "b");
	CU_ASSERT_STRING_EQUAL(table.rows[0].requirement, "c.d");
	CU_ASSERT_PTR_NULL(table.rows[0].label);
	CU_ASSERT_STRING_EQUAL(table.rows[1].label, "padding");
	CU_ASSERT_PTR_NULL(table.rows[1].interpreter);
}

static void variants_may_need_an_interpreter(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct proof_table table;
	struct wl_err err = { "" };

	CU_ASSERT_EQUAL_FATAL(read_made(arena, "variants", "a\tb\nc\td\tperl\n", &table, &err), 0);
	CU_ASSERT_EQUAL_FATAL(table.count, 2);
	CU_ASSERT_PTR_NULL(table.rows[0].interpreter);
	CU_ASSERT_PTR_NULL(table.rows[1].requirement);
	CU_ASSERT_STRING_EQUAL(table.rows[1].interpreter, "perl");
}

static void wrong_lines_are_named(void)
{
	static const char *const mutants[] = { "a\tb\n", "a\n", "a\tb\tc\td\te\n" };
	static const char *const variants[] = { "a\n", "a\tb\tc\td\n" };
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct proof_table table;
	struct wl_err err = { "" };

	for (size_t i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(read_made(arena, "mutants", mutants[i], &table, &err), -1);
	for (size_t i = 0; i < 2; i++)
		CU_ASSERT_EQUAL(read_made(arena, "variants", variants[i], &table, &err), -1);
	CU_ASSERT_EQUAL(read_made(arena, "mutants", "a\tb\tc\nd\te\n", &table, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "line 2"));
}

static void a_missing_table_is_an_error(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct proof_table table;
	struct wl_err err = { "" };

	CU_ASSERT_EQUAL(proof_table_read(scratch(), "mutants", arena, &table, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "mutants/TABLE"));
}

void suite_proof_table(void);
void suite_proof_table(void)
{
	test("mutants have a requirement and maybe a label", mutants_have_a_requirement_and_maybe_a_label);
	test("variants may need an interpreter", variants_may_need_an_interpreter);
	test("wrong lines are named", wrong_lines_are_named);
	test("a missing table is an error", a_missing_table_is_an_error);
}
