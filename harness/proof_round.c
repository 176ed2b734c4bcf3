/*
 * The wrong and the right programs are handed in like anybody's; the null programs are made inside. A result is written as soon as it is there.
 */
#include "harness/proof_round.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/leave.h"
#include "harness/base/text.h"
#include "harness/enclave.h"
#include "harness/judge.h"
#include "harness/nulls.h"
#include "netns/userns.h"

#define HOGS_MOST 256
#define BUSY_PER_PROCESSOR 10 /* plays: even a busy one mostly waits */

struct round {
	const struct proof_plan *plan;
	unsigned int number;
	uint64_t seed;
	bool nulls;
	struct grading_plan grading;
	struct intake intake;
	const struct proof_row **rows; /* one a submission */
	size_t row_count, failures;
};

/* How many rows before ROW are on the same requirement; of right programs, on the same role. */
static size_t rank(const struct proof_plan *plan, const struct proof_row *row)
{
	const struct proof_table *table = row->requirement ? &plan->mutants : &plan->variants;
	size_t before = 0;

	for (const struct proof_row *other = table->rows; other < row; other++)
		before += row->requirement ? strcmp(other->requirement, row->requirement) == 0
					   : strcmp(other->program, row->program) == 0;
	return before;
}

bool proof_wants(const struct proof_plan *plan, const struct proof_row *row)
{
	size_t len = strlen(plan->only), most = row->requirement ? plan->most : plan->most * VARIANTS_PER_MUTANT;

	if (strncmp(row->folder, plan->only, len) != 0 &&
		!(row->requirement && strncmp(row->requirement, plan->only, len) == 0))
		return false;
	return !most || rank(plan, row) < most;
}

static void write_result(struct round *round, struct proof_result *result)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	const char *line;
	size_t len;

	result->round = round->number;
	result->seed = round->seed;
	line = proof_result_line(result, arena);
	len = strlen(line);
	if (write(round->plan->log, line, len) != (ssize_t)len)
		round->failures++;
	if (result->outcome != PROOF_WRONG)
		return;
	if (!round->plan->quiet)
		fputs("\r\033[K", stderr);
	printf("✘ %s %s: %s\n", result->kind, result->name, result->words);
	fflush(stdout);
}

static bool has_interpreter(const char *name)
{
	static const char *const folders[] = { "/usr/local/bin", "/usr/bin", "/bin" };
	char path[256];

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* Open the folder of each row that is wanted and has no result yet. */
static void open_rows(struct round *round, const char *kind, const struct proof_table *table,
	const struct proof_results *done)
{
	const struct proof_plan *plan = round->plan;

	for (size_t i = 0; i < table->count; i++) {
		const struct proof_row *row = &table->rows[i];

		if (!proof_wants(plan, row) ||
			proof_results_find(done, round->number, row->requirement ? "mutant" : "variant", row->folder))
			continue;
		if (row->interpreter && !has_interpreter(row->interpreter)) {
			struct proof_result result = { .kind = "variant", .name = row->folder, .outcome = PROOF_NOTRUN,
				.words = row->interpreter, .verdicts = "" };

			write_result(round, &result);
			continue;
		}
		intake_open(&round->intake, wl_format(plan->arena, "%s/%s/%s", plan->fixtures, kind, row->folder), false);
		while (round->row_count < round->intake.count)
			*wl_append(plan->arena, &round->rows, &round->row_count) = row;
	}
}

static int gather(void *context, const char *room, struct wl_err *err)
{
	struct round *round = context;
	int owner = enclave_started_by_root() ? USERNS_ROOT_FIRST_ID : -1;

	round->grading.ours = wl_format(round->plan->arena, "%s/ours", room);
	if (intake_copy_ours(round->plan->home, round->grading.ours, round->plan->arena, err) < 0)
		return -1;
	return intake_copy(&round->intake, room, owner, err);
}

static void tell(void *context, size_t finished, const struct grading_progress *all)
{
	const struct round *round = context;

	(void)all;
	if (!round->plan->quiet)
		fprintf(stderr, "\r\033[K[%zu/%zu]", finished, round->row_count);
}

static void take(void *context, size_t place, const struct wl_evidence *evidence, struct wl_arena *arena)
{
	struct round *round = context;
	struct proof_result result = { .name = round->rows[place]->folder };
	struct wl_submission_grade grade;

	judge_submission(evidence, arena, &grade);
	proof_judge(round->rows[place], &grade, arena, &result);
	write_result(round, &result);
	wl_arena_free(arena);
}

static void grade_rows(struct round *round)
{
	const struct grading_listener listener = { tell, take, round };
	struct grading_order *orders = wl_alloc_array(round->plan->arena, round->row_count + 1, sizeof(*orders));

	for (size_t i = 0; i < round->row_count; i++)
		orders[i] = (struct grading_order){ &round->intake.submissions[i], round->seed };
	grading_all(&round->grading, orders, round->row_count, &listener);
}

/* One that computes and never waits, until it is killed or its parent dies. */
static pid_t start_hog(void)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (volatile unsigned long turns = 0;; turns++)
		;
}

