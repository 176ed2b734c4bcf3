/*
 * wirelab grade PATH...: the whole way from folders to verdicts.
 *
 *   outside   open outputs and submissions; make the enclave; then only put results in place
 *   gather    (still with the caller's rights) copy submissions and our own programs into the enclave
 *   inside    grade all submissions (grading.h); judge the evidence; write all results
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/cli.h"
#include "harness/enclave.h"
#include "harness/grading.h"
#include "harness/intake.h"
#include "harness/judge.h"
#include "harness/registry.h"
#include "harness/repetition.h"
#include "harness/results.h"
#include "harness/utf8.h"
#include "netns/userns.h"

struct grading {
	struct wl_arena *arena;
	struct grading_plan plan;
	uint64_t seed;
	unsigned int parallel, repeat;
	bool as_class, quiet;
	struct results results;
	struct intake intake;
	struct grading_order *orders;
	size_t order_count;
	struct wl_submission_grade *runs; /* one an order */
	struct wl_arena **arenas;         /* ... and what it lies in */
};

static int help(void)
{
	puts(_("usage: wirelab grade [OPTION]... PATH...\n\n"
		"Runs and judges what was handed in. PATH is a submission's folder, or a class: a folder of such folders.\n\n"
		"  --lesson LESSON  judge this lesson alone, even if none of its programs is there\n"
		"  --class          every subfolder of PATH is a submission (otherwise: found out)\n"
		"  --json FILE      write the result as JSON (\"-\": to standard output, the report to standard error)\n"
		"  --keep DIR       keep each performance: a capture for Wireshark and the observation for \"wirelab judge\"\n"
		"  --seed N         draw the same values as the run with this seed\n"
		"  --repeat N       grade each submission N times, with other values each time, and say what differed\n"
		"  -j, --jobs N     grade N submissions at a time (otherwise: one)\n"
		"  --parallel N     perform N plays at a time (otherwise: four for each processor)\n"
		"  --quiet          no progress on standard error"));
	return 0;
}

static int gather(void *context, const char *room, struct wl_err *err)
{
	struct grading *grading = context;
	int owner = enclave_started_by_root() ? USERNS_ROOT_FIRST_ID : -1;

	grading->plan.ours = wl_format(grading->arena, "%s/ours", room);
	if (intake_copy_ours(cli_home(), grading->plan.ours, grading->arena, err) < 0)
		return -1;
	return intake_copy(&grading->intake, room, owner, err);
}

/* One line: how many are finished, who is being graded, and how far the first of them is. */
static void tell(void *context, size_t finished, const struct grading_progress *all)
{
	const struct grading *grading = context;
	size_t first = 0, running = 0;

	if (grading->quiet)
		return;
	for (size_t i = grading->order_count; i-- > 0;)
		if (all[i].running) {
			first = i;
			running++;
		}
	if (!running) {
		fputs("\r\033[K", stderr);
		return;
	}
	fprintf(stderr, "\r\033[K[%zu/%zu] %s: %zu/%zu", finished, grading->order_count,
		wl_to_terminal(grading->arena, grading->orders[first].submission->name), all[first].done, all[first].total);
	if (running > 1)
		fprintf(stderr, _(" and %zu more"), running - 1);
}

static void take(void *context, size_t place, const struct wl_evidence *evidence, struct wl_arena *arena)
{
	const struct grading *grading = context;
	struct wl_evidence *kept = wl_alloc(arena, sizeof(*kept));

	*kept = *evidence;
	judge_submission(kept, arena, &grading->runs[place]);
	grading->arenas[place] = arena;
}

/* The runs of a submission stand one behind the other. */
static void place_orders(struct grading *grading)
{
	size_t count = grading->intake.count * grading->repeat;

	grading->order_count = count;
	grading->orders = wl_alloc_array(grading->arena, count + 1, sizeof(*grading->orders));
	grading->runs = wl_alloc_array(grading->arena, count + 1, sizeof(*grading->runs));
	grading->arenas = wl_alloc_array(grading->arena, count + 1, sizeof(struct wl_arena *));
	for (size_t i = 0; i < count; i++)
		grading->orders[i] = (struct grading_order){ &grading->intake.submissions[i / grading->repeat],
			grading->seed + i % grading->repeat };
}

/* All of it: one element a submission. */
static struct wl_grade sum_up(const struct grading *grading)
{
	struct wl_grade grade = { .seed = grading->seed, .submission_count = grading->intake.count };

	grade.submissions = wl_alloc_array(grading->arena, grade.submission_count + 1, sizeof(*grade.submissions));
	for (size_t i = 0; i < grade.submission_count; i++) {
		const struct wl_submission_grade *runs = &grading->runs[i * grading->repeat];

		if (grading->repeat == 1)
			grade.submissions[i] = *runs;
		else
			repetition_merge(runs, grading->repeat, grading->arena, &grade.submissions[i]);
	}
	return grade;
}

