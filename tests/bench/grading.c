/*
 * Where the time of a grading goes. One complete submission of the sample class is graded as `wirelab grade` does it; what a stage, a
 * cage and an interpreter cost is measured beside it in the same run, so that the figures can be compared. A lesson should take little more than
 * its longest play: the plays run side by side and mostly wait.
 *
 * usage: grading       (built into build/tests/bench, run from the top folder)
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/build.h"
#include "harness/enclave.h"
#include "harness/grading.h"
#include "harness/intake.h"
#include "harness/judge.h"
#include "harness/perform.h"
#include "harness/proc.h"
#include "harness/registry.h"
#include "netns/topo.h"
#include "netns/userns.h"

#define ROUNDS 40
#define SUBMISSION "fixtures/classroom/2021-10234-kim-minjun"
#define MOST_OVER_MS 2000.0
#define MOST_ALL_MS 15000.0

struct bench {
	struct wl_arena *arena;
	struct intake intake;
	const char *ours;
};

static const char *const hosts[] = { "a", "b", NULL };
static const struct wl_cable cables[] = { { "a", "10.77.0.1/24" }, { "b", "10.77.0.2/24" }, { NULL } };
static const struct wl_stage stage = { .hosts = hosts, .cables = cables };

static double ms_since(uint64_t start_ns)
{
	return (double)(wl_monotonic_ns() - start_ns) / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_size);
	return values[count / 2];
}

static int bench_stage(struct wl_err *err)
{
	double up[ROUNDS], down[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		uint64_t start = wl_monotonic_ns();
		struct topo *topo;

		if (topo_up(&topo, &stage, err) < 0)
			return -1;
		up[i] = ms_since(start);
		start = wl_monotonic_ns();
		topo_down(topo);
		down[i] = ms_since(start);
	}
	printf("stage        %8.2f ms up, %.2f ms down (two hosts on a LAN; median of %d)\n",
		median(up, ROUNDS), median(down, ROUNDS), ROUNDS);
	return 0;
}

/* The median time from the start of ARGV in a cage to its end. */
static int time_program(const struct topo *topo, const char *folder, const char *const *argv, double *ms,
	struct wl_err *err)
{
	double times[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		struct proc_spec spec = { .topo = topo, .argv = argv, .folder = folder, .subfolder = "" };
		uint64_t start = wl_monotonic_ns();
		struct proc *proc;

		if (proc_start(&proc, &spec, err) < 0)
			return -1;
		while (!proc_tend(proc, NULL)) {
			struct pollfd end = { .fd = proc_pidfd(proc), .events = POLLIN };

			poll(&end, 1, 20);
		}
		times[i] = ms_since(start);
		proc_stop(proc);
	}
	*ms = median(times, ROUNDS);
	return 0;
}

static int bench_programs(const char *folder, struct wl_err *err)
{
	static const char *const nothing[] = { "/usr/bin/true", NULL };
	static const char *const python[] = { "/usr/bin/python3", "-c", "import socket, struct, threading",
		NULL };
	double cage, interpreter;
	struct topo *topo;
	int result;

	if (topo_up(&topo, &stage, err) < 0)
		return -1;
	result = time_program(topo, folder, nothing, &cage, err);
	if (result == 0)
		result = time_program(topo, folder, python, &interpreter, err);
	topo_down(topo);
	if (result < 0)
		return -1;
	printf("cage         %8.2f ms (start to end of a program that does nothing)\n", cage);
	printf("interpreter  %8.2f ms (python3 with socket, struct and threading, beyond the cage)\n",
		interpreter - cage);
	return 0;
}

/* From the first event of a play to its last, in milliseconds. */
static double play_ms(const struct wl_observation *seen)
{
	if (!seen->event_count)
		return 0;
	return (double)(seen->events[seen->event_count - 1].at_ns - seen->events[0].at_ns) / 1e6;
}

static double pauses_ms(const struct wl_scenario *scenario)
{
	double sum = 0;

	for (const struct wl_step *step = scenario->steps; step->kind; step++)
		sum += step->kind == WL_PAUSE ? step->ms : 0;
	return sum;
}

static size_t plan(const struct bench *bench, const struct wl_lesson *lesson, const struct built *built,
	struct play_plan *plans)
{
	size_t count = 0;

	for (const struct wl_requirement *r = lesson->requirements; r->id; r++) {
		bool planned = false;

		for (size_t i = 0; i < count; i++)
			planned = planned || plans[i].scenario == r->scenario;
		if (!planned)
			plans[count++] = (struct play_plan){ lesson, r->scenario, 1, built->runnable,
				built->runnable_count, bench->ours };
	}
	return count;
}

