/*
 * wirelab grade PATH...: the whole way from folders to verdicts.
 *
 *   outside   open outputs and submissions; make the enclave; then only put results in place
 *   gather    (still with the caller's rights) copy submissions and our own programs into the enclave
 *   inside    for each submission: find and build, perform, judge; then write all results
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
#include "harness/build.h"
#include "harness/cli.h"
#include "harness/enclave.h"
#include "harness/intake.h"
#include "harness/judge.h"
#include "harness/registry.h"
#include "harness/perform.h"
#include "harness/results.h"
#include "netns/userns.h"

struct grading {
	struct wl_arena *arena;
	const struct wl_lesson *only;
	uint64_t seed;
	unsigned int parallel;
	bool as_class, quiet;
	struct results results;
	struct intake intake;
	const char *ours; /* our programs, inside */
	size_t number;    /* of the submission that is graded, from 1, for the progress line */
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
		"  --parallel N     perform N plays at a time (otherwise: four for each processor)\n"
		"  --quiet          no progress on standard error"));
	return 0;
}

/* Our own programs: the folder labs/ beside this program. */
static int gather_ours(struct grading *grading, const char *room, struct wl_err *err)
{
	const char *labs = wl_format(grading->arena, "%s/labs", cli_home());
	wl_auto_fd int from = open(labs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	grading->ours = wl_format(grading->arena, "%s/ours", room);
	if (from < 0)
		return wl_err_errno(err, _("%s: the reference programs are not there; was everything built?"), labs);
	return intake_copy_folder(from, grading->ours, -1, grading->arena, NULL, err);
}

static int gather(void *context, const char *room, struct wl_err *err)
{
	struct grading *grading = context;
	int owner = enclave_started_by_root() ? USERNS_ROOT_FIRST_ID : -1;

	if (gather_ours(grading, room, err) < 0)
		return -1;
	return intake_copy(&grading->intake, room, owner, err);
}

static void progress(void *context, size_t done, size_t total)
{
	const struct grading *grading = context;

	if (grading->quiet)
		return;
	fprintf(stderr, "\r\033[K[%zu/%zu] %s: %zu/%zu", grading->number, grading->intake.count,
		grading->intake.submissions[grading->number - 1].name, done, total);
	if (done == total)
		fputs("\r\033[K", stderr);
}

struct plans {
	struct play_plan *all;
	size_t count;
};

static bool planned(const struct plans *plans, const struct wl_scenario *scenario)
{
	for (size_t i = 0; i < plans->count; i++)
		if (plans->all[i].scenario == scenario)
			return true;
	return false;
}

/* Add the plays that GRADE (of what was performed so far) leaves worth performing: the first wave has what needs nothing. */
static void plan_wave(const struct grading *grading, const struct wl_lesson *lesson,
	const struct wl_evidence *evidence, const struct wl_submission_grade *grade,
	const struct built *built, struct plans *plans)
{
	for (const struct wl_requirement *r = lesson->requirements; r->id; r++) {
		struct play_plan *plan;

		if (planned(plans, r->scenario) || !scenario_playable(lesson, r->scenario, evidence, NULL) ||
			(grade ? requirement_hopeless(lesson, r, grade) : r->needs != NULL))
			continue;
		plan = wl_append(grading->arena, &plans->all, &plans->count);
		*plan = (struct play_plan){ lesson, r->scenario, grading->seed, built->runnable,
			built->runnable_count, grading->ours };
	}
}

/* Perform what was planned beyond the first DONE plans and add the observations to EVIDENCE. */
static void perform_wave(struct grading *grading, const struct plans *plans, size_t done,
	struct wl_evidence *evidence)
{
	size_t count = plans->count - done;
	struct wl_observation **seen = wl_alloc_array(grading->arena, plans->count + 1, sizeof(*seen));

	if (done)
		memcpy(seen, evidence->observations, done * sizeof(*seen));
	perform_all(plans->all + done, count, grading->parallel, grading->arena, seen + done, progress, grading);
	evidence->observations = seen;
	evidence->observation_count = plans->count;
}

/* Mark the programs that a performance so far had to stop waiting for. */
static void note_endless(const struct wl_evidence *evidence, struct built *built)
{
	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct wl_observation *seen = evidence->observations[i];

		for (size_t k = 0; k < seen->event_count; k++) {
			const struct wl_performer *performer = &seen->performers[seen->events[k].performer];

			for (size_t n = 0; n < built->runnable_count; n++)
				if (seen->events[k].kind == WL_EVENT_UNENDED && performer->submitted &&
					strcmp(built->runnable[n].role, performer->program) == 0)
					built->runnable[n].endless = true;
		}
	}
}

