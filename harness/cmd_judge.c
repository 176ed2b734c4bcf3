/* wirelab judge BUNDLE...: what --keep wrote is judged again. Nothing is run and no privilege is needed. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "harness/bundle.h"
#include "harness/cli.h"
#include "harness/judge.h"
#include "harness/results.h"

static int help(void)
{
	puts(_("usage: wirelab judge [--json FILE] BUNDLE...\n\n"
		"Judges kept observations again, without running anything. BUNDLE is what \"wirelab grade --keep\" wrote: the\n"
		"whole folder, one submission's folder in it, or one observation's .json file.\n\n"
		"  --json FILE   write the result as JSON (\"-\": to standard output, the report to standard error)"));
	return 0;
}

static int judge_all(char **paths, int count, struct wl_arena *arena, struct wl_grade *grade,
	struct wl_err *err)
{
	struct wl_evidence *evidence = NULL;
	size_t total = 0;

	for (int i = 0; i < count; i++)
		if (bundle_read(paths[i], arena, &evidence, &total, err) < 0)
			return -1;
	grade->seed = evidence[0].seed;
	for (size_t i = 0; i < total; i++)
		judge_submission(&evidence[i], arena,
			wl_append(arena, &grade->submissions, &grade->submission_count));
	return 0;
}

static int judge_to(struct results *results, const char *json, char **paths, int count,
	struct wl_arena *arena)
{
	struct wl_grade grade = { 0 };
	struct wl_err err = { "" };

	results->json_stdout = json && strcmp(json, "-") == 0;
	if (json && !results->json_stdout) {
		results->json = outlet_add_file(results->outlet, json, &err);
		if (results->json < 0)
			return cli_fail(EXIT_USAGE, err.text);
	}
	if (judge_all(paths, count, arena, &grade, &err) < 0)
		return cli_fail(EXIT_USAGE, err.text);
	if (results_write(results, &grade, arena, &err) < 0)
		return cli_fail(EXIT_BROKEN, err.text);
	return wl_exit_status(&grade);
}

static int run(const char *json, char **paths, int count, struct wl_arena *arena)
{
	struct results results = { .outlet = outlet_new(), .here = true, .json = -1, .keep = -1 };
	int status = judge_to(&results, json, paths, count, arena);

	outlet_free(results.outlet);
	return status;
}

int cmd_judge(int argc, char **argv)
{
	static const struct option options[] = { { "json", required_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	struct wl_arena *arena;
	const char *json = NULL;
	int option, status;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h')
			return help();
		if (option != 'j')
			return cli_usage("judge", "%s", _("wrong arguments"));
		json = optarg;
	}
	if (optind == argc)
		return cli_usage("judge", "%s", _("name what to judge"));
	arena = wl_arena_new();
	status = run(json, argv + optind, argc - optind, arena);
	wl_arena_free(arena);
	return status;
}
