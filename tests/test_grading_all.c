/*
 * Gradings side by side: evidence comes back in the order of the submissions, and a grading whose process comes to grief says so and costs
 * no other one. The submissions hold nothing; the whole way is tried in test_grading.c.
 */
#include "harness/grading.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/inside.h"
#include "tests/tests.h"

#define COUNT 5
#define FAILS 2

static struct intake_submission submissions[COUNT];
static struct grading_order orders[COUNT];
static struct wl_evidence evidence[COUNT];
static struct wl_arena *arenas[COUNT];
static size_t last_finished;

static void told(void *context, size_t finished, const struct grading_progress *all)
{
	(void)context;
	CU_ASSERT_TRUE(finished >= last_finished && finished <= COUNT);
	last_finished = finished;
	for (size_t i = 0; i < COUNT; i++)
		CU_ASSERT_TRUE(all[i].done <= all[i].total);
}

static void done(void *context, size_t place, const struct wl_evidence *of, struct wl_arena *arena)
{
	(void)context;
	evidence[place] = *of;
	arenas[place] = arena;
}

/* One has trouble already, and one finds something where it would write. */
static void grade(unsigned int jobs, struct wl_arena *arena)
{
	struct grading_plan plan = { .jobs = jobs, .ours = "", .room = wl_strdup(arena, scratch()),
		.board = board_new(1) };
	const struct grading_listener listener = { told, done, NULL };

	last_finished = 0;
	CU_ASSERT_EQUAL(mkdir(wl_format(arena, "%s/evidence-%d", plan.room, FAILS), 0755), 0);
	for (size_t i = 0; i < COUNT; i++) {
		orders[i] = (struct grading_order){ &submissions[i], 7 + i };
		submissions[i] = (struct intake_submission){ .name = wl_format(arena, "student %zu", i), .path = "class",
			.copy = wl_strdup(arena, scratch()),
			.trouble = i == 0 ? "an unreadable folder" : NULL };
	}
	grading_all(&plan, orders, COUNT, &listener);
	board_free(plan.board);
}

static void one_that_fails_costs_itself_alone(void)
{
	for (unsigned int jobs = 1; jobs <= 4; jobs += 3) {
		struct wl_arena *arena = wl_arena_new();
		size_t children = inside_count_children(), descriptors = inside_count_descriptors();

		grade(jobs, arena);
		CU_ASSERT_EQUAL(last_finished, COUNT);
		for (size_t i = 0; i < COUNT; i++) {
			CU_ASSERT_STRING_EQUAL(evidence[i].name, submissions[i].name);
			CU_ASSERT_EQUAL(evidence[i].seed, 7 + i);
			CU_ASSERT_EQUAL(evidence[i].trouble != NULL, i == 0 || i == FAILS);
			CU_ASSERT_EQUAL(evidence[i].trouble_is_ours, i == FAILS);
		}
		CU_ASSERT_STRING_EQUAL(evidence[0].trouble, "an unreadable folder");
		CU_ASSERT_EQUAL(inside_count_children(), children);
		CU_ASSERT_EQUAL(inside_count_descriptors(), descriptors);
		for (size_t i = 0; i < COUNT; i++)
			wl_arena_free(arenas[i]);
		wl_arena_free(arena);
	}
}

void suite_grading_all(void);
void suite_grading_all(void)
{
	test("one that fails costs itself alone", one_that_fails_costs_itself_alone);
}