static void stop_hogs(const pid_t *hogs, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (hogs[i] > 0) {
			kill(hogs[i], SIGKILL);
			waitpid(hogs[i], NULL, 0);
		}
}

static void write_null(struct round *round, const struct nulls *nulls, const struct null_kind *kind,
	const struct wl_requirement *r)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	enum wl_verdict verdict = nulls_verdict(nulls, kind, r);
	struct proof_result result = { .kind = "null", .name = wl_format(arena, "%s %s", kind->name, r->id),
		.requirement = r->id, .outcome = PROOF_PROVED, .words = "", .verdicts = wl_verdict_name(verdict) };

	if (verdict != WL_FAIL && verdict != WL_BLOCKED) {
		result.outcome = PROOF_WRONG;
		result.words = verdict == WL_PASS ? _("the requirement passes, though nothing was done")
						  : _("the requirement was not judged");
	}
	write_result(round, &result);
}

static void write_nulls(struct round *round, const struct nulls *nulls)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_requirement *r = (*lesson)->requirements; r->id; r++)
			for (const struct null_kind *kind = null_kinds; kind->name; kind++)
				if (!round->plan->nulls_on || round->plan->nulls_on == *lesson)
					write_null(round, nulls, kind, r);
}

static int work(void *context, const char *room)
{
	struct round *round = context;
	struct grading_plan of_nulls;
	struct nulls *nulls = NULL;
	pid_t hogs[HOGS_MOST];

	for (unsigned int i = 0; i < round->plan->hogs; i++)
		hogs[i] = start_hog();
	round->grading.room = room;
	round->grading.board = board_new(BUSY_PER_PROCESSOR * (unsigned int)sysconf(_SC_NPROCESSORS_ONLN));
	round->grading.jobs = round->plan->jobs;
	of_nulls = round->grading;
	of_nulls.only = round->plan->nulls_on;
	if (round->nulls)
		nulls = nulls_up(&of_nulls, round->seed);
	grade_rows(round);
	if (nulls) {
		nulls_await(nulls);
		write_nulls(round, nulls);
	}
	nulls_down(nulls);
	board_free(round->grading.board);
	stop_hogs(hogs, round->plan->hogs);
	if (!round->plan->quiet)
		fputs("\r\033[K", stderr);
	return round->failures ? 1 : 0;
}

/* Whether some null has no result yet: they are tried together. */
static bool nulls_are_due(const struct proof_plan *plan, unsigned int round, const struct proof_results *done)
{
	size_t due = 0, there = 0;

	for (size_t i = 0; i < done->count; i++)
		there += done->rows[i].round == round && strcmp(done->rows[i].kind, "null") == 0;
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_requirement *r = (*lesson)->requirements; r->id; r++)
			for (const struct null_kind *kind = null_kinds; kind->name; kind++)
				due += !plan->nulls_on || plan->nulls_on == *lesson;
	return plan->nulls && there < due;
}

int proof_round(const struct proof_plan *plan, unsigned int number, uint64_t seed, const struct proof_results *done,
	struct wl_err *err)
{
	struct round round = { .plan = plan, .number = number, .seed = seed, .intake = { .arena = plan->arena } };
	const struct enclave_plan enclave = { gather, work, NULL, &round };
	int status;

	open_rows(&round, "mutants", &plan->mutants, done);
	open_rows(&round, "variants", &plan->variants, done);
	round.nulls = nulls_are_due(plan, number, done);
	if (!round.row_count && !round.nulls)
		return 0;
	status = enclave_run(&enclave, err);
	if (status < 0)
		return -1;
	return status == 0 ? 0 : wl_err(err, _("the results could not be written"));
}