/*
 * Two waves: first the plays of requirements that need nothing; then all others, but for those that could only be blocked. So a program
 * that does not work at all (or works against the machine) is run a few times and not thirty.
 */
static void perform_waves(struct grading *grading, struct built *built, struct wl_evidence *evidence)
{
	struct wl_submission_grade first;
	struct plans plans = { 0 };
	size_t done;

	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		plan_wave(grading, *lesson, evidence, NULL, built, &plans);
	perform_wave(grading, &plans, 0, evidence);
	done = plans.count;
	evidence->partial = true;
	judge_submission(evidence, grading->arena, &first);
	evidence->partial = false;
	note_endless(evidence, built);
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		plan_wave(grading, *lesson, evidence, &first, built, &plans);
	perform_wave(grading, &plans, done, evidence);
}

static void grade_one(struct grading *grading, const struct intake_submission *submission,
	struct wl_submission_grade *grade)
{
	struct wl_evidence *evidence = wl_alloc(grading->arena, sizeof(*evidence));
	struct built built = { 0 };
	struct wl_err err = { "" };

	*evidence = (struct wl_evidence){ .name = submission->name, .path = submission->path,
		.seed = grading->seed, .trouble = submission->trouble };
	if (!evidence->trouble &&
		build_submission(submission, grading->only, grading->arena, &built, &err) < 0) {
		evidence->trouble = wl_strdup(grading->arena, err.text);
		evidence->trouble_is_ours = true;
	}
	evidence->programs = built.programs;
	evidence->program_count = built.program_count;
	perform_waves(grading, &built, evidence);
	judge_submission(evidence, grading->arena, grade);
}

static int work(void *context, const char *room)
{
	struct grading *grading = context;
	struct wl_grade grade = { .seed = grading->seed, .submission_count = grading->intake.count };
	struct wl_err err = { "" };
	int status;

	(void)room;
	grade.submissions =
		wl_alloc_array(grading->arena, grade.submission_count, sizeof(*grade.submissions));
	for (size_t i = 0; i < grade.submission_count; i++) {
		grading->number = i + 1;
		grade_one(grading, &grading->intake.submissions[i], &grade.submissions[i]);
	}
	status = wl_exit_status(&grade);
	if (results_write(&grading->results, &grade, grading->arena, &err) < 0)
		status = cli_fail(EXIT_BROKEN, err.text);
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
		{ "class", no_argument, NULL, 'c' }, { "json", required_argument, NULL, 'j' },
		{ "keep", required_argument, NULL, 'k' }, { "seed", required_argument, NULL, 's' },
		{ "parallel", required_argument, NULL, 'p' }, { "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	struct wl_err err = { "" };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			return help();
		case 'l':
			grading->only = lesson_find(optarg);
			if (!grading->only)
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
		case 'p':
			if (!parse_count(optarg, &grading->parallel))
				return cli_usage("grade", _("\"%s\" is not a number from 1 to 64"), optarg);
			break;
		case 'j':
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
	status = enclave_run(&plan, &err);
	return status < 0 ? cli_fail(EXIT_BROKEN, err.text) : status;
}

int cmd_grade(int argc, char **argv)
{
	struct grading grading = { .arena = wl_arena_new(), .quiet = !isatty(2),
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
