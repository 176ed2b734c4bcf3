/*
 * Submissions that attack the grader: each of fixtures/hostile ends by itself with a complete result, and is worth what its README
 * says. Two take as long as the harness is patient (tests/run asks for them once); the others run beside them. The deadline is that of
 * every run (tests/ran.c).
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/ran.h"
#include "tests/result.h"
#include "tests/tests.h"

struct attack {
	const char *folder;
	const char *passes; /* a requirement that passes, or "" for none, or NULL for all */
};

static const struct attack attacks[] = {
	{ "never_ends", "udp_echo.server.answers" },
	{ "prints_nothing_sleeps", "" },
	{ "empty_folder", "" },
	{ "syntax_error", "" },
	{ "does_not_compile", "" },
	{ "exits_at_once", "" },
	{ "floods_terminal", "" },
	{ "prints_transcript", "" },
	{ "prints_verdicts", "" },
	{ "reads_secrets", "" },
	{ "memory_hog", "" },
	{ "fork_bomb", "" },
	{ "forks_daemon", NULL },
	{ "no_run_bit", NULL },
};
#define ATTACKS (sizeof(attacks) / sizeof(*attacks))
#define SLOW 2

static struct ran start(const struct attack *attack)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "fixtures/hostile/%s", attack->folder);
	return ran_start(NULL, WORDS(wirelab(), "grade", "--json", "-", "--lesson", "udp_echo", "--parallel",
		"32", source(path)));
}

static void check(const struct attack *attack, const struct ran *run)
{
	json_auto_t *result = result_read(run->out);
	const json_t *submission = result_of(result, attack->folder);
	size_t passed = result_count(submission, "pass"), failed = result_count(submission, "fail");
	bool good = run->status == (attack->passes ? 1 : 0) && submission;

	if (!attack->passes)
		good = good && result_passed(submission);
	else if (!*attack->passes)
		good = good && failed > 0 && passed == 0;
	else
		good = good && failed > 0 && strcmp(result_verdict(submission, attack->passes), "pass") == 0;
	good = good && result_count(submission, "broken") == 0 && result_count(submission, "notrun") == 0;
	good = good && !strstr(run->out, "STOLEN") && !strstr(run->out, "WRITABLE");
	good = good && !strchr(run->err, '\x1b'); /* the report is no way to the teacher's terminal */
	CU_ASSERT_TRUE(good);
	if (!good)
		fprintf(stderr, "%s: status %d, %zu passed, %zu failed\n%s\n", attack->folder, run->status, passed,
			failed, run->err);
}

static void finish(const struct attack *attack, struct ran *run)
{
	ran_end(run);
	check(attack, run);
	ran_free(run);
}

static void attacks_are_graded(void)
{
	size_t first = getenv("WL_QUICK") ? SLOW : 0;
	struct ran slow[SLOW], quick;

	if (!can_stage())
		return;
	for (size_t i = first; i < SLOW; i++)
		slow[i] = start(&attacks[i]);
	for (size_t i = SLOW; i < ATTACKS; i++) {
		quick = start(&attacks[i]);
		finish(&attacks[i], &quick);
	}
	for (size_t i = first; i < SLOW; i++)
		finish(&attacks[i], &slow[i]);
}

void suite_hostile(void)
{
	test("attacks are graded", attacks_are_graded);
}
