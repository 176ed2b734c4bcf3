/*
 * Many performances side by side: observations come back in the order of their plans, each from its
 * own, and a process that crashes costs no more than its own.
 */
#include "harness/perform.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/stagehand.h"
#include "tests/caged.h"
#include "tests/inside.h"
#include "tests/tests.h"

static const char *const hosts[] = { "near", NULL };
static const struct wl_cable no_cables[] = { { NULL } };
static const struct wl_stage stage = { hosts, no_cables };
static const struct wl_actor nobody[] = { { NULL } };
static const struct wl_draw_rule values[] = { { "text", WL_DRAW_WORDS }, { NULL } };
static const struct wl_role roles[] = { { NULL } };
static const struct wl_lesson lesson = { "test", "", roles, NULL };

static void without_a_core(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	signal(SIGABRT, SIG_DFL);
}

static int crash(struct wl_play *play, const struct wl_step *step)
{
	(void)play;
	(void)step;
	without_a_core();
	abort();
}

/* Ends well, but without an observation. */
static int vanish(struct wl_play *play, const struct wl_step *step)
{
	(void)play;
	(void)step;
	_exit(0);
}

static int refuse(struct wl_play *play, const struct wl_step *step)
{
	(void)step;
	return wl_err(&play->err, "the call refused");
}

#define STEPS(...) ((const struct wl_step[]){ __VA_ARGS__, { 0 } })
#define SCENARIO(name, ...) { name, "", &stage, nobody, values, STEPS(__VA_ARGS__) }
static const struct wl_scenario quick = SCENARIO("quick", { WL_QUIET, .ms = 1 });
static const struct wl_scenario slow = SCENARIO("slow", { WL_PAUSE, .ms = 50 });
static const struct wl_scenario crashes = SCENARIO("crashes", { WL_CALL, .call = crash });
static const struct wl_scenario vanishes = SCENARIO("vanishes", { WL_CALL, .call = vanish });
static const struct wl_scenario refuses = SCENARIO("refuses", { WL_CALL, .call = refuse });

static const struct wl_scenario *const programme[] = { &quick, &slow, &crashes, &quick, &vanishes,
	&slow, &refuses, &quick, &quick, &quick };
#define PLANS (sizeof(programme) / sizeof(*programme))

static size_t told, told_in_order;

static void progress(void *context, size_t done, size_t total)
{
	told++;
	told_in_order += done == told && total == *(size_t *)context;
}

static struct wl_arena *arena;
static struct wl_observation *seen[PLANS];

static void perform(size_t count, unsigned int parallel)
{
	struct play_plan plans[PLANS];
	struct board *board = board_new(parallel);

	told = told_in_order = 0;
	arena = wl_arena_new();
	memset(seen, 0, sizeof(seen));
	for (size_t i = 0; i < PLANS; i++)
		plans[i] = (struct play_plan){ &lesson, programme[i], 100 + i, NULL, 0, "", NULL };
	perform_all(plans, count, board, arena, seen, progress, &count);
	board_free(board);
}

static void order_is_kept(void)
{
	static const unsigned int parallel[] = { 0, 1, 3, 1000 };

	if (!can_stage())
		return;
	for (size_t n = 0; n < sizeof(parallel) / sizeof(*parallel); n++) {
		perform(PLANS, parallel[n]);
		CU_ASSERT_TRUE(told == PLANS && told_in_order == PLANS);
		for (size_t i = 0; i < PLANS; i++) {
			CU_ASSERT_PTR_NOT_NULL_FATAL(seen[i]);
			CU_ASSERT_STRING_EQUAL(seen[i]->scenario, programme[i]->name);
			CU_ASSERT_STRING_EQUAL(seen[i]->lesson, "test");
			CU_ASSERT_EQUAL(seen[i]->seed, 100 + i);
		}
		wl_arena_free(arena);
	}
}

static void crashes_cost_only_their_own(void)
{
	if (!can_stage())
		return;
	perform(PLANS, 4);
	for (size_t i = 0; i < PLANS; i++) {
		bool gone = programme[i] == &crashes || programme[i] == &vanishes;

		if (gone)
			CU_ASSERT_STRING_EQUAL(seen[i]->trouble,
				"the performance's process crashed");
		if (programme[i] == &refuses)
			CU_ASSERT_STRING_EQUAL(seen[i]->trouble, "the call refused");
		if (gone || programme[i] == &refuses)
			continue;
		CU_ASSERT_PTR_NULL(seen[i]->trouble);
		CU_ASSERT_TRUE(seen[i]->value_count == 1 && seen[i]->point_count == 1);
	}
	CU_ASSERT_STRING_NOT_EQUAL(seen[0]->values[0].bytes, seen[7]->values[0].bytes);
	wl_arena_free(arena);
}

static void no_plans_are_no_work(void)
{
	perform(0, 0);
	CU_ASSERT_TRUE(!told && !seen[0]);
	wl_arena_free(arena);
}

static void nothing_stays(void)
{
	size_t descriptors = inside_count_descriptors(), children = inside_count_children();

	if (!can_stage())
		return;
	perform(PLANS, 0);
	wl_arena_free(arena);
	CU_ASSERT_EQUAL(inside_count_descriptors(), descriptors);
	CU_ASSERT_EQUAL(inside_count_children(), children);
}

void suite_perform(void);
void suite_perform(void)
{
	test("order is kept", order_is_kept);
	test("crashes cost only their own", crashes_cost_only_their_own);
	test("no plans are no work", no_plans_are_no_work);
	test("nothing stays", nothing_stays);
}
