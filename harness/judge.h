#pragma once
#include "harness/grade.h"

/*
 * Judging: pure. What was seen goes in, verdicts come out; no descriptor, pid, clock or random number is touched.
 * Everything returned is in ARENA and points into EVIDENCE and the const tables.
 */

/*
 * Judge one lesson. EVIDENCE says which of its programs were handed in and holds the observations of those of its
 * scenarios that could be performed.
 */
void judge_lesson(const struct wl_lesson *lesson, const struct wl_evidence *evidence,
	struct wl_arena *arena, struct wl_lesson_grade *grade);

/* Judge requirement R of LESSON by its play alone: of what it needs only that is asked for which is judged on the same play. */
struct wl_finding judge_by_play(const struct wl_lesson *lesson, const struct wl_requirement *r,
	const struct wl_evidence *evidence, struct wl_arena *arena);

/* Judge every lesson that EVIDENCE has programs of. */
void judge_submission(const struct wl_evidence *evidence, struct wl_arena *arena,
	struct wl_submission_grade *grade);

/* Whether R can only be blocked: something that it needs, directly or not, has failed in GRADE. */
bool requirement_hopeless(const struct wl_lesson *lesson, const struct wl_requirement *r,
	const struct wl_submission_grade *grade);

/* Whether EVIDENCE has all programs that SCENARIO's roles ask for, ready to run; *MISSING (may be NULL) is the first that is not. */
bool scenario_playable(const struct wl_lesson *lesson, const struct wl_scenario *scenario,
	const struct wl_evidence *evidence, const struct wl_program **missing);

/* Sum up: points and `passed` of GRADE, from its findings. */
void judge_settle(struct wl_lesson_grade *grade);
