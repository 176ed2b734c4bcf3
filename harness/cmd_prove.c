/*
 * wirelab prove: the proof of the grader, on the programs in fixtures/. Results are lines in a file, so that a long run can be cut off and gone on
 * with; the report is made from the file.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/cli.h"
#include "harness/outlet.h"
#include "harness/proof_round.h"
#include "harness/registry.h"
#include "reports/proof.h"

#define JOBS_MOST 64

struct proving {
	struct proof_plan plan;
	const char *state; /* path of the results; NULL: they are not kept */
	bool resume;
	unsigned int rounds;
	uint64_t seed;
	struct proof_results done;
};

static int help(void)
{
	puts(_("usage: wirelab prove [OPTION]...\n\n"
		"Proves the grader: grades the programs in fixtures/ of which it is known what is wrong with them, and programs that do\n"
		"nothing. Each wrong one must fail the one requirement that its table names, each right one must pass.\n\n"
		"  --only TEXT      only those whose folder or requirement begins with TEXT (\"udp_echo.\")\n"
		"  --most N         only the first N wrong programs of each requirement, and 4 times as many right ones of each program\n"
		"  --fixtures DIR   where they are (otherwise: fixtures/ of the source tree around this program)\n"
		"  --state FILE     keep the results there, a line of JSON each\n"
		"  --resume         go on with what is in FILE\n"
		"  --rounds N       do everything N times, with other values each time, and say whose verdicts differ\n"
		"  --hogs N         have N processes compute beside it\n"
		"  --seed N         draw the same values as the run with this seed\n"
		"  -j, --jobs N     grade N programs at a time (otherwise: eight for each processor)\n"
		"  --quiet          no progress on standard error"));
	return 0;
}

static bool parse_count(const char *text, unsigned int most, unsigned int *count)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	*count = (unsigned int)number;
	return *text >= '0' && *text <= '9' && !*end && number >= 1 && number <= most;
}

/* Returns -1 to go on, or the exit status. */
static int parse_number(const char *text, unsigned int most, unsigned int *count)
{
	return parse_count(text, most, count) ? -1 : cli_usage("prove", _("\"%s\" is not a number from 1 to %u"), text, most);
}

static int parse_one(struct proving *proving, int option)
{
	switch (option) {
	case 'h':
		return help();
	case 'o':
		proving->plan.only = optarg;
		return -1;
	case 'f':
		proving->plan.fixtures = optarg;
		return -1;
	case 't':
		proving->state = optarg;
		return -1;
	case 'e':
		proving->resume = true;
		return -1;
	case 'q':
		proving->plan.quiet = true;
		return -1;
	case 's':
		return cli_parse_seed(optarg, &proving->seed)
			? -1
			: cli_usage("prove", _("\"%s\" is not a seed: give a decimal number"), optarg);
	case 'm':
		return parse_number(optarg, 1000, &proving->plan.most);
	case 'r':
		return parse_number(optarg, 1000, &proving->rounds);
	case 'g':
		return parse_number(optarg, 256, &proving->plan.hogs);
	case 'j':
		return parse_number(optarg, JOBS_MOST, &proving->plan.jobs);
	default:
		return cli_usage("prove", "%s", _("wrong arguments"));
	}
}

