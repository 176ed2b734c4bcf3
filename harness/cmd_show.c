/*
 * wirelab show: what a lesson asks for. For a student the sentences of the task, each with its requirements and their points, or
 * all about one requirement; for who keeps the lesson the matrix of what proves each requirement.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli.h"
#include "harness/registry.h"
#include "reports/matrix.h"

static int help(void)
{
	puts(_("usage: wirelab show LESSON | REQUIREMENT\n"
		"       wirelab show --matrix [--json] [--fixtures DIR] [--proof FILE] [LESSON]\n\n"
		"LESSON: its task, sentence by sentence, with what is judged by each and the points for it.\n"
		"REQUIREMENT, \"udp_echo.server.port\": why it matters, how it is tried, what must pass first.\n"
		"\"wirelab list\" names the lessons.\n\n"
		"  --matrix        what proves the judgement: each sentence, its requirements, the wrong programs (mutants) that\n"
		"                  each must find, and how they last came out; of all lessons when none is named\n"
		"  --json          the matrix as JSON\n"
		"  --fixtures DIR  where mutants/TABLE is (otherwise: fixtures/ of the source tree that the command was built in)\n"
		"  --proof FILE    the results of \"make prove\" (otherwise: reports/out/proof.jsonl of the same tree)"));
	return 0;
}

static unsigned int all_points(const struct wl_lesson *lesson)
{
	unsigned int points = 0;

	for (const struct wl_requirement *r = lesson->requirements; r->id; r++)
		points += r->points;
	return points;
}

static void show_heading(const struct wl_lesson *lesson, const char *program)
{
	const struct wl_role *role = role_find(lesson, program);

	if (role)
		printf("\n%s: %s\n", role->program, _(role->text));
	else
		puts(_("\nall together"));
}

static int show_lesson(const struct wl_lesson *lesson)
{
	const char *program = "";
	unsigned int points = all_points(lesson);

	printf(ngettext("%s: %s (%u point)\n", "%s: %s (%u points)\n", points), lesson->name, _(lesson->title), points);
	for (const struct wl_sentence *s = lesson->task; s->program; s++) {
		if (strcmp(program, s->program) != 0)
			show_heading(lesson, s->program);
		program = s->program;
		printf("\n  %s\n", _(s->text));
		for (const char *const *id = s->ids; *id; id++) {
			const struct wl_requirement *r = requirement_find(lesson, *id);

			printf("    %3u  %s  (%s)\n", r->points, _(r->text), r->id);
		}
	}
	printf(_("\nEach line begins with its points. Its name tells more: \"wirelab show %s\".\n"), lesson->requirements->id);
	return 0;
}

static int show_requirement(const struct wl_requirement *r)
{
	if (r->points)
		printf(ngettext("%s  (%s, %u point)\n", "%s  (%s, %u points)\n", r->points), r->id, r->program, r->points);
	else
		printf(_("%s  (%s, advice)\n"), r->id, r->program);
	printf("    %s\n", _(r->text));
	printf(_("    why: %s\n"), _(r->why));
	printf(_("    play: %s\n"), _(r->scenario->text));
	printf(_("    source: %s\n"), r->source);
	for (const char *const *need = r->needs; need && *need; need++)
		printf(_("    needs: %s\n"), *need);
	return 0;
}

/* The requirement of this id, of whatever lesson, or NULL. */
static const struct wl_requirement *find_anywhere(const char *id)
{
	const struct wl_requirement *found = NULL;

	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson && !found; lesson++)
		found = requirement_find(*lesson, id);
	return found;
}

/* What was asked on the command line. */
struct wish {
	const char *name, *fixtures, *proof;
	bool matrix, json;
};

/* A build folder lies one level below the top of the source tree ("build"), or two ("build/asan"). */
static const char *find_fixtures(struct wl_arena *arena)
{
	static const char *const ways[] = { "..", "../.." };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const char *path = wl_format(arena, "%s/%s/fixtures", cli_home(), ways[i]);

		if (access(wl_format(arena, "%s/mutants/TABLE", path), F_OK) == 0)
			return path;
	}
	return NULL;
}

static int show_tables(const struct wish *wish, const struct proof_table *mutants, const struct proof_results *results,
	struct wl_arena *arena)
{
	struct matrix *matrices = NULL;
	size_t count = 0;

	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		if (!wish->name || strcmp((*lesson)->name, wish->name) == 0)
			matrix_fill(wl_append(arena, &matrices, &count), *lesson, mutants, results, arena);
	if (wish->json)
		puts(report_matrix_json(matrices, count, arena));
	else
		report_matrix(stdout, matrices, count, arena);
	return 0;
}

static int show_matrix(const struct wish *wish, struct wl_arena *arena)
{
	const char *fixtures = wish->fixtures ? wish->fixtures : find_fixtures(arena);
	struct proof_results results;
	struct proof_table mutants;
	struct wl_err err = { "" };

	if (wish->name && !lesson_find(wish->name))
		return cli_usage("show", _("there is no lesson \"%s\"; \"wirelab list\" names them"), wish->name);
	if (!fixtures)
		return cli_usage("show", "%s", _("fixtures/ is not beside the command; name the folder with --fixtures DIR"));
	if (proof_table_read(fixtures, "mutants", arena, &mutants, &err) < 0 ||
		proof_results_read(wish->proof ? wish->proof : wl_format(arena, "%s/../reports/out/proof.jsonl", fixtures), arena,
			&results, &err) < 0)
		return cli_fail(EXIT_USAGE, err.text);
	return show_tables(wish, &mutants, &results, arena);
}

static int show(const struct wish *wish)
{
	struct wl_arena *arena;
	int status;

	if (wish->matrix) {
		arena = wl_arena_new();
		status = show_matrix(wish, arena);
		wl_arena_free(arena);
		return status;
	}
	if (!wish->name || wish->json || wish->fixtures || wish->proof)
		return cli_usage("show", "%s", _("name one lesson, or one requirement"));
	if (lesson_find(wish->name))
		return show_lesson(lesson_find(wish->name));
	if (find_anywhere(wish->name))
		return show_requirement(find_anywhere(wish->name));
	return cli_usage("show", _("there is no lesson or requirement \"%s\"; \"wirelab list\" names the lessons"), wish->name);
}

int cmd_show(int argc, char **argv)
{
	static const struct option options[] = { { "matrix", no_argument, NULL, 'm' }, { "json", no_argument, NULL, 'j' },
		{ "fixtures", required_argument, NULL, 'f' }, { "proof", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	struct wish wish = { 0 };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'm':
			wish.matrix = true;
			break;
		case 'j':
			wish.json = true;
			break;
		case 'f':
			wish.fixtures = optarg;
			break;
		case 'p':
			wish.proof = optarg;
			break;
		case 'h':
			return help();
		default:
			return cli_usage("show", "%s", _("wrong arguments"));
		}
	}
	if (argc - optind > 1)
		return cli_usage("show", "%s", _("name one lesson, or one requirement"));
	wish.name = argv[optind];
	return show(&wish);
}
