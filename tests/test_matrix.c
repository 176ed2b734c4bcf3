/*
 * The requirement matrix: a made lesson with made tables against the exact text and JSON; and the real one, in which everything that
 * the lessons and the table of mutants say stands once.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/version.h"
#include "harness/matrix.h"
#include "reports/matrix.h"
#include "tests/tests.h"

static const struct wl_requirement requirements[] = {
	{ .id = "t.one", .program = "a", .text = "It opens.", .points = 2 },
	{ .id = "t.two", .program = "a", .text = "It ends.", .points = 1 },
	{ .id = "t.hint", .program = "a", .text = "It is quick." },
	{ NULL },
};
static const struct wl_sentence task[] = {
	{ "a", "It opens and ends.", NAMES("t.one", "t.two") },
	{ "a", "It is quick.", NAMES("t.hint", "t.unknown") },
	{ NULL },
};
static const struct wl_lesson lesson = { .name = "t", .title = "A test", .requirements = requirements, .task = task };

static struct proof_row rows[] = {
	{ "a_right", "a", "t.one", NULL, NULL },
	{ "a_\377wrong", "a", "t.one", NULL, NULL },
	{ "other", "b", "u.one", NULL, NULL },
	{ "a_new", "a", "t.two", NULL, NULL },
};
static const struct proof_table mutants = { rows, 4 };

static struct proof_result lines[] = {
	{ 1, 7, "mutant", "a_right", "t.one", PROOF_WRONG, "it passed", NULL, "" },
	{ 1, 7, "mutant", "a_\377wrong", "t.one", PROOF_WRONG, "it passed", NULL, "" },
	{ 1, 7, "variant", "a_new", NULL, PROOF_PROVED, "", NULL, "" },
	{ 2, 8, "mutant", "a_right", "t.one", PROOF_PROVED, "", NULL, "" },
};
static const struct proof_results results = { NULL, lines, 4 };

static const char exact[] =
	"t: A test\n\n"
	"  a: It opens and ends.\n"
	"    WRONG    t.one  2 points, 2 mutants\n"
	"        proved   a_right\n"
	"        WRONG    a_\357\277\275wrong: it passed\n"
	"    not run  t.two  1 point, 1 mutant\n"
	"        not run  a_new\n\n"
	"  a: It is quick.\n"
	"    not run  t.hint  advice, no mutant\n\n"
	"sentences: 2; requirements: 3 (with points and without a mutant: 0)\n"
	"mutants: 3 (proved: 1, wrong: 1, not run: 1)\n";

static const char exact_json[] =
	"{\"schema\":\"wirelab-matrix/1\",\"version\":\"" WL_VERSION "\",\"lessons\":[{\"lesson\":\"t\",\"title\":\"A test\",\"sentences\":["
	"{\"program\":\"a\",\"text\":\"It opens and ends.\",\"requirements\":["
	"{\"id\":\"t.one\",\"text\":\"It opens.\",\"points\":2,\"result\":\"wrong\",\"mutants\":["
	"{\"name\":\"a_right\",\"result\":\"proved\",\"words\":\"\"},"
	"{\"name\":\"a_\357\277\275wrong\",\"result\":\"wrong\",\"words\":\"it passed\"}]},"
	"{\"id\":\"t.two\",\"text\":\"It ends.\",\"points\":1,\"result\":\"notrun\",\"mutants\":["
	"{\"name\":\"a_new\",\"result\":\"notrun\",\"words\":\"\"}]}]},"
	"{\"program\":\"a\",\"text\":\"It is quick.\",\"requirements\":["
	"{\"id\":\"t.hint\",\"text\":\"It is quick.\",\"points\":0,\"result\":\"notrun\",\"mutants\":[]}]}]}],"
	"\"totals\":{\"sentences\":2,\"requirements\":3,\"orphans\":0,\"mutants\":3,\"proved\":1,\"wrong\":1,\"notrun\":1}}";

static void a_made_one_as_text(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct matrix matrix;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	matrix_fill(&matrix, &lesson, &mutants, &results, arena);
	report_matrix(out, &matrix, 1, arena);
	fclose(out);
	CU_ASSERT_STRING_EQUAL(text, exact);
	if (strcmp(text, exact) != 0)
		fprintf(stderr, "%s", text);
	free(text);
}

static void a_made_one_as_json(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct matrix matrix;
	json_auto_t *json = NULL;
	char *text;

	matrix_fill(&matrix, &lesson, &mutants, &results, arena);
	json = json_loads(report_matrix_json(&matrix, 1, arena), 0, NULL);
	text = json_dumps(json, JSON_COMPACT);
	CU_ASSERT_STRING_EQUAL(text, exact_json);
	if (strcmp(text, exact_json) != 0)
		fprintf(stderr, "%s\n", text);
	free(text);
}

static void an_orphan_is_counted(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	const struct proof_table fewer = { rows, 3 };
	struct matrix_totals totals = { 0 };
	struct matrix matrix;

	matrix_fill(&matrix, &lesson, &fewer, &results, arena);
	matrix_add(&totals, &matrix);
	CU_ASSERT_EQUAL(totals.orphans, 1);
}

static size_t requirement_count(void)
{
	size_t count = 0;

	for (const struct wl_lesson *const *each = wl_lessons; *each; each++)
		for (const struct wl_requirement *r = (*each)->requirements; r->id; r++)
			count++;
	return count;
}

static void the_real_one_has_everything(void)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	const struct proof_results none = { NULL };
	struct matrix_totals totals = { 0 };
	struct proof_table table;
	struct matrix matrix;
	struct wl_err err = { "" };

	if (access(source("fixtures/mutants/TABLE"), R_OK) < 0) {
		notrun("the source tree cannot be read from here");
		return;
	}
	CU_ASSERT_EQUAL_FATAL(proof_table_read(source("fixtures"), "mutants", arena, &table, &err), 0);
	for (const struct wl_lesson *const *each = wl_lessons; *each; each++) {
		matrix_fill(&matrix, *each, &table, &none, arena);
		matrix_add(&totals, &matrix);
	}
	CU_ASSERT_EQUAL(totals.requirements, requirement_count());
	CU_ASSERT_EQUAL(totals.mutants, table.count);
	CU_ASSERT_EQUAL(totals.notrun, table.count);
	CU_ASSERT_EQUAL(totals.orphans, 0);
}

void suite_matrix(void);
void suite_matrix(void)
{
	test("a made one, as text", a_made_one_as_text);
	test("a made one, as JSON", a_made_one_as_json);
	test("an orphan is counted", an_orphan_is_counted);
	test("the real one has everything", the_real_one_has_everything);
}
