#pragma once
#include "harness/grade.h"

/*
 * One grade of several runs of the same submission, each with a seed of its own. A requirement that failed in any run has failed, with
 * the words of that run: what works at times does not work. Where none failed, what a run could not judge another may have. Pure. RUNS
 * (COUNT of them, at least 1) must outlive GRADE, which is in ARENA.
 */
void repetition_merge(const struct wl_submission_grade *runs, size_t count, struct wl_arena *arena,
	struct wl_submission_grade *grade);
