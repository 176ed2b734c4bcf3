/*
 * One submission: find and build its programs, then perform in two waves. First the plays of requirements that need nothing; then all
 * others, but for those that could only be blocked. So a program that does not work at all (or works against the machine) is
 * run a few times and not thirty.
 */
#include "harness/grading.h"

#include <string.h>

#include "harness/build.h"
#include "harness/judge.h"
#include "harness/lingering.h"
#include "harness/registry.h"

struct grading {
	const struct grading_plan *plan;
	uint64_t seed;
	struct wl_arena *arena;
	struct wl_evidence *evidence;
	struct built built;
	struct play_plan *plays;
	size_t play_count;
};

static bool planned(const struct grading *grading, const struct wl_scenario *scenario)
{
	for (size_t i = 0; i < grading->play_count; i++)
		if (grading->plays[i].scenario == scenario)
			return true;
	return false;
}

/* Add the plays that GRADE (of what was performed so far) leaves worth performing; without one, those of what needs nothing. */
static void plan_lesson(struct grading *grading, const struct wl_lesson *lesson,
	const struct wl_submission_grade *grade)
{
	for (const struct wl_requirement *r = lesson->requirements; r->id; r++) {
		struct play_plan *play;

		if (planned(grading, r->scenario) || !scenario_playable(lesson, r->scenario, grading->evidence, NULL) ||
			(grade ? requirement_hopeless(lesson, r, grade) : r->needs != NULL))
			continue;
		play = wl_append(grading->arena, &grading->plays, &grading->play_count);
		*play = (struct play_plan){ lesson, r->scenario, grading->seed, grading->built.runnable,
			grading->built.runnable_count, grading->plan->ours };
	}
}

static void plan_wave(struct grading *grading, const struct wl_submission_grade *grade)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		plan_lesson(grading, *lesson, grade);
}

/* Perform what was planned and not performed yet, and add the observations to the evidence. */
static void perform_wave(struct grading *grading, perform_progress *progress, void *context)
{
	struct wl_evidence *evidence = grading->evidence;
	size_t done = evidence->observation_count, count = grading->play_count - done;
	struct wl_observation **seen = wl_alloc_array(grading->arena, grading->play_count + 1, sizeof(*seen));

	if (done)
		memcpy(seen, evidence->observations, done * sizeof(*seen));
	perform_all(grading->plays + done, count, grading->plan->board, grading->arena, seen + done, progress,
		context);
	evidence->observations = seen;
	evidence->observation_count = grading->play_count;
}

/* How long to wait for those that a performance so far had to stop waiting for. */
static void note_lingering(struct play_program *program, const struct wl_observation *seen)
{
	for (size_t i = 0; i < seen->performer_count; i++) {
		unsigned int ms = seen->performers[i].submitted && strcmp(program->role, seen->performers[i].program) == 0
			? lingering_ms(seen, (uint32_t)i)
			: 0;

		program->linger_ms = ms > program->linger_ms ? ms : program->linger_ms;
	}
}

static void note_all_lingering(struct grading *grading)
{
	for (size_t n = 0; n < grading->built.runnable_count; n++)
		for (size_t i = 0; i < grading->evidence->observation_count; i++)
			note_lingering(&grading->built.runnable[n], grading->evidence->observations[i]);
}

static void perform_waves(struct grading *grading, perform_progress *progress, void *context)
{
	struct wl_submission_grade first;

	plan_wave(grading, NULL);
	perform_wave(grading, progress, context);
	grading->evidence->partial = true;
	judge_submission(grading->evidence, grading->arena, &first);
	grading->evidence->partial = false;
	note_all_lingering(grading);
	plan_wave(grading, &first);
	perform_wave(grading, progress, context);
}

void grading_one(const struct grading_plan *plan, const struct grading_order *order, struct wl_arena *arena,
	perform_progress *progress, void *context, struct wl_evidence *evidence)
{
	const struct intake_submission *submission = order->submission;
	struct grading grading = { .plan = plan, .seed = order->seed, .arena = arena, .evidence = evidence };
	struct wl_err err = { "" };

	*evidence = (struct wl_evidence){ .name = submission->name, .path = submission->path, .seed = order->seed,
		.trouble = submission->trouble };
	if (evidence->trouble)
		return;
	if (build_submission(submission, plan->only, arena, &grading.built, &err) < 0) {
		evidence->trouble = wl_strdup(arena, err.text);
		evidence->trouble_is_ours = true;
		return;
	}
	evidence->programs = grading.built.programs;
	evidence->program_count = grading.built.program_count;
	perform_waves(&grading, progress, context);
}
