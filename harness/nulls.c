/*
 * A process of its own. First the reference programs play every play, and what they print is taken down; then the null programs do, with the
 * same seed: in a play, one kind takes every role. The verdicts come back in shared memory, one a kind and requirement.
 */
#include "harness/nulls.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/leave.h"
#include "harness/judge.h"
#include "harness/registry.h"

#define MOST_MS 500 /* whatever null programs do, they do at once */

const struct null_kind null_kinds[] = {
	{ "exits-0", "exit 0" },
	{ "exits-1", "exit 1" },
	{ "sleeps", "exec sleep 600" },
	{ "echoes", "exec cat" },
	{ "prints", "read line", .prints = true }, /* a client ends by what is typed, a server by the key */
	{ NULL },
};
#define KINDS (sizeof(null_kinds) / sizeof(*null_kinds) - 1)

struct nulls {
	const struct grading_plan *plan;
	uint64_t seed;
	size_t requirement_count;
	uint8_t *verdicts; /* shared: KINDS times requirement_count */
	pid_t pid;
};

/* Plays: every scenario once, in the order of the lessons. */
struct performing {
	const struct nulls *nulls;
	struct wl_arena *arena;
	struct play_plan *plays;
	size_t play_count;
	struct wl_program *programs; /* every role's */
	size_t program_count;
};

static bool wanted(const struct nulls *nulls, const struct wl_lesson *lesson)
{
	return !nulls->plan->only || nulls->plan->only == lesson;
}

/* R's place among all requirements, and with NULL how many there are. */
static size_t place_of(const struct wl_requirement *requirement)
{
	size_t place = 0;

	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_requirement *r = (*lesson)->requirements; r->id; r++, place++)
			if (r == requirement)
				return place;
	return place;
}

static bool planned(const struct performing *performing, const struct wl_scenario *scenario)
{
	for (size_t i = 0; i < performing->play_count; i++)
		if (performing->plays[i].scenario == scenario)
			return true;
	return false;
}

static void plan_lesson(struct performing *performing, const struct wl_lesson *lesson)
{
	const struct nulls *nulls = performing->nulls;

	for (const struct wl_requirement *r = lesson->requirements; r->id; r++)
		if (!planned(performing, r->scenario))
			*wl_append(performing->arena, &performing->plays, &performing->play_count) =
				(struct play_plan){ lesson, r->scenario, nulls->seed, .ours = nulls->plan->ours };
	for (const struct wl_role *role = lesson->roles; role->program; role++)
		*wl_append(performing->arena, &performing->programs, &performing->program_count) =
			(struct wl_program){ lesson->name, role->program, WL_PROGRAM_FOUND, "", "" };
}

static const char **arguments(struct wl_arena *arena, const char *first, const char *second)
{
	const char **argv = wl_alloc_array(arena, 3, sizeof(*argv));

	argv[0] = first;
	argv[1] = second;
	return argv;
}

/* PLAY with the reference programs in every role. */
static struct play_plan with_ours(const struct play_plan *play, struct wl_arena *arena)
{
	struct play_program *programs = NULL;
	struct play_plan cast = *play;

	for (const struct wl_role *role = play->lesson->roles; role->program; role++)
		*wl_append(arena, &programs, &cast.program_count) = (struct play_program){ role->program,
			arguments(arena, wl_format(arena, "/sub/%s", role->program), NULL),
			wl_format(arena, "%s/%s", play->ours, play->lesson->name), "" };
	cast.programs = programs;
	return cast;
}

/* What ROLE printed in SEEN, as octal escapes for printf(1); the terminal's carriage returns are not the program's. */
static void write_transcript(FILE *file, const struct wl_observation *seen, const struct wl_role *role,
	struct wl_arena *arena)
{
	for (uint32_t i = 0; i < seen->performer_count; i++) {
		size_t len;
		const char *text;

		if (!seen->performers[i].submitted || strcmp(seen->performers[i].program, role->program) != 0)
			continue;
		text = wl_printed_between(seen, arena, i, 0, seen->event_count, &len);
		fputs("printf '", file);
		for (size_t k = 0; k < len; k++)
			if (text[k] != '\r')
				fprintf(file, "\\%03o", (unsigned char)text[k]);
		fputs("'\n", file);
	}
}