static bool bench_lesson(const struct bench *bench, const struct wl_lesson *lesson,
	const struct built *built)
{
	struct play_plan plans[256];
	struct wl_observation *seen[256];
	struct wl_evidence evidence = { .name = "", .path = "", .programs = built->programs,
		.program_count = built->program_count, .observations = seen };
	size_t count = evidence.observation_count = plan(bench, lesson, built, plans);
	double longest = 0, sum = 0, waits = 0, wall, judging;
	struct board *board = board_new(0);
	struct wl_lesson_grade grade;
	uint64_t start = wl_monotonic_ns();

	perform_all(plans, count, board, bench->arena, seen, NULL, NULL);
	board_free(board);
	wall = ms_since(start);
	for (size_t i = 0; i < count; i++) {
		longest = play_ms(seen[i]) > longest ? play_ms(seen[i]) : longest;
		sum += play_ms(seen[i]);
		waits += pauses_ms(plans[i].scenario);
	}
	start = wl_monotonic_ns();
	judge_lesson(lesson, &evidence, bench->arena, &grade);
	judging = ms_since(start);
	printf("%-12s %8.0f ms for %zu plays; the longest %.0f ms, all together %.0f ms, of these %.0f ms of pauses;\n"
	       "             %8.0f ms beyond the longest play (limit %.0f); judging %.1f ms; passed: %s\n",
		lesson->name, wall, count, longest, sum, waits, wall - longest, MOST_OVER_MS, judging,
		grade.passed == 1 ? "yes" : "no");
	return wall - longest <= MOST_OVER_MS && grade.passed == 1;
}

/* All lessons at once, from the copied folder to the evidence, as one grading of `wirelab grade` does it. */
static bool bench_submission(const struct bench *bench, const char *room)
{
	struct grading_plan plan = { .jobs = 1, .ours = bench->ours, .room = room, .board = board_new(0) };
	const struct grading_order order = { &bench->intake.submissions[0], 1 };
	struct wl_submission_grade grade;
	struct wl_evidence evidence;
	uint64_t start = wl_monotonic_ns();
	double wall, waits = 0, all = 0;

	grading_one(&plan, &order, bench->arena, NULL, NULL, &evidence);
	wall = ms_since(start);
	board_free(plan.board);
	judge_submission(&evidence, bench->arena, &grade);
	for (size_t i = 0; i < evidence.observation_count; i++) {
		const struct wl_observation *seen = evidence.observations[i];

		waits += pauses_ms(scenario_find(lesson_find(seen->lesson), seen->scenario));
		all += play_ms(seen);
	}
	printf("%-12s %8.0f ms for %zu programs in %zu plays (limit %.0f); the waits that the course imposes %.0f ms, all plays\n"
	       "             %8.0f ms; %u of %u points\n",
		"all lessons", wall, evidence.program_count, evidence.observation_count, MOST_ALL_MS, waits, all,
		grade.points, grade.out_of);
	return wall <= MOST_ALL_MS && grade.points == grade.out_of;
}

static int gather(void *context, const char *room, struct wl_err *err)
{
	struct bench *bench = context;
	wl_auto_fd int labs = open("build/labs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	bench->ours = wl_format(bench->arena, "%s/ours", room);
	if (labs < 0)
		return wl_err_errno(err, "build/labs (run it from the top folder)");
	if (intake_copy_folder(labs, bench->ours, -1, bench->arena, NULL, err) < 0)
		return -1;
	return intake_copy(&bench->intake, room, enclave_started_by_root() ? USERNS_ROOT_FIRST_ID : -1, err);
}

static int work(void *context, const char *room)
{
	struct bench *bench = context;
	struct built built = { 0 };
	struct wl_err err = { "" };
	bool good = true;

	if (bench_stage(&err) < 0 || bench_programs(bench->intake.submissions[0].copy, &err) < 0 ||
		build_submission(&bench->intake.submissions[0], NULL, bench->arena, &built, &err) < 0) {
		fprintf(stderr, "grading: %s\n", err.text);
		return 1;
	}
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		good = bench_lesson(bench, *lesson, &built) && good;
	good = bench_submission(bench, room) && good;
	return !good;
}

int main(void)
{
	struct bench bench = { .arena = wl_arena_new() };
	const struct enclave_plan enclave = { .gather = gather, .work = work, .context = &bench };
	struct wl_err err = { "" };
	int status;

	bench.intake.arena = bench.arena;
	intake_open(&bench.intake, SUBMISSION, false);
	status = enclave_run(&enclave, &err);
	if (status < 0)
		fprintf(stderr, "grading: %s\n", err.text);
	wl_arena_free(bench.arena);
	return status != 0;
}