static int parse(struct proving *proving, int argc, char **argv)
{
	static const struct option options[] = { { "only", required_argument, NULL, 'o' },
		{ "fixtures", required_argument, NULL, 'f' }, { "state", required_argument, NULL, 't' },
		{ "most", required_argument, NULL, 'm' },
		{ "resume", no_argument, NULL, 'e' }, { "rounds", required_argument, NULL, 'r' },
		{ "hogs", required_argument, NULL, 'g' }, { "seed", required_argument, NULL, 's' },
		{ "jobs", required_argument, NULL, 'j' }, { "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	int option, status;

	while ((option = getopt_long(argc, argv, "j:", options, NULL)) != -1) {
		status = parse_one(proving, option);
		if (status >= 0)
			return status;
	}
	if (optind < argc)
		return cli_usage("prove", "%s", _("wrong arguments"));
	return proving->resume && !proving->state ? cli_usage("prove", "%s", _("--resume goes with --state")) : -1;
}

/* With --only the nulls are tried where it names a lesson, or begins with one and a dot. */
static void choose_nulls(struct proof_plan *plan)
{
	size_t len = strcspn(plan->only, ".");

	plan->nulls_on = lesson_find(wl_format(plan->arena, "%.*s", (int)len, plan->only));
	plan->nulls = !*plan->only || (plan->nulls_on && plan->only[len + (plan->only[len] == '.')] == '\0');
}

/* Tells this command from one that was built since. */
static const char *this_command(struct wl_arena *arena)
{
	struct stat status = { 0 };

	stat("/proc/self/exe", &status);
	return wl_format(arena, "%lld.%09ld", (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

/* Open the log: what was done before is in proving->done. */
static int open_state(struct proving *proving, struct wl_err *err)
{
	struct proof_plan *plan = &proving->plan;
	const char *command = this_command(plan->arena), *head = proof_head_line(command, plan->arena);

	if (proving->resume && proof_results_read(proving->state, plan->arena, &proving->done, err) < 0)
		return -1;
	if (proving->done.command && strcmp(proving->done.command, command) != 0)
		return wl_err(err, _("the results in %s are of another build; remove it or leave out --resume"), proving->state);
	plan->log = proving->state ? outlet_open_log(proving->state, !proving->done.command, err)
				   : memfd_create("proof", MFD_CLOEXEC);
	if (plan->log < 0)
		return -1;
	if (proving->done.command)
		return proof_results_mend(plan->log, err);
	return write(plan->log, head, strlen(head)) == (ssize_t)strlen(head) ? 0 : wl_err_errno(err, "write");
}

static bool wants(void *context, const struct proof_row *row)
{
	return proof_wants(context, row);
}

static int report(struct proving *proving, struct wl_err *err)
{
	struct proof_plan *plan = &proving->plan;
	const char *no_colour = getenv("NO_COLOR");
	struct proof_results results;
	const struct proof_report what = { &plan->mutants, &plan->variants, &results, proving->rounds, wants, plan,
		isatty(1) && !(no_colour && *no_colour) };
	bool proved;

	if (proof_results_read(wl_format(plan->arena, "/proc/self/fd/%d", plan->log), plan->arena, &results, err) < 0)
		return -1;
	if (!results.count)
		return wl_err(err, _("nothing begins with \"%s\""), plan->only);
	proved = report_proof(stdout, &what);
	printf(_("Seed %llu (--seed repeats the drawn values).\n"), (unsigned long long)results.rows[0].seed);
	return proved ? 0 : 1;
}

/* Returns the exit status, or -1 with ERR filled. */
static int prove(struct proving *proving, struct wl_err *err)
{
	struct proof_plan *plan = &proving->plan;

	choose_nulls(plan);
	if (proof_table_read(plan->fixtures, "mutants", plan->arena, &plan->mutants, err) < 0 ||
		proof_table_read(plan->fixtures, "variants", plan->arena, &plan->variants, err) < 0 ||
		open_state(proving, err) < 0)
		return -1;
	if (proving->done.count)
		proving->seed = proving->done.rows[0].seed - (proving->done.rows[0].round - 1);
	for (unsigned int round = 1; round <= proving->rounds; round++)
		if (proof_round(plan, round, proving->seed + round - 1, &proving->done, err) < 0)
			return -1;
	return report(proving, err);
}

static unsigned int jobs_by_default(void)
{
	long jobs = 8 * sysconf(_SC_NPROCESSORS_ONLN);

	return jobs < JOBS_MOST ? (unsigned int)jobs : JOBS_MOST;
}

int cmd_prove(int argc, char **argv)
{
	struct wl_arena *arena = wl_arena_new();
	struct proving proving = { .rounds = 1,
		.plan = { .home = wl_strdup(arena, cli_home()), .only = "", .jobs = jobs_by_default(), .quiet = !isatty(2), .log = -1,
			.arena = arena } };
	struct wl_err err = { "" };
	int status;

	proving.plan.fixtures = wl_format(arena, "%s/../fixtures", cli_home());
	if (getrandom(&proving.seed, sizeof(proving.seed), 0) != sizeof(proving.seed))
		return cli_fail(EXIT_BROKEN, "getrandom");
	proving.seed >>= 24; /* short enough to be copied by hand */
	status = parse(&proving, argc, argv);
	if (status < 0) {
		status = prove(&proving, &err);
		if (status < 0)
			status = cli_fail(EXIT_BROKEN, err.text);
	}
	if (proving.plan.log >= 0)
		close(proving.plan.log);
	wl_arena_free(arena);
	return status;
}