/* PLAY with programs of KIND in every role, made in FOLDER. OURS: what the reference programs did in it. */
static struct play_plan with_nulls(const struct play_plan *play, const struct null_kind *kind,
	const struct wl_observation *ours, const char *folder, struct wl_arena *arena)
{
	struct play_program *programs = NULL;
	struct play_plan cast = *play;

	mkdir(folder, 0755);
	for (const struct wl_role *role = play->lesson->roles; role->program; role++) {
		wl_auto_file FILE *file = fopen(wl_format(arena, "%s/%s.sh", folder, role->program), "we");

		if (file && kind->prints)
			write_transcript(file, ours, role, arena);
		if (file)
			fprintf(file, "%s\n", kind->script);
		*wl_append(arena, &programs, &cast.program_count) = (struct play_program){ role->program,
			arguments(arena, "/bin/sh", wl_format(arena, "/sub/%s.sh", role->program)), folder, "" };
	}
	cast.programs = programs;
	cast.most_ms = MOST_MS;
	return cast;
}

static struct wl_observation **perform(const struct performing *performing, const struct play_plan *plays, size_t count)
{
	struct wl_observation **seen = wl_alloc_array(performing->arena, count + 1, sizeof(*seen));

	perform_all(plays, count, performing->nulls->plan->board, performing->arena, seen, NULL, NULL);
	return seen;
}

static struct wl_observation **perform_ours(const struct performing *performing)
{
	struct play_plan *plays = wl_alloc_array(performing->arena, performing->play_count + 1, sizeof(*plays));

	for (size_t i = 0; i < performing->play_count; i++)
		plays[i] = with_ours(&performing->plays[i], performing->arena);
	return perform(performing, plays, performing->play_count);
}

/* Every play with every kind, kind by kind. */
static struct wl_observation **perform_nulls(const struct performing *performing, struct wl_observation **ours)
{
	struct wl_arena *arena = performing->arena;
	size_t count = KINDS * performing->play_count;
	struct play_plan *plays = wl_alloc_array(arena, count + 1, sizeof(*plays));

	for (size_t i = 0; i < count; i++)
		plays[i] = with_nulls(&performing->plays[i % performing->play_count], &null_kinds[i / performing->play_count],
			ours[i % performing->play_count], wl_format(arena, "%s/null-%zu", performing->nulls->plan->room, i),
			arena);
	return perform(performing, plays, count);
}

/* Note the verdicts on one kind, whose plays are SEEN, in ROW. */
static void judge(const struct performing *performing, struct wl_observation **seen, uint8_t *row)
{
	const struct wl_evidence evidence = { .name = "", .path = "", .seed = performing->nulls->seed,
		.programs = performing->programs, .program_count = performing->program_count, .observations = seen,
		.observation_count = performing->play_count };

	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_requirement *r = (*lesson)->requirements; r->id; r++)
			if (wanted(performing->nulls, *lesson))
				row[place_of(r)] = (uint8_t)judge_by_play(*lesson, r, &evidence, performing->arena).verdict;
}

static void __attribute__((noreturn)) try_all(const struct nulls *nulls)
{
	struct performing performing = { .nulls = nulls, .arena = wl_arena_new() };
	struct wl_observation **seen;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		if (wanted(nulls, *lesson))
			plan_lesson(&performing, *lesson);
	seen = perform_nulls(&performing, perform_ours(&performing));
	for (size_t kind = 0; kind < KINDS; kind++)
		judge(&performing, seen + kind * performing.play_count, nulls->verdicts + kind * nulls->requirement_count);
	wl_arena_free(performing.arena);
	wl_leave(0);
}

struct nulls *nulls_up(const struct grading_plan *plan, uint64_t seed)
{
	struct nulls *nulls = calloc(1, sizeof(*nulls));

	if (!nulls)
		abort();
	nulls->plan = plan;
	nulls->seed = seed;
	nulls->requirement_count = place_of(NULL);
	nulls->verdicts = mmap(NULL, KINDS * nulls->requirement_count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (nulls->verdicts == MAP_FAILED)
		abort();
	fflush(NULL);
	nulls->pid = fork();
	if (nulls->pid == 0)
		try_all(nulls);
	return nulls;
}

void nulls_await(struct nulls *nulls)
{
	while (nulls->pid > 0 && waitpid(nulls->pid, NULL, 0) < 0 && errno == EINTR)
		;
	nulls->pid = 0;
}

enum wl_verdict nulls_verdict(const struct nulls *nulls, const struct null_kind *kind, const struct wl_requirement *r)
{
	return nulls->verdicts[(size_t)(kind - null_kinds) * nulls->requirement_count + place_of(r)];
}

void nulls_down(struct nulls *nulls)
{
	if (!nulls)
		return;
	nulls_await(nulls);
	munmap(nulls->verdicts, KINDS * nulls->requirement_count);
	free(nulls);
}