static int work(void *context, const char *room)
{
	struct grading *grading = context;
	const struct grading_listener listener = { tell, take, grading };
	struct wl_err err = { "" };
	struct wl_grade grade;
	int status;

	grading->plan.room = room;
	grading->plan.board = board_new(grading->parallel);
	place_orders(grading);
	grading_all(&grading->plan, grading->orders, grading->order_count, &listener);
	board_free(grading->plan.board);
	grade = sum_up(grading);
	status = wl_exit_status(&grade);
	if (results_write(&grading->results, &grade, grading->arena, &err) < 0)
		status = cli_fail(EXIT_BROKEN, err.text);
	for (size_t i = 0; i < grading->order_count; i++)
		wl_arena_free(grading->arenas[i]);
	wl_arena_free(grading->arena);
	return status;
}

static void serve(void *context, int done)
{
	const struct grading *grading = context;

	outlet_serve(grading->results.outlet, done);
}

static int open_json(struct grading *grading, const char *path, struct wl_err *err)
{
	grading->results.json_stdout = strcmp(path, "-") == 0;
	if (grading->results.json_stdout)
		return 0;
	grading->results.json = outlet_add_file(grading->results.outlet, path, err);
	return grading->results.json < 0 ? -1 : 0;
}

static int open_keep(struct grading *grading, const char *path, struct wl_err *err)
{
	grading->results.keep = outlet_add_folder(grading->results.outlet, path, err);
	return grading->results.keep < 0 ? -1 : 0;
}

static bool parse_count(const char *text, unsigned int *count)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	*count = (unsigned int)number;
	return *text >= '0' && *text <= '9' && !*end && number >= 1 && number <= 64;
}

/* Returns -1 to go on, or the exit status. */
static int parse(struct grading *grading, int argc, char **argv)
{
	static const struct option options[] = { { "lesson", required_argument, NULL, 'l' },
		{ "class", no_argument, NULL, 'c' }, { "json", required_argument, NULL, 'o' },
		{ "keep", required_argument, NULL, 'k' }, { "seed", required_argument, NULL, 's' },
		{ "parallel", required_argument, NULL, 'p' }, { "jobs", required_argument, NULL, 'j' },
		{ "repeat", required_argument, NULL, 'r' }, { "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	struct wl_err err = { "" };
	int option;

	while ((option = getopt_long(argc, argv, "j:", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			return help();
		case 'l':
			grading->plan.only = lesson_find(optarg);
			if (!grading->plan.only)
				return cli_usage("grade",
					_("there is no lesson \"%s\"; \"wirelab list\" names them"), optarg);
			break;
		case 'c':
			grading->as_class = true;
			break;
		case 'q':
			grading->quiet = true;
			break;
		case 's':
			if (!cli_parse_seed(optarg, &grading->seed))
				return cli_usage("grade", _("\"%s\" is not a seed: give a decimal number"), optarg);
			break;
		case 'j':
			if (!parse_count(optarg, &grading->plan.jobs))
				return cli_usage("grade", _("\"%s\" is not a number from 1 to 64"), optarg);
			break;
		case 'r':
			if (!parse_count(optarg, &grading->repeat))
				return cli_usage("grade", _("\"%s\" is not a number from 1 to 64"), optarg);
			break;
		case 'p':
			if (!parse_count(optarg, &grading->parallel))
				return cli_usage("grade", _("\"%s\" is not a number from 1 to 64"), optarg);
			break;
		case 'o':
			if (open_json(grading, optarg, &err) < 0)
				return cli_fail(EXIT_USAGE, err.text);
			break;
		case 'k':
			if (open_keep(grading, optarg, &err) < 0)
				return cli_fail(EXIT_USAGE, err.text);
			break;
		default:
			return cli_usage("grade", "%s", _("wrong arguments"));
		}
	}
	return optind < argc ? -1 : cli_usage("grade", "%s", _("name what to grade"));
}

static int run(struct grading *grading, char **paths)
{
	const struct enclave_plan plan = { gather, work, serve, grading };
	struct wl_err err = { "" };
	int status;

	for (; *paths; paths++)
		intake_open(&grading->intake, *paths, grading->as_class);
	for (size_t i = 0; i < grading->intake.link_count; i++)
		cli_fail(0, wl_format(grading->arena,
			_("%s is a symbolic link and is not looked at; name it to have it graded."),
			grading->intake.links[i]));
	status = enclave_run(&plan, &err);
	return status < 0 ? cli_fail(EXIT_BROKEN, err.text) : status;
}

int cmd_grade(int argc, char **argv)
{
	struct grading grading = { .arena = wl_arena_new(), .plan = { .jobs = 1 }, .repeat = 1, .quiet = !isatty(2),
		.results = { .outlet = outlet_new(), .json = -1, .keep = -1 } };
	int status;

	grading.intake.arena = grading.arena;
	if (getrandom(&grading.seed, sizeof(grading.seed), 0) != sizeof(grading.seed))
		return cli_fail(EXIT_BROKEN, "getrandom");
	grading.seed >>= 24; /* short enough to be copied by hand */
	status = parse(&grading, argc, argv);
	if (status < 0)
		status = run(&grading, argv + optind);
	outlet_free(grading.results.outlet);
	wl_arena_free(grading.arena);
	return status;
}
